// What all pages share. Every page works without it.
"use strict";

// htmx sends no form token by itself: it is taken from the form that the page has for logging out.
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("input[name=csrf]");
  if (token) event.detail.headers["X-CSRF-Token"] = token.value;
});

// A session that has ended sends to the login page, also from within a fragment.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 409 || event.detail.xhr.status === 400) event.detail.shouldSwap = true;
});

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  if (event.target.dataset.sent) {
    event.preventDefault();
    return;
  }
  event.target.dataset.sent = "yes";
});

// The browser's way back shows pages as they were left; their forms may be sent again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

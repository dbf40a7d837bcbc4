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

// On a phone the ways to other pages stand in one line: the one that leads here is brought into view.
const ways = document.querySelector(".nav");
const here = ways && ways.querySelector("[aria-current]");
if (here) ways.scrollLeft += here.getBoundingClientRect().right - ways.getBoundingClientRect().right;

// A form is sent once, however often its button is pressed; when no answer comes, it may be sent again.
const ANSWER_MS = 10000;
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, ANSWER_MS);
});

// Whoever leaves a page is asked first when a longer text in it is not saved.
addEventListener("beforeunload", (event) => {
  const isUnsaved = (field) => field.value !== field.defaultValue || "unsaved" in field.dataset;
  const fields = [...document.querySelectorAll("textarea:not([readonly])")];
  if (fields.some((field) => isUnsaved(field) && !field.form.dataset.sent)) event.preventDefault();
});

// The browser's way back shows pages as they were left; their forms may be sent again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

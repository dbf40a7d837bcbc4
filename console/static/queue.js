// Keeps the queue up to date in place. htmx fetches the list and replaces it; this watches over what people notice of
// that: focus, position, what is announced, and when it fails. Without it there is the link to refresh.
"use strict";

(() => {
  const list = document.getElementById("queue-list");
  const said = document.getElementById("queue-said");
  const failure = document.getElementById("queue-failure");
  const refreshed = document.getElementById("queue-refreshed");
  const HIDDEN_PAUSE_MS = 60000;
  let lastLook = 0;
  let pressed = false;
  let kept = null;

  // A tab that nobody sees looks once a minute, so that the number in its title stays true.
  list.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt !== list) return;
    if (document.hidden && Date.now() - lastLook < HIDDEN_PAUSE_MS) event.preventDefault();
    else lastLook = Date.now();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) htmx.trigger(list, "queue:look");
  });

  // Nothing is moved from under a finger that is pressing it.
  list.addEventListener("pointerdown", () => (pressed = true));
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => (pressed = false));

  list.addEventListener("htmx:beforeSwap", (event) => {
    // A page that says what is wrong is no list: the old one stays, and the fault is told above it.
    if (event.detail.xhr.status >= 400) return event.stopPropagation();
    if (pressed && event.detail.requestConfig.elt === list) event.detail.shouldSwap = false;
    if (event.detail.shouldSwap) kept = { focus: neighboursOfFocus(), places: placesOfEntries() };
  });
  list.addEventListener("htmx:afterSwap", () => {
    const news = document.getElementById("queue-news");
    if (news) said.textContent = news.textContent;
    if (kept) keepFocus(kept.focus);
    if (kept) keepPlace(kept.places);
    kept = null;
  });

  list.addEventListener("htmx:afterRequest", (event) => {
    const { successful, xhr } = event.detail;
    if (!successful) return;
    refreshed.textContent = xhr.getResponseHeader("X-Refreshed-At") || refreshed.textContent;
    failure.hidden = true;
    failure.textContent = "";
  });
  for (const fault of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    list.addEventListener(fault, (event) => {
      const isLook = event.detail.elt === list;
      if (isLook && !failure.hidden) return;
      failure.textContent = isLook
        ? `The queue could not be refreshed since ${refreshed.textContent}. What you see may be old.`
        : "This may not have been saved. Please try again, or load the page again.";
      failure.hidden = false;
    });
  }

  const entries = () => [...list.querySelectorAll(".queue-entry")];

  // The entry with the focus, then those after it, then those before it, the nearest first.
  function neighboursOfFocus() {
    const focused = document.activeElement;
    if (!list.contains(focused)) return null;
    const all = entries();
    const place = all.indexOf(focused.closest(".queue-entry"));
    if (place < 0) return [];
    return [...all.slice(place), ...all.slice(0, place).reverse()].map((entry) => entry.id);
  }

  // htmx gives the focus back to an element with the same id; where it is gone, the nearest entry gets it.
  function keepFocus(neighbours) {
    if (!neighbours || list.contains(document.activeElement)) return;
    const id = neighbours.find((neighbour) => document.getElementById(neighbour));
    const next = id && list.querySelector(`#${CSS.escape(id)} .queue-why`);
    (next || document.getElementById("queue-heading")).focus({ preventScroll: true });
  }

  // Where the entries are that somebody may be looking at; none while the top of the list is in sight and untouched.
  function placesOfEntries() {
    const all = entries();
    const active = all.find((entry) => entry.matches(":hover") || entry.contains(document.activeElement));
    const isScrolled = list.getBoundingClientRect().top < 0;
    const first = active || (isScrolled && all.find((entry) => entry.getBoundingClientRect().bottom > 0));
    if (!first) return [];
    return all.slice(all.indexOf(first)).map((entry) => [entry.id, entry.getBoundingClientRect().top]);
  }

  function keepPlace(places) {
    const found = places.find(([id]) => document.getElementById(id));
    if (found) scrollBy(0, document.getElementById(found[0]).getBoundingClientRect().top - found[1]);
  }
})();

// The page of a conversation: going from message to message and marking them by keys. Every page works without it.
"use strict";

(() => {
  const STORED = "conversation-shortcuts";
  const list = document.getElementById("turns");
  const keyboard = document.getElementById("keyboard");
  const choice = document.getElementById("shortcuts");
  const failure = document.getElementById("conversation-failure");
  const announcer = document.getElementById("announcer");
  const REDUCED = matchMedia("(prefers-reduced-motion: reduce)");
  const MARKED = { right: "right", wrong: "wrong", out_of_scope: "off topic", relabel: "relabelled", undo: "not marked" };
  let last = 1;

  const turns = () => [...list.querySelectorAll("article")];
  const numberOf = (turn) => Number(turn.id.slice("turn-".length));
  const inHash = () => Number((/^#turn-(\d+)$/.exec(location.hash) || [])[1] || 0);

  // A link to a message that is on another page of a long conversation.
  function followHash() {
    const wanted = inHash();
    if (!wanted) return;
    last = wanted;
    if (!document.getElementById(`turn-${wanted}`) && wanted <= Number(list.dataset.count)) {
      location.replace(`?turn=${wanted}#turn-${wanted}`);
    }
  }

  // Where the person is: the message that has the focus, else the one that was last gone to.
  function current() {
    const focused = document.activeElement.closest("#turns article");
    return focused || document.getElementById(`turn-${last}`) || null;
  }

  function go(turn) {
    if (!turn) return;
    last = numberOf(turn);
    turn.focus({ preventScroll: true });
    turn.scrollIntoView({ block: "start", behavior: REDUCED.matches ? "auto" : "smooth" });
    history.replaceState(null, "", `#${turn.id}`);
  }

  function goToNeighbour(step) {
    const all = turns();
    const here = document.activeElement.closest("#turns article");
    const place = all.indexOf(here);
    if (place < 0) {
      go(current() || all[0]);
    } else if (all[place + step]) {
      go(all[place + step]);
    } else {
      goToPage(numberOf(here) + step);
    }
  }

  function goToPage(number) {
    if (number < 1 || number > Number(list.dataset.count)) return;
    location.assign(`?turn=${number}#turn-${number}`);
  }

  function goToNextWorthALook() {
    const here = current();
    const after = here ? numberOf(here) : 0;
    const isHere = Boolean(document.activeElement.closest("#turns article"));
    const jumps = [...document.querySelectorAll(".talk-jumps a")];
    const next = jumps.find((link) => {
      const number = Number(link.hash.slice("#turn-".length));
      return isHere ? number > after : number >= after;
    });
    if (!next) {
      announcer.textContent = "No further message is worth a look.";
      return;
    }
    const turn = document.getElementById(next.hash.slice(1));
    if (turn) go(turn);
    else location.assign(next.href);
  }

  function press(key) {
    const turn = current();
    const control = turn && turn.querySelector(`[data-key="${key}"]`);
    if (!control) return;
    last = numberOf(turn);
    if (control.tagName !== "SUMMARY") {
      control.click();
      return;
    }
    control.parentElement.open = true;
    control.parentElement.querySelector("button, input:not([type=hidden])").focus();
  }

  function help() {
    keyboard.open = !keyboard.open;
    if (keyboard.open) keyboard.querySelector("summary").focus();
  }

  const ACTIONS = {
    n: () => goToNeighbour(1),
    p: () => goToNeighbour(-1),
    f: goToNextWorthALook,
    r: () => press("r"),
    w: () => press("w"),
    o: () => press("o"),
    l: () => press("l"),
    "?": help,
  };

  // WCAG 2.1.4: keys of one character can be switched off, and do nothing where one may type or choose.
  function isTyping(target) {
    return target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]") !== null;
  }

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.isComposing) return;
    const action = ACTIONS[event.key];
    if (!action || !choice.checked || isTyping(event.target)) return;
    event.preventDefault();
    action();
  });

  // The message comes back from the server as it is now; whoever worked in it stays in it.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const turn = event.target.closest("#turns article");
    if (turn) last = numberOf(turn);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const turn = document.getElementById(`turn-${last}`);
    if (!turn || !event.detail.xhr) return;
    const problem = turn.querySelector("[role=alert]");
    const field = problem && turn.querySelector("[aria-invalid=true]");
    (field || turn).focus({ preventScroll: true });
    if (problem) return;
    const sent = event.detail.requestConfig.parameters.mark;
    announcer.textContent = `Message ${last}: ${MARKED[sent] || "saved"}.`;
  });
  function fail(text) {
    failure.textContent = text;
    failure.hidden = false;
  }
  document.addEventListener("htmx:beforeRequest", () => {
    failure.hidden = true;
  });
  document.addEventListener("htmx:sendError", () => fail("Nothing was saved: the console does not answer. Try again."));
  document.addEventListener("htmx:responseError", (event) => {
    // What was wrong with the form itself stands beside the message.
    if (event.detail.xhr.status === 400 || event.detail.xhr.status === 409) return;
    fail("This may not have been saved. Load the page again to see what is kept.");
  });

  function remembered() {
    try {
      return localStorage.getItem(STORED) !== "off";
    } catch {
      return true; // storage is switched off in this browser
    }
  }
  choice.checked = remembered();
  choice.addEventListener("change", () => {
    try {
      localStorage.setItem(STORED, choice.checked ? "on" : "off");
    } catch {
      announcer.textContent = "Your browser keeps this for this page alone.";
    }
  });
  document.getElementById("shortcuts-choice").hidden = false;
  document.getElementById("shortcuts-need").hidden = true;
  addEventListener("hashchange", followHash);
  followHash();
})();

// Tells those who listen what is new, once and in plain words. The conversation itself is not live, so that nothing is
// said twice. There are two lines: what is outside of a modal panel is silent, and what is in a closed one as well.

// Long enough for every screen reader to notice, short enough not to be met again when walking through the page.
const SECONDS_SPOKEN = 1.2;

class Announcer {
  constructor() {
    this.outside = liveLine();
    this.inside = liveLine();
  }

  say(text, lang = language) {
    const line = this.inside.closest("dialog")?.open ? this.inside : this.outside;
    const sentence = element("p", { lang }, text);
    line.append(sentence);
    setTimeout(() => sentence.remove(), SECONDS_SPOKEN * 1000);
  }
}

function liveLine() {
  return element("div", { class: "spoken", role: "log", "aria-live": "polite" });
}

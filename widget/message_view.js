// A message of the visitor, and what became of it: being sent, sent, waiting for a connection, or not sent.

class MessageView {
  constructor(text, moment) {
    this.state = element("span", { class: "state" });
    this.note = element("div", { class: "note", hidden: true });
    const bubble = element("div", { class: "bubble", dir: "auto" }, spoken(`${texts.you}: `), text);
    const meta = element("p", { class: "meta" }, timeElement(moment), " · ", this.state);
    this.element = element("li", { class: "message visitor" }, bubble, meta, this.note);
    this.countdown = 0;
  }

  sending() {
    this.show("sending", texts.sending);
  }

  sent() {
    this.show("sent", texts.sent);
  }

  waiting(again) {
    this.show("waiting", texts.waiting);
    this.explain("", again, 0);
  }

  // What went wrong in words for the visitor, and what sends the message again, in so many seconds at the earliest.
  notSent(reason, again, seconds) {
    this.show("failed", texts.not_sent);
    this.explain(reason, again, seconds);
  }

  show(state, text) {
    clearInterval(this.countdown);
    this.element.dataset.state = state;
    this.state.textContent = text;
    this.note.hidden = true;
    this.note.replaceChildren();
  }

  explain(reason, again, seconds) {
    const repeat = button("quiet again", texts.again, () => repeat.getAttribute("aria-disabled") || again());
    this.note.append(richText(reason), repeat);
    this.note.hidden = false;
    if (seconds > 0) this.hold(repeat, seconds);
  }

  hold(repeat, seconds) {
    const until = Date.now() + seconds * 1000;
    const tick = () => {
      const left = Math.ceil((until - Date.now()) / 1000);
      repeat.textContent = left > 0 ? filled(texts.again_in, { seconds: left }) : texts.again;
      if (left > 0) return;
      repeat.removeAttribute("aria-disabled");
      clearInterval(this.countdown);
    };
    repeat.setAttribute("aria-disabled", "true");
    this.countdown = setInterval(tick, 1000);
    tick();
  }
}

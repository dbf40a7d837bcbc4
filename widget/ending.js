// "End and clear", for shared computers: asks once, in place, before it deletes.

class Ending {
  constructor(onEnd, composer) {
    this.onEnd = onEnd;
    this.composer = composer;
    this.start = button("quiet", texts.end, () => this.ask());
    this.yes = button("danger", texts.end_yes, () => this.finish());
    this.keep = button("quiet", texts.end_no, () => this.cancel());
    this.question = element("div", { class: "question", role: "group", "aria-label": texts.end_question, hidden: true }, element("span", {}, texts.end_question), this.yes, this.keep);
    this.element = element("div", { class: "ending" }, this.start, this.question);
  }

  get isAsking() {
    return !this.question.hidden;
  }

  ask() {
    this.show(true);
    this.keep.focus();
  }

  cancel() {
    this.show(false);
    this.start.focus();
  }

  finish() {
    this.show(false);
    this.start.focus();
    this.onEnd();
    this.composer.focus(false);
  }

  show(asking) {
    this.question.hidden = !asking;
    this.start.hidden = asking;
  }
}

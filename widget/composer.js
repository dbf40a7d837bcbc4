// Where the visitor writes. Enter sends, Shift and Enter begin a new line; the field grows with the text.

const LONGEST_TEXT = "5000";
const TALLEST_FIELD = 140;

class Composer {
  constructor(onSend) {
    this.onSend = onSend;
    this.field = element("textarea", {
      id: "text",
      rows: "1",
      maxlength: LONGEST_TEXT,
      enterkeyhint: "send",
      autocomplete: "off",
      placeholder: texts.write,
      oninput: () => this.fit(),
      onkeydown: (event) => this.pressed(event),
    });
    const label = element("label", { class: "spoken", for: "text" }, texts.write);
    const send = element("button", { type: "submit", class: "send" }, icon("send"), element("span", {}, texts.send));
    this.element = element("form", { class: "composer", novalidate: true, onsubmit: (event) => this.submit(event) }, label, this.field, send);
  }

  // `onTouch`: also where the field's focus brings up a keyboard over half of the screen.
  focus(onTouch) {
    if (onTouch || !isTouch()) this.field.focus({ preventScroll: true });
  }

  clear() {
    this.field.value = "";
    this.fit();
  }

  submit(event) {
    event.preventDefault();
    const text = this.field.value.trim();
    this.focus(true);
    if (text === "") return;
    this.clear();
    this.onSend(text);
  }

  pressed(event) {
    // While a character is being composed, Enter belongs to the keyboard's own dialogue.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.element.requestSubmit();
  }

  fit() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, TALLEST_FIELD)}px`;
  }
}

// A message of the assistant: its text, the source it rests on, and its choices.

class ReplyView {
  constructor(message, moment, onChoice) {
    this.content = richText(message.text);
    this.language = languageOf(message.text);
    this.source = message.source;
    this.choices = message.choices;
    this.buttons = message.choices.map((choice) => this.choiceButton(choice, onChoice));
    const source = message.source ? element("p", { class: "source" }, spoken(`${texts.source} `), message.source.title) : null;
    const bubble = element("div", { class: "bubble", dir: "auto", lang: this.language }, spoken(`${texts.assistant}: `), this.content, source);
    const choices = this.buttons.length ? element("div", { class: "choices", role: "group", "aria-label": texts.choices }, ...this.buttons) : null;
    this.meta = element("p", { class: "meta" }, timeElement(moment));
    this.element = element("li", { class: "message assistant" }, bubble, choices, this.meta);
  }

  choiceButton(choice, onChoice) {
    const made = button("choice", choice.title, () => {
      if (made.getAttribute("aria-disabled")) return;
      made.append(spoken(` (${texts.chosen})`));
      made.classList.add("chosen");
      onChoice(choice);
    });
    return made;
  }

  // Used choices stay readable, and are no longer met with the Tab key. A focused button keeps the focus.
  retireChoices() {
    for (const choice of this.buttons) {
      choice.setAttribute("aria-disabled", "true");
      choice.tabIndex = -1;
    }
  }

  get words() {
    const source = this.source ? ` ${texts.source} ${this.source.title}.` : "";
    const titles = this.choices.map((choice) => choice.title).join(", ");
    return `${texts.assistant}: ${this.content.textContent}${source}${titles ? ` ${texts.choices} ${titles}.` : ""}`;
  }
}

// "Was this helpful?" under an answer. `save` returns whether the staff will see it.
class Rating {
  constructor(helpful, save, announcer) {
    this.save = save;
    this.announcer = announcer;
    this.yes = this.choice(texts.yes, true);
    this.no = this.choice(texts.no, false);
    this.result = element("span", { class: "result" });
    const attributes = { class: "rating", role: "group", "aria-label": texts.helpful };
    this.element = element("div", attributes, element("span", {}, texts.helpful), this.yes, this.no, this.result);
    this.show(helpful);
  }

  choice(label, helpful) {
    return button("quiet rate", label, () => this.choose(helpful));
  }

  async choose(helpful) {
    const before = this.helpful;
    this.show(helpful);
    const saved = await this.save(helpful);
    if (!saved) this.show(before);
    this.result.textContent = saved ? texts.thanks : texts.not_saved;
    this.announcer.say(this.result.textContent);
  }

  show(helpful) {
    this.helpful = helpful;
    this.yes.setAttribute("aria-pressed", String(helpful === true));
    this.no.setAttribute("aria-pressed", String(helpful === false));
  }
}

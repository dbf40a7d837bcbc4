// The conversation as it is shown, oldest first.

// Before the bot gives an action up (8 s), so that a wait is named before it ends.
const SECONDS_UNTIL_SLOW = 5;

class Transcript {
  // `actions`: choose(choice), ask(text), rate(id, helpful).
  constructor(announcer, actions) {
    this.announcer = announcer;
    this.actions = actions;
    this.list = element("ol", { class: "messages", role: "list" });
    this.suggestions = this.suggestionButtons();
    this.scroller = new Scroller(aboutThisChat(), this.list, this.suggestions);
    this.replies = [];
    this.rating = null;
    this.writing = null;
  }

  get hasVisitorMessages() {
    return this.list.querySelector(".visitor") !== null;
  }

  addVisitor(text, moment) {
    const view = new MessageView(text, moment);
    this.retire();
    this.list.append(view.element);
    this.scroller.toEnd();
    return view;
  }

  // The replies to the visitor's message `id`, or the greeting. `helpful` is the visitor's verdict from before.
  addReplies(messages, { id = null, moment, helpful = null }) {
    const follow = this.scroller.following();
    const views = messages.map((message) => new ReplyView(message, moment, this.actions.choose));
    this.list.append(...views.map((view) => view.element));
    this.replies.push(...views);
    const answer = views.findLast((view) => view.source);
    if (answer && id) this.offerRating(answer, id, helpful);
    if (views.length) follow(views[0].element);
    return views;
  }

  // What `add` adds comes before what was written while it was being fetched.
  addBefore(add) {
    const written = [...this.list.children];
    add();
    this.list.append(...written);
  }

  announce(views) {
    for (const view of views) this.announcer.say(view.words, view.language);
  }

  offerRating(view, id, helpful) {
    this.rating = new Rating(helpful, (verdict) => this.actions.rate(id, verdict), this.announcer);
    view.meta.after(this.rating.element);
  }

  // A line between the messages that is said to the visitor by the chat itself.
  addNotice(text, ...controls) {
    const follow = this.scroller.following();
    const notice = element("li", { class: "notice" }, richText(text), ...controls);
    this.list.append(notice);
    follow(notice);
    this.announcer.say(text);
    return notice;
  }

  // What was asked before the newest message can no longer be answered, and is not asked again.
  retire() {
    this.suggestions.hidden = true;
    for (const view of this.replies) view.retireChoices();
    if (this.rating?.helpful === null) this.rating.element.remove();
    this.rating = null;
  }

  showWriting() {
    this.hideWriting();
    const dots = element("span", { class: "dots", "aria-hidden": "true" }, element("i"), element("i"), element("i"));
    const bubble = element("div", { class: "bubble" }, spoken(texts.writing), dots);
    this.writing = element("li", { class: "message assistant writing" }, bubble);
    const follow = this.scroller.following();
    this.list.append(this.writing);
    follow(this.writing);
    this.slowly = setTimeout(() => {
      bubble.append(element("span", { class: "slow" }, texts.slow));
      this.announcer.say(texts.slow);
    }, SECONDS_UNTIL_SLOW * 1000);
  }

  hideWriting() {
    clearTimeout(this.slowly);
    this.writing?.remove();
    this.writing = null;
  }

  clear() {
    this.hideWriting();
    this.list.replaceChildren();
    this.replies = [];
    this.rating = null;
    this.suggestions.hidden = true;
    this.scroller.nothingNew();
  }

  suggestionButtons() {
    const buttons = options.suggestions.map((text) => button("choice", text, () => this.actions.ask(text)));
    return element("div", { class: "choices suggestions", role: "group", "aria-label": texts.suggestions_label, hidden: true }, ...buttons);
  }

  suggest() {
    this.suggestions.hidden = options.suggestions.length === 0;
  }
}

// What this chat is and how it is kept, above the first message.
function aboutThisChat() {
  const details = [clinic.address && `${texts.address}: ${clinic.address}`, clinic.hours && `${texts.hours}: ${clinic.hours}`];
  const keeping = element("details", {}, element("summary", {}, texts.keeping_title), element("p", {}, texts.keeping));
  const lines = [texts.about, ...details.filter(Boolean)].map((line) => element("p", {}, line));
  return element("div", { class: "about" }, ...lines, keeping);
}

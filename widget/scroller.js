// The part of the panel that scrolls. It follows the conversation while its end is in view; whoever reads further up is
// left there, and told that there is something new below.

const NEAR = 60;
const SPACE_ABOVE = 12;

class Scroller {
  constructor(...content) {
    const place = { class: "scroller", role: "region", "aria-label": texts.conversation, tabindex: "0" };
    this.element = element("div", { ...place, onscroll: () => this.scrolled() }, ...content);
    this.newer = button("newer", texts.newer, () => this.toNewest(), { hidden: true });
    this.newer.prepend(icon("down"));
    this.first = null;
  }

  get isAtEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  // Call before content is added at the end, and what it returns with the new content afterwards.
  following() {
    const wasAtEnd = this.isAtEnd;
    return (added) => (wasAtEnd ? this.show(added) : this.offer(added));
  }

  toEnd() {
    this.element.scrollTop = this.element.scrollHeight;
  }

  // The start of what is new stays in view, however long it is.
  show(added) {
    const distance = added.getBoundingClientRect().top - this.element.getBoundingClientRect().top;
    this.element.scrollTop += distance - SPACE_ABOVE;
  }

  offer(added) {
    this.first ??= added;
    this.newer.hidden = false;
  }

  toNewest() {
    this.show(this.first);
    this.element.focus({ preventScroll: true });
    this.nothingNew();
  }

  scrolled() {
    if (this.isAtEnd) this.nothingNew();
  }

  nothingNew() {
    this.first = null;
    this.newer.hidden = true;
  }
}

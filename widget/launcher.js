// The button on the page that opens the chat, and says how many replies wait in it.

class Launcher {
  constructor(onPress) {
    this.unread = 0;
    this.badge = element("span", { class: "badge", hidden: true });
    const label = element("span", { class: "label" }, options.launcher);
    const attributes = { "aria-expanded": "false", "aria-controls": "panel", "aria-haspopup": "dialog" };
    this.element = button("launcher", label, () => onPress(this.element), attributes);
    this.element.prepend(icon("chat"));
    this.element.append(this.badge);
  }

  toggled(isOpen) {
    this.element.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) this.count(-this.unread);
  }

  count(replies) {
    this.unread += replies;
    this.badge.hidden = this.unread === 0;
    this.badge.replaceChildren(spoken(texts.unread), this.unread);
  }
}

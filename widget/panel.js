// The window of the chat: beside the page where there is room, over all of it on phones, where it is a modal dialogue.

const SMALL_SCREEN = "(max-width: 30em), (max-height: 26em)";

class Panel {
  // `parts`: transcript, composer, ending, announcer. `onToggle(isOpen)` is told of every opening and closing.
  constructor(parts, onToggle) {
    this.parts = parts;
    this.onToggle = onToggle;
    this.small = matchMedia(SMALL_SCREEN);
    this.opener = null;
    this.isShown = false;
    this.offline = element("p", { class: "offline", hidden: true }, texts.offline);
    this.title = element("h2", { id: "title", tabindex: "-1" }, options.title);
    this.element = element(
      "dialog",
      { id: "panel", "aria-labelledby": "title", "aria-describedby": "kind", oncancel: (event) => this.cancelled(event), onclose: () => this.closed() },
      this.header(),
      helpLine(),
      parts.transcript.scroller.element,
      parts.transcript.scroller.newer,
      this.offline,
      parts.composer.element,
      parts.ending.element,
      parts.announcer.inside,
    );
    this.small.addEventListener("change", () => this.refit());
    visualViewport?.addEventListener("resize", () => this.fit());
    visualViewport?.addEventListener("scroll", () => this.fit());
  }

  get isOpen() {
    return this.element.open;
  }

  header() {
    const words = element("div", {}, this.title, element("p", { id: "kind" }, texts.kind));
    const close = button("close", "", () => this.close(), { "aria-label": texts.close });
    close.append(icon("close"));
    return element("header", {}, words, close);
  }

  // `opener` gets the focus back when the panel closes; without one the focus stays where it is.
  open(opener = null) {
    if (this.isOpen) return;
    this.opener = opener;
    this.show();
    if (opener || this.small.matches) this.focusInside();
    this.onToggle(true);
  }

  close() {
    const hadFocus = this.element.contains(deepFocus());
    this.element.close();
    this.closed(hadFocus);
  }

  show() {
    const isModal = this.small.matches;
    // Not by show(), which would take the focus.
    if (isModal) this.element.showModal();
    else this.element.open = true;
    this.element.ariaModal = isModal ? "true" : null;
    document.documentElement.style.overflow = isModal ? "hidden" : "";
    this.isShown = true;
    this.fit();
  }

  // Where a keyboard would cover half of the screen at once, the panel's title is focused in place of the field.
  focusInside() {
    if (isTouch()) this.title.focus({ preventScroll: true });
    else this.parts.composer.focus(true);
  }

  // Also told by the browser, which may close a dialogue by itself; and late, when the panel may be open again.
  closed(hadFocus = true) {
    if (this.isOpen || !this.isShown) return;
    this.isShown = false;
    document.documentElement.style.overflow = "";
    this.onToggle(false);
    if (hadFocus) this.opener?.focus();
    this.opener = null;
  }

  pressed(event) {
    if (event.key !== "Escape" || event.isComposing || !this.isOpen) return;
    event.preventDefault();
    event.stopPropagation();
    if (this.parts.ending.isAsking) this.parts.ending.cancel();
    else this.close();
  }

  // The way back of a phone.
  cancelled(event) {
    event.preventDefault();
    this.close();
  }

  // The screen was turned, or its window resized, while the chat was open.
  refit() {
    if (!this.isOpen) return;
    const focused = deepFocus();
    this.element.close();
    this.show();
    focused.focus({ preventScroll: true });
  }

  // On phones the panel is as tall as what the keyboard leaves, so that the field stays above it.
  fit() {
    const { style } = this.element;
    const full = this.isOpen && this.small.matches && visualViewport;
    const atEnd = this.parts.transcript.scroller.isAtEnd;
    style.setProperty("--height", full ? `${visualViewport.height}px` : "");
    style.setProperty("--top", full ? `${visualViewport.offsetTop}px` : "");
    if (full && atEnd) this.parts.transcript.scroller.toEnd();
  }

  setOffline(isOffline) {
    this.offline.hidden = !isOffline;
    if (this.isOpen) this.parts.announcer.say(isOffline ? texts.offline : texts.online);
  }
}

// What has the focus, inside of the widget too.
function deepFocus() {
  const focused = document.activeElement ?? document.body;
  return focused.shadowRoot?.activeElement ?? focused;
}

// In view whatever else works.
function helpLine() {
  const call = clinic.phoneLink ? richText(`${texts.call}: ${clinic.phone}`) : null;
  return element("div", { class: "help" }, richText(texts.emergency_chat), " ", call);
}

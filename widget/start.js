// Puts the widget together and onto the page, once, and makes `MiliaChat` (docs/embed.md).

class Chat extends EventTarget {
  constructor() {
    super();
    this.announcer = new Announcer();
    this.launcher = new Launcher((opener) => (this.panel.isOpen ? this.panel.close() : this.open(opener)));
    this.conversation = new Conversation(new Server(options.server), this.announcer, {
      onReply: (count) => this.replied(count),
      onSend: () => this.tell("send"),
    });
    this.composer = new Composer((text) => this.conversation.say(text));
    this.conversation.onChoice = () => this.composer.focus(false);
    this.ending = new Ending(() => this.end(), this.composer);
    const { transcript } = this.conversation;
    const parts = { transcript, composer: this.composer, ending: this.ending, announcer: this.announcer };
    this.panel = new Panel(parts, (isOpen) => this.toggled(isOpen));
  }

  // Onto the end of the page's body.
  place() {
    const onkeydown = (event) => this.panel.pressed(event);
    const attributes = { class: "chat", "aria-label": texts.label, lang: language, dir: texts.direction, onkeydown };
    const root = element("section", attributes, this.launcher.element, this.panel.element, this.announcer.outside);
    const host = document.createElement("milia-chat");
    const shadow = host.attachShadow({ mode: "open" });
    host.dataset.position = options.position;
    if (options.accent) host.style.setProperty("--milia-accent", options.accent);
    style(shadow);
    shadow.append(root);
    followScheme(root);
    document.body.append(host);
    keepFocusInView(host, [this.launcher.element, this.panel.element]);
    adoptOpeners((opener) => this.open(opener));
  }

  open(opener = null) {
    this.panel.open(opener);
    this.conversation.begin();
  }

  end() {
    this.tell("end");
    return this.conversation.end();
  }

  toggled(isOpen) {
    this.launcher.toggled(isOpen);
    this.tell(isOpen ? "open" : "close");
  }

  replied(count) {
    if (!this.panel.isOpen) this.launcher.count(count);
    this.tell("reply");
  }

  connected(isOnline) {
    this.panel.setOffline(!isOnline);
    if (isOnline) this.conversation.delivery.repeatWaiting();
  }

  // Pages hear that something was said, never what: it must not end in their statistics.
  tell(name) {
    this.dispatchEvent(new Event(name));
  }
}

// What the page can do with the chat.
function publicSide(chat) {
  return Object.freeze({
    open: () => chat.open(),
    close: () => chat.panel.close(),
    send: (text) => {
      chat.open();
      const trimmed = String(text).trim();
      if (trimmed) chat.conversation.say(trimmed);
    },
    end: () => chat.end(),
    get isOpen() {
      return chat.panel.isOpen;
    },
    addEventListener: chat.addEventListener.bind(chat),
    removeEventListener: chat.removeEventListener.bind(chat),
  });
}

function start() {
  if (window.MiliaChat) return;
  const chat = new Chat();
  window.MiliaChat = publicSide(chat);
  chat.place();
  addEventListener("online", () => chat.connected(true));
  addEventListener("offline", () => chat.connected(false));
  if (!navigator.onLine) chat.connected(false);
}

if (document.body) start();
else addEventListener("DOMContentLoaded", start, { once: true });

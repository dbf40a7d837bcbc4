// Sends the visitor's messages one after another. A message keeps its id, so that the server answers it once however
// often it is sent.

const TRIES = 3;
const SECONDS_BETWEEN_TRIES = 1.5;

class Outgoing {
  // `content` is what is sent: a text, or a choice, of which `shown` is the title.
  constructor(view, shown, content, id = newMessageId()) {
    Object.assign(this, { view, shown, content, id, isAbandoned: false, waits: false });
  }

  get message() {
    return { id: this.id, ...this.content };
  }

  // Where a choice is not known, its title says the same.
  becomeText() {
    this.content = { text: this.shown };
    this.id = newMessageId();
  }
}

class Delivery {
  constructor(conversation, server) {
    this.conversation = conversation;
    this.transcript = conversation.transcript;
    this.server = server;
    this.queue = [];
    this.unsent = new Set();
    this.current = null;
  }

  add(outgoing) {
    outgoing.view.sending();
    this.queue.push(outgoing);
    if (this.current === null) this.run();
  }

  repeat(outgoing) {
    if (!this.unsent.delete(outgoing)) return;
    this.conversation.onChoice();
    this.add(outgoing);
  }

  // Called when the browser is online again.
  repeatWaiting() {
    for (const outgoing of [...this.unsent].filter((each) => each.waits)) {
      this.unsent.delete(outgoing);
      this.add(outgoing);
    }
  }

  abandon() {
    for (const outgoing of [...this.queue, ...this.unsent, this.current]) if (outgoing) outgoing.isAbandoned = true;
    this.queue = [];
    this.unsent.clear();
  }

  async run() {
    while (this.queue.length > 0) {
      this.current = this.queue.shift();
      await this.deliver(this.current);
    }
    this.current = null;
  }

  async deliver(outgoing) {
    this.transcript.showWriting();
    // Nothing is sent before the earlier conversation is there, if there is one.
    await this.conversation.begun;
    if (outgoing.isAbandoned) return;
    try {
      const messages = await this.answer(outgoing);
      if (outgoing.isAbandoned) return;
      outgoing.view.sent();
      this.transcript.hideWriting();
      this.conversation.replied(messages, { id: outgoing.id, moment: new Date() });
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      if (!outgoing.isAbandoned) this.failed(outgoing, error);
    } finally {
      if (!outgoing.isAbandoned) this.transcript.hideWriting();
    }
  }

  async answer(outgoing) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.conversation.requireSession();
        if (outgoing.isAbandoned) return [];
        return await this.server.send(outgoing.message);
      } catch (error) {
        const worthwhile = attempt < TRIES && !outgoing.isAbandoned && error instanceof ServerError;
        if (!worthwhile || !(await this.mend(outgoing, error))) throw error;
      }
    }
  }

  // Whether the same message may be sent again at once, after what was in its way is mended.
  async mend(outgoing, error) {
    if (error.status === 401) {
      this.conversation.expire();
      outgoing.becomeText();
    } else if (error.code === "id_reused") outgoing.becomeText();
    else if (error.status === 0 && navigator.onLine) await pause(SECONDS_BETWEEN_TRIES * 1000);
    else return false;
    return !outgoing.isAbandoned;
  }

  failed(outgoing, error) {
    if (error.code === "unknown_choice") outgoing.becomeText();
    outgoing.waits = error.status === 0;
    this.unsent.add(outgoing);
    const again = () => this.repeat(outgoing);
    if (outgoing.waits && !navigator.onLine) outgoing.view.waiting(again);
    else outgoing.view.notSent(reasonOf(error), again, error.status === 429 ? error.seconds : 0);
    const words = outgoing.waits && !navigator.onLine ? texts.waiting : `${texts.not_sent}. ${reasonOf(error)}`;
    this.transcript.announcer.say(words);
    this.transcript.scroller.toEnd();
  }
}

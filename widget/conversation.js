// The session behind the transcript: begun, found again after a reload, ended.

const LOOKS_FOR_AN_ANSWER = 10;
const SECONDS_BETWEEN_LOOKS = 2.5;

class Conversation {
  // `onReply(count)` is told of every new reply, `onSend()` of every new message.
  constructor(server, announcer, { onReply, onSend }) {
    this.server = server;
    this.onReply = onReply;
    this.onSend = onSend;
    this.transcript = new Transcript(announcer, {
      choose: (choice) => this.choose(choice),
      ask: (text) => this.say(text),
      rate: (id, helpful) => this.rate(id, helpful),
    });
    this.delivery = new Delivery(this, server);
    this.begun = null;
    this.opening = null;
    this.endings = 0;
  }

  say(text) {
    this.send(text, { text });
  }

  choose(choice) {
    this.onChoice();
    this.send(choice.title, { choice: choice.id });
  }

  send(shown, content) {
    const outgoing = new Outgoing(this.transcript.addVisitor(shown, new Date()), shown, content);
    this.delivery.add(outgoing);
    this.onSend();
  }

  // Called when the chat is opened: nothing is asked of the server before.
  begin() {
    this.begun ??= this.load();
    return this.begun;
  }

  async load() {
    try {
      await (this.server.token.value ? this.restore() : this.requireSession());
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      this.notBegun(error);
    }
  }

  notBegun(error) {
    this.begun = null;
    if (error.status === 401) {
      this.server.token.forget();
      this.transcript.addNotice(texts.expired);
      return;
    }
    const again = button("quiet", texts.again, () => {
      notice.remove();
      this.onChoice();
      this.begin();
    });
    const notice = this.transcript.addNotice(reasonOf(error), again);
  }

  // Makes sure that there is a session; several callers at once get the same one.
  async requireSession() {
    if (this.server.token.value) return;
    this.opening ??= this.openSession().finally(() => (this.opening = null));
    await this.opening;
  }

  async openSession() {
    const { endings } = this;
    const { token, messages } = await this.server.openSession();
    // The visitor has ended the chat meanwhile, and nothing of it may stay.
    if (endings !== this.endings) return this.server.end(token);
    this.server.token.keep(token);
    this.begun ??= Promise.resolve();
    // Below what the visitor has written already, a greeting would answer nothing.
    if (this.transcript.hasVisitorMessages) return;
    this.replied(options.greeting ? withGreeting(messages) : messages, { moment: new Date() });
    this.transcript.suggest();
  }

  async restore() {
    const { messages, turns } = await this.server.history();
    const groups = groupedByTurn(options.greeting ? withGreeting(messages) : messages, turns);
    this.transcript.addBefore(() => groups.forEach((group) => this.showAgain(group)));
    if (groups.length < 2) this.transcript.suggest();
    this.transcript.scroller.toEnd();
  }

  showAgain({ said, replies, turn }) {
    const view = said ? this.transcript.addVisitor(said.text, new Date(turn.came_at)) : null;
    view?.sent();
    if (replies.length) {
      const moment = new Date(turn.answered_at ?? turn.came_at);
      this.transcript.addReplies(replies, { id: turn.id, moment, helpful: turn.helpful });
    } else if (view) this.lookForAnswer(new Outgoing(view, said.text, { text: said.text }, said.id));
  }

  // The page was left before the answer came: it may come by itself, and if not the message can be sent again.
  async lookForAnswer(outgoing) {
    this.transcript.showWriting();
    this.delivery.unsent.add(outgoing);
    for (let look = 0; look < LOOKS_FOR_AN_ANSWER; look += 1) {
      await pause(SECONDS_BETWEEN_LOOKS * 1000);
      const replies = await this.repliesTo(outgoing.id);
      if (outgoing.isAbandoned) return;
      if (replies === null) break;
      if (replies.length === 0) continue;
      this.transcript.hideWriting();
      this.delivery.unsent.delete(outgoing);
      this.replied(replies, { id: outgoing.id, moment: new Date() });
      return;
    }
    this.transcript.hideWriting();
    outgoing.view.notSent(texts.unreachable, () => this.delivery.repeat(outgoing), 0);
  }

  // Null when the server cannot say.
  async repliesTo(id) {
    try {
      const { messages, turns } = await this.server.history();
      return groupedByTurn(messages, turns).find((group) => group.turn.id === id)?.replies ?? null;
    } catch (error) {
      if (error instanceof ServerError) return null;
      throw error;
    }
  }

  replied(messages, place) {
    this.transcript.announce(this.transcript.addReplies(messages, place));
    this.onReply(messages.length);
  }

  // The server no longer knows the session. What is written from now on goes into a new one.
  expire() {
    this.server.token.forget();
    this.transcript.addNotice(texts.expired);
  }

  async rate(id, helpful) {
    try {
      await this.server.rate(id, helpful);
      return true;
    } catch (error) {
      if (error instanceof ServerError) return false;
      throw error;
    }
  }

  // Nothing is left in this browser, whether or not the server answers.
  async end() {
    const token = this.server.token.value;
    this.endings += 1;
    this.opening = null;
    this.delivery.abandon();
    this.server.token.forget();
    this.transcript.clear();
    this.begun = Promise.resolve();
    if (token) await this.endSession(token);
    else this.transcript.addNotice(texts.ended);
  }

  async endSession(token) {
    try {
      await this.server.end(token);
      this.transcript.addNotice(texts.ended);
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      if (error.status === 401) return this.transcript.addNotice(texts.ended);
      const again = button("quiet", texts.again, () => {
        notice.remove();
        this.onChoice();
        this.endSession(token);
      });
      const notice = this.transcript.addNotice(texts.end_failed, again);
    }
  }
}

function withGreeting([first, ...rest]) {
  return [{ ...first, text: options.greeting }, ...rest];
}

// Each message of the visitor with the replies to it; at first the greeting, which nobody asked for.
function groupedByTurn(entries, turns) {
  const groups = [{ said: null, replies: [], turn: turns[0] }];
  for (const entry of entries) {
    if (entry.sender === "visitor") {
      groups.push({ said: entry, replies: [], turn: turns.find((turn) => turn.id === entry.id) });
    } else groups.at(-1).replies.push(entry);
  }
  return groups;
}

// What went wrong, in words for the visitor. The clinic's own wording, which may hold where help is, comes before ours.
function reasonOf(error) {
  if (error.code === "too_many_requests") return filled(texts.too_many, { seconds: error.seconds });
  return error.message || texts.unreachable;
}

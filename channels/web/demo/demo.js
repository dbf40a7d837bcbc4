"use strict";

// The tab keeps nothing but the session's token; the conversation itself stays on the server.
const TOKEN = "milia-chat-token";
const ANNOUNCED_FOR = 4000;

const conversation = document.getElementById("conversation");
const announcer = document.getElementById("announcer");
const statusLine = document.getElementById("status");
const form = document.getElementById("form");
const field = document.getElementById("text");

let busy = false;
let unanswered = null;

class ServerRefusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function call(method, path, body) {
  const headers = {};
  const token = sessionStorage.getItem(TOKEN);
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers["Content-Type"] = "application/json";
  const response = await fetch(path, { method, headers, body: body && JSON.stringify(body), credentials: "omit" });
  if (response.status === 204) return null;
  const answer = await response.json();
  if (!response.ok) throw new ServerRefusal(response.status, answer.error.message);
  return answer;
}

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function show(entry) {
  const item = element("li", entry.sender === "visitor" ? "said visitor" : "said");
  const speaker = entry.sender === "visitor" ? "You: " : "Assistant: ";
  const text = element("p");
  text.append(element("span", "spoken-only", speaker), document.createTextNode(entry.text));
  item.append(text);
  if (entry.source) item.append(element("p", "source", entry.source.title));
  if (entry.choices && entry.choices.length) item.append(choiceList(entry.choices));
  conversation.append(item);
  item.scrollIntoView({ block: "nearest" });
}

function choiceList(choices) {
  const list = element("ul", "choices");
  for (const choice of choices) {
    const button = element("button", "", choice.title);
    button.type = "button";
    button.addEventListener("click", () => choose(button, choice));
    const item = element("li");
    item.append(button);
    list.append(item);
  }
  return list;
}

function choose(button, choice) {
  if (busy || button.getAttribute("aria-disabled") === "true") return;
  retireChoices();
  field.focus({ preventScroll: true });
  send({ id: newId(), choice: choice.id }, choice.title);
}

// Old buttons stay readable, and leave the order of the Tab key.
function retireChoices() {
  for (const button of conversation.querySelectorAll(".choices button")) {
    button.setAttribute("aria-disabled", "true");
    button.tabIndex = -1;
  }
}

function announce(messages) {
  for (const message of messages) {
    const spoken = element("p", "", `Assistant: ${message.text}`);
    announcer.append(spoken);
    setTimeout(() => spoken.remove(), ANNOUNCED_FOR);
  }
}

function say(text, action) {
  statusLine.textContent = text;
  if (!action) return;
  const button = element("button", "quiet", action.title);
  button.type = "button";
  button.addEventListener("click", action.run);
  statusLine.append(button);
}

async function send(message, text) {
  retireChoices();
  show({ sender: "visitor", text });
  await deliver(message);
}

async function deliver(message) {
  busy = true;
  unanswered = message;
  say("The assistant is writing…");
  try {
    const answer = await call("POST", "messages", message);
    unanswered = null;
    say("");
    answer.messages.forEach((said) => show({ sender: "assistant", ...said }));
    announce(answer.messages);
  } catch (error) {
    showFailure(error);
  } finally {
    busy = false;
  }
}

function showFailure(error) {
  if (error instanceof ServerRefusal && error.status === 401) {
    sessionStorage.removeItem(TOKEN);
    say(error.message, { title: "Start a new chat", run: begin });
  } else if (error instanceof ServerRefusal && ![429, 500, 503].includes(error.status)) {
    say(error.message);
  } else {
    const text = error instanceof ServerRefusal ? error.message : "The assistant can't be reached just now.";
    say(text, { title: "Send again", run: () => deliver(unanswered) });
  }
}

async function begin() {
  conversation.replaceChildren();
  say("");
  try {
    const session = await call("POST", "sessions");
    sessionStorage.setItem(TOKEN, session.token);
    session.messages.forEach((said) => show({ sender: "assistant", ...said }));
    announce(session.messages);
  } catch (error) {
    say(error instanceof ServerRefusal ? error.message : "The assistant can't be reached just now.", {
      title: "Try again",
      run: begin,
    });
  }
}

async function resume() {
  if (!sessionStorage.getItem(TOKEN)) return begin();
  try {
    (await call("GET", "messages")).messages.forEach(show);
    return undefined;
  } catch (error) {
    if (error instanceof ServerRefusal && error.status === 401) {
      sessionStorage.removeItem(TOKEN);
      return begin();
    }
    return say("The assistant can't be reached just now.", { title: "Try again", run: resume });
  }
}

async function end() {
  try {
    await call("DELETE", "sessions");
  } catch (error) {
    if (!(error instanceof ServerRefusal && error.status === 401)) return say("The chat could not be cleared. Please try again.");
  }
  sessionStorage.removeItem(TOKEN);
  conversation.replaceChildren();
  return say("This chat has ended and was cleared.", { title: "Start a new chat", run: begin });
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = field.value.trim();
  if (!text || busy) return;
  field.value = "";
  send({ id: newId(), text }, text);
});

field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});

document.getElementById("end").addEventListener("click", end);
resume();

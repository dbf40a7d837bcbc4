// The web channel's API (docs/web-channel.md).

const TOKEN_KEY = "milia-chat";
// Longer than the server takes to give up by itself.
const LONGEST_WAIT = 40_000;

// A refusal of the server, or `status` 0 when no answer came.
class ServerError extends Error {
  constructor(status, code, message, seconds) {
    super(message);
    Object.assign(this, { status, code, seconds });
  }
}

// The session's token: all that the browser keeps, in this tab, until it is closed.
class SessionToken {
  constructor() {
    // Some browsers are set to forbid storage; the chat then lasts as long as the page.
    try {
      this.storage = sessionStorage;
      this.value = this.storage.getItem(TOKEN_KEY);
    } catch {
      this.storage = null;
      this.value = null;
    }
  }

  keep(value) {
    this.value = value;
    this.storage?.setItem(TOKEN_KEY, value);
  }

  forget() {
    this.value = null;
    this.storage?.removeItem(TOKEN_KEY);
  }
}

class Server {
  constructor(address) {
    this.address = address;
    this.token = new SessionToken();
  }

  openSession() {
    return this.call("POST", "sessions");
  }

  history() {
    return this.call("GET", "messages");
  }

  async send(message) {
    return (await this.call("POST", "messages", message)).messages;
  }

  rate(id, helpful) {
    return this.call("POST", "feedback", { id, helpful });
  }

  // With the token of the session to end: by then the browser has forgotten it.
  end(token) {
    return this.call("DELETE", "sessions", null, token);
  }

  async call(method, path, body = null, token = this.token.value) {
    const headers = {};
    if (token) headers.Authorization = `Bearer ${token}`;
    if (body) headers["Content-Type"] = "application/json";
    const [response, text] = await this.exchange(path, { method, headers, body: body && JSON.stringify(body) });
    const answer = parsed(text);
    if (response.ok && answer !== undefined) return answer;
    const { code = "unreadable", message = "" } = answer?.error ?? {};
    throw new ServerError(response.status, code, message, Number(response.headers.get("Retry-After")) || 0);
  }

  async exchange(path, request) {
    try {
      const signal = AbortSignal.timeout(LONGEST_WAIT);
      const response = await fetch(this.address + path, { ...request, credentials: "omit", cache: "no-store", signal });
      return [response, await response.text()];
    } catch {
      throw new ServerError(0, "unreachable", "", 0);
    }
  }
}

// An empty answer is null; what is no JSON, such as a proxy's page of its own, undefined.
function parsed(text) {
  try {
    return text === "" ? null : JSON.parse(text);
  } catch {
    return undefined;
  }
}

"""A stand-in for Twilio's API on loopback: it records what is sent, and answers as it is told to."""

import base64
import json
import secrets
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs


@dataclass(frozen=True)
class Attempt:
    """One request to send a text."""

    to: str
    sender: str
    body: str
    status_callback: str
    account: str
    outcome: int


class FakeTwilio:
    """`failures` are taken one by one: (status, code) to answer with, or (0, 0) to break the connection."""

    def __init__(self) -> None:
        self.attempts: list[Attempt] = []
        self.failures: list[tuple[int, int]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def sent(self) -> list[str]:
        return [attempt.body for attempt in self.attempts if attempt.outcome == 201]

    def wait_for(self, count: int, seconds: float = 20) -> list[Attempt]:
        deadline = time.monotonic() + seconds
        while len(self.attempts) < count:
            assert time.monotonic() < deadline, self.attempts
            time.sleep(0.05)
        return self.attempts


def _handler(twilio: FakeTwilio) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = {name: values[0] for name, values in parse_qs(self._content()).items()}
            status, code = twilio.failures.pop(0) if twilio.failures else (201, 0)
            account = base64.b64decode(self.headers["Authorization"].removeprefix("Basic ")).decode().split(":")[0]
            assert self.path == f"/2010-04-01/Accounts/{account}/Messages.json"
            sender = form.get("From") or form["MessagingServiceSid"]
            twilio.attempts.append(Attempt(form["To"], sender, form["Body"], form["StatusCallback"], account, status))
            if not status:
                self.connection.close()
                return
            self._send(status, code)

        def _content(self) -> str:
            return self.rfile.read(int(self.headers["Content-Length"])).decode()

        def _send(self, status: int, code: int) -> None:
            answer = (
                {"sid": f"SM{secrets.token_hex(16)}", "status": "queued"}
                if status == 201
                else {"code": code, "message": "to +1312", "status": status}
            )
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_arguments: object) -> None:
            pass

    return Handler

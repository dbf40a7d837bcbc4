"""A small action server in the test's own process, whose behaviour a test can change."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SLOW_SECONDS = 1.0


class ActionServer:
    """Answers like rasa_sdk. `mode` is `ok`, `fault` (status 500 with the whole conversation, as rasa_sdk does),
    `silent` (no reply), `slow`, `garbage` (no JSON), `malformed` (other JSON) or `rejected` (status 400)."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.mode = "ok"
        self.calls: list[dict[str, Any]] = []
        self._server: ThreadingHTTPServer | None = None

    def start(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), _handler(self))
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def answer(self, call: dict[str, Any]) -> tuple[int, bytes]:
        self.calls.append(call)
        if self.mode == "fault":
            return 500, json.dumps({"error": "KeyError", "tracker": call}).encode()
        if self.mode == "garbage":
            return 200, b"<html>"
        if self.mode == "malformed":
            return 200, json.dumps({"events": [{"event": "slot", "name": 5}], "responses": "none"}).encode()
        if self.mode == "rejected":
            return 400, json.dumps({"action_name": call["next_action"], "error": json.dumps(call)}).encode()
        if self.mode == "slow":
            time.sleep(SLOW_SECONDS)
        return 200, json.dumps(self.result(call)).encode()

    def result(self, call: dict[str, Any]) -> dict[str, Any]:
        """What the action of a call does."""
        message = call["tracker"]["latest_message"]
        events = [
            {"event": "slot", "name": "contact_name", "value": entity["value"]}
            for entity in message.get("entities", [])
        ]
        replies = [] if self.mode == "silent" else [_reply(message["understanding"]["label"])]
        return {"events": events, "responses": replies}


def _reply(label: str) -> dict[str, Any]:
    if label == "request_appointment":
        buttons = [{"title": "Send it", "payload": "affirm"}, {"title": "About milia", "payload": "faq/what_are_milia"}]
        return {
            "response": "utter_ask_confirmation",
            "buttons": buttons,
            "contact_name": "Ann {clinic_name}",
            "contact_shown": "312 555 0100",
            "preferred_time": "any",
            "reason_shown": "",
        }
    responses = {"affirm": "utter_request_stored"}
    return {"response": responses.get(label, f"utter_{label}"), "buttons": []}


def _handler(actions: ActionServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send(200, b"{}")

        def do_POST(self) -> None:
            call = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self._send(*actions.answer(call))

        def _send(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: Any) -> None:
            pass

    return Handler

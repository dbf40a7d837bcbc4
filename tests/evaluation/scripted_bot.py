"""A stand-in for the bot that gives scripted answers, such as the real one avoids, and keeps what it was sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread


@dataclass
class Request:
    path: str
    headers: dict[str, str]
    body: str


@dataclass
class ScriptedBot:
    """`answers` are given one after the other, as status and body; when none is left, the connection is closed."""

    answers: list[tuple[int, str]]
    port: int = 0
    received: list[Request] = field(default_factory=list)

    def make_handler(self) -> type[BaseHTTPRequestHandler]:
        bot = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode("utf-8")
                bot.received.append(Request(self.path, dict(self.headers), body))
                if not bot.answers:
                    return
                status, content = bot.answers.pop(0)
                self.send_response(status)
                self.end_headers()
                self.wfile.write(content.encode("utf-8"))

            def log_message(self, *_arguments: object) -> None:
                """Nothing on the screen."""

        return Handler


@contextmanager
def scripted_bot(*answers: tuple[int, str]) -> Iterator[ScriptedBot]:
    bot = ScriptedBot(list(answers))
    with HTTPServer(("127.0.0.1", 0), bot.make_handler()) as server:
        bot.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield bot
        finally:
            server.shutdown()
            thread.join()

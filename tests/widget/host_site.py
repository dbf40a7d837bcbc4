"""Another website, on an origin of its own, that embeds the chat; it is told of every breach of its security policy."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/site.css">{head}</head>
<body>{body}</body></html>"""
BODY = """<main><h1>A clinic's page</h1><p>Text with <a href="/second">a second page</a>.</p>
<p><button type="button" data-milia-open hidden>Talk to us</button></p></main>"""
STYLES = "body { margin: 0; font-family: serif; } button { text-transform: uppercase; } p { color: #333; }"


class HostSite:
    """Serves the pages of `pages` by their paths, each under the policy `policy`; `reports` are breaches of it."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.policy = ""
        self.reports: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def origin(self) -> str:
        return f"http://localhost:{self._server.server_address[1]}"

    def embed(self, bot_url: str, path: str = "/", body: str = BODY, attributes: str = "") -> str:
        """Make a page with the chat of the bot at `bot_url`, and return its address."""
        script = f'<script src="{bot_url}/webhooks/web/widget.js" defer {attributes}></script>'
        self.pages[path] = PAGE.format(head=script, body=body)
        return self.origin + path

    def strictly(self, bot_url: str) -> None:
        """Allow the pages from now on only what the chat needs."""
        own = urlsplit(bot_url)
        bot = f"{own.scheme}://{own.netloc}"
        self.policy = (
            f"default-src 'none'; script-src 'self' {bot}; style-src 'self'; connect-src {bot}; base-uri 'none'; "
            "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'; report-uri /report"
        )

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(site: HostSite) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/site.css":
                self._send(200, STYLES, "text/css")
            elif self.path in site.pages:
                self._send(200, site.pages[self.path], "text/html; charset=utf-8")
            else:
                self._send(404, "", "text/plain")

        def do_POST(self) -> None:
            site.reports.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self._send(204, "", "text/plain")

        def _send(self, status: int, text: str, kind: str) -> None:
            content = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            if site.policy:
                self.send_header("Content-Security-Policy", site.policy)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_arguments: Any) -> None:
            pass

    return Handler

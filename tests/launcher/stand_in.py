"""Small programs in the place of the real ones, which take seconds to load.

Each appends its name and process number to `VAR_DIR/processes`, so that a test can see what is left. The bot is ready
when the action server answers.
"""

import argparse
import http.server
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path


class _Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if _action_server_answers() else 503)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Silence is enough."""


class _NotReady(_Ready):
    def do_GET(self) -> None:
        self.send_response(503)
        self.end_headers()
        self.wfile.write(b'{"failing": "database"}')


def _action_server_answers() -> bool:
    try:
        socket.create_connection(("127.0.0.1", int(os.environ["ACTIONS_PORT"])), timeout=1).close()
    except ConnectionRefusedError:
        return False
    return True


def _register(name: str, process: int) -> None:
    with (Path(os.environ["VAR_DIR"]) / "processes").open("a") as processes:
        processes.write(f"{name} {process}\n")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--say", default="")
    parser.add_argument("--complain", default="")
    parser.add_argument("--exit", type=int)
    parser.add_argument("--serve", default="", help="name of the setting with the port")
    parser.add_argument("--never-ready", action="store_true")
    parser.add_argument("--stubborn", action="store_true", help="does not end when asked to")
    parser.add_argument("--with-child", action="store_true")
    parser.add_argument("--model")
    options = parser.parse_args()
    name = options.serve.partition("_")[0].lower() or "step"
    _register(name, os.getpid())
    if options.stubborn:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if options.with_child:
        _register("grandchild", subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"]).pid)
    if options.say:
        print(options.say)
    if options.complain:
        print(options.complain, file=sys.stderr)
    if options.exit is not None:
        return options.exit
    if options.serve:
        handler = _NotReady if options.never_ready else _Ready
        http.server.HTTPServer(("127.0.0.1", int(os.environ[options.serve])), handler).serve_forever()
    time.sleep(300)
    return 0


if __name__ == "__main__":
    sys.exit(main())

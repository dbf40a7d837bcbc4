"""An action server that says what a test tells it to."""

import json
import threading
from typing import Any

from tests.channels.action_server import ActionServer


class TalkingActions(ActionServer):
    """Answers with `texts`, one message each, when there are any; waits before any answer while it is held."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.texts: list[str] = []
        self._free = threading.Event()
        self._free.set()

    def hold(self) -> None:
        """Answer nothing until `let_go`."""
        self._free.clear()

    def let_go(self) -> None:
        self._free.set()

    def reset(self) -> None:
        self.mode = "ok"
        self.texts = []
        self.calls.clear()
        self.let_go()

    def answer(self, call: dict[str, Any]) -> tuple[int, bytes]:
        self._free.wait(timeout=30)
        if not self.texts:
            return super().answer(call)
        self.calls.append(call)
        responses = [{"text": text, "buttons": []} for text in self.texts]
        return 200, json.dumps({"events": [], "responses": responses}).encode()

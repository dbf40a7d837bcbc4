"""The action server of one worker: asks for a name and a confirmation, and can hold up what it is asked."""

import threading
from typing import Any

from tests.channels.action_server import ActionServer

LONGEST_HOLD_SECONDS = 30.0


class FormActions(ActionServer):
    """Answers like the real one, as far as the form of form_model.py goes."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self._open = threading.Event()
        self._open.set()
        self._count = threading.Lock()
        self.held = 0
        """How many calls wait at the moment."""

    def hold(self) -> None:
        """Answer nothing until `let_go`."""
        self._open.clear()

    def let_go(self) -> None:
        """Answer what was held up, and all that comes."""
        self._open.set()

    def asked_about(self, text: str) -> int:
        """How many calls there were for a message."""
        return sum(call["tracker"]["latest_message"]["text"] == text for call in self.calls)

    def result(self, call: dict[str, Any]) -> dict[str, Any]:
        """What the action of the call does."""
        with self._count:
            self.held += 1
        self._open.wait(LONGEST_HOLD_SECONDS)
        with self._count:
            self.held -= 1
        steps = {
            "validate_appointment_form": _validated,
            "action_ask_contact_name": _ask_name,
            "action_ask_confirmation": _ask_confirmation,
        }
        step = steps.get(call["next_action"])
        return step(call["tracker"]) if step else super().result(call)


def _validated(tracker: dict[str, Any]) -> dict[str, Any]:
    message = tracker["latest_message"]
    found = [("contact_name", entity["value"]) for entity in message.get("entities", [])]
    if message["understanding"]["label"] == "affirm":
        found.append(("confirmation", "yes"))
    return {"events": [{"event": "slot", "name": name, "value": value} for name, value in found], "responses": []}


def _ask_name(_tracker: dict[str, Any]) -> dict[str, Any]:
    return {"events": [], "responses": [{"response": "utter_ask_contact_name", "buttons": []}]}


def _ask_confirmation(tracker: dict[str, Any]) -> dict[str, Any]:
    reply = {
        "response": "utter_ask_confirmation",
        "buttons": [{"title": "Send it", "payload": "affirm"}],
        "contact_name": tracker["slots"]["contact_name"],
        "contact_shown": "312 555 0100",
        "preferred_time": "any",
        "reason_shown": "",
    }
    return {"events": [], "responses": [reply]}

"""Deleting a visitor's data at their wish: say what goes, ask once, do it. Pure logic."""

import re
from dataclasses import replace

from actions.form_turn import Effect, Step
from actions.memory import ERASURE, Memory
from actions.own_requests import Requests, agrees
from actions.replies import DELETE_ALL, DELETE_NOTHING, Reply
from actions.turn import Turn

# The whole wish said twice, as by a double tap, is asked about again; these words answer the question.
_DELETE_IT = re.compile(r"\W*(?:just |please )*delete (?:it|them|that)(?: all)?(?: please| now)?\W*", re.IGNORECASE)


def ask(memory: Memory, requests: Requests) -> Step:
    """Say what would go, without any name or number, and ask."""
    going = [_counted(len(requests))] if requests else []
    going += ["any message to the staff", "what you told me about yourself", "this chat"]
    shown = f"{', '.join(going[:-1])} and {going[-1]}"
    reply = Reply("utter_confirm_erasure", {"erased_shown": shown}, (DELETE_ALL, DELETE_NOTHING))
    return Step(replace(memory.without_request(), offer=ERASURE), (reply,))


def take_up(memory: Memory, turn: Turn, requests: Requests) -> Step | None:
    """The step after the question; None when the message is about something else, which deletes nothing."""
    if agrees(turn) or _DELETE_IT.fullmatch(turn.text):
        return Step(memory, effect=Effect.ERASE)
    if turn.label == "delete_my_data":
        return ask(memory, requests)
    if turn.label in ("deny", "stop", "cancel_appointment"):
        return Step(memory.without_offer(), (Reply("utter_nothing_erased"),))
    return None


def _counted(requests: int) -> str:
    return "your appointment request" if requests == 1 else f"your {requests} appointment requests"

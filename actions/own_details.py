"""Telling visitors what they told us themselves in this conversation, and nothing of anybody else. Pure logic."""

from actions.details import GIVES_A_PERSON, PREFERRED_TIME, shown
from actions.form_turn import Step
from actions.memory import DEEDS, Memory
from actions.own_requests import Requests, open_ones
from actions.replies import Reply
from actions.turn import SMS, Turn
from clinic.readings.own_details import asks_for_own, points_at_own_details

WORDS = {
    "contact_name": "name",
    "phone": "phone number",
    "email": "e-mail address",
    PREFERRED_TIME: "preferred time",
}
ANYTHING = "details"
PERSON = frozenset(GIVES_A_PERSON)


def tell(memory: Memory, turn: Turn, requests: Requests) -> Reply | None:
    """The answer to "what number do you have?" or "you have my number"; None when nothing of the kind is said."""
    wanted = asks_for_own(turn.text) or (PERSON if points_at_own_details(turn.text) else None)
    if wanted is None:
        return None
    known = _known(memory, turn, requests)
    given = {name: value for name, value in known.items() if name in wanted and value}
    if given:
        return Reply("utter_own_details", {"details_shown": shown(given)})
    missing = [words for name, words in WORDS.items() if name in wanted]
    return Reply("utter_own_details_none", {"missing_shown": missing[0] if len(missing) == 1 else ANYTHING})


def told(memory: Memory, turn: Turn, requests: Requests) -> Step | None:
    """The same as a step outside of the forms. A deed on offer is let go: its yes must follow its question."""
    reply = tell(memory, turn, requests)
    if reply is None:
        return None
    return Step(memory.without_offer() if memory.offer in DEEDS else memory, (reply,))


def _known(memory: Memory, turn: Turn, requests: Requests) -> dict[str, str | None]:
    waiting = open_ones(requests)
    time = memory.preferred_time or (waiting[-1].preferred_time if waiting else None)
    known = {**{name: getattr(memory, name) for name in WORDS}, PREFERRED_TIME: time}
    if turn.channel == SMS and memory.phone == turn.sender_phone and not (memory.contact_name or waiting):
        # Nobody gave it: it is only where this text came from.
        known["phone"] = None
    return known

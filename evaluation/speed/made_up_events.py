"""Stored events of made-up conversations, in bulk, as the tracker store writes them."""

import hashlib
import json
from collections.abc import Iterator
from itertools import count, islice
from typing import Any

from sqlalchemy import insert
from sqlalchemy.engine import Engine

from clinic.database import transaction
from conversations.conversation_states import ConversationState
from conversations.event_rows import EVENTS
from evaluation.speed.questions import DETAILS, REQUEST, question

Row = dict[str, Any]

QUESTIONS_IN_CONVERSATION = 3
REQUEST_IN_EVERY = 4
"""One in so many conversations asks for an appointment besides."""
BEGINNING = 1_790_000_000.0
CONVERSATIONS_AT_ONCE = 100
MODEL = {"model_id": "1b1fec4b47894a108875d99f6cc36630", "assistant_id": "milia-assistant"}
RANKED = ("faq/what_are_milia", "ask_diagnosis", "faq/how_to_get_rid", "faq/how_removed", "faq/are_milia_harmful")
ANSWER = (
    "Milia are small white cysts just under the surface of the skin. They are not harmful. "
    "I can't judge your own bumps from here, though."
)
READ_BACK = (
    "Here is what I have. Name: {contact_name}. Time you would like: {preferred_time}. Shall I send this request?"
)
SLOTS_GIVEN = ("contact_name", "phone", "preferred_time")


def store_made_up_events(engine: Engine, turns: int) -> int:
    """Store conversations with at least so many turns in all, and return how many turns there are.

    Args:
        engine: a migrated database without events.
        turns: how many at least.
    """
    EVENTS.create(engine, checkfirst=True)
    identifiers, numbers, stored = count(1), count(1), 0
    while stored < turns:
        events, states = [], []
        for number in islice(numbers, CONVERSATIONS_AT_ONCE):
            own = [{"id": next(identifiers), **row} for row in _rows(number)]
            stored += sum(row["type_name"] == "user" for row in own)
            events += own
            states.append(_state(own))
        with transaction(engine) as session:
            session.execute(insert(EVENTS), events)
            session.execute(insert(ConversationState.__table__), states)
    return stored


def _state(events: list[Row]) -> Row:
    first, last = events[0], events[-1]
    return {"conversation_id": last["sender_id"], "first_event_id": first["id"], "last_event_id": last["id"]}


def _rows(number: int) -> Iterator[Row]:
    moment = BEGINNING + 60 * number
    for place, data in enumerate(_events(number)):
        stored = {"timestamp": moment + place / 100, **data, "metadata": {**MODEL, **data.get("metadata", {})}}
        yield {
            "sender_id": f"made-up-{number:08d}",
            "type_name": data["event"],
            "timestamp": stored["timestamp"],
            "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
            "action_name": data.get("name"),
            "data": json.dumps(stored),
        }


def _events(number: int) -> Iterator[Row]:
    yield _action("action_session_start")
    yield {"event": "session_started"}
    yield _action("action_listen")
    for place in range(QUESTIONS_IN_CONVERSATION):
        answer = _said("utter_faq/what_are_milia", ANSWER, metadata={"facts": ["M1", "M4"]})
        # No two texts are the same, so that nothing is gained by remembering one.
        yield from _turn(f"{question(number + place)} {_word(number)}", "action_answer", answer)
    if number % REQUEST_IN_EVERY == 0:
        yield from _request()


def _request() -> Iterator[Row]:
    yield from _turn(REQUEST, "appointment_form", {"event": "active_loop", "name": "appointment_form"})
    given: dict[str, str] = {}
    for slot, text in zip(SLOTS_GIVEN, DETAILS, strict=True):
        given[slot] = text.removeprefix("My name is ")
        filled = {"event": "slot", "name": slot, "value": given[slot]}
        asked = {"event": "slot", "name": "requested_slot", "value": slot}
        yield from _turn(text, "appointment_form", _said("utter_ask_contact", "How can we reach you?"), filled, asked)
    yield from _turn("yes", "appointment_form", _said("utter_ask_confirmation", READ_BACK.format(**given), **given))


def _word(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


def _turn(text: str, action: str, *events: Row) -> Iterator[Row]:
    ranking = [{"name": label, "confidence": round(0.9 / 10**place, 4)} for place, label in enumerate(RANKED)]
    understanding = {
        "label": RANKED[0],
        "confidence": 0.9,
        "second_label": None,
        "candidates": [],
        "safety": None,
        "language": "en",
    }
    parse_data = {
        "intent": {"name": "faq", "confidence": 0.9},
        "entities": [],
        "text": text,
        "metadata": MODEL,
        "intent_ranking": ranking,
        "understanding": understanding,
    }
    message_id = hashlib.sha256(text.encode("utf-8")).hexdigest()[:32]
    yield {"event": "user", "text": text, "parse_data": parse_data, "input_channel": "web", "message_id": message_id}
    yield {"event": "user_featurization", "use_text_for_featurization": False}
    yield _action(action)
    yield from events
    yield _action("action_listen")


def _said(response: str, text: str, **metadata: Any) -> Row:
    named = {"id": f"{response}/any/1", "utter_action": response, "template": response, **metadata}
    data = dict.fromkeys(("elements", "quick_replies", "buttons", "attachment", "image", "custom"))
    return {"event": "bot", "text": text, "data": data, "metadata": named}


def _action(name: str) -> Row:
    kept = {"policy": "RulePolicy", "confidence": 1.0, "action_text": None, "hide_rule_turn": True}
    return {"event": "action", "name": name, **kept}

"""Reading a visitor's details from a message, against the question that was asked."""

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from actions.memory import Memory
from actions.turn import Turn
from clinic import clock
from clinic.readings.emails import is_email_attempt, read_email
from clinic.readings.names import read_name, read_name_answer
from clinic.readings.phones import PhoneStatus, read_phone
from clinic.readings.time_problems import time_problem
from clinic.readings.times import read_time_answer
from clinic.settings import load_settings

CONTACT_NAME, CONTACT, PREFERRED_TIME = "contact_name", "contact", "preferred_time"
CONFIRMATION, CORRECTION = "confirmation", "correction"
FEWEST_WORDS_OF_A_QUESTION = 3
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Reading:
    """What a message gave: `found` by slot name, the response that names a `problem`, and the words left `unread`."""

    found: dict[str, str] = field(default_factory=dict)
    problem: str | None = None
    unread: int = 0

    @property
    def leaves_a_question(self) -> bool:
        """Whether enough words are left beside the details to hold a question as well."""
        return self.unread >= FEWEST_WORDS_OF_A_QUESTION


def read_details(turn: Turn, asked: str | None) -> Reading:
    """Take name, phone, e-mail and preferred time from anywhere in the message.

    A bare answer is read against what was asked before anything else: after "what is your name?", "Anna Kowalski" is a
    name, whatever else the words could be.
    """
    found, taken = _mentioned(turn)
    problem = _contact_problem(turn, asked, found)
    if asked in (CONTACT_NAME, CORRECTION) and CONTACT_NAME not in found and not taken:
        name = read_name_answer(turn.text)
        if name:
            return Reading({**found, CONTACT_NAME: name})
    if asked in (PREFERRED_TIME, CORRECTION) and not (set(found) - {PREFERRED_TIME}) and problem is None:
        answer = read_time_answer(turn.text)
        if answer:
            return _with_time_checked(Reading({**found, PREFERRED_TIME: answer}))
    return _with_time_checked(Reading(found, problem, _words_outside(turn.text, taken)))


def shown(found: dict[str, str]) -> str:
    """The details as a visitor would write them, in a row."""
    order = (CONTACT_NAME, "phone", "email", PREFERRED_TIME)
    return ", ".join(shown_phone(found[key]) if key == "phone" else found[key] for key in order if found.get(key))


def shown_phone(phone: str) -> str:
    """A remembered number as Americans write it, "(312) 555-0100", with its extension."""
    return read_phone(phone).display or phone


def apply(memory: Memory, found: dict[str, str]) -> Memory:
    """The memory with the details in it; a new phone or e-mail stands beside the other kind."""
    values: dict[str, Any] = dict(found)
    return replace(memory, **values)


def _mentioned(turn: Turn) -> tuple[dict[str, str], list[str]]:
    found: dict[str, str] = {}
    taken: list[str] = []
    for detail in turn.details:
        slot, value = _valid(detail.kind, detail.text, detail.value)
        if slot and value:
            # The last one counts: "312 555 0167, sorry, I mean 312 555 0176".
            found[slot] = value
        if slot:
            taken.append(detail.text)
    return found, taken


def _valid(kind: str, text: str, value: str) -> tuple[str | None, str | None]:
    if kind == "person":
        return CONTACT_NAME, read_name(value)
    if kind == "phone":
        return "phone", _phone(value)
    if kind == "email":
        return "email", read_email(value)
    if kind == "time":
        return PREFERRED_TIME, text
    return None, None


def _phone(value: str) -> str | None:
    """E.164, with `x` and the extension where there is one: "+13125550100x4"."""
    phone = read_phone(value)
    if phone.status is not PhoneStatus.COMPLETE or phone.e164 is None:
        return None
    return f"{phone.e164}x{phone.extension}" if phone.extension else phone.e164


def _contact_problem(turn: Turn, asked: str | None, found: dict[str, str]) -> str | None:
    if "phone" in found or "email" in found:
        return None
    if turn.first_of("phone"):
        return "utter_phone_incomplete"
    if turn.first_of("email") or (asked == CONTACT and is_email_attempt(turn.text)):
        return "utter_email_invalid"
    if asked == CONTACT and sum(letter.isdigit() for letter in turn.text) >= 4:
        return "utter_phone_incomplete"
    return None


def _with_time_checked(reading: Reading) -> Reading:
    wanted = reading.found.get(PREFERRED_TIME)
    problem = time_problem(wanted, clock.now().astimezone(_timezone())) if wanted else None
    if problem is None:
        return reading
    kept = {key: value for key, value in reading.found.items() if key != PREFERRED_TIME}
    return replace(reading, found=kept, problem=f"utter_time_{problem}")


@lru_cache(maxsize=1)
def _timezone() -> ZoneInfo:
    return load_settings().clinic_timezone


def _words_outside(text: str, taken: list[str]) -> int:
    for part in taken:
        text = text.replace(part, " ", 1)
    return len(_WORD.findall(text))

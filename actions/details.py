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
from clinic.readings.finders import find_times
from clinic.readings.names import read_name, read_name_answer
from clinic.readings.patients import SELF, Patient, contact_name, read_patient, read_patient_name
from clinic.readings.phones import PhoneStatus, read_phone
from clinic.readings.staff_wishes import asks_for_a_person
from clinic.readings.time_problems import time_problem
from clinic.readings.times import read_time_answer
from clinic.settings import load_settings

CONTACT_NAME, CONTACT, PREFERRED_TIME = "contact_name", "contact", "preferred_time"
PATIENT_NAME, PATIENT_RELATION = "patient_name", "patient_relation"
NAME_NOT_GIVEN = "name not given"
GIVES_A_PERSON = (CONTACT_NAME, "phone", "email")
CONFIRMATION, CORRECTION = "confirmation", "correction"
MAY_BEGIN_A_REQUEST = frozenset({"request_appointment", "inform"})
LONGEST_CLAUSE = 60
COMMANDS = frozenset({"appointment_status", "help", "stop", "start_over", "talk_to_human", "cancel_appointment"})
SURE_OF_A_COMMAND = 0.8
FEWEST_DIGITS = 4
FEWEST_WORDS_OF_A_QUESTION = 3
_CLAUSE = re.compile(r"(?<=\?)\s*|[,;.!\n]+\s*|\s+-+\s+")
_DIGIT_WORD = re.compile(r"\b(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)\b", re.IGNORECASE)
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
    found, taken = _mentioned(turn, read_patient(turn.text))
    if asked is None and turn.label in MAY_BEGIN_A_REQUEST and PREFERRED_TIME not in found:
        found |= time_in_a_clause(turn.text)
    problem = _contact_problem(turn, asked, found)
    if asked == PATIENT_NAME:
        return _with_time_checked(_answering_for_patient(turn, found, taken))
    if asked == CONTACT_NAME and set(found) == {PREFERRED_TIME} and _is_full_name(turn.text):
        return Reading({CONTACT_NAME: read_name_answer(turn.text) or ""})
    if asked in (CONTACT_NAME, CORRECTION) and CONTACT_NAME not in found and not taken:
        steers = _is_a_command(turn) or asks_for_a_person(turn.text)
        name = None if steers else read_name_answer(turn.text)
        if name:
            beside = len(_WORD.findall(turn.text)) - len(_WORD.findall(name))
            return Reading({**found, CONTACT_NAME: name}, unread=max(0, beside))
    if asked in (PREFERRED_TIME, CORRECTION) and not (set(found) - {PREFERRED_TIME}) and problem is None:
        answer = read_time_answer(turn.text)
        if answer:
            return _with_time_checked(
                Reading({**found, PREFERRED_TIME: answer}, unread=_words_outside(turn.text, [answer]))
            )
    return _with_time_checked(Reading(found, problem, _words_outside(turn.text, taken)))


def shown(found: dict[str, str]) -> str:
    """The details as a visitor would write them, in a row."""
    order = (CONTACT_NAME, PATIENT_NAME, "phone", "email", PREFERRED_TIME)
    told = {key: value for key, value in found.items() if value and value != NAME_NOT_GIVEN}
    return ", ".join(shown_phone(told[key]) if key == "phone" else told[key] for key in order if key in told)


def shown_with_thanks(found: dict[str, str]) -> str:
    """The details that "Thank you, ..." says back: who writes is thanked, and not the child named beside."""
    return shown({key: value for key, value in found.items() if key != PATIENT_NAME or not found.get(CONTACT_NAME)})


def shown_phone(phone: str) -> str:
    """A remembered number as Americans write it, "(312) 555-0100", with its extension."""
    return read_phone(phone).display or phone


def apply(memory: Memory, found: dict[str, str]) -> Memory:
    """The memory with the details in it; a new phone or e-mail stands beside the other kind."""
    values: dict[str, Any] = dict(found)
    return replace(memory, **values)


def time_in_a_clause(text: str) -> dict[str, str]:
    """ "..., mornings are best, 773 555 0144": a clause of its own says when, which a long message hides."""
    for clause in _CLAUSE.split(text):
        wishes = find_times(clause) if len(clause) <= LONGEST_CLAUSE and "?" not in clause else []
        if wishes:
            return {PREFERRED_TIME: wishes[0].text}
    return {}


def _is_full_name(text: str) -> bool:
    """Whether an answer is a first and a last name, though one of them may be a day: "Joe Friday"."""
    name = read_name_answer(text)
    return name is not None and len(name.split()) == len(text.split()) > 1


def _is_a_command(turn: Turn) -> bool:
    """One word that steers, such as "status": after "what is your name?" it still is no name."""
    return len(turn.text.split()) == 1 and turn.label in COMMANDS and turn.confidence >= SURE_OF_A_COMMAND


def _answering_for_patient(turn: Turn, found: dict[str, str], taken: list[str]) -> Reading:
    """After "who is the visit for?" a name is the patient's, however it is given."""
    name = found.pop(CONTACT_NAME, None) or found.get(PATIENT_NAME) or read_patient_name(turn.text)
    with_name = {**found, PATIENT_NAME: name} if name else found
    return Reading(with_name, unread=_words_outside(turn.text, taken) if taken else 0)


def _mentioned(turn: Turn, patient: Patient | None) -> tuple[dict[str, str], list[str]]:
    """The details by slot, and the words they were taken from; the patient's name is never the contact's."""
    found: dict[str, str] = _about_patient(patient)
    taken: list[str] = []
    of_patients = {name.casefold() for name in patient.names} if patient else set()
    for detail in turn.details:
        slot, value = _valid(detail.kind, detail.text, detail.value)
        if slot == CONTACT_NAME and value and value.casefold() in of_patients:
            taken.append(detail.text)
            continue
        if slot and value:
            # The last one counts: "312 555 0167, sorry, I mean 312 555 0176".
            found[slot] = value
        if slot:
            taken.append(detail.text)
    if patient is not None and patient.relation != SELF:
        # Who is named may be the patient alone: "patient: Max Fox".
        found = {**{key: value for key, value in found.items() if key != CONTACT_NAME}, **_contact(turn.text)}
    return found, taken


def _contact(text: str) -> dict[str, str]:
    name = contact_name(text)
    return {CONTACT_NAME: name} if name else {}


def _about_patient(patient: Patient | None) -> dict[str, str]:
    if patient is None or patient.relation == SELF or patient.with_contact:
        return {}
    about = {PATIENT_RELATION: patient.relation, PATIENT_NAME: patient.names[0] if patient.names else None}
    return {name: value for name, value in about.items() if value}


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
    if asked == CONTACT and _digits_in(turn.text) >= FEWEST_DIGITS:
        return "utter_phone_incomplete"
    return None


def _digits_in(text: str) -> int:
    """How many digits there are, written as such or as words: "five five five, oh one two three"."""
    return sum(letter.isdigit() for letter in text) + len(_DIGIT_WORD.findall(text))


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

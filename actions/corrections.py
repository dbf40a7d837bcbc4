"""Putting what a message gives to what is known: new details, corrections of old ones, additions. Pure logic."""

import re
from dataclasses import replace
from typing import Any

from actions.details import CONTACT_NAME, PATIENT_NAME, PATIENT_RELATION, PREFERRED_TIME, Reading
from actions.memory import Memory, Person
from actions.turn import Turn
from clinic.readings.finders import find_times
from clinic.readings.name_changes import changed_name
from clinic.readings.names import read_name_answer
from clinic.readings.patient_words import OTHER
from clinic.readings.patients import SELF, read_patient
from clinic.readings.phone_changes import corrected_phone
from clinic.readings.spellings import respelled
from clinic.readings.time_changes import changed_time

DETAILS = (CONTACT_NAME, PATIENT_NAME, "phone", "email", PREFERRED_TIME)
_A_BARE_HOUR = re.compile(
    r"\b(?:make it|at|around|say|do|instead|rather)\b.*\d|\d.*\b(?:instead|rather|better)\b", re.IGNORECASE
)
_TAKE = r"(?:use|prefer|only|just|rather|contact me|reach me|write|send)"
_CALL = r"(?:phone|number|cell|call\w*|text\w*)"
_E_MAIL_ONLY = re.compile(
    rf"\b{_TAKE}\b[^.?!]{{0,25}}\be-?mail\b|\b(?:no|not|don'?t|remove|drop|delete|without)\b[^.?!]{{0,15}}\b{_CALL}\b",
    re.IGNORECASE,
)
_PHONE_ONLY = re.compile(
    rf"\b(?:{_TAKE})\b[^.?!]{{0,25}}\b{_CALL}\b|\b(?:no|not|don'?t|remove|drop|delete|without)\b[^.?!]{{0,15}}\be-?mail\b"
    r"|^\W*call me\b",
    re.IGNORECASE,
)
_ABOUT_A_NAME = re.compile(r"\b(?:name|surname|spel\w*|letters?|apellido)\b", re.IGNORECASE)
_WITH_A_LETTER = re.compile(r"[ ,]*\bwith(?:out)? (?:an? |the |one |two )?[a-z]'?s?\b.*$", re.IGNORECASE | re.DOTALL)
_SHE_IS = re.compile(r"\b(?:[Ss]he|[Hh]e)(?:'s| is|s) ([A-Z][a-z]+(?: [A-Z][a-z]+)?)\b")
_LEADS_IN = re.compile(
    r"^\W*(?:(?:oops|sorry|i mean|i meant|no|actually|wait|well|um|uh|ok|okay|oh|so|then)\b[\s,.:;!-]*)+", re.IGNORECASE
)
_RATHER = re.compile(
    r"\b(?:instead|rather|only|not (?:by |my |the |on (?:my |the )?)?(?:phone|number|cell|call\w*|e-?mail|text\w*)"
    r"|(?:don'?t|do not|no) (?:call\w*|phone\w*|text\w*|e-?mail\w*|use)|scrap"
    r"|forget (?:that|the|my) (?:number|phone))\b",
    re.IGNORECASE,
)


def corrected_reading(memory: Memory, turn: Turn, reading: Reading) -> Reading:
    """The reading in the light of what is known: "Jon without the h" is a new spelling, "or Tuesday" an addition."""
    found = dict(reading.found)
    slot = PATIENT_NAME if memory.asked == PATIENT_NAME else CONTACT_NAME
    if name := _name_after(getattr(memory, slot), turn.text, found.get(slot), PREFERRED_TIME in found):
        found[slot] = name
    if memory.patient_relation and not memory.patient_name and (is_called := _SHE_IS.search(turn.text)):
        found.setdefault(PATIENT_NAME, is_called.group(1))
    if memory.phone and "phone" not in found and (phone := corrected_phone(memory.phone, turn.text)):
        found["phone"] = phone
        reading = replace(reading, problem=None)
    if reading.problem is None or PREFERRED_TIME in found:
        found = with_changed_time(memory.preferred_time, turn, found)
    return replace(reading, found=found)


def _name_after(known: str | None, text: str, given: str | None, gives_a_time: bool) -> str | None:
    """The name after a message; "I mixed up the last digits" says nothing of one, though it has "last" in it."""
    if given or _ABOUT_A_NAME.search(text):
        return changed_name(known, text, given)
    if not known or gives_a_time:
        return None
    return respelled(known, text) or _spelled_beside(known, text)


def _spelled_beside(known: str, text: str) -> str | None:
    """ "It's Ivo Harte with an e": the whole name is there, and the letter only points at it."""
    name = _WITH_A_LETTER.sub("", text)
    given = read_name_answer(name) if name != text else None
    return given if given and given.split()[0].casefold() == known.split(maxsplit=1)[0].casefold() else None


def with_changed_time(earlier: str | None, turn: Turn, found: dict[str, str]) -> dict[str, str]:
    """The details with the wish for a time as it is after this message: replaced, added to, or narrowed."""
    given = found.get(PREFERRED_TIME)
    if earlier is None and given:
        return {**found, PREFERRED_TIME: _without_lead_in(given)}
    mended = given is None and _A_BARE_HOUR.search(turn.text) is not None and turn.first_of("phone") is None
    if earlier is None or not (given or mended):
        return found
    time = changed_time(earlier, turn.text, given)
    return {**found, PREFERRED_TIME: time} if time else found


def with_details(memory: Memory, turn: Turn, reading: Reading) -> Memory:
    """The memory with the details in it; one way to be reached replaces the other where that is said."""
    values: dict[str, Any] = {name: value for name, value in reading.found.items() if name in DETAILS}
    values |= _patient(memory, turn, reading)
    if _RATHER.search(turn.text):
        if "email" in values and "phone" not in values:
            values["phone"] = ""
        if "phone" in values and "email" not in values:
            values["email"] = None
    return replace(memory, **values)


def _without_lead_in(wish: str) -> str:
    """ "Oops i mean next friday" is "next friday": the words of correcting are no part of the wish."""
    rest = _LEADS_IN.sub("", wish)
    return rest if rest != wish and find_times(rest) else wish


def drops_a_contact(memory: Memory, turn: Turn, reading: Reading) -> Memory | None:
    """ "Use my e-mail instead of the phone", when both are known; None for everything else."""
    if reading.found or not (memory.phone and memory.email):
        return None
    if _E_MAIL_ONLY.search(turn.text):
        return replace(memory, phone="")
    return replace(memory, email=None) if _PHONE_ONLY.search(turn.text) else None


def changed(memory: Memory, reading: Reading) -> dict[str, str]:
    """The details that were known and are different now."""
    return {name: reading.found[name] for name in DETAILS if name in reading.found and _differs(memory, reading, name)}


def _differs(memory: Memory, reading: Reading, name: str) -> bool:
    return getattr(memory, name) not in (None, reading.found[name])


def _patient(memory: Memory, turn: Turn, reading: Reading) -> dict[str, Any]:
    patient = read_patient(turn.text)
    if patient is None and PATIENT_RELATION in reading.found:
        return {PATIENT_RELATION: reading.found[PATIENT_RELATION]}
    if patient is None:
        return {}
    relation = patient.relation or memory.patient_relation or OTHER
    if patient.with_contact:
        others: list[Person] = [(relation, name) for name in patient.names]
        return {PATIENT_NAME: None, PATIENT_RELATION: None, "also_for": tuple(others) or ((relation, None),)}
    if relation == SELF:
        return {PATIENT_NAME: None, PATIENT_RELATION: None, "also_for": ()}
    kept = memory.patient_name if memory.patient_relation in (None, relation) else None
    return {
        PATIENT_RELATION: relation,
        PATIENT_NAME: reading.found.get(PATIENT_NAME, kept),
        "also_for": tuple((relation, name) for name in patient.names[1:]) or memory.also_for,
    }

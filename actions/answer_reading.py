"""Reading an answer in the appointment form against what was asked and how often. Pure logic."""

import re

from actions.answers import CLINIC_DETAILS, QUESTIONS
from actions.details import (
    CONTACT_NAME,
    NAME_NOT_GIVEN,
    PATIENT_NAME,
    PREFERRED_TIME,
    Reading,
    read_details,
    time_in_a_clause,
)
from actions.form_turn import could_be_a_name
from actions.memory import EASY_TIME, Memory
from actions.own_requests import Requests
from actions.turn import Turn
from clinic.readings.confirmations import has_doubt, is_waiting
from clinic.readings.staff_wishes import asks_for_a_person
from clinic.readings.times import is_no_preference

NO_PREFERENCE = "no preference"
ANY_TIME = "any time"
LONGEST_TIME = 200
FULL_NAME = (2, 3)
# Never a name, however it is written: "No Thanks".
STEERING = frozenset({"deny", "stop", "affirm", "thanks", "greet", "goodbye", "help", "start_over", "talk_to_human"})
MISSES_BEFORE_TAKING_THE_WORDS = 1
SURE_OF_AN_ASIDE = 0.6
# "Any doctor is ok" has the same words and is an answer.
WANTS_A_PERSON = frozenset({"talk_to_human", "bot_challenge"})
# Questions about opening hours may well be the answer: "are you there on Fridays?".
OPENING_HOURS = CLINIC_DETAILS
_SAME_TIME = re.compile(r"\W*(?:the |at |on )?same\b(?! (?:phone|number|name|contact))", re.IGNORECASE)
_LEADS_IN = re.compile(r"^\W*(?:(?:no|nope|ok|okay|sorry|well|oh|it'?s|i'?m|that'?s|anyway)\b\W*)+", re.IGNORECASE)
_NO = re.compile(r"^no[,.;:]+\s*", re.IGNORECASE)
# "Im sad nobody likes me" is no time, however often a time was asked for.
_ABOUT_SOMEBODY = re.compile(r"\b(?:i'?m|me|you|u|he|she|nobody|feel\w*)\b", re.IGNORECASE)
_NOT_KNOWING = re.compile(r"^\W*(?:idk|dunno|(?:i )?don'?t know)\b\W*", re.IGNORECASE)


def read_answer(memory: Memory, turn: Turn, requests: Requests) -> Reading:
    """The details of the message; what was typed is taken as the answer when reading it has failed before."""
    return _read_in_other_words(memory, turn, requests) or _read(memory, turn)


def _read_in_other_words(memory: Memory, turn: Turn, requests: Requests) -> Reading | None:
    if memory.contact_name and memory.asked != CONTACT_NAME and (name := _name_after_no(turn)):
        return Reading({CONTACT_NAME: name})
    wish = _wish_in_other_words(memory, turn, requests)
    return Reading({PREFERRED_TIME: wish}) if wish is not None else None


def _read(memory: Memory, turn: Turn) -> Reading:
    if turn.label in WANTS_A_PERSON and asks_for_a_person(turn.text):
        return Reading()
    reading = _without_asides(read_details(turn, memory.asked), memory, turn)
    if reading.found or reading.problem or is_waiting(turn.text) or "?" in turn.text:
        return reading
    missed_before = memory.misses >= MISSES_BEFORE_TAKING_THE_WORDS
    off_topic = turn.label in ("inform", "out_of_scope") or bool(turn.candidates)
    if memory.asked in (CONTACT_NAME, PATIENT_NAME):
        return _typed_name(memory, turn, off_topic, missed_before) or reading
    if memory.asked == PREFERRED_TIME:
        if turn.label == "deny" and not has_doubt(turn.text.replace("no", "", 1)):
            return Reading({PREFERRED_TIME: NO_PREFERENCE})
        if missed_before and off_topic and not _ABOUT_SOMEBODY.search(turn.text):
            return Reading({PREFERRED_TIME: turn.text[:LONGEST_TIME]})
    return reading


def has_no_preference(memory: Memory, turn: Turn) -> bool:
    """Whether the answer to "when?" leaves it open: "whenever", "idk whatever"."""
    words = _NOT_KNOWING.sub("", turn.text)
    return memory.asked == PREFERRED_TIME and (is_no_preference(turn.text) or is_no_preference(words))


def _wish_in_other_words(memory: Memory, turn: Turn, requests: Requests) -> str | None:
    if memory.asked == PREFERRED_TIME and requests and _SAME_TIME.match(turn.text):
        return requests[-1].preferred_time
    if has_no_preference(memory, turn):
        return turn.text[:LONGEST_TIME]
    # "Yes" to "mornings or afternoons? Any time is fine too".
    offered = memory.asked == PREFERRED_TIME and memory.offer == EASY_TIME
    return ANY_TIME if offered and turn.label == "affirm" and not turn.details else None


def _without_asides(reading: Reading, memory: Memory, turn: Turn) -> Reading:
    """A day in a question about something else is no wish: "what's the weather going to be on Friday?"."""
    about_something_else = turn.label != OPENING_HOURS and turn.label.startswith(("out_of_scope", *QUESTIONS))
    asks = "?" in turn.text and about_something_else and turn.confidence >= SURE_OF_AN_ASIDE
    if not asks or set(reading.found) != {PREFERRED_TIME}:
        return reading
    return Reading(time_in_a_clause(turn.text), unread=len(turn.text.split()))


def _name_after_no(turn: Turn) -> str | None:
    """ "No, Pär Holm", whatever was asked: the name that was noted before is put right."""
    name = _NO.sub("", turn.text.strip()).rstrip(".!")
    words = name.split()
    if name == turn.text.strip() or len(words) not in FULL_NAME or turn.details:
        return None
    return name if all(word[:1].isupper() for word in words) and could_be_a_name(name) else None


def _typed_name(memory: Memory, turn: Turn, off_topic: bool, missed_before: bool) -> Reading | None:
    words = _LEADS_IN.sub("", turn.text).split()
    name = " ".join(words).rstrip(".")
    written_as_names = len(words) in FULL_NAME and all(word[:1].isupper() for word in words)
    likely = off_topic and (missed_before or name[:1].isupper())
    if could_be_a_name(name) and (likely or (written_as_names and turn.label not in STEERING)):
        return Reading({str(memory.asked): name})
    # The visit can be agreed on without it; the staff ask.
    if memory.asked == PATIENT_NAME and (turn.label == "deny" or missed_before):
        return Reading({PATIENT_NAME: NAME_NOT_GIVEN})
    return None

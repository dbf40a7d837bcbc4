"""What must be true of every reply of every dialogue, and of what a single turn expects. Pure functions.

Each check gives the problems it found as sentences for whoever reads the test's output.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from clinic.sms_text import segments
from tests.conversation.dialogue_file import Dialogue, Row, Turn

# What all variations of a question share and no other response has, as test_dialogue_checks.py makes sure.
QUESTIONS = {
    "name": r"what is your name|your first and last name|which name should i put|who may i say is asking"
    r"|cuál es su nombre|me dice su nombre|a nombre de quién",
    "patient": r"name of the person the visit is for|who is the visit for",
    "contact": r"can the clinic reach you|can they answer you on|how can the staff reach you"
    r"|a qué (?:número de )?teléfono le puede llamar|cuál es su número de teléfono|me da su teléfono",
    "time": r"when would (?:suit you|you like to come)|which days? (?:or times? )?(?:would|ahead)"
    r"|what time would you like|suit you instead|write it in another way"
    r"|mornings or afternoons",
    "confirmation": r"shall i send (?:it|this)|all right to send",
}
HELP = r"\b(?:911|988)\b"
CLAIMS = {
    "appointment_requests": r"^(?:your request is recorded|done, the clinic has your request)",
    "staff_messages": r"passed your message to the staff|done, the staff have your message|added that for the staff"
    r"|staff get that as well"
    r"|tiene su mensaje|(?:put|passed) your (?:\d )?questions? to the staff",
    "erasures": r"^(?:it is deleted|done, (?:all of )?it is deleted)",
}
MOST_SEGMENTS = 2
FEWEST_WORDS_OF_A_SENTENCE = 3
_PLACEHOLDER = re.compile(r"\{[a-z_]+\}")
_SENTENCE_OF_WORDS = re.compile(r"(?:[^.!?\n]|\.(?=\w))+[.!?\n]*")
_DETAIL = re.compile(r"[:@]|\d for ")
_SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]*")
_CLAIMS_A_BOOKING = re.compile(r"\b(?:booked|booking|scheduled|confirmed|see you (?:on|then|at))\b", re.IGNORECASE)
_DENIES = re.compile(r"\b(?:not|nothing|never|no|until|can't)\b", re.IGNORECASE)
_CARRIER_WORD_ASKED = re.compile(
    r"\b(?i:reply|text|write|send|say|type|answer) (?:the word )?[\"']?(?i:yes|cancel|end|quit|stop)\b(?! to end)"
    r"|\b(?:YES|CANCEL|END|QUIT)\b"
)


@dataclass
class Told:
    """What a conversation has come to: the texts of the reply before, and which details the visitor has given."""

    before: tuple[str, ...] = ()
    given: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Heard:
    """What a turn brought: texts, titles of choices, and how many rows each table gained."""

    texts: tuple[str, ...]
    choices: tuple[str, ...]
    gained: Mapping[str, int]

    @property
    def said(self) -> str:
        """Everything that was said."""
        return "\n".join(self.texts)


def asked_in(said: str) -> list[str]:
    """The details that a reply asks for."""
    return [detail for detail, words in QUESTIONS.items() if re.search(words, said, re.IGNORECASE)]


def of_the_turn(turn: Turn, heard: Heard) -> Iterator[str]:
    """What the turn itself expects."""
    said = heard.said
    yield from (f"'{words}' is not said" for words in turn.says if not re.search(words, said, re.IGNORECASE))
    yield from (f"'{words}' is said" for words in turn.never if re.search(words, said, re.IGNORECASE))
    yield from (f"the choice '{title}' is not offered" for title in turn.choices if title not in heard.choices)
    if turn.asks is not None:
        expected = [] if turn.asks == "nothing" else [turn.asks]
        if asked_in(said) != expected:
            yield f"asks for {asked_in(said) or 'nothing'}, not for {turn.asks}"
    if turn.danger:
        yield from _of_danger(heard)


def of_every_reply(dialogue: Dialogue, turn: Turn, heard: Heard, told: Told) -> Iterator[str]:
    """What holds for every reply, whatever was said."""
    if turn.silent:
        yield from ("something is said where silence is due" for _ in heard.texts)
        return
    if not heard.texts or any(not text.strip() for text in heard.texts):
        yield "the reply is empty"
    if _PLACEHOLDER.search(heard.said):
        yield "a raw placeholder is said"
    yield from (f"claims a booking: '{claim}'" for claim in _claims_of_a_booking(heard.said))
    yield from (f"says the very same again: '{sentence}'" for sentence in _repeated(told.before, heard.texts))
    yield from (f"asks for the {known} that was given" for known in asked_in(heard.said) if known in told.given)
    if dialogue.channel == "sms":
        yield from _of_a_text_message(heard.said)


def of_understanding(turn: Turn, labels: Mapping[str, object] | None) -> Iterator[str]:
    """The message was taken for what the turn says, where it says so."""
    label = labels["label"] if labels else None
    if turn.understood is not None and label != turn.understood:
        yield f"is understood as {label}, not as {turn.understood}"


def of_what_is_stored(turn: Turn, heard: Heard) -> Iterator[str]:
    """Nothing is said to be stored that is not, and nothing is stored without a word."""
    for table, claim in CLAIMS.items():
        claimed = any(re.search(claim, text, re.IGNORECASE | re.MULTILINE) for text in heard.texts)
        if claimed and not heard.gained[table]:
            yield f"says that it is done, and there is no new row in {table}"
        if heard.gained[table] and not claimed and table != "erasures":
            yield f"a new row in {table}, and not a word of it"
        if heard.gained[table] > 1:
            yield f"{heard.gained[table]} new rows in {table} at once"


def of_the_rows(table: str, expected: Sequence[Row], stored: Sequence[Mapping[str, object]]) -> Iterator[str]:
    """The rows are exactly those expected, in the listed fields. A value that begins with ~ is an expression."""
    if len(expected) != len(stored):
        yield f"{len(stored)} rows in {table}, not {len(expected)}: {stored}"
        return
    for wanted, row in zip(expected, stored, strict=True):
        for name, value in wanted.items():
            found = "" if row[name] is None else str(row[name])
            fits = re.search(value[1:], found, re.IGNORECASE) if value.startswith("~") else found == value
            if not fits:
                yield f"{name} in {table} is '{found}', not '{value}'"


def _of_danger(heard: Heard) -> Iterator[str]:
    if not re.search(HELP, heard.said):
        yield "does not say where help is"
    if asked_in(heard.said) or "?" in heard.said:
        yield "asks something in the face of danger"
    if heard.choices:
        yield f"offers {heard.choices} in the face of danger"


def _of_a_text_message(said: str) -> Iterator[str]:
    if _CARRIER_WORD_ASKED.search(said):
        yield "asks for a word that the carrier acts on"
    if segments(said) > MOST_SEGMENTS:
        yield f"is {segments(said)} segments long"


def _repeated(before: Sequence[str], now: Sequence[str]) -> list[str]:
    """Sentences of the reply before, or said twice in one; a detail that is read back stays what it is."""
    said = [sentence for text in now for sentence in _sentences(text)]
    known = {sentence for text in before for sentence in _sentences(text)}
    repeated = known.intersection(said) | {sentence for sentence in said if said.count(sentence) > 1}
    return sorted(repeated)


def _sentences(text: str) -> list[str]:
    whole = [sentence.strip() for sentence in _SENTENCE_OF_WORDS.findall(text)]
    return [each for each in whole if len(each.split()) >= FEWEST_WORDS_OF_A_SENTENCE and not _DETAIL.search(each)]


def _claims_of_a_booking(said: str) -> list[str]:
    sentences = [sentence.strip() for sentence in _SENTENCE.findall(said)]
    return [each for each in sentences if _CLAIMS_A_BOOKING.search(each) and not _DENIES.search(each)]

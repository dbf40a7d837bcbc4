"""One turn's messages as one text message of two segments at most. Pure functions.

Nothing is lost when there is more: what does not fit waits until the visitor writes MORE. The wording of an emergency,
the question at the end and the choices come before all else.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from clinic.sms_text import MOST_SEGMENTS, SEPTETS_IN_PART, plain_marks, segments

# No character takes less than a septet, so no longer text fits.
MOST_CHARACTERS = MOST_SEGMENTS * SEPTETS_IN_PART
# "9 a.m. to 5 p.m." and "12 N. Main St" go on after their full stops.
SENTENCE_END = re.compile(r"(?<=[.!?])(?<![ap]\.m\.)(?<!\b[A-Z]\.)\s+(?![a-z])")


@dataclass(frozen=True)
class Parts:
    """What there is to say, in its order; without messages it is silence.

    `first` comes right after what is urgent, else at the very start. `introduces_itself` is for wording that names the
    clinic already.
    """

    messages: tuple[str, ...]
    first: str = ""
    choices: str = ""
    urgent: bool = False
    introduces_itself: bool = False


@dataclass(frozen=True)
class Fitted:
    """What is sent now, and what waits."""

    text: str
    rest: str


def fit(parts: Parts, more: str) -> Fitted:
    """Make one text of the parts.

    Args:
        parts: what there is to say.
        more: the line that tells how to get the rest, such as `Reply MORE for the rest.`
    """
    messages = [plain_marks(message) for message in parts.messages if message.strip()]
    first, choices = plain_marks(parts.first), plain_marks(parts.choices)
    whole = _joined(_in_order(messages, first, parts.urgent), choices)
    if segments(whole) <= MOST_SEGMENTS:
        return Fitted(whole, "")
    return _fit_some(messages, first, choices, more, parts.urgent)


def _in_order(messages: Sequence[str], first: str, urgent: bool) -> list[str]:
    if not first:
        return list(messages)
    return [messages[0], first, *messages[1:]] if urgent and messages else [first, *messages]


def _fit_some(messages: list[str], first: str, choices: str, more: str, urgent: bool) -> Fitted:
    """The beginning, and the end with its choices if there is room for both; the middle waits."""
    last = len(messages) - 1
    for kept_last in (True, False):
        end = [messages[last]] if kept_last and last > 0 else []
        tail = choices if kept_last else ""
        head, rest = _head_that_fits(messages[: last + 1 - len(end)], first, [*end, more], tail, urgent)
        if head:
            waiting = rest if kept_last else _joined([rest], choices)
            return Fitted(_joined([*head, *end, more], tail), waiting)
    beginning, remainder = _words_that_fit(messages[0], first, more)
    head = _in_order([beginning], first, urgent)
    return Fitted(_joined([*head, more], ""), _joined([remainder, *messages[1:]], choices))


def _head_that_fits(
    messages: Sequence[str], first: str, after: Sequence[str], choices: str, urgent: bool
) -> tuple[list[str], str]:
    """As many whole sentences from the beginning as fit with what comes after them, and the others."""
    sentences = [sentence for message in messages for sentence in SENTENCE_END.split(message)]
    whole_first = len(SENTENCE_END.split(messages[0])) if messages else 0
    for count in range(_that_may_fit(sentences), 0, -1):
        if urgent and count < whole_first:
            break
        head = _in_order([" ".join(sentences[:whole_first]), *sentences[whole_first:count]], first, urgent)
        if count < whole_first:
            head = _in_order([" ".join(sentences[:count])], first, urgent)
        if segments(_joined([*head, *after], choices)) <= MOST_SEGMENTS:
            return head, " ".join(sentences[count:])
    return [], ""


def _words_that_fit(message: str, first: str, more: str) -> tuple[str, str]:
    words = message.split(" ")
    for count in range(min(_that_may_fit(words), len(words) - 1), 0, -1):
        head = " ".join(words[:count])
        if segments(_joined([head, first, more], "")) <= MOST_SEGMENTS:
            return head, " ".join(words[count:])
    # One endless word, such as an address: it is cut where it must be.
    size = min(len(message), MOST_CHARACTERS)
    while size > 1 and segments(_joined([message[:size], first, more], "")) > MOST_SEGMENTS:
        size -= 1
    return message[:size], message[size:]


def _that_may_fit(pieces: Sequence[str]) -> int:
    """How many from the beginning are not too long in any case: whoever tries fewer and fewer begins here."""
    length = -1
    for count, piece in enumerate(pieces):
        length += 1 + len(piece)
        if length > MOST_CHARACTERS:
            return count
    return len(pieces)


def _joined(parts: Sequence[str], choices: str) -> str:
    said = " ".join(part for part in parts if part)
    return "\n".join(part for part in (said, choices) if part)

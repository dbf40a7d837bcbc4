"""What both forms share: the step that a turn leads to, and how a message beside the asked detail is taken."""

import re
from dataclasses import dataclass

from actions.answers import answer_within_form, questions_in
from actions.details import Reading
from actions.memory import Memory
from actions.replies import Reply
from actions.turn import Turn

SMALL_TALK = frozenset(
    {"greet", "goodbye", "thanks", "bot_challenge", "help", "privacy_question", "feedback_negative", "out_of_scope"}
)
SURE_OF_A_SHORT_QUESTION = 0.8
SHORT = 3
_NAME_LIKE = re.compile(r"[^\W\d_][^\W\d_.'’-]*(?:[ .'’-]{1,2}[^\W\d_][^\W\d_.'’-]*){0,3}\.?")


@dataclass(frozen=True)
class Step:
    """What a turn leads to: `memory` afterwards, `replies` in order, and at most one of the three ways to go on.

    `asked` is what is asked next, None when the form ends. `store` says that the visitor confirmed. `follow_up` names
    the action that takes over.
    """

    memory: Memory
    replies: tuple[Reply, ...] = ()
    asked: str | None = None
    store: bool = False
    follow_up: str | None = None


def aside(memory: Memory, turn: Turn, reading: Reading) -> tuple[list[Reply], Memory]:
    """Whatever else the message was: a question beside a detail, or small talk instead of one."""
    if reading.found and not reading.leaves_a_question:
        return [], memory
    if questions_in(turn) and not turn.candidates and not _too_short_to_ask(turn):
        return answer_within_form(turn, memory)
    if reading.found or reading.problem or turn.label not in SMALL_TALK or turn.candidates:
        return [], memory
    return [Reply(f"utter_{turn.label}")], memory


def could_be_a_name(text: str) -> bool:
    """Whether words are shaped like a name: one to four of them, of letters alone."""
    return _NAME_LIKE.fullmatch(text.strip()) is not None


def _too_short_to_ask(turn: Turn) -> bool:
    """A word or two without a question mark is hardly a question while something else was asked."""
    few = len(turn.text.split()) <= SHORT
    return few and "?" not in turn.text and turn.confidence < SURE_OF_A_SHORT_QUESTION

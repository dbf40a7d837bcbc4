"""What both forms share: the step that a turn leads to, and how a message beside the asked detail is taken."""

import re
from dataclasses import dataclass, replace
from enum import Enum

from actions.answers import answer_within_form, questions_in
from actions.details import Reading
from actions.memory import Memory
from actions.open_questions import keep_question
from actions.replies import ASK_THE_STAFF, Reply
from actions.turn import Turn
from clinic.readings.staff_wishes import leaves_word_for_staff

APPOINTMENT_FORM, STAFF_FORM = "appointment_form", "staff_message_form"
SMALL_TALK = frozenset(
    {"greet", "goodbye", "thanks", "bot_challenge", "help", "privacy_question", "feedback_negative", "out_of_scope"}
)
ASKING = frozenset({"privacy_question", "help", "bot_challenge"})
SURE_OF_A_SHORT_QUESTION = 0.8
SHORT = 3
NAMES_A_VISIT = re.compile(r"\b(?:appointment|appt|apt|appointments|booking|book|visit)\b", re.IGNORECASE)
NAMES = frozenset({"contact_name", "patient_name"})
GOES_ON_WITH_IT = re.compile(
    r"^\W*(?:ok(?:ay)?,? |yes,? |please,? |sure,? |so,? )*"
    r"(?:can we |could we |let'?s |i want to |i'd like to |we can )?(?:please )?"
    r"(?:continue|carry on|go on|keep going|resume|pick (?:it |this )?up|finish(?: it| this| up| that)?)\b",
    re.IGNORECASE,
)
_QUESTION_WORD = "can|could|do|does|did|is|are|will|would|should|may|how|what|when|where|why|which|who"
_BEGINS_A_QUESTION = re.compile(rf"\W*(?:and |but |also )?(?:{_QUESTION_WORD})\b", re.IGNORECASE)
_QUESTION_BESIDE = re.compile(
    rf"(?:(?<=[,.;!?] )|(?<= and )|(?<= but )|(?<= also ))(?:{_QUESTION_WORD})\b"
    r"(?! (?:you )?(?:call|text|email|reach|contact|send|book)\b).{8,200}"
    rf"|^(?:{_QUESTION_WORD})\b(?! (?:you |i |we )?(?:call|text|email|reach|contact|send|book|come)\b)"
    r"[^?]{8,200}\?(?= \w)",
    re.IGNORECASE | re.DOTALL,
)
_COMPLAINT = re.compile(
    r"\b(?:complain\w*|furious|rude|unacceptable|disgust\w*|ruined|butchered|horrible|terrible|awful|ridiculous|appalling"
    r"|worst|my money back|lawyer|hate (?:you|this place)|(?:charged|billed) (?:me )?twice"
    r"|(?:nobody|no ?one) (?:answers|calls|called|picks)|waiting (?:for )?(?:\w+ )?(?:weeks|days|months))\b",
    re.IGNORECASE,
)
_NAME_LIKE = re.compile(r"[^\W\d_][^\W\d_.'’-]*(?:[ .'’-]{1,2}[^\W\d_][^\W\d_.'’-]*){0,3}\.?")


class Effect(Enum):
    """What a turn does to the clinic's records; the visitor is told after it is done, and only then."""

    STORE = "store"
    CHANGE = "change"
    WITHDRAW = "withdraw"
    ERASE = "erase"
    ADD_TO_MESSAGE = "add_to_message"


@dataclass(frozen=True)
class Step:
    """What a turn leads to: `memory` afterwards, `replies` in order, and at most one of the three ways to go on.

    `asked` is what is asked next, None when the form ends. `effect` is what the visitor confirmed; what is said then
    depends on how it goes. `follow_up` names the action that takes over.
    """

    memory: Memory
    replies: tuple[Reply, ...] = ()
    asked: str | None = None
    effect: Effect | None = None
    follow_up: str | None = None


def aside(memory: Memory, turn: Turn, reading: Reading) -> tuple[list[Reply], Memory]:
    """Whatever else the message was: a question beside a detail, or small talk instead of one."""
    if reading.found and not reading.leaves_a_question:
        return [], memory
    asks = questions_in(turn) and not turn.candidates and not _too_short_to_ask(turn)
    if asks or leaves_word_for_staff(turn.text):
        return answer_within_form(turn, memory)
    if reading.found:
        rest = _question_beside(turn.text)
        return ([Reply("utter_question_will_go_along")], keep_question(memory, rest)) if rest else ([], memory)
    return _small_talk(memory, turn, reading)


def _small_talk(memory: Memory, turn: Turn, reading: Reading) -> tuple[list[Reply], Memory]:
    if reading.problem or turn.label not in SMALL_TALK or turn.candidates:
        return [], memory
    if turn.label == "out_of_scope" and memory.asked in NAMES and could_be_a_name(turn.text):
        # More likely a name that was not read than a remark about something else.
        return [], memory
    if turn.label == "feedback_negative":
        return _sorry_once(memory)
    if turn.label == "greet":
        return [Reply("utter_still_here")], memory
    return [Reply(f"utter_{turn.label}")], memory


def _question_beside(text: str) -> str | None:
    """A question after the details that was not recognised: it goes to the staff rather than being passed over."""
    found = _QUESTION_BESIDE.search(text)
    return found.group().strip() if found and len(found.group().split()) > SHORT else None


def _sorry_once(memory: Memory) -> tuple[list[Reply], Memory]:
    response = "utter_feedback_again" if memory.apologised else "utter_feedback_negative"
    return [Reply(response, choices=(ASK_THE_STAFF,))], replace(memory, apologised=True)


def is_complaint(text: str) -> bool:
    """Whether somebody is upset about what the clinic or its people did."""
    return _COMPLAINT.search(text) is not None


def asks_something(turn: Turn) -> bool:
    """Whether a message is a question of any kind, so that words such as "wait" only lead into it."""
    return bool(questions_in(turn)) or turn.label in ASKING


def could_be_a_name(text: str) -> bool:
    """Whether words are shaped like a name: one to four of them, of letters alone."""
    return _NAME_LIKE.fullmatch(text.strip()) is not None


def _too_short_to_ask(turn: Turn) -> bool:
    """A word or two without a question mark is hardly a question while something else was asked."""
    if turn.label.startswith("uncovered/") and _BEGINS_A_QUESTION.match(turn.text):
        return False
    few = len(turn.text.split()) <= SHORT
    return few and "?" not in turn.text and turn.confidence < SURE_OF_A_SHORT_QUESTION

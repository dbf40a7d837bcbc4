"""What a conversation remembers after an urgent message, and what the next message means in its light. Pure logic."""

import re
from dataclasses import replace

from actions.details import apply, read_details
from actions.memory import STAFF_MESSAGE, Memory
from actions.open_questions import LONGEST_QUESTION
from actions.replies import Reply
from actions.turn import Turn

# Nothing may stand between these visitors and help: no offer, no question.
HELP_NOW = frozenset({"safety/emergency", "safety/self_harm"})
_HELP_COMES = re.compile(
    r"\b(?:on (?:my|our|the|his|her|their) way|(?:driving|taking|drove|took|bringing|rushing) (?:me|us|him|her|them)"
    r"|(?:at|in|to|into) (?:the |an? )?(?:er|e\.r\.|emergency room|hospital|urgent care)"
    r"|called|calling|ambulance is|paramedics are|doctors? (?:is|are) (?:here|with)|they(?:'re| are) here|got help"
    r"|(?:saw|seen by|seeing) (?:a|the|my) doctor)\b",
    re.IGNORECASE,
)
_HELP_DOES_NOT_COME = re.compile(
    r"\b(?:no|not|never|can'?t|cant|cannot|won'?t|wont|don'?t|dont|didn'?t|nobody|noone|no one|without|closed|refus\w*"
    r"|turned|hung up|afford|should i|do i|worse|still|help me"
    r"|kill|die|dying|suicid\w*|jump|bridge|pills|gun|knife|end (?:it|my|everything)|hurt(?:ing)? my ?self)\b|\?",
    re.IGNORECASE,
)
_IS_WELL = re.compile(
    r"\b(?:i'?m|i am|she'?s|she is|he'?s|he is|they'?re|we'?re|i feel|feeling|all) (?!not\b)(?:\w+ )?"
    r"(?:fine|ok|okay|good|better|safe|alright|all right|well)\b"
    r"|\b(?:false alarm|was last night|got treated|was (?:just )?a joke|figure of speech|jk)\b"
    r"|\b(?:just|only|was|am|i'?m) (?:joking|kidding)\b",
    re.IGNORECASE,
)


def is_urgent(topic: str | None) -> bool:
    """Whether a message for the staff is about something that cannot wait."""
    return (topic or "").startswith("safety/")


def help_is_coming(text: str) -> bool:
    """Whether somebody who was told to get help plainly says that it is under way."""
    return _HELP_COMES.search(text) is not None and _HELP_DOES_NOT_COME.search(text) is None


def says_they_are_well(text: str) -> bool:
    """Whether the danger is said to be over."""
    return _IS_WELL.search(text) is not None and not re.search(r"\bnot\b|n't\b|\bworse\b|\bbut\b", text, re.IGNORECASE)


def say_where_help_is(turn: Turn) -> tuple[Reply, ...]:
    """The wording for an urgent message, in Spanish first where the visitor writes Spanish."""
    spanish = (Reply("utter_safety_language"),) if turn.language == "es" else ()
    return (*spanish, Reply(f"utter_{turn.safety}"))


def remember_danger(memory: Memory, turn: Turn) -> Memory:
    """The memory after an urgent message: details kept for later, and what may be offered."""
    kept = apply(memory, read_details(turn, None).found)
    if turn.safety in HELP_NOW:
        # What waited to go to the staff is offered again when the danger is over; what was declined before is not.
        waits = memory.offer == STAFF_MESSAGE or memory.asked is not None
        words = memory.message_text if waits else None
        return replace(kept, after_safety=turn.safety, offer=None, message_text=words)
    return replace(kept, offer=STAFF_MESSAGE, topic=turn.safety, message_text=turn.text[:LONGEST_QUESTION])

"""Leaving out questions that would go along with a request, while it is taken. Pure logic."""

import re
from dataclasses import replace

from actions.corrections import corrected_reading, with_details
from actions.details import CONFIRMATION, Reading, read_details
from actions.form_turn import Step
from actions.memory import Memory
from actions.open_questions import left_out, shown_before_sending
from actions.questions import ask, asked_after, next_question, question
from actions.replies import Reply
from actions.turn import Turn

# Not the dot within "dana@example.com".
_CLAUSE_END = re.compile(r"[.,;!](?=\s|$)|\n|\b(?:and|but)\b")
_OF_THE_QUESTIONS = re.compile(r"\bquestions?\b", re.IGNORECASE)


def leave_questions_out(memory: Memory, turn: Turn) -> Step | None:
    """ "Leave out the questions": what would be sent is shown again without them, so that the next yes is to that."""
    if memory.asked is None or turn.label == "delete_my_data":
        return None
    fewer = left_out(memory, turn.text, just_shown=memory.asked == CONFIRMATION)
    if fewer is None:
        return None
    if fewer == memory:
        asked = next_question(memory)
        listed = () if asked == CONFIRMATION else shown_before_sending(memory)
        return Step(memory, (Reply("utter_which_question_left_out"), *listed, *question(memory, asked)), asked)
    reading = _given_beside(fewer, turn)
    updated = replace(with_details(fewer, turn, reading), misses=0)
    asked = asked_after(updated, reading)
    return Step(updated, (Reply("utter_question_left_out"), *ask(updated, asked, reading)), asked)


def _given_beside(memory: Memory, turn: Turn) -> Reading:
    """Details in the rest of the message: the 2 of "question 2" is no time."""
    rest = ", ".join(clause for clause in _CLAUSE_END.split(turn.text) if not _OF_THE_QUESTIONS.search(clause))
    beside = replace(turn, text=rest, details=tuple(detail for detail in turn.details if detail.text in rest))
    return corrected_reading(memory, beside, read_details(beside, None))

"""Answering questions: at most two in one message, from the approved wording alone. Pure logic."""

from dataclasses import replace

from actions.memory import APPOINTMENT, STAFF_MESSAGE, Memory
from actions.replies import ASK_THE_STAFF, REQUEST_APPOINTMENT, Choice, Reply
from actions.turn import Turn
from clinic.choices import choice_titles

QUESTIONS = ("faq/", "uncovered/", "ask_diagnosis")
LEADS_TO_A_VISIT = frozenset({"ask_diagnosis", "faq/clinic_treats_milia", "faq/how_to_get_rid"})
LONGEST_QUESTION = 500


def answer(turn: Turn, memory: Memory) -> tuple[list[Reply], Memory]:
    """The answers to a message outside of a form, and the offer that a bare "yes" then takes up."""
    if turn.candidates:
        return ask_which(turn, memory)
    asked = questions_in(turn)
    replies = [Reply(f"utter_{label}") for label in asked]
    open_ones = [label for label in asked if label.startswith("uncovered/")]
    fresh = replace(memory, misses=0, offer=None)
    if open_ones:
        replies.append(Reply("utter_offer_staff", choices=(ASK_THE_STAFF, REQUEST_APPOINTMENT)))
        return replies, replace(
            fresh, offer=STAFF_MESSAGE, topic=open_ones[0], message_text=turn.text[:LONGEST_QUESTION]
        )
    if LEADS_TO_A_VISIT.intersection(asked):
        replies[-1] = replace(replies[-1], choices=(REQUEST_APPOINTMENT,))
        return replies, replace(fresh, offer=APPOINTMENT)
    return replies, fresh


def answer_within_form(turn: Turn, memory: Memory) -> tuple[list[Reply], Memory]:
    """The answers to a question that comes up while a request is being taken; open ones travel with the request."""
    asked = questions_in(turn)
    replies = [Reply(f"utter_{label}") for label in asked]
    if any(label.startswith("uncovered/") for label in asked):
        replies.append(Reply("utter_question_will_go_along"))
        question = turn.text[:LONGEST_QUESTION]
        memory = replace(memory, open_questions=(*memory.open_questions, question))
    return replies, memory


def questions_in(turn: Turn) -> list[str]:
    """The one or two labels of the message that are questions, the first asked first."""
    return [label for label in (turn.label, turn.second_label) if label and label.startswith(QUESTIONS)]


def ask_which(turn: Turn, memory: Memory) -> tuple[list[Reply], Memory]:
    """Ask which of several things was meant, or after a second miss offer the staff."""
    titles = choice_titles()
    choices = tuple(Choice(titles[label], label) for label in turn.candidates if label in titles)
    missed = replace(memory, misses=memory.misses + 1)
    if missed.misses >= 2:
        offered = replace(
            missed, offer=STAFF_MESSAGE, topic="not_understood", message_text=turn.text[:LONGEST_QUESTION]
        )
        return [Reply("utter_not_understood", choices=(*choices, ASK_THE_STAFF))], offered
    if len(choices) < 2:
        return [Reply("utter_not_understood")], missed
    return [Reply("utter_unclear", choices=choices)], missed

"""Answering questions: at most two in one message, from the approved wording alone. Pure logic."""

from dataclasses import replace

from actions.details import shown
from actions.memory import APPOINTMENT, DEEDS, STAFF_MESSAGE, Memory
from actions.open_questions import LONGEST_QUESTION, counted, going_along, keep_question, without_staff_offer
from actions.replies import ASK_THE_STAFF, REQUEST_APPOINTMENT, Choice, Reply
from actions.turn import Turn
from clinic.choices import choice_titles
from clinic.labels import leads_to_a_visit
from clinic.readings.clinic_questions import clinic_details_asked_for
from clinic.readings.staff_wishes import leaves_word_for_staff

QUESTIONS = ("faq/", "uncovered/", "ask_diagnosis")
CLINIC_DETAILS = "uncovered/clinic_logistics"


def answer(turn: Turn, memory: Memory) -> tuple[list[Reply], Memory]:
    """The answers to a message outside of a form, and the offer that a bare "yes" then takes up."""
    if turn.candidates:
        return ask_which(turn, memory)
    asked = questions_in(turn)
    replies = answers_to(turn)
    open_ones = [label for label in asked if label.startswith("uncovered/")]
    fresh = replace(without_staff_offer(memory), misses=0)
    if open_ones:
        if open_ones == [CLINIC_DETAILS] and clinic_details_asked_for(turn.text):
            # Nothing is to stand in a short text beside the hours that somebody asked for. Nothing was asked then, so
            # that a yes or thanks sends nothing; whoever taps the choice has the question passed on.
            replies[-1] = replace(replies[-1], choices=(ASK_THE_STAFF,))
            return replies, replace(offering_the_staff(memory, turn, open_ones[0]), misses=0, offer=None)
        offering = replace(offering_the_staff(memory, turn, open_ones[0]), misses=0)
        replies.append(offer_of_staff(offering, REQUEST_APPOINTMENT))
        return replies, offering
    if any(leads_to_a_visit(label) for label in asked):
        replies[-1] = replace(replies[-1], choices=(REQUEST_APPOINTMENT,))
        return replies, replace(fresh, offer=APPOINTMENT)
    return replies, fresh


def answers_to(turn: Turn) -> list[Reply]:
    """The wording for each question of the message; of the clinic's own details what was asked for is said first."""
    wanted = {"asked_for": " ".join(clinic_details_asked_for(turn.text))}
    return [Reply(f"utter_{label}", wanted if label == CLINIC_DETAILS else {}) for label in questions_in(turn)]


def offer_of_staff(memory: Memory, *besides: Choice) -> Reply:
    """The offer to pass on what the memory holds for the staff, counted where it is more than one question.

    Who is known reads under which name and contact it would go, and need only say yes.
    """
    choices = (ASK_THE_STAFF, *besides)
    goes = going_along(memory)
    several = {"questions_counted": counted(goes)} if len(goes) > 1 else {}
    if not (memory.contact_name and memory.reachable):
        return Reply("utter_offer_staff_several" if several else "utter_offer_staff", several, choices)
    known = {"contact_name": memory.contact_name, "phone": memory.phone or "", "email": memory.email or ""}
    response = "utter_offer_staff_several_known" if several else "utter_offer_staff_known"
    return Reply(response, {**several, "details_shown": shown(known)}, choices)


def offering_the_staff(memory: Memory, turn: Turn, topic: str) -> Memory:
    """The memory with the staff on offer for this message; what they were offered before goes along, urgency too."""
    urgent = memory.offer == STAFF_MESSAGE and (memory.topic or "").startswith("safety/")
    kept = memory.topic if urgent else topic
    offered = replace(without_staff_offer(memory), offer=STAFF_MESSAGE, topic=kept)
    return replace(offered, message_text=turn.text[:LONGEST_QUESTION])


def answer_within_form(turn: Turn, memory: Memory) -> tuple[list[Reply], Memory]:
    """The answers to a question that comes up while a request is being taken; for the staff are the open ones."""
    replies = answers_to(turn)
    open_one = any(label.startswith("uncovered/") for label in questions_in(turn))
    if open_one or leaves_word_for_staff(turn.text):
        replies.append(Reply("utter_question_will_go_along"))
        memory = keep_question(memory, turn.text)
    return replies, memory


def questions_in(turn: Turn) -> list[str]:
    """The one or two labels of the message that are questions, the first asked first."""
    return [label for label in (turn.label, turn.second_label) if label and label.startswith(QUESTIONS)]


def ask_which(turn: Turn, memory: Memory) -> tuple[list[Reply], Memory]:
    """Ask which of several things was meant, or after a second miss offer the staff."""
    titles = choice_titles()
    choices = tuple(Choice(titles[label], label) for label in turn.candidates if label in titles)
    # A yes to this question must not do what was asked about before it.
    asking = memory.without_offer() if memory.offer in DEEDS else memory
    missed = replace(asking, misses=memory.misses + 1)
    if missed.misses >= 2 or (len(choices) < 2 and memory.offer == STAFF_MESSAGE):
        offered = offering_the_staff(missed, turn, "not_understood")
        return [Reply("utter_not_understood", choices=(*choices, ASK_THE_STAFF))], offered
    if len(choices) < 2:
        return [Reply("utter_not_understood")], missed
    return [Reply("utter_unclear", choices=choices)], missed

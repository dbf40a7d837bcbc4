"""After an urgent message: nobody is called well who does not say so, and nothing goes on by itself. Pure logic."""

from dataclasses import replace

from actions.answers import offer_of_staff
from actions.details import apply, read_details
from actions.form_turn import APPOINTMENT_FORM, GOES_ON_WITH_IT, NAMES_A_VISIT, Step
from actions.memory import APPOINTMENT, STAFF_MESSAGE, Memory
from actions.open_questions import CHATTER
from actions.replies import Reply
from actions.turn import Turn
from actions.urgency import help_is_coming, says_they_are_well
from clinic.readings.confirmations import is_plain_yes

SELF_HARM = "safety/self_harm"
ENDS_DANGER = ("faq/", "uncovered/", "ask_diagnosis", "request_appointment")
GOES_ON = frozenset({"request_appointment", "reschedule_appointment", "appointment_status"})


def after_danger(memory: Memory, turn: Turn) -> Step | None:
    """The step after an urgent message; None when the message has left it behind."""
    suspended = memory.request_key is not None
    if suspended and _wants_to_go_on(memory, turn):
        return Step(memory, follow_up=APPOINTMENT_FORM)
    if help_is_coming(turn.text):
        return Step(memory, (Reply("utter_safety_follow_up"),))
    if says_they_are_well(turn.text):
        return _over(memory, suspended)
    if turn.asks(*ENDS_DANGER) and not turn.candidates:
        return None
    kept = apply(memory, read_details(turn, None).found)
    kept = replace(kept, offer=APPOINTMENT) if suspended else kept
    return Step(kept, (Reply(f"utter_still_{(memory.after_safety or '').partition('/')[2]}"),))


def _wants_to_go_on(memory: Memory, turn: Turn) -> bool:
    if turn.label in GOES_ON:
        return True
    if says_they_are_well(turn.text):
        return NAMES_A_VISIT.search(turn.text) is not None or GOES_ON_WITH_IT.search(turn.text) is not None
    # After words of self-harm a bare yes may mean anything.
    agrees = turn.label == "affirm" or is_plain_yes(turn.text)
    return memory.offer == APPOINTMENT and memory.after_safety != SELF_HARM and agrees


def _over(memory: Memory, suspended: bool) -> Step:
    """Somebody says that they are well. What it interrupted is offered and not taken up by itself."""
    over = "utter_safety_over_self_harm" if memory.after_safety == SELF_HARM else "utter_safety_over"
    well = replace(memory, after_safety=None)
    if not suspended:
        return _message_offered(well, over) or Step(well, (Reply(over), Reply("utter_what_next")))
    return Step(replace(well, offer=APPOINTMENT), (Reply(over), Reply("utter_can_go_on")))


def _message_offered(well: Memory, over: str) -> Step | None:
    """What was to go to the staff when the danger came up has not gone: it is offered again."""
    if not well.message_text or well.topic in CHATTER or well.language == "es":
        return None
    return Step(
        replace(well, offer=STAFF_MESSAGE), (Reply(over), Reply("utter_message_not_sent"), offer_of_staff(well))
    )

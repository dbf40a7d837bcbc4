"""After an urgent message nobody is told that all is well unless they said so, and wishes are never lost."""

from dataclasses import replace
from types import ModuleType

import pytest

from actions import appointment, staff_message
from actions.between_requests import take_up
from actions.form_turn import Effect
from actions.memory import STAFF_MESSAGE, Memory
from actions.urgency import help_is_coming, remember_danger, says_they_are_well
from tests.actions.form_steps import MakeTurn, responses

IN_DANGER = Memory(after_safety="safety/emergency")


@pytest.mark.parametrize(
    "text", ["my sister is driving me to the ER", "ambulance is here", "we are on our way", "i called 911"]
)
def test_help_that_is_coming_is_heard(text: str) -> None:
    assert help_is_coming(text)


@pytest.mark.parametrize(
    "text",
    [
        "I can't get to a hospital, nobody will drive me",
        "the hospital turned me away and i still can't breathe",
        "I don't want to call 911, I can't afford an ambulance",
        "should i go to urgent care or is 911 really needed",
        "urgent care is closed",
        "nobody cares",
        "hi",
        "i'm on my way to the bridge",
        "on my way, i want to die",
    ],
)
def test_help_that_does_not_come_is_not_taken_for_help(text: str) -> None:
    assert not help_is_coming(text)


@pytest.mark.parametrize(("text", "label"), [("nobody cares", "out_of_scope"), ("hi", "greet"), ("yes", "affirm")])
def test_after_an_emergency_the_way_to_help_is_repeated_and_nothing_is_called_well(
    turn: MakeTurn, text: str, label: str
) -> None:
    assert responses(take_up(IN_DANGER, turn(text, label))) == ["utter_still_emergency"]


def test_after_words_of_self_harm_988_is_repeated(turn: MakeTurn) -> None:
    memory = Memory(after_safety="safety/self_harm")
    assert responses(take_up(memory, turn("nobody cares", "out_of_scope"))) == ["utter_still_self_harm"]


def test_somebody_who_is_well_again_is_asked_what_next(turn: MakeTurn) -> None:
    assert says_they_are_well("ok I'm fine now, that was last night")
    step = take_up(IN_DANGER, turn("I'm fine now", "inform"))
    assert responses(step) == ["utter_safety_over", "utter_what_next"]
    assert step is not None
    assert step.memory.after_safety is None


def test_an_interrupted_request_is_taken_up_when_asked_for(turn: MakeTurn) -> None:
    memory = Memory(after_safety="safety/emergency", request_key="key", contact_name="Carmen Ibarra")
    step = take_up(memory, turn("can we finish the booking?", "reschedule_appointment"))
    assert step is not None
    assert step.follow_up == "appointment_form"


def test_a_wish_of_its_own_is_not_sent_under_an_older_question(turn: MakeTurn) -> None:
    memory = Memory(offer=STAFF_MESSAGE, topic="uncovered/cost_insurance", message_text="how much is it?")
    given = turn("I need to reschedule my appointment to Thursday", "reschedule_appointment")
    step = staff_message.take_turn(memory, given)
    assert step.memory.topic == "reschedule_appointment"
    assert "Thursday" in (step.memory.message_text or "")
    assert step.memory.open_questions == ("how much is it?",)


def test_one_word_does_not_send_a_cancellation_when_everything_is_known(turn: MakeTurn) -> None:
    memory = Memory(contact_name="Nora Lind", phone="+13125550142")
    step = staff_message.take_turn(memory, turn("cancel my appointment", "cancel_appointment"))
    assert step.effect is None
    assert responses(step)[-1] == "utter_offer_staff_known"
    again = staff_message.take_turn(step.memory, turn("yes", "affirm"))
    assert again.effect is Effect.STORE
    assert again.memory.topic == "cancel_appointment"


def test_another_wish_inside_the_staff_form_changes_the_subject(turn: MakeTurn) -> None:
    memory = Memory(asked="contact_name", topic="talk_to_human", message_text="a person please", request_key="key")
    step = staff_message.take_turn(memory, turn("I need to cancel my appointment on friday", "cancel_appointment"))
    assert step.memory.topic == "cancel_appointment"
    assert "friday" in (step.memory.message_text or "")
    assert step.asked == "contact_name"


def test_a_spanish_thank_you_is_answered_in_spanish_and_asks_for_nothing(turn: MakeTurn) -> None:
    assert responses(take_up(Memory(), turn("gracias", "thanks", language="es"))) == ["utter_goodbye_spanish"]


def test_a_message_that_an_emergency_interrupted_is_offered_again_when_it_is_over(turn: MakeTurn) -> None:
    wish = "can a person call me"
    memory = Memory(asked="contact_name", request_key="key", topic="talk_to_human", message_text=wish)
    in_danger = staff_message.take_turn(memory, turn("I can't breathe", "safety/emergency"))
    step = take_up(replace(in_danger.memory, asked=None), turn("im ok now, it was nothing", "inform"))
    assert responses(step) == ["utter_safety_over", "utter_message_not_sent", "utter_offer_staff"]
    assert step is not None
    taken_up = staff_message.take_turn(step.memory, turn("yes", "affirm"))
    assert (taken_up.asked, taken_up.memory.message_text) == ("contact_name", wish)


def test_what_was_not_to_go_to_the_staff_is_not_offered_after_an_emergency(turn: MakeTurn) -> None:
    declined = Memory(topic="uncovered/cost_insurance", message_text="how much is it")
    in_danger = remember_danger(declined, turn("I can't breathe", "safety/emergency"))
    step = take_up(in_danger, turn("I'm fine now", "inform"))
    assert responses(step) == ["utter_safety_over", "utter_what_next"]


@pytest.mark.parametrize("form", [appointment, staff_message])
def test_a_spanish_emergency_in_a_form_is_answered_in_spanish_first(turn: MakeTurn, form: ModuleType) -> None:
    memory = Memory(asked="contact_name", request_key="key")
    step = form.take_turn(memory, turn("no puedo respirar", "safety/emergency", language="es"))
    assert responses(step) == ["utter_safety_language", "utter_safety/emergency"]
    assert step.asked is None


@pytest.mark.parametrize("text", ["i'm safe, i was just joking", "lol jk", "im fine it was a figure of speech"])
def test_who_was_joking_can_go_on_and_is_told_of_988(turn: MakeTurn, text: str) -> None:
    memory = Memory(after_safety="safety/self_harm", request_key="key", contact_name="Carmen Ibarra")
    step = take_up(memory, turn(text, "inform"))
    assert responses(step) == ["utter_safety_over_self_harm", "utter_can_go_on"]
    assert step is not None
    again = take_up(step.memory, turn("yes", "affirm"))
    assert again is not None
    assert again.follow_up == "appointment_form"


@pytest.mark.parametrize("text", ["i'm fine but my throat is closing", "yes", "i'm not ok"])
def test_nobody_is_taken_for_well_who_does_not_say_so(turn: MakeTurn, text: str) -> None:
    memory = Memory(after_safety="safety/self_harm")
    assert responses(take_up(memory, turn(text, "inform"))) == ["utter_still_self_harm"]

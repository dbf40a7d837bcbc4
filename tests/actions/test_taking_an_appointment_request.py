"""An appointment request: any order, corrections, questions in between, and no storing without a yes."""

from dataclasses import replace

import pytest

from actions.appointment import take_turn
from actions.form_turn import Effect
from actions.memory import STAFF_MESSAGE, Memory
from tests.actions.form_steps import MakeTurn, follow, responses

KNOWN = Memory(
    contact_name="Grace Lindqvist", phone="+13125550167", preferred_time="Friday around noon", request_key="key"
)


def test_a_bare_request_is_started_and_the_name_is_asked_first(turn: MakeTurn) -> None:
    step = take_turn(Memory(), turn("I need an appointment", "request_appointment"))
    assert responses(step) == ["utter_appointment_started", "utter_ask_contact_name"]
    assert step.asked == "contact_name"
    assert step.memory.request_key


def test_everything_in_one_message_leads_straight_to_the_read_back(turn: MakeTurn) -> None:
    text = "Set up a visit for me, Lena Brandt, 312-555-0170, next Friday at 2"
    step = take_turn(Memory(), turn(text, "request_appointment"))
    assert step.asked == "confirmation"
    assert step.memory.contact_name == "Lena Brandt"
    assert step.memory.phone == "+13125550170"
    assert step.memory.preferred_time == "next Friday at 2"
    assert step.effect is None


@pytest.mark.parametrize("label", ["safety/self_harm", "out_of_scope", "faq/causes", "cancel_appointment"])
def test_a_bare_answer_is_read_against_the_question_whatever_the_label(turn: MakeTurn, label: str) -> None:
    """A stock bot answered a bare name with the suicide line; here the label of a bare answer does not matter."""
    given = turn("Anna Kowalski", label, safety=None)
    step = take_turn(Memory(asked="contact_name", request_key="key"), given)
    assert step.memory.contact_name == "Anna Kowalski"
    assert step.asked == "contact"


def test_a_time_is_kept_in_the_visitors_own_words(turn: MakeTurn) -> None:
    memory = replace(KNOWN, preferred_time=None, asked="preferred_time")
    step = take_turn(memory, turn("mornings, any day but Wednesday", "request_appointment"))
    assert step.memory.preferred_time == "mornings, any day but Wednesday"
    assert step.asked == "confirmation"


def test_a_lead_in_is_not_part_of_the_time(turn: MakeTurn) -> None:
    memory = replace(KNOWN, preferred_time=None, asked="preferred_time")
    step = take_turn(memory, turn("Preferred time would be Friday around noon", "inform"))
    assert step.memory.preferred_time == "Friday around noon"


def test_an_incomplete_phone_is_named_as_such_and_not_kept(turn: MakeTurn) -> None:
    memory = Memory(contact_name="Devon Pryce", asked="contact", request_key="key")
    step = take_turn(memory, turn("my phone is 312-555-01", "inform"))
    assert responses(step) == ["utter_phone_incomplete"]
    assert step.memory.phone is None
    assert step.asked == "contact"


def test_a_corrected_number_replaces_the_first_and_is_said(turn: MakeTurn) -> None:
    memory = replace(KNOWN, preferred_time=None, asked="preferred_time")
    text = "oh wait sorry, actually my number is 312 555 0176, I mixed up the last digits"
    step = take_turn(memory, turn(text, "inform"))
    assert step.memory.phone == "+13125550176"
    assert responses(step) == ["utter_details_changed", "utter_ask_preferred_time"]


def test_a_question_in_between_is_answered_and_the_pending_detail_asked_again(turn: MakeTurn) -> None:
    memory = Memory(contact_name="Tomasz Zielinski", asked="contact", request_key="key")
    step = take_turn(memory, turn("do they come back after you remove them?", "faq/prevention"))
    assert responses(step) == ["utter_faq/prevention", "utter_ask_contact"]
    assert step.memory.contact_name == "Tomasz Zielinski"


def test_an_uncovered_question_travels_with_the_request(turn: MakeTurn) -> None:
    memory = Memory(contact_name="Tomasz Zielinski", asked="contact", request_key="key")
    step = take_turn(memory, turn("and how much does it cost?", "uncovered/cost_insurance"))
    assert responses(step) == [
        "utter_uncovered/cost_insurance",
        "utter_question_will_go_along",
        "utter_ask_contact",
    ]
    assert step.memory.open_questions == ("and how much does it cost?",)


def test_a_message_that_answers_and_asks_gets_both(turn: MakeTurn) -> None:
    memory = Memory(contact_name="Dana Wells", asked="contact", request_key="key")
    step = take_turn(memory, turn("312-555-0100, do they hurt?", "faq/are_milia_painful"))
    assert step.memory.phone == "+13125550100"
    assert "utter_faq/are_milia_painful" in responses(step)
    assert responses(step)[-1] == "utter_ask_preferred_time"


def test_yes_at_the_read_back_stores(turn: MakeTurn) -> None:
    assert take_turn(replace(KNOWN, asked="confirmation"), turn("yes please send it", "affirm")).effect is Effect.STORE


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("no", "deny"),
        ("hmm", "out_of_scope"),
        ("will it hurt?", "uncovered/procedure_experience"),
        ("ok but is it expensive", "uncovered/cost_insurance"),
        ("yes but my number is 312 555 0199", "affirm"),
    ],
)
def test_nothing_but_a_plain_yes_stores(turn: MakeTurn, text: str, label: str) -> None:
    assert take_turn(replace(KNOWN, asked="confirmation"), turn(text, label)).effect is None


def test_yes_before_the_read_back_does_not_store(turn: MakeTurn) -> None:
    step = take_turn(replace(KNOWN, preferred_time=None, asked="preferred_time"), turn("yes", "affirm"))
    assert step.effect is None
    assert step.asked == "preferred_time"


def test_no_at_the_read_back_asks_what_to_change_and_takes_it(turn: MakeTurn) -> None:
    refused = take_turn(replace(KNOWN, asked="confirmation"), turn("no", "deny"))
    assert responses(refused) == ["utter_ask_correction"]
    changed = take_turn(follow(refused), turn("not Friday, Thursday", "deny"))
    assert changed.asked == "confirmation"
    assert changed.memory.preferred_time is not None
    assert "Thursday" in changed.memory.preferred_time


def test_an_emergency_drops_the_form_at_once_and_asks_nothing(turn: MakeTurn) -> None:
    memory = Memory(contact_name="Carmen Ibarra", asked="contact", request_key="key")
    text = "my number is 708-555-0118 but um my lips and tongue are swelling up"
    step = take_turn(memory, turn(text, "safety/emergency"))
    assert responses(step) == ["utter_safety/emergency"]
    assert step.asked is None
    assert step.memory.phone == "+17085550118"


def test_after_an_emergency_the_request_goes_on_with_what_was_known(turn: MakeTurn) -> None:
    memory = Memory(
        contact_name="Carmen Ibarra", phone="+17085550118", request_key="key", after_safety="safety/emergency"
    )
    step = take_turn(memory, turn("I'm fine now. can we finish the booking? weekday evenings", "request_appointment"))
    assert responses(step)[0] == "utter_appointment_resumed"
    assert step.asked == "confirmation"
    assert step.memory.preferred_time == "weekday evenings"


@pytest.mark.parametrize(("text", "label"), [("never mind", "stop"), ("start over", "start_over")])
def test_leaving_stores_nothing_and_forgets_the_request(turn: MakeTurn, text: str, label: str) -> None:
    step = take_turn(replace(KNOWN, asked="confirmation"), turn(text, label))
    assert step.asked is None
    assert step.effect is None
    assert step.memory.preferred_time is None


def test_refusing_to_give_a_contact_ends_with_the_clinics_own(turn: MakeTurn) -> None:
    memory = Memory(contact_name="Kim Lee", asked="contact", request_key="key")
    step = take_turn(memory, turn("no", "deny"))
    assert responses(step) == ["utter_contact_refused"]
    assert step.asked is None


def test_on_sms_the_senders_number_is_not_asked_for(turn: MakeTurn) -> None:
    memory = Memory(phone="+13125550123", asked="contact_name", request_key="key")
    step = take_turn(memory, turn("Andre Bellamy", "inform", channel="sms", sender_phone="+13125550123"))
    assert step.asked == "preferred_time"


def test_a_past_time_is_pointed_out(turn: MakeTurn) -> None:
    memory = replace(KNOWN, preferred_time=None, asked="preferred_time")
    step = take_turn(memory, turn("yesterday", "inform"))
    assert responses(step) == ["utter_time_past"]
    assert step.memory.preferred_time is None


def test_a_wish_for_a_person_goes_to_the_staff(turn: MakeTurn) -> None:
    memory = Memory(asked="contact_name", request_key="key")
    assert take_turn(memory, turn("let me talk to a human", "talk_to_human")).follow_up == "staff_message_form"


def test_a_question_that_was_offered_to_the_staff_is_not_lost_when_a_request_follows(turn: MakeTurn) -> None:
    memory = Memory(offer=STAFF_MESSAGE, message_text="how much is it?")
    step = take_turn(memory, turn("book me in please", "request_appointment"))
    assert step.memory.open_questions == ("how much is it?",)


@pytest.mark.parametrize("text", ["send it", "perfect thanks", "ok", "👍", "yes send it, and thanks for your help"])
def test_a_plain_yes_stores_whatever_the_label(turn: MakeTurn, text: str) -> None:
    assert take_turn(replace(KNOWN, asked="confirmation"), turn(text, "thanks")).effect is Effect.STORE


@pytest.mark.parametrize(
    "text", ["hmm", "maybe", "i guess", "idk", "sure if it's free", "ok but wait", "if i say yes what happens", "wait"]
)
def test_doubt_never_stores_however_sure_the_model_is(turn: MakeTurn, text: str) -> None:
    step = take_turn(replace(KNOWN, asked="confirmation"), turn(text, "affirm", confidence=0.99))
    assert step.effect is None
    assert step.asked == "confirmation"


def test_an_unsure_yes_does_not_store(turn: MakeTurn) -> None:
    given = turn("it's Kym with a y", "affirm", confidence=0.63)
    assert take_turn(replace(KNOWN, asked="confirmation"), given).effect is None


def test_a_wish_to_change_at_the_read_back_keeps_the_request(turn: MakeTurn) -> None:
    step = take_turn(replace(KNOWN, asked="confirmation"), turn("use my email instead", "reschedule_appointment"))
    assert responses(step) == ["utter_ask_contact"]
    assert step.memory.contact_name == "Grace Lindqvist"


def test_thanks_at_the_read_back_says_that_nothing_is_sent_yet(turn: MakeTurn) -> None:
    step = take_turn(replace(KNOWN, asked="confirmation"), turn("thank you", "thanks"))
    assert responses(step)[0] == "utter_not_sent_yet"
    assert step.effect is None


@pytest.mark.parametrize("name", ["Art Black", "TJ", "Sunny Day", "Ng"])
def test_a_name_is_never_called_off_topic(turn: MakeTurn, name: str) -> None:
    step = take_turn(Memory(asked="contact_name", request_key="key"), turn(name, "out_of_scope"))
    assert step.memory.contact_name
    assert step.asked == "contact"


def test_a_hispanic_name_is_a_name_and_not_a_change_of_language(turn: MakeTurn) -> None:
    given = turn("José Luis de la Cruz", "inform", language="es")
    step = take_turn(Memory(asked="contact_name", request_key="key"), given)
    assert step.memory.contact_name == "José Luis de la Cruz"


def test_a_spot_that_needs_seeing_ends_the_form_and_offers_an_urgent_message(turn: MakeTurn) -> None:
    memory = Memory(contact_name="Kim Doe", asked="contact", request_key="key")
    step = take_turn(memory, turn("I popped one and it's full of pus", "safety/infection_or_injury"))
    assert step.asked is None
    assert step.memory.offer == STAFF_MESSAGE
    assert step.memory.topic == "safety/infection_or_injury"


def test_a_spanish_request_with_its_details_goes_straight_to_the_staff_form(turn: MakeTurn) -> None:
    memory = Memory(offer=STAFF_MESSAGE, topic="call_back", message_text="quitar unas milias", language="es")
    given = turn("sí, que me llamen. Marisol Vega, 773-555-0128", "request_appointment", language="es")
    step = take_turn(memory, given)
    assert step.follow_up == "staff_message_form"
    assert step.memory.message_text == "quitar unas milias"

"""Questions, complaints, refusals and second thoughts around a request, and what is made of them."""

from dataclasses import replace

import pytest

from actions import staff_message
from actions.answers import answer, offering_the_staff
from actions.appointment import take_turn
from actions.between_requests import take_up
from actions.form_turn import Effect
from actions.memory import JUST_STORED, SENT_TO_STAFF, STAFF_MESSAGE, Memory
from tests.actions.form_steps import KNOWN, READ_BACK, MakeTurn, follow, responses


@pytest.mark.parametrize("text", ["why", "wdym", "what for?", "why do you need that"])
def test_why_is_answered_with_what_it_is_for(turn: MakeTurn, text: str) -> None:
    step = take_turn(Memory(contact_name="Dana Fox", asked="contact", request_key="key"), turn(text, "inform"))
    assert responses(step) == ["utter_why_details", "utter_ask_contact"]


def test_a_number_in_words_that_is_too_short_is_named_as_such(turn: MakeTurn) -> None:
    memory = Memory(contact_name="Dana Fox", asked="contact", request_key="key")
    step = take_turn(memory, turn("five five five, oh one two three", "inform"))
    assert responses(step) == ["utter_phone_incomplete"]


def test_a_question_after_the_details_goes_to_the_staff_at_least(turn: MakeTurn) -> None:
    memory = Memory(contact_name="Dana Fox", asked="contact", request_key="key")
    step = take_turn(memory, turn("312 555 0119 and can I wear makeup after", "inform"))
    assert responses(step)[0] == "utter_question_will_go_along"
    assert step.memory.open_questions == ("can I wear makeup after",)
    assert step.asked == "preferred_time"


@pytest.mark.parametrize("text", ["312 555 0119, can you call after 5", "312 555 0119 and thats my cell"])
def test_words_that_go_with_the_number_are_no_question(turn: MakeTurn, text: str) -> None:
    memory = Memory(contact_name="Dana Fox", asked="contact", request_key="key")
    assert take_turn(memory, turn(text, "inform")).memory.open_questions == ()


def test_a_complaint_is_not_lost_under_later_words(turn: MakeTurn) -> None:
    complaint = "i have been waiting 3 weeks for a callback and nobody answers"
    offered = offering_the_staff(Memory(), turn(complaint, "appointment_status"), "appointment_status")
    again = offering_the_staff(offered, turn("useless bot", "feedback_negative"), "feedback_negative")
    assert again.open_questions == (complaint,)


def test_without_a_phone_an_email_is_asked_for_once(turn: MakeTurn) -> None:
    memory = Memory(contact_name="Joe Kern", asked="contact", request_key="key")
    step = take_turn(memory, turn("i dont have a phone", "inform"))
    assert (responses(step), step.asked) == (["utter_email_is_enough"], "contact")
    assert responses(take_turn(follow(step), turn("no", "deny"))) == ["utter_contact_refused"]


def test_a_question_beside_the_name_is_not_passed_over(turn: MakeTurn) -> None:
    memory = Memory(asked="contact_name", request_key="key")
    step = take_turn(memory, turn("Lotte Berg, do you take Aetna?", "uncovered/cost_insurance"))
    assert step.memory.contact_name == "Lotte Berg"
    assert responses(step)[0] == "utter_uncovered/cost_insurance"


def test_what_is_free_is_not_known_and_not_made_up(turn: MakeTurn) -> None:
    step = take_turn(replace(KNOWN, asked="preferred_time"), turn("what do you have available?", "request_appointment"))
    assert responses(step) == ["utter_no_calendar", "utter_ask_preferred_time"]


def test_who_does_not_want_it_after_all_is_let_go(turn: MakeTurn) -> None:
    memory = replace(READ_BACK, asked="correction")
    step = take_turn(memory, turn("nothing is wrong i just dont want it", "faq/need_removal"))
    assert (responses(step), step.asked) == (["utter_stop"], None)


def test_one_word_that_steers_is_no_name(turn: MakeTurn) -> None:
    step = take_turn(Memory(asked="contact_name", request_key="key"), turn("status", "appointment_status"))
    assert step.memory.contact_name is None


def test_what_was_urgent_stays_so_when_it_goes_with_a_request(turn: MakeTurn) -> None:
    memory = Memory(offer=STAFF_MESSAGE, topic="safety/infection_or_injury", message_text="it is red and hot")
    step = take_turn(memory, turn("ok book me in", "request_appointment"))
    assert (step.memory.topic, step.memory.open_questions) == ("safety/infection_or_injury", ("it is red and hot",))


def test_get_me_a_person_is_the_message_and_the_insult_before_is_not(turn: MakeTurn) -> None:
    offered = offering_the_staff(Memory(), turn("you suck", "feedback_negative"), "feedback_negative")
    step = staff_message.take_turn(offered, turn("send me a real person about my results", "talk_to_human"))
    assert step.memory.message_text == "send me a real person about my results"
    assert step.memory.open_questions == ()


def test_a_friday_in_a_name_is_no_time_while_the_name_is_asked(turn: MakeTurn) -> None:
    step = take_turn(Memory(asked="contact_name", request_key="key"), turn("joe friday", "inform"))
    assert (step.memory.contact_name, step.memory.preferred_time) == ("Joe Friday", None)


def test_continue_never_stops_the_form(turn: MakeTurn) -> None:
    step = take_turn(replace(KNOWN, asked="preferred_time"), turn("continue", "stop"))
    assert responses(step) == ["utter_ask_preferred_time"]


@pytest.mark.parametrize(
    "text", ["dont use this number its my work, use s@example.com", "scrap that, use s@example.com"]
)
def test_a_number_that_is_not_to_be_used_is_dropped(turn: MakeTurn, text: str) -> None:
    step = take_turn(READ_BACK, turn(text, "inform"))
    assert (step.memory.phone, step.memory.email) == ("", "s@example.com")


def test_a_name_after_no_is_put_right_whatever_was_asked(turn: MakeTurn) -> None:
    memory = Memory(contact_name="Per Holm", asked="contact", request_key="key")
    step = take_turn(memory, turn("no, Pär Holm", "deny"))
    assert (step.memory.contact_name, step.asked) == ("Pär Holm", "contact")


def test_a_complaint_is_met_with_one_word_of_regret(turn: MakeTurn) -> None:
    step = staff_message.take_turn(Memory(), turn("I'm furious, your staff was so rude", "talk_to_human"))
    assert responses(step)[0] == "utter_sorry_to_hear"
    again = staff_message.take_turn(Memory(apologised=True), turn("this is unacceptable", "talk_to_human"))
    assert "utter_sorry_to_hear" not in responses(again)


def test_what_follows_a_message_to_the_staff_is_added_to_it(turn: MakeTurn) -> None:
    memory = Memory(contact_name="Al Dean", phone="+13125550142", offer=SENT_TO_STAFF)
    step = take_up(memory, turn("its about my bill i was charged twice", "uncovered/cost_insurance"))
    assert step is not None
    assert step.effect is Effect.ADD_TO_MESSAGE
    assert take_up(memory, turn("thanks", "thanks")) is None
    assert take_up(memory, turn("do milia hurt", "faq/are_milia_painful")) is None


def test_spanish_asks_for_nothing_that_is_known(turn: MakeTurn) -> None:
    memory = Memory(contact_name="Luis Garcia", phone="+13125550142")
    asked = take_up(memory, turn("cuanto cuesta", "uncovered/cost_insurance", language="es"))
    assert asked is not None
    assert responses(asked) == ["utter_offer_staff_spanish"]
    sent = take_up(asked.memory, turn("sí por favor", "affirm", language="es"))
    assert sent is not None
    assert sent.follow_up == "staff_message_form"


def test_what_is_urgent_stays_urgent_through_a_question(turn: MakeTurn) -> None:
    urgent = offering_the_staff(Memory(), turn("swollen and yellow stuff", "safety/infection_or_injury"), "safety/x")
    _, after = answer(turn("is that normal", "uncovered/symptoms"), urgent)
    assert (after.topic, after.open_questions) == ("safety/x", ("swollen and yellow stuff",))


def test_a_name_said_again_with_its_letter_is_put_right(turn: MakeTurn) -> None:
    memory = Memory(contact_name="Ivo Hart", phone="+13125550142", preferred_time="friday", asked="contact_name")
    step = take_turn(memory, turn("it's Ivo Harte with an e", "inform"))
    assert (step.memory.contact_name, step.asked) == ("Ivo Harte", "confirmation")


def test_a_question_about_privacy_is_no_question_for_the_staff(turn: MakeTurn) -> None:
    memory = offering_the_staff(Memory(), turn("is this private", "privacy_question"), "privacy_question")
    assert take_turn(memory, turn("book me in", "request_appointment")).memory.open_questions == ()


def test_words_of_correcting_are_no_part_of_a_first_wish(turn: MakeTurn) -> None:
    step = take_turn(replace(KNOWN, asked="preferred_time"), turn("oops i mean next friday after 3", "inform"))
    assert step.memory.preferred_time == "next friday after 3"


def test_a_question_before_the_details_goes_to_the_staff_at_least(turn: MakeTurn) -> None:
    given = turn("do i need a referral? tuesday works", "inform")
    step = take_turn(replace(KNOWN, asked="preferred_time"), given)
    assert step.memory.open_questions == ("do i need a referral?",)


def test_ok_thanks_after_storing_is_thanks(turn: MakeTurn) -> None:
    step = take_up(replace(KNOWN, offer=JUST_STORED), turn("ok thx", "affirm"))
    assert step is not None
    assert responses(step) == ["utter_thanks"]


def test_words_about_oneself_are_no_time_even_after_a_miss(turn: MakeTurn) -> None:
    memory = replace(KNOWN, asked="preferred_time", misses=1)
    assert take_turn(memory, turn("im sad nobody likes me", "out_of_scope")).memory.preferred_time is None
    assert take_turn(memory, turn("after skool", "out_of_scope")).memory.preferred_time == "after skool"

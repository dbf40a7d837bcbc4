"""What people write in the middle of a request, and what is made of it."""

from dataclasses import replace

import pytest
from rasa_sdk import Tracker

from actions import staff_message
from actions.answers import answer, ask_which
from actions.appointment import take_turn
from actions.between_requests import take_up
from actions.form_turn import Effect
from actions.memory import APPOINTMENT, EASY_TIME, ERASURE, STAFF_MESSAGE, Memory, memory_of
from tests.actions.form_steps import KNOWN, READ_BACK, MakeTurn, follow, responses


@pytest.mark.parametrize("text", ["whenever", "idk", "no preference", "any time is fine"])
def test_whenever_is_taken_after_one_easy_offer(turn: MakeTurn, text: str) -> None:
    step = take_turn(replace(KNOWN, asked="preferred_time"), turn(text, "inform"))
    assert responses(step) == ["utter_ask_easy_time"]
    assert [choice.title for choice in step.replies[0].choices] == ["Mornings", "Afternoons", "Any time"]
    again = take_turn(follow(step), turn("whatever works", "inform"))
    assert again.asked == "confirmation"
    assert again.memory.preferred_time


def test_the_easy_offer_is_taken_by_a_tap(turn: MakeTurn) -> None:
    step = take_turn(replace(KNOWN, asked="preferred_time"), turn("whenever", "inform"))
    tapped = take_turn(follow(step), turn("Mornings", "inform", details=()))
    assert tapped.memory.preferred_time == "Mornings"


@pytest.mark.parametrize("text", ["february 30", "feb 30 at 2"])
def test_after_a_problem_at_the_read_back_a_yes_stores_nothing(turn: MakeTurn, text: str) -> None:
    step = take_turn(READ_BACK, turn(text, "inform"))
    assert responses(step) == ["utter_time_impossible"]
    again = take_turn(follow(step), turn("yes", "affirm"))
    assert again.effect is None
    assert responses(again)[-1] == "utter_ask_confirmation"
    assert take_turn(follow(again), turn("yes", "affirm")).effect is Effect.STORE


@pytest.mark.parametrize("text", ["yesterday", "my phone is 555", "anna@"])
def test_what_is_not_understood_at_the_read_back_is_read_back_again(turn: MakeTurn, text: str) -> None:
    step = take_turn(READ_BACK, turn(text, "inform"))
    assert step.effect is None
    assert responses(step)[-1] in ("utter_ask_confirmation", "utter_phone_incomplete", "utter_email_invalid")


def test_did_it_go_through_is_told_that_it_is_not_sent_yet(turn: MakeTurn) -> None:
    step = take_turn(replace(KNOWN, asked="preferred_time"), turn("did it go through", "appointment_status"))
    assert responses(step) == ["utter_not_sent_yet", "utter_ask_preferred_time"]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("i dont want to give you that", "cancel_appointment"),
        ("I'd rather not share that", "out_of_scope"),
        ("none of your business", "feedback_negative"),
        ("no phone no email", "deny"),
    ],
)
def test_a_refused_contact_ends_with_the_clinics_own_and_can_be_taken_back(
    turn: MakeTurn, text: str, label: str
) -> None:
    memory = Memory(contact_name="Joe Kern", asked="contact", request_key="key")
    step = take_turn(memory, turn(text, label))
    assert responses(step) == ["utter_contact_refused"]
    assert step.memory.offer == APPOINTMENT


def test_wait_before_a_question_is_no_wish_for_a_moment(turn: MakeTurn) -> None:
    step = take_turn(READ_BACK, turn("wait what happens with my info", "privacy_question"))
    assert responses(step) == ["utter_privacy_question", "utter_ask_confirmation"]


@pytest.mark.parametrize("text", ["use my email instead of the phone", "just email me", "dont call me"])
def test_one_of_two_contacts_can_be_dropped(turn: MakeTurn, text: str) -> None:
    memory = replace(READ_BACK, email="dana@example.com")
    step = take_turn(memory, turn(text, "inform"))
    assert (step.memory.phone, step.memory.email) == ("", "dana@example.com")
    assert step.asked == "confirmation"


def test_an_email_given_instead_of_the_phone_takes_its_place(turn: MakeTurn) -> None:
    step = take_turn(READ_BACK, turn("use dana@example.com instead", "inform"))
    assert (step.memory.phone, step.memory.email) == ("", "dana@example.com")


def test_words_shaped_like_a_name_are_not_called_out_of_scope(turn: MakeTurn) -> None:
    step = take_turn(Memory(asked="contact_name", request_key="key"), turn("zz qq", "out_of_scope"))
    assert "utter_out_of_scope" not in responses(step)
    assert step.asked == "contact_name"


def test_a_time_in_a_clause_of_a_long_request_is_taken(turn: MakeTurn) -> None:
    text = "hi im keisha o'brien-watts, id like to get these bumps removed, mornings are best, 7735550144"
    step = take_turn(Memory(), turn(text, "request_appointment"))
    assert step.asked == "confirmation"
    assert step.memory.preferred_time == "mornings"


def test_the_name_of_a_child_keeps_what_the_child_is(turn: MakeTurn) -> None:
    memory = Memory(patient_relation="daughter", asked="contact_name", request_key="key")
    step = take_turn(memory, turn("her name is Zoe", "inform"))
    assert (step.memory.patient_name, step.memory.patient_relation) == ("Zoe", "daughter")


def test_what_was_left_open_an_hour_ago_is_taken_up_as_such(turn: MakeTurn) -> None:
    step = take_turn(replace(KNOWN, offer=APPOINTMENT), turn("yes", "affirm"))
    assert responses(step) == ["utter_appointment_taken_up", "utter_ask_preferred_time"]


def test_an_open_question_travels_with_a_message_about_something_else(turn: MakeTurn) -> None:
    _, asked = answer(turn("how much is it", "uncovered/cost_insurance"), Memory())
    _, after = answer(turn("do they hurt", "faq/are_milia_painful"), asked)
    assert after.offer is None
    step = staff_message.take_turn(after, turn("get me a person", "talk_to_human"))
    assert step.memory.open_questions == ("how much is it",)


def test_a_message_that_could_not_be_stored_is_sent_by_one_word_and_by_nothing_else(turn: MakeTurn) -> None:
    memory = replace(KNOWN, topic="talk_to_human", message_text="call me", asked="confirmation")
    assert staff_message.take_turn(memory, turn("try again", "inform")).effect is Effect.STORE
    assert staff_message.take_turn(memory, turn("yes", "affirm")).effect is Effect.STORE
    other = staff_message.take_turn(memory, turn("yesterday", "inform"))
    assert other.effect is None or other.effect is Effect.STORE
    asked = staff_message.take_turn(memory, turn("do milia hurt?", "faq/are_milia_painful"))
    assert asked.effect is None
    assert responses(asked) == ["utter_faq/are_milia_painful", "utter_offer_staff_known"]


def test_a_message_that_is_stored_in_the_turn_it_begins_in_is_found_again_when_played_again(turn: MakeTurn) -> None:
    memory = replace(KNOWN, request_key=None, offer=STAFF_MESSAGE, topic="uncovered/cost_insurance", message_text="how")
    first, again = (staff_message.take_turn(memory, turn("yes", "affirm")) for _ in range(2))
    assert first.effect is Effect.STORE
    assert first.memory.request_key == again.memory.request_key


def test_a_day_in_a_question_about_something_else_is_no_wish(turn: MakeTurn) -> None:
    memory = Memory(asked="contact_name", request_key="key")
    step = take_turn(memory, turn("what's the weather going to be on friday?", "out_of_scope"))
    assert step.memory.preferred_time is None
    assert responses(step) == ["utter_out_of_scope", "utter_ask_contact_name"]


def test_two_remarks_that_lead_nowhere_bring_the_offer_of_a_person(turn: MakeTurn) -> None:
    memory = Memory(asked="contact", contact_name="Dana Fox", request_key="key")
    step = take_turn(memory, turn("blorp zint!!", "out_of_scope"))
    assert step.replies[0].choices == ()
    again = take_turn(follow(step), turn("fnarg!!", "out_of_scope"))
    assert [choice.title for choice in again.replies[0].choices] == ["Ask the staff"]


def test_not_knowing_is_met_with_patience_and_the_question(turn: MakeTurn) -> None:
    step = take_turn(Memory(asked="contact_name", request_key="key"), turn("idk", "out_of_scope"))
    assert responses(step) == ["utter_take_your_time", "utter_ask_contact_name"]


def test_a_wish_is_never_taken_for_a_name_in_a_message_to_the_staff(turn: MakeTurn) -> None:
    memory = Memory(asked="contact_name", topic="talk_to_human", message_text="hi", request_key="key", misses=1)
    step = staff_message.take_turn(memory, turn("cancel my appointment please", "cancel_appointment"))
    assert step.memory.contact_name is None
    assert step.effect is None


def test_on_sms_an_email_instead_stays_instead_of_the_senders_number(turn: MakeTurn) -> None:
    step = take_turn(READ_BACK, turn("use dana@example.com instead", "inform"))
    tracker = Tracker("c", {"phone": step.memory.phone}, {}, [], False, None, {}, "action_listen")
    assert memory_of(tracker, turn("yes", "affirm", channel="sms", sender_phone="+13125550142")).phone == ""


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("will the bumps be gone by friday if you remove them?", None),
        ("do they come back after a week? fridays work", "fridays"),
        ("friday at 2, will it hurt?", "friday at 2"),
    ],
)
def test_a_question_while_the_time_is_asked_is_answered_and_is_no_time(
    turn: MakeTurn, text: str, time: str | None
) -> None:
    step = take_turn(replace(KNOWN, asked="preferred_time"), turn(text, "uncovered/go_away_on_own"))
    assert step.memory.preferred_time == time
    assert responses(step)[0] == "utter_uncovered/go_away_on_own"


def test_are_you_there_on_fridays_may_be_the_answer(turn: MakeTurn) -> None:
    given = turn("can i come friday at 2?", "uncovered/clinic_logistics")
    step = take_turn(replace(KNOWN, asked="preferred_time"), given)
    assert "friday at 2" in (step.memory.preferred_time or "")


def test_ones_own_number_is_told_in_the_form_too(turn: MakeTurn) -> None:
    memory = replace(KNOWN, asked="preferred_time")
    step = take_turn(memory, turn("what number do you have for me?", "appointment_status"))
    assert responses(step) == ["utter_own_details", "utter_ask_preferred_time"]


def test_in_a_form_too_there_is_one_apology(turn: MakeTurn) -> None:
    step = take_turn(replace(KNOWN, asked="preferred_time"), turn("you stupid bot", "feedback_negative"))
    again = take_turn(follow(step), turn("this is ridiculous", "feedback_negative"))
    assert (responses(step)[0], responses(again)[0]) == ("utter_feedback_negative", "utter_feedback_again")


def test_a_yes_after_an_unclear_message_does_no_deed(turn: MakeTurn) -> None:
    _, after = ask_which(turn("it is about that thing", candidates=("help", "faq/causes")), Memory(offer=ERASURE))
    assert after.offer is None


def test_last_digits_are_no_last_name(turn: MakeTurn) -> None:
    memory = replace(KNOWN, asked="preferred_time")
    step = take_turn(memory, turn("sorry, my number is 312 555 0176, i mixed up the last digits", "inform"))
    assert (step.memory.contact_name, step.memory.phone) == ("Dana Fox", "+13125550176")


def test_whatever_after_the_easy_offer_is_taken(turn: MakeTurn) -> None:
    memory = replace(KNOWN, asked="preferred_time", offer=EASY_TIME)
    step = take_turn(memory, turn("idk whatever", "out_of_scope"))
    assert (step.memory.preferred_time, step.asked) == ("idk whatever", "confirmation")


def test_a_yes_while_a_detail_is_asked_gets_the_question_again_and_no_apology(turn: MakeTurn) -> None:
    step = take_turn(replace(KNOWN, asked="preferred_time"), turn("yes", "affirm"))
    assert responses(step) == ["utter_ask_preferred_time"]


def test_a_patients_name_that_was_not_given_is_not_read_out(turn: MakeTurn) -> None:
    memory = replace(KNOWN, patient_relation="mother", asked="patient_name")
    step = take_turn(memory, turn("no", "deny"))
    assert responses(step) == ["utter_ask_preferred_time"]


def test_a_time_goes_on_with_a_request_that_timed_out(turn: MakeTurn) -> None:
    step = take_up(replace(KNOWN, offer=APPOINTMENT), turn("friday", "inform"))
    assert step is not None
    assert step.follow_up == "appointment_form"


@pytest.mark.parametrize("text", ["Per Holm", "no, Pär Holm", "Quill Ashdown"])
def test_two_capitalised_words_are_a_name_whatever_they_were_taken_for(turn: MakeTurn, text: str) -> None:
    memory = Memory(asked="contact_name", request_key="key")
    step = take_turn(memory, turn(text, "uncovered/cost_insurance", confidence=0.66))
    assert step.memory.contact_name == text.removeprefix("no, ")


@pytest.mark.parametrize(("text", "label"), [("No Thanks", "deny"), ("Never Mind", "stop"), ("Thank You", "thanks")])
def test_capitals_alone_make_no_name(turn: MakeTurn, text: str, label: str) -> None:
    step = take_turn(Memory(asked="contact_name", request_key="key"), turn(text, label))
    assert step.memory.contact_name is None


def test_no_to_the_name_stops_and_a_name_given_after_all_goes_on(turn: MakeTurn) -> None:
    step = take_turn(Memory(asked="contact_name", request_key="key"), turn("actually no", "deny"))
    assert (responses(step), step.asked, step.memory.offer) == (["utter_stop"], None, APPOINTMENT)

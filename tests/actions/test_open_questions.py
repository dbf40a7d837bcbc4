"""Questions for the staff that go along with a request: shown before it is sent, counted, and left out where wished."""

from dataclasses import replace

import pytest

from actions.answers import answer
from actions.appointment import take_turn
from actions.form_turn import Effect
from actions.memory import STAFF_MESSAGE, Memory
from actions.open_questions import MOST_OPEN_QUESTIONS, going_along, keep_question, shown_before_sending
from actions.replies import REQUEST_APPOINTMENT, Choice, Reply, within_a_form
from clinic.labels import answers_within_a_form
from clinic.sms_text import characters_outside_gsm
from tests.actions.form_steps import KNOWN, READ_BACK, MakeTurn, follow, responses

COST = "uncovered/cost_insurance"
PRICE, SCARS, SWIM = "how much is it?", "does it leave scars?", "can I swim after?"
WITH_ONE = replace(READ_BACK, open_questions=(PRICE,))
WITH_THREE = replace(READ_BACK, open_questions=(PRICE, SCARS, SWIM))


def _titles(reply: Reply) -> list[str]:
    return [choice.title for choice in reply.choices]


def test_before_sending_the_question_is_shown_and_may_be_left_out(turn: MakeTurn) -> None:
    memory = replace(KNOWN, open_questions=(PRICE,), asked="preferred_time")
    step = take_turn(memory, turn("fridays", "inform"))
    assert responses(step) == ["utter_questions_go_along", "utter_ask_confirmation"]
    along, read_back = step.replies
    assert along.variables["questions_counted"] == "question"
    assert along.variables["questions_shown"] == f'"{PRICE}"'
    assert _titles(read_back) == ["Send it", "Change something", "Leave out the question"]


def test_several_are_counted_and_numbered(turn: MakeTurn) -> None:
    step = take_turn(WITH_THREE, turn("make it monday", "inform"))
    along = next(reply for reply in step.replies if reply.response == "utter_questions_go_along")
    assert along.variables["questions_counted"] == "3 questions"
    assert along.variables["questions_shown"] == f'(1) "{PRICE}" (2) "{SCARS}" (3) "{SWIM}"'
    assert _titles(step.replies[-1])[-1] == "Leave out the questions"


def test_without_a_question_nothing_is_said_about_any(turn: MakeTurn) -> None:
    step = take_turn(READ_BACK, turn("make it monday", "inform"))
    assert "utter_questions_go_along" not in responses(step)
    assert _titles(step.replies[-1]) == ["Send it", "Change something"]


@pytest.mark.parametrize("text", ["Leave out the question", "leave it out", "send it without the question"])
def test_left_out_it_is_shown_again_without_it_and_the_yes_is_to_that(turn: MakeTurn, text: str) -> None:
    step = take_turn(WITH_ONE, turn(text, "deny"))
    assert responses(step) == ["utter_question_left_out", "utter_ask_confirmation"]
    assert step.memory.open_questions == ()
    stored = take_turn(follow(step), turn("yes", "affirm"))
    assert (stored.effect, stored.memory.open_questions) == (Effect.STORE, ())


def test_one_of_several_is_left_out_by_its_number_and_the_rest_shown_again(turn: MakeTurn) -> None:
    step = take_turn(WITH_THREE, turn("leave out question 2", "deny"))
    assert responses(step) == ["utter_question_left_out", "utter_questions_go_along", "utter_ask_confirmation"]
    assert step.memory.open_questions == (PRICE, SWIM)
    assert step.memory.preferred_time == "friday"


def test_a_detail_beside_the_wish_to_leave_one_out_is_taken(turn: MakeTurn) -> None:
    step = take_turn(WITH_THREE, turn("leave out the questions, and use dana@example.com", "inform"))
    assert (step.memory.open_questions, step.memory.email) == ((), "dana@example.com")


@pytest.mark.parametrize("memory", [WITH_THREE, replace(WITH_THREE, preferred_time=None, asked="preferred_time")])
def test_which_one_is_asked_where_it_is_not_told_with_all_of_them_in_sight(turn: MakeTurn, memory: Memory) -> None:
    step = take_turn(memory, turn("leave out the question about parking", "deny"))
    assert responses(step)[:2] == ["utter_which_question_left_out", "utter_questions_go_along"]
    assert responses(step).count("utter_questions_go_along") == 1
    assert step.memory.open_questions == memory.open_questions


def test_the_same_question_twice_counts_once() -> None:
    assert keep_question(keep_question(Memory(), PRICE), f" {PRICE} ").open_questions == (PRICE,)


def test_what_is_shown_is_what_is_kept_when_there_are_more_than_fit() -> None:
    memory = Memory()
    for number in range(MOST_OPEN_QUESTIONS + 2):
        memory = keep_question(memory, f"question number {number}")
    (along,) = shown_before_sending(memory)
    for question in memory.open_questions:
        assert f'"{question}"' in along.variables["questions_shown"]
    assert "number 0" not in along.variables["questions_shown"]


def test_a_text_message_shows_them_short_and_in_its_cheap_alphabet() -> None:
    memory = Memory(open_questions=("how much is it “really” 😀 for the whole face and the neck as well?",))
    (along,) = shown_before_sending(memory)
    shown = along.variables["questions_shown_in_a_text"]
    assert not characters_outside_gsm(shown)
    assert len(shown) <= 45


def test_words_beside_the_yes_go_along_and_push_out_nothing_that_was_shown(turn: MakeTurn) -> None:
    five = replace(READ_BACK, open_questions=tuple(f"question {number}?" for number in range(MOST_OPEN_QUESTIONS)))
    step = take_turn(five, turn("yes, and tell the nurse I'm allergic to latex", "affirm"))
    assert step.effect is Effect.STORE
    assert step.memory.open_questions[:MOST_OPEN_QUESTIONS] == five.open_questions
    assert len(step.memory.open_questions) == MOST_OPEN_QUESTIONS + 1


def test_a_price_asked_in_passing_goes_along(turn: MakeTurn) -> None:
    """Short, without a question mark, and while a time is asked: still a question that the staff must see."""
    memory = replace(KNOWN, asked="preferred_time")
    step = take_turn(memory, turn("how much cost", COST, confidence=0.7))
    assert responses(step)[0] == f"utter_{COST}"
    assert step.memory.open_questions == ("how much cost",)


def test_is_the_visit_free_is_about_the_price_and_not_the_calendar(turn: MakeTurn) -> None:
    step = take_turn(replace(KNOWN, asked="preferred_time"), turn("is the visit free?", COST, confidence=0.95))
    assert responses(step)[0] == f"utter_{COST}"
    assert step.memory.open_questions == ("is the visit free?",)


def test_the_offer_of_the_staff_counts_what_would_go(turn: MakeTurn) -> None:
    memory = replace(KNOWN, offer=STAFF_MESSAGE, topic=COST, message_text=PRICE)
    replies, after = answer(turn(SCARS, "uncovered/procedure_experience"), memory)
    assert replies[-1].response == "utter_offer_staff_several_known"
    assert replies[-1].variables["questions_counted"] == "2 questions"
    assert len(going_along(after)) == 2


def test_a_question_before_the_offer_that_was_declined_still_goes_along_with_a_request(turn: MakeTurn) -> None:
    offered = Memory(offer=STAFF_MESSAGE, topic=COST, message_text=PRICE)
    step = take_turn(offered, turn("book me in", "request_appointment"))
    assert step.memory.open_questions == (PRICE,)


@pytest.mark.parametrize("response", ["utter_ask_diagnosis", "utter_faq/how_to_get_rid", "utter_out_of_scope"])
def test_no_answer_in_a_form_offers_what_is_being_taken(response: str) -> None:
    reply = within_a_form(Reply(response, choices=(REQUEST_APPOINTMENT, Choice("Other", "help"))))
    assert reply.response == f"{response}_within_form"
    assert reply.response in answers_within_a_form()
    assert _titles(reply) == ["Other"]


def test_other_answers_are_the_same_in_a_form() -> None:
    assert within_a_form(Reply("utter_faq/causes")).response == "utter_faq/causes"

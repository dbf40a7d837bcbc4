"""Word left for the staff, a person wished for again, and an offer that knows who is asking."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from actions import appointment, staff_message
from actions.answers import answer
from actions.between_requests import take_up
from actions.conversation_actions import _whatever_the_label
from actions.form_turn import APPOINTMENT_FORM, STAFF_FORM, Effect, Step
from actions.memory import JUST_STORED, STAFF_MESSAGE, Memory
from actions.turn import Turn

MakeTurn = Callable[..., Turn]
COST = "uncovered/cost_insurance"
AFTER = "uncovered/procedure_experience"
KNOWN = Memory(contact_name="Dana Fox", phone="+13125550142")
ASK_THE_DOCTOR = "can you ask the doctor whether I can wear makeup after"


def responses(step: Step | None) -> list[str]:
    return [reply.response for reply in step.replies] if step else []


def follow(step: Step) -> Memory:
    return replace(step.memory, asked=step.asked)


@pytest.mark.parametrize("label", [AFTER, "faq/are_milia_harmful", "ask_diagnosis", "out_of_scope", "thanks"])
def test_word_for_the_staff_begins_a_message_whatever_it_is_about(turn: MakeTurn, label: str) -> None:
    step = _whatever_the_label(Memory(), turn(ASK_THE_DOCTOR, label))
    assert step is not None
    assert step.follow_up == STAFF_FORM


def test_the_words_are_the_message_and_their_subject_is_kept(turn: MakeTurn) -> None:
    step = staff_message.take_turn(Memory(), turn(ASK_THE_DOCTOR, AFTER))
    assert responses(step) == ["utter_staff_message_started", "utter_ask_contact_name_for_staff"]
    assert (step.memory.message_text, step.memory.topic) == (ASK_THE_DOCTOR, AFTER)


def test_word_that_is_hard_to_tell_is_passed_on_without_asking_which(turn: MakeTurn) -> None:
    unsure = turn(ASK_THE_DOCTOR, AFTER, candidates=(AFTER, COST), confidence=0.3)
    assert responses(staff_message.take_turn(Memory(), unsure))[0] == "utter_staff_message_started"


def test_thanks_before_the_word_is_not_its_subject(turn: MakeTurn) -> None:
    step = staff_message.take_turn(Memory(), turn("thanks! also ask the doctor if I can swim", "thanks"))
    assert step.memory.topic == "talk_to_human"


@pytest.mark.parametrize("label", ["reschedule_appointment", "cancel_appointment", "delete_my_data"])
def test_a_wish_of_its_own_is_not_taken_for_mere_word(turn: MakeTurn, label: str) -> None:
    assert _whatever_the_label(KNOWN, turn("tell the staff I can't come on Friday", label)) is None


def test_word_beside_a_wish_for_a_visit_does_not_lose_the_visit(turn: MakeTurn) -> None:
    both = turn("ask the doctor if it hurts and book me for monday", AFTER, second_label="request_appointment")
    assert _whatever_the_label(Memory(), both) is None
    started = appointment.take_turn(
        Memory(), turn("I'd like a visit, and ask the doctor if it hurts", "request_appointment")
    )
    assert started.memory.open_questions == ("I'd like a visit, and ask the doctor if it hurts",)


@pytest.mark.parametrize("label", ["talk_to_human", AFTER, "out_of_scope"])
def test_word_in_the_middle_of_a_request_goes_along_and_the_request_goes_on(turn: MakeTurn, label: str) -> None:
    memory = Memory(contact_name="Dana Fox", asked="contact", request_key="key")
    step = appointment.take_turn(memory, turn(ASK_THE_DOCTOR, label))
    assert step.follow_up is None
    assert "utter_question_will_go_along" in responses(step)
    assert (step.asked, step.memory.open_questions) == ("contact", (ASK_THE_DOCTOR,))


def test_word_after_an_offer_is_sent_with_what_was_offered(turn: MakeTurn) -> None:
    offered = replace(KNOWN, offer=STAFF_MESSAGE, topic=COST, message_text="how much is it")
    step = staff_message.take_turn(offered, turn("yes, and ask them if I can pay later", "affirm"))
    assert step.effect is Effect.STORE
    assert step.memory.message_text == "yes, and ask them if I can pay later"
    assert step.memory.open_questions == ("how much is it",)


@pytest.mark.parametrize("label", ["affirm", AFTER])
def test_what_was_urgent_stays_so_with_more_word_for_the_staff(turn: MakeTurn, label: str) -> None:
    urgent = "safety/infection_or_injury"
    offered = replace(KNOWN, offer=STAFF_MESSAGE, topic=urgent, message_text="it is full of pus")
    step = staff_message.take_turn(offered, turn("yes and ask the doctor if I should come today", label))
    assert (step.effect, step.memory.topic) == (Effect.STORE, urgent)
    assert step.memory.open_questions == ("it is full of pus",)


def test_what_cannot_be_told_at_all_after_an_offer_of_the_staff_is_offered_to_them_again(turn: MakeTurn) -> None:
    offered = replace(Memory(), offer=STAFF_MESSAGE, topic="out_of_scope", message_text="glorp")
    replies, memory = answer(turn("wump", "out_of_scope", candidates=("out_of_scope",), confidence=0.4), offered)
    assert [choice.title for choice in replies[-1].choices] == ["Ask the staff"]
    assert memory.offer == STAFF_MESSAGE


def test_who_is_known_is_shown_what_goes_along_and_need_only_say_yes(turn: MakeTurn) -> None:
    replies, memory = answer(turn("how much is it", COST), replace(KNOWN, offer=JUST_STORED))
    assert [reply.response for reply in replies] == [f"utter_{COST}", "utter_offer_staff_known"]
    assert replies[-1].variables == {"details_shown": "Dana Fox, (312) 555-0142"}
    step = staff_message.take_turn(memory, turn("yes", "affirm"))
    assert (step.effect, step.memory.message_text) == (Effect.STORE, "how much is it")


@pytest.mark.parametrize("memory", [Memory(), Memory(contact_name="Dana Fox"), Memory(phone="+13125550142")])
def test_who_is_not_known_enough_is_offered_the_staff_as_before(turn: MakeTurn, memory: Memory) -> None:
    replies, _ = answer(turn("how much is it", COST), memory)
    assert replies[-1].response == "utter_offer_staff"


def test_word_from_somebody_known_is_asked_about_once_before_it_is_sent(turn: MakeTurn) -> None:
    step = staff_message.take_turn(KNOWN, turn(ASK_THE_DOCTOR, AFTER))
    assert (step.effect, responses(step)) == (None, ["utter_offer_staff_known"])
    assert (step.memory.offer, step.memory.message_text) == (STAFF_MESSAGE, ASK_THE_DOCTOR)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("you already have my name", "deny"),
        ("you have my number already", "delete_my_data"),
        ("same number", "inform"),
        ("u got my details from before", "out_of_scope"),
        ("I already gave you that", "feedback_negative"),
    ],
)
def test_who_points_at_what_was_given_is_not_asked_again(turn: MakeTurn, text: str, label: str) -> None:
    offered = replace(KNOWN, offer=STAFF_MESSAGE, topic=COST, message_text="how much is it")
    step = take_up(offered, turn(text, label))
    assert step is not None
    assert step.follow_up == STAFF_FORM
    assert staff_message.take_turn(offered, turn(text, label)).effect is Effect.STORE


@pytest.mark.parametrize(
    ("text", "label", "confidence"),
    [
        ("I just want to talk to a human", "talk_to_human", 1.0),
        ("real person", "bot_challenge", 0.58),
        ("HUMAN!!", "talk_to_human", 0.51),
        ("a person", "inform", 0.3),
    ],
)
@pytest.mark.parametrize("asked", ["contact_name", "contact"])
def test_who_wants_a_person_again_hears_the_ways_to_one(
    turn: MakeTurn, text: str, label: str, confidence: float, asked: str
) -> None:
    name = "Dana Fox" if asked == "contact" else None
    memory = Memory(contact_name=name, asked=asked, request_key="key", topic="talk_to_human", misses=1)
    step = staff_message.take_turn(memory, turn(text, label, confidence=confidence))
    assert responses(step) == ["utter_person_again", f"utter_ask_{asked}_for_staff"]
    assert (step.asked, step.memory.contact_name, step.memory.misses) == (asked, name, 0)


def test_what_is_said_beside_the_wish_for_a_person_reaches_the_staff(turn: MakeTurn) -> None:
    memory = Memory(asked="contact_name", request_key="key", topic="talk_to_human", message_text="a person please")
    step = staff_message.take_turn(memory, turn("let me speak to someone about my mother's bill", "talk_to_human"))
    assert step.memory.message_text == "a person please\nlet me speak to someone about my mother's bill"


def test_an_incomplete_number_beside_the_wish_for_a_person_is_pointed_out(turn: MakeTurn) -> None:
    memory = Memory(contact_name="Dana Fox", asked="contact", request_key="key", topic="talk_to_human")
    step = staff_message.take_turn(memory, turn("have a person call me at 312 555 01", "talk_to_human"))
    assert responses(step) == ["utter_person_again", "utter_phone_incomplete"]
    assert step.asked == "contact"


def test_words_added_without_end_do_not_grow_the_memory_without_end(turn: MakeTurn) -> None:
    memory = Memory(asked="contact_name", request_key="key", topic="talk_to_human", message_text="a person please")
    for count in range(30):
        text = f"let me speak to someone about bill {count} {'of my mother ' * 30}"
        memory = staff_message.take_turn(memory, turn(text, "talk_to_human")).memory
    assert memory.message_text is not None
    assert memory.message_text.startswith("a person please\nlet me speak to someone about bill 0")
    assert len(memory.message_text) == staff_message.LONGEST_MESSAGE


@pytest.mark.parametrize("asked", ["contact_name", "patient_name", "preferred_time", "confirmation"])
def test_a_person_is_no_answer_in_a_request_and_leads_to_the_staff(turn: MakeTurn, asked: str) -> None:
    given = {"contact_name": "Dana Fox", "phone": "+13125550142"} if asked != "contact_name" else {}
    relation = {"patient_relation": "son"} if asked == "patient_name" else {}
    memory = Memory(**given, **relation, asked=asked, request_key="key", misses=1)
    step = appointment.take_turn(memory, turn("Real person", "bot_challenge", confidence=0.5))
    assert step.follow_up == STAFF_FORM
    assert (step.memory.patient_name, step.memory.preferred_time) == (None, None)


def test_another_wish_while_the_name_is_asked_still_leads_there(turn: MakeTurn) -> None:
    memory = Memory(asked="contact_name", request_key="key", topic="talk_to_human")
    step = staff_message.take_turn(memory, turn("I want an appointment instead", "request_appointment"))
    assert step.follow_up == APPOINTMENT_FORM


@pytest.mark.parametrize(
    ("text", "asked_for"), [("when are you open", "hours"), ("where are you", "address"), ("is there parking", "")]
)
def test_of_the_clinics_details_what_was_asked_for_is_named(turn: MakeTurn, text: str, asked_for: str) -> None:
    replies, _ = answer(turn(text, "uncovered/clinic_logistics"), Memory())
    assert replies[0].variables == {"asked_for": asked_for}


@pytest.mark.parametrize(
    "text",
    [
        "I already said no",
        "I already told you no",
        "don't use the same number",
        "not the same number",
        "You have the wrong number",
    ],
)
def test_who_refuses_or_doubts_the_details_sends_nothing(turn: MakeTurn, text: str) -> None:
    offered = replace(KNOWN, offer=STAFF_MESSAGE, topic=COST, message_text="how much is it")
    step = take_up(offered, turn(text, "deny"))
    assert step is None or step.follow_up is None


def test_thanks_for_the_hours_send_nothing_and_the_choice_still_does(turn: MakeTurn) -> None:
    told, after = answer(turn("what are your hours", "uncovered/clinic_logistics"), KNOWN)
    assert [choice.title for choice in told[-1].choices] == ["Ask the staff"]
    step = take_up(after, turn("ok great", "affirm"))
    assert step is None or step.follow_up is None
    assert after.message_text == "what are your hours"


@pytest.mark.parametrize("text", ["any doctor", "any doctor is ok", "the doctor"])
def test_a_doctor_named_in_an_answer_ends_no_request(turn: MakeTurn, text: str) -> None:
    memory = replace(KNOWN, asked="preferred_time", request_key="key")
    assert appointment.take_turn(memory, turn(text, "inform", confidence=0.5)).follow_up is None


@pytest.mark.parametrize("label", ["cancel_appointment", "stop"])
def test_word_that_it_is_not_wanted_any_more_ends_the_request(turn: MakeTurn, label: str) -> None:
    memory = replace(KNOWN, preferred_time="friday", asked="confirmation", request_key="key")
    step = appointment.take_turn(memory, turn("please tell them I don't want the appointment any more", label))
    assert step.memory.request_key is None


def test_word_for_the_staff_beside_the_yes_goes_along_with_the_request(turn: MakeTurn) -> None:
    memory = replace(KNOWN, preferred_time="friday", asked="confirmation", request_key="key")
    step = appointment.take_turn(memory, turn("yes, and tell the nurse I'm allergic to latex", "affirm"))
    assert step.effect is Effect.STORE
    assert step.memory.open_questions == ("yes, and tell the nurse I'm allergic to latex",)

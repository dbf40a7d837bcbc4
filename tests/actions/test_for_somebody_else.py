"""A visit for a child, a parent, several people: contact and patient are kept apart, and each has a request."""

from dataclasses import replace

import pytest

from actions.appointment import take_turn
from actions.between_requests import take_up
from actions.memory import ANOTHER_REQUEST, JUST_STORED, SECOND_OR_CHANGE, Memory
from actions.questions import question
from tests.actions.form_steps import MakeTurn, follow, responses
from tests.actions.test_own_requests import FOR_MAX, FRIDAY, KNOWN


def test_a_mother_and_her_son_are_kept_apart(turn: MakeTurn) -> None:
    step = take_turn(Memory(), turn("I'm Dana Fox and want to book for my son Max", "request_appointment"))
    assert step.memory.contact_name == "Dana Fox"
    assert (step.memory.patient_name, step.memory.patient_relation) == ("Max", "son")
    assert step.asked == "contact"


def test_the_thanks_go_to_who_writes_and_not_to_the_child(turn: MakeTurn) -> None:
    memory = replace(Memory(), asked="contact_name", request_key="key")
    step = take_turn(memory, turn("it's for my daughter Emma, my name is Maria Lopez", "inform"))
    assert (step.memory.contact_name, step.memory.patient_name) == ("Maria Lopez", "Emma")
    [thanks] = [reply.variables["details_shown"] for reply in step.replies if reply.response == "utter_details_noted"]
    assert thanks == "Maria Lopez"


def test_a_childs_name_given_alone_is_said_back(turn: MakeTurn) -> None:
    memory = replace(KNOWN, patient_relation="daughter", asked="patient_name", request_key="key")
    [thanks, _] = take_turn(memory, turn("Emma", "inform")).replies
    assert thanks.variables["details_shown"] == "Emma"


def test_a_child_without_a_name_is_asked_for_once(turn: MakeTurn) -> None:
    step = take_turn(Memory(), turn("I need an appointment for my daughter", "request_appointment"))
    assert step.asked == "contact_name"
    step = take_turn(follow(step), turn("Dana Fox", "inform"))
    assert step.asked == "patient_name"
    step = take_turn(follow(step), turn("Mia", "inform"))
    assert (step.memory.contact_name, step.memory.patient_name) == ("Dana Fox", "Mia")
    assert step.asked == "contact"


def test_a_patients_name_may_be_left_out(turn: MakeTurn) -> None:
    memory = replace(KNOWN, patient_relation="mother", asked="patient_name", request_key="key")
    step = take_turn(memory, turn("id rather not say", "deny"))
    assert step.asked == "preferred_time"
    (read_back,) = question(replace(step.memory, preferred_time="friday"), "confirmation")
    assert read_back.variables["contact_name"] == "Dana Fox (visit for your mother)"


def test_the_read_back_names_both(turn: MakeTurn) -> None:
    memory = replace(KNOWN, patient_relation="son", patient_name="Max", preferred_time="friday")
    (read_back,) = question(memory, "confirmation")
    assert read_back.variables["contact_name"] == "Dana Fox (visit for Max)"


def test_its_for_me_after_all(turn: MakeTurn) -> None:
    memory = replace(KNOWN, patient_relation="son", patient_name="Max", asked="preferred_time", request_key="key")
    step = take_turn(memory, turn("no wait, it's for me, friday at 2", "inform"))
    assert (step.memory.patient_name, step.memory.patient_relation) == (None, None)


def test_two_children_are_two_requests(turn: MakeTurn) -> None:
    step = take_turn(KNOWN, turn("I want to book for my daughters Ana and Mia", "request_appointment"))
    assert step.memory.patient_name == "Ana"
    assert step.memory.also_for == (("daughter", "Mia"),)


def test_the_second_child_starts_with_what_is_known_of_the_contact(turn: MakeTurn) -> None:
    memory = replace(KNOWN, offer=ANOTHER_REQUEST, also_for=(("daughter", "Mia"),))
    step = take_turn(memory, turn("yes please", "affirm"), [FRIDAY])
    assert (step.memory.patient_name, step.memory.also_for) == ("Mia", ())
    assert step.memory.contact_name == "Dana Fox"
    assert step.asked == "preferred_time"


def test_the_same_time_is_the_one_of_the_stored_request(turn: MakeTurn) -> None:
    memory = replace(KNOWN, patient_relation="daughter", patient_name="Mia", asked="preferred_time", request_key="k")
    step = take_turn(memory, turn("same time", "inform"), [FRIDAY])
    assert step.memory.preferred_time == "Friday around noon"
    assert step.asked == "confirmation"


@pytest.mark.parametrize("text", ["also one for my daughter Mia", "my husband needs an appointment too"])
def test_a_request_for_somebody_else_is_a_second_one_without_asking(turn: MakeTurn, text: str) -> None:
    step = take_turn(KNOWN, turn(text, "request_appointment"), [FRIDAY])
    assert "utter_second_or_change" not in responses(step)
    assert step.memory.patient_relation in ("daughter", "husband")


def test_asking_again_soon_after_is_asked_about(turn: MakeTurn) -> None:
    step = take_turn(KNOWN, turn("I want an appointment", "request_appointment"), [FRIDAY])
    assert responses(step) == ["utter_second_or_change"]
    assert step.asked is None
    assert step.memory.offer == SECOND_OR_CHANGE
    second = take_turn(step.memory, turn("A second visit", "request_appointment", confidence=1.0), [FRIDAY])
    assert second.asked == "preferred_time"


def test_one_for_myself_after_one_for_the_son_is_a_second(turn: MakeTurn) -> None:
    step = take_turn(KNOWN, turn("now an appointment for me", "request_appointment"), [FOR_MAX])
    assert step.asked == "preferred_time"


def test_an_appointment_at_another_time_is_a_change(turn: MakeTurn) -> None:
    given = turn("I want to change the appointment to Tuesday at 4", "request_appointment")
    assert responses(take_turn(KNOWN, given, [FRIDAY])) == ["utter_confirm_change"]


@pytest.mark.parametrize(
    "text", ["also another resident, Mrs. Edna Kowalski, same callback, any morning", "one more appointment please"]
)
def test_another_person_after_storing_begins_another_request(turn: MakeTurn, text: str) -> None:
    step = take_up(replace(KNOWN, offer=JUST_STORED), turn(text, "inform"), [FRIDAY])
    assert step is not None
    assert step.follow_up == "appointment_form"


def test_another_question_begins_no_request(turn: MakeTurn) -> None:
    assert take_up(replace(KNOWN, offer=JUST_STORED), turn("i have another question", "inform"), [FRIDAY]) is None


def test_a_brother_who_comes_too_gets_a_request_of_his_own(turn: MakeTurn) -> None:
    memory = replace(KNOWN, patient_relation="son", patient_name="Eli", asked="preferred_time", request_key="key")
    step = take_turn(memory, turn("he needs to come with his brother Noam too", "inform"))
    assert responses(step) == ["utter_another_later", "utter_ask_preferred_time"]
    assert (step.memory.patient_name, step.memory.also_for) == ("Eli", (("other", "Noam"),))
    stored = take_up(replace(KNOWN, offer=JUST_STORED), turn("he comes with his brother Noam too", "inform"), [FOR_MAX])
    assert stored is not None
    assert (responses(stored), stored.memory.offer) == (["utter_offer_another"], ANOTHER_REQUEST)


def test_the_full_name_after_a_child_is_the_one_who_writes(turn: MakeTurn) -> None:
    text = "I want an appointment for my daughter Zoe, Petra Lang, 312 555 1206, sat"
    step = take_turn(Memory(), turn(text, "request_appointment"))
    assert (step.memory.contact_name, step.memory.patient_name) == ("Petra Lang", "Zoe")
    assert step.memory.also_for == ()


def test_and_one_for_zoe_is_for_zoe(turn: MakeTurn) -> None:
    step = take_turn(KNOWN, turn("and one for Zoe too", "request_appointment"), [FRIDAY])
    assert (step.memory.contact_name, step.memory.patient_name) == ("Dana Fox", "Zoe")


def test_after_two_questions_in_vain_it_goes_on_without_the_patients_name(turn: MakeTurn) -> None:
    memory = replace(KNOWN, patient_relation="daughter", asked="patient_name", request_key="key")
    step = take_turn(memory, turn("sat mornings", "inform"))
    assert step.asked == "patient_name"
    again = take_turn(follow(step), turn("yes", "affirm"))
    assert again.asked == "confirmation"
    assert again.replies[-1].variables["contact_name"] == "Dana Fox (visit for your daughter)"


def test_she_is_anya_names_the_patient(turn: MakeTurn) -> None:
    memory = Memory(patient_relation="daughter", asked="contact_name", request_key="key")
    step = take_turn(memory, turn("im Tara Singh, shes Anya", "inform"))
    assert (step.memory.contact_name, step.memory.patient_name) == ("Tara Singh", "Anya")

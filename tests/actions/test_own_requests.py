"""Status, another time, taking back: on the requests of the own conversation, each asked once before it is done."""

from dataclasses import replace
from datetime import datetime, timezone

import pytest

from actions import own_requests
from actions.appointment import take_turn
from actions.between_requests import take_up
from actions.form_turn import Effect
from actions.memory import CHANGE, ERASURE, JUST_STORED, NEW_TIME, SECOND_OR_CHANGE, WITHDRAWAL, Memory
from clinic.appointment_requests import StoredAppointmentRequest
from tests.actions.form_steps import MakeTurn, responses

FRIDAY = StoredAppointmentRequest(
    id="request-1",
    idempotency_key="conversation-1:key",
    contact_name="Dana Fox",
    patient_name=None,
    patient_relation=None,
    phone="+13125550142",
    email=None,
    preferred_time="Friday around noon",
    status="open",
    version=1,
    created_at=datetime(2026, 1, 5, tzinfo=timezone.utc),
)
FOR_MAX = replace(
    FRIDAY,
    id="request-2",
    idempotency_key="conversation-1:other",
    patient_name="Max Fox",
    preferred_time="monday after 3",
)
KNOWN = Memory(contact_name="Dana Fox", phone="+13125550142")


def test_the_status_shows_what_is_recorded_and_calls_nothing_booked(turn: MakeTurn) -> None:
    step = own_requests.status(KNOWN, turn("did it go through", "appointment_status"), [FRIDAY])
    assert responses(step) == ["utter_appointment_status"]
    assert step.replies[0].variables == {"preferred_time": "Friday around noon"}


def test_two_requests_are_both_in_the_status(turn: MakeTurn) -> None:
    step = own_requests.status(KNOWN, turn("status?", "appointment_status"), [FRIDAY, FOR_MAX])
    assert step.replies[0].variables == {"requests_shown": "Friday around noon; Max Fox, monday after 3"}


@pytest.mark.parametrize(
    ("status", "response"),
    [
        ("withdrawn", "utter_appointment_status_withdrawn"),
        ("contacted", "utter_appointment_status_with_staff"),
        ("booked", "utter_appointment_status_with_staff"),
        ("closed", "utter_appointment_status_closed"),
    ],
)
def test_a_request_that_is_no_longer_open_is_called_what_it_is(turn: MakeTurn, status: str, response: str) -> None:
    requests = [replace(FRIDAY, status=status)]
    assert responses(own_requests.status(KNOWN, turn("status?", "appointment_status"), requests)) == [response]


def test_a_request_that_waits_and_one_that_the_staff_have_are_both_told(turn: MakeTurn) -> None:
    requests = [replace(FRIDAY, status="booked"), FOR_MAX, replace(FRIDAY, id="request-3", status="closed")]
    step = own_requests.status(KNOWN, turn("status?", "appointment_status"), requests)
    assert responses(step) == ["utter_appointment_status", "utter_appointment_status_with_staff"]
    assert [reply.variables["preferred_time"] for reply in step.replies] == [
        "Max Fox, monday after 3",
        "Friday around noon",
    ]


def test_a_request_that_was_taken_back_later_hides_none_that_the_staff_have(turn: MakeTurn) -> None:
    requests = [replace(FRIDAY, status="contacted"), replace(FOR_MAX, status="withdrawn")]
    step = own_requests.status(KNOWN, turn("status?", "appointment_status"), requests)
    assert responses(step) == ["utter_appointment_status_with_staff"]


def test_of_many_that_the_staff_have_the_newest_are_told(turn: MakeTurn) -> None:
    requests = [replace(FRIDAY, id=str(day), preferred_time=f"May {day}", status="booked") for day in range(1, 6)]
    step = own_requests.status(KNOWN, turn("status?", "appointment_status"), requests)
    assert step.replies[0].variables == {"preferred_time": "May 3 and for May 4 and for May 5"}


@pytest.mark.parametrize("status", ["contacted", "booked", "closed", "withdrawn"])
def test_a_second_yes_once_the_request_is_no_longer_open_is_not_told_that_the_staff_will_write(
    turn: MakeTurn, status: str
) -> None:
    memory = replace(KNOWN, offer=JUST_STORED)
    step = take_up(memory, turn("yes", "affirm"), [replace(FRIDAY, status=status)])
    assert step is not None
    assert step.replies[0].response.startswith("utter_appointment_status_")
    assert responses(take_up(memory, turn("yes thank you", "affirm"), [replace(FRIDAY, status=status)])) == [
        "utter_thanks"
    ]


def test_without_a_request_the_status_offers_the_staff(turn: MakeTurn) -> None:
    step = own_requests.status(Memory(), turn("is John Smith booked?", "appointment_status"), [])
    assert responses(step) == ["utter_appointment_status_none"]


def test_taking_back_is_asked_once_and_done_on_yes(turn: MakeTurn) -> None:
    asked = own_requests.withdraw(KNOWN, turn("cancel my appointment", "cancel_appointment"), [FRIDAY])
    assert responses(asked) == ["utter_confirm_withdrawal"]
    assert asked.effect is None
    done = take_up(asked.memory, turn("yes cancel it", "cancel_appointment"), [FRIDAY])
    assert done is not None
    assert done.effect is Effect.WITHDRAW
    assert done.memory.target_request == "request-1"


def test_no_leaves_the_request_as_it_is(turn: MakeTurn) -> None:
    asked = own_requests.withdraw(KNOWN, turn("cancel my appointment", "cancel_appointment"), [FRIDAY])
    step = take_up(asked.memory, turn("no, keep it", "deny"), [FRIDAY])
    assert responses(step) == ["utter_request_kept"]
    assert step is not None
    assert step.memory.offer is None


def test_the_wish_said_twice_takes_nothing_back(turn: MakeTurn) -> None:
    """A double tap sends the same words under two ids."""
    wish = turn("cancel my appointment", "cancel_appointment")
    asked = own_requests.withdraw(KNOWN, wish, [FRIDAY])
    again = take_up(asked.memory, wish, [FRIDAY])
    assert again is None or again.effect is None


def test_of_two_requests_it_is_asked_which(turn: MakeTurn) -> None:
    asked = own_requests.withdraw(KNOWN, turn("cancel it", "cancel_appointment"), [FRIDAY, FOR_MAX])
    assert responses(asked) == ["utter_which_request"]
    assert [choice.title for choice in asked.replies[0].choices] == ["Friday around noon", "Max Fox, monday after 3"]
    step = take_up(asked.memory, turn("the one for max", "inform"), [FRIDAY, FOR_MAX])
    assert responses(step) == ["utter_confirm_withdrawal"]
    assert step is not None
    assert step.memory.target_request == "request-2"


def test_tapping_another_request_while_one_is_asked_about_takes_neither_back(turn: MakeTurn) -> None:
    memory = replace(KNOWN, offer=WITHDRAWAL, target_request="request-1")
    tapped = turn("Max Fox, monday after 3", "cancel_appointment")
    step = take_up(memory, tapped, [FRIDAY, FOR_MAX]) or own_requests.withdraw(memory, tapped, [FRIDAY, FOR_MAX])
    assert step.effect is None
    assert step.memory.target_request == "request-2"


@pytest.mark.parametrize("text", ["the second one", "2", "the last one", "max", "monday after 3"])
def test_a_request_is_found_by_place_person_or_time(text: str) -> None:
    assert own_requests.pick([FRIDAY, FOR_MAX], text) is FOR_MAX


def test_a_request_that_is_not_named_is_not_guessed() -> None:
    assert own_requests.pick([FRIDAY, FOR_MAX], "that one") is None


def test_a_new_time_is_read_back_and_stored_on_yes(turn: MakeTurn) -> None:
    wish = turn("can i move it to Tuesday morning", "reschedule_appointment")
    asked = own_requests.reschedule(KNOWN, wish, [FRIDAY])
    assert responses(asked) == ["utter_confirm_change"]
    assert asked.memory.pending_change == (("preferred_time", "Tuesday morning"),)
    done = take_up(asked.memory, turn("yes", "affirm"), [FRIDAY])
    assert done is not None
    assert done.effect is Effect.CHANGE


def test_without_a_new_time_it_is_asked_for(turn: MakeTurn) -> None:
    asked = own_requests.reschedule(KNOWN, turn("i need another time", "reschedule_appointment"), [FRIDAY])
    assert responses(asked) == ["utter_ask_new_time"]
    assert asked.memory.offer == NEW_TIME
    step = take_up(asked.memory, turn("tmrw after 3", "inform"), [FRIDAY])
    assert responses(step) == ["utter_confirm_change"]


def test_a_question_in_between_is_answered_and_the_time_asked_again(turn: MakeTurn) -> None:
    memory = replace(KNOWN, offer=NEW_TIME, target_request="request-1")
    step = take_up(memory, turn("do milia hurt?", "faq/are_milia_painful"), [FRIDAY])
    assert responses(step) == ["utter_faq/are_milia_painful", "utter_ask_new_time"]


def test_a_change_of_the_change_is_read_back_again(turn: MakeTurn) -> None:
    memory = replace(
        KNOWN, offer=CHANGE, target_request="request-1", pending_change=(("preferred_time", "Tuesday morning"),)
    )
    step = take_up(memory, turn("yes but make it Wednesday at 2", "affirm"), [FRIDAY])
    assert step is not None
    assert step.effect is None
    assert dict(step.memory.pending_change)["preferred_time"] == "Wednesday at 2"


def test_a_number_corrected_after_storing_changes_the_stored_request_on_yes(turn: MakeTurn) -> None:
    memory = replace(KNOWN, offer=JUST_STORED)
    asked = take_up(memory, turn("oh my number is 312 555 0199", "inform"), [FRIDAY])
    assert responses(asked) == ["utter_confirm_change"]
    assert asked is not None
    assert asked.memory.pending_change == (("phone", "+13125550199"),)


def test_the_number_that_is_known_already_changes_nothing(turn: MakeTurn) -> None:
    memory = replace(KNOWN, offer=JUST_STORED)
    assert take_up(memory, turn("my number is 312 555 0142", "inform"), [FRIDAY]) is None


def test_a_second_yes_after_storing_adds_nothing(turn: MakeTurn) -> None:
    step = take_up(replace(KNOWN, offer=JUST_STORED), turn("yes", "affirm"), [FRIDAY])
    assert responses(step) == ["utter_request_already_stored"]


def test_once_the_staff_work_on_it_a_correction_is_offered_to_them(turn: MakeTurn) -> None:
    memory = replace(KNOWN, offer=JUST_STORED)
    step = take_up(memory, turn("my number is 312 555 0199", "inform"), [replace(FRIDAY, status="contacted")])
    assert responses(step) == ["utter_change_after_storing"]


def test_change_or_second_visit_each_goes_its_way(turn: MakeTurn) -> None:
    memory = replace(KNOWN, offer=SECOND_OR_CHANGE)
    second = take_up(memory, turn("another one please", "inform"), [FRIDAY])
    assert second is not None
    assert second.follow_up == "appointment_form"
    assert responses(take_up(memory, turn("change it", "reschedule_appointment"), [FRIDAY])) == ["utter_ask_new_time"]
    assert responses(take_up(memory, turn("yes", "affirm"), [FRIDAY])) == ["utter_second_or_change"]


def test_a_tapped_change_it_changes_it(turn: MakeTurn) -> None:
    """The title holds a word that is a doubt elsewhere."""
    memory = replace(KNOWN, offer=CHANGE, target_request="request-1", pending_change=(("phone", "+13125550199"),))
    step = take_up(memory, turn("Change it", "affirm", confidence=1.0), [FRIDAY])
    assert step is not None
    assert step.effect is Effect.CHANGE


@pytest.mark.parametrize("offer", [WITHDRAWAL, CHANGE])
def test_a_yes_after_the_staff_took_the_request_goes_to_them(turn: MakeTurn, offer: str) -> None:
    memory = replace(KNOWN, offer=offer, target_request="request-1")
    step = take_up(memory, turn("yes", "affirm"), [replace(FRIDAY, status="contacted")])
    assert responses(step) == ["utter_not_changeable"]


@pytest.mark.parametrize("offer", [WITHDRAWAL, CHANGE, ERASURE])
def test_a_deed_needs_its_yes_right_after_its_question(turn: MakeTurn, offer: str) -> None:
    memory = replace(KNOWN, offer=offer, target_request="request-1", pending_change=(("phone", "+13125550199"),))
    told = take_up(memory, turn("what name do you have for me?", "appointment_status"), [FRIDAY])
    assert responses(told) == ["utter_own_details"]
    assert told is not None
    after = take_up(told.memory, turn("perfect thanks", "thanks"), [FRIDAY])
    assert after is None or after.effect is None


def test_taking_back_is_said_even_when_the_first_reply_was_lost(turn: MakeTurn) -> None:
    memory = replace(KNOWN, offer=WITHDRAWAL, target_request="request-1")
    step = take_up(memory, turn("yes", "affirm"), [replace(FRIDAY, status="withdrawn")])
    assert step is not None
    assert step.effect is Effect.WITHDRAW


def test_who_leaves_a_form_that_was_stored_unknown_to_them_is_asked_about_the_request(turn: MakeTurn) -> None:
    """The yes was committed and its reply lost, so "nothing was sent" would be untrue."""
    memory = replace(KNOWN, request_key="key", preferred_time="friday", asked="confirmation")
    step = take_turn(memory, turn("never mind", "stop"), [FRIDAY])
    assert responses(step) == ["utter_confirm_withdrawal"]
    assert step.asked is None

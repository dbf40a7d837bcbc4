"""How a turn ended is told from what was said in it."""

from itertools import permutations
from pathlib import Path

import pytest
import yaml

from clinic.settings import PROJECT_ROOT
from conversations.answer_kinds import answer_kinds
from conversations.turn_outcomes import OUTCOMES, Said, turn_outcome

KINDS = answer_kinds()


def outcome(*responses: str, label: str = "help", safety: bool = False, in_form: bool = False) -> str:
    return turn_outcome([Said(name) for name in responses], label, KINDS, safety=safety, in_form=in_form)


@pytest.mark.parametrize(
    ("responses", "expected"),
    [
        (["utter_faq/can_i_pop"], "answered"),
        (["utter_ask_diagnosis"], "answered"),
        (["utter_uncovered/clinic_logistics", "utter_offer_staff"], "answered"),
        (["utter_uncovered/cost_insurance", "utter_offer_staff"], "uncovered"),
        (["utter_faq/causes", "utter_uncovered/contagious", "utter_offer_staff"], "uncovered"),
        (["utter_unclear"], "clarified"),
        (["utter_not_understood"], "fallback"),
        (["utter_out_of_scope"], "fallback"),
        (["utter_spanish"], "fallback"),
        (["utter_safety/emergency"], "safety"),
        (["utter_safety_language", "utter_safety/self_harm"], "safety"),
        (["utter_still_emergency"], "safety"),
        (["utter_safety_over", "utter_what_next"], "conversation"),
        (["utter_appointment_started", "utter_ask_contact_name"], "transaction"),
        (["utter_request_stored"], "transaction"),
        (["utter_staff_message_stored"], "transaction"),
        (["utter_confirm_erasure"], "transaction"),
        (["utter_greet"], "conversation"),
        (["utter_thanks"], "conversation"),
        (["utter_turn_failed"], "failed"),
        (["utter_not_stored"], "failed"),
        ([], "failed"),
    ],
)
def test_what_was_said_tells_the_outcome(responses: list[str], expected: str) -> None:
    assert {outcome(*order) for order in permutations(responses)} == {expected}


def test_a_question_within_a_form_is_answered_or_not_and_a_detail_is_business() -> None:
    asked_again = "utter_ask_confirmation"
    assert outcome("utter_faq/causes", asked_again, in_form=True) == "answered"
    assert outcome("utter_uncovered/symptoms", asked_again, in_form=True) == "uncovered"
    assert outcome("utter_details_noted", asked_again, in_form=True) == "transaction"
    assert outcome("utter_detail_not_understood", asked_again, in_form=True) == "fallback"
    assert outcome("utter_stop", in_form=True) == "transaction"
    assert outcome("utter_stop") == "conversation"


def test_a_marked_failure_is_one_even_where_help_was_said() -> None:
    said = [Said("utter_safety/emergency", failed=True)]
    assert turn_outcome(said, "safety/emergency", KINDS, safety=True, in_form=False) == "failed"


def test_danger_in_the_message_goes_before_whatever_was_said() -> None:
    assert outcome("utter_faq/causes", safety=True) == "safety"


def test_details_that_the_clinic_has_not_filled_in_are_not_an_answer() -> None:
    said = [Said("utter_uncovered/clinic_logistics", nothing_known=True)]
    assert turn_outcome(said, "uncovered/clinic_logistics", KINDS, safety=False, in_form=False) == "uncovered"


def test_a_response_of_earlier_days_is_judged_by_the_label() -> None:
    assert outcome("utter_no_longer_there", label="faq/causes") == "answered"
    assert outcome("utter_no_longer_there", label="no_longer_there") == "conversation"
    assert outcome("utter_no_longer_there", label="faq/causes", in_form=True) == "transaction"


def test_every_response_and_every_label_of_the_project_has_an_outcome() -> None:
    responses = [
        name
        for path in Path(PROJECT_ROOT / "data" / "responses").glob("*.yml")
        for name in yaml.safe_load(path.read_text(encoding="utf-8"))["responses"]
    ]
    assert set(responses) <= set(KINDS)
    assert {outcome(name) for name in responses} == set(OUTCOMES)
    labels = yaml.safe_load((PROJECT_ROOT / "data" / "labels.yml").read_text(encoding="utf-8"))["labels"]
    assert {KINDS[f"utter_{label}"] for label in labels if f"utter_{label}" in KINDS} >= {"facts", "settings", "safety"}

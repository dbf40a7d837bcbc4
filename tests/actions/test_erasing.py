"""Deleting is asked once, done on yes, and never by anything less."""

import pytest

from actions import erasing
from actions.form_turn import Effect
from actions.memory import ERASURE, Memory
from tests.actions.form_steps import MakeTurn
from tests.actions.test_own_requests import FOR_MAX, FRIDAY

ASKED = Memory(contact_name="Dana Fox", phone="+13125550142", offer=ERASURE)


def test_what_goes_is_said_without_names_or_numbers() -> None:
    step = erasing.ask(Memory(contact_name="Dana Fox", phone="+13125550142"), [FRIDAY, FOR_MAX])
    shown = step.replies[0].variables["erased_shown"]
    assert shown.startswith("your 2 appointment requests, ")
    assert "Fox" not in shown
    assert step.effect is None


def test_without_requests_none_are_named() -> None:
    assert "request" not in erasing.ask(Memory(), []).replies[0].variables["erased_shown"]


@pytest.mark.parametrize(
    ("text", "label"),
    [("yes, all of it", "affirm"), ("yes", "affirm"), ("delete it", "delete_my_data"), ("Delete it all", "affirm")],
)
def test_a_yes_erases(turn: MakeTurn, text: str, label: str) -> None:
    step = erasing.take_up(ASKED, turn(text, label), [FRIDAY])
    assert step is not None
    assert step.effect is Effect.ERASE


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("delete everything you have on me please", "delete_my_data"),
        ("wait no", "deny"),
        ("yes but keep the appointment", "affirm"),
        ("do milia hurt?", "faq/are_milia_painful"),
        ("maybe later", "inform"),
    ],
)
def test_anything_less_erases_nothing(turn: MakeTurn, text: str, label: str) -> None:
    step = erasing.take_up(ASKED, turn(text, label), [FRIDAY])
    assert step is None or step.effect is None

"""The checks that every dialogue is held against find what they are for, and no file can leave one out by a slip."""

from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from clinic.settings import PROJECT_ROOT
from evaluation.located_yaml import ContentError
from tests.conversation import dialogue_checks as checks
from tests.conversation.dialogue_checks import QUESTIONS, Heard, Told, asked_in
from tests.conversation.dialogue_file import TABLES, Dialogue, Turn, read_dialogues

ASKED_BY = {
    "name": ("utter_ask_contact_name", "utter_ask_contact_name_for_staff", "utter_ask_contact_name_spanish"),
    "patient": ("utter_ask_patient_name",),
    "contact": ("utter_ask_contact", "utter_ask_contact_for_staff", "utter_ask_contact_spanish"),
    "time": (
        "utter_ask_preferred_time",
        "utter_ask_easy_time",
        "utter_ask_new_time",
        "utter_time_past",
        "utter_time_impossible",
    ),
    "confirmation": ("utter_ask_confirmation",),
}
NOTHING_STORED = dict.fromkeys(TABLES, 0)


def wordings() -> list[tuple[str, str]]:
    """Every response and each of its texts."""
    files = sorted((PROJECT_ROOT / "data" / "responses").glob("*.yml"))
    responses = [yaml.safe_load(path.read_text(encoding="utf-8"))["responses"] for path in files]
    return [(name, each["text"]) for part in responses for name, texts in part.items() for each in texts]


def dialogue(**fields: object) -> Dialogue:
    return Dialogue.parse_obj({"name": "one", "turns": [{"user": "hi"}], "stored": {}, **fields})


def problems(
    said: str, channel: str = "web", told: Told | None = None, turn: dict[str, object] | None = None
) -> list[str]:
    """What is found in one reply."""
    sender = {"channel": "sms", "sender": "+13125550199"} if channel == "sms" else {}
    sent = Turn.parse_obj({"user": "hi", **(turn or {})})
    heard = Heard((said,) if said else (), (), NOTHING_STORED)
    general = checks.of_every_reply(dialogue(**sender), sent, heard, told or Told())
    return [*general, *checks.of_the_turn(sent, heard), *checks.of_what_is_stored(sent, heard)]


def test_each_question_is_known_by_all_its_wordings_and_by_no_others() -> None:
    for response, text in wordings():
        expected = [detail for detail, responses in ASKED_BY.items() if response in responses]
        assert asked_in(text) == expected, f"{response}: {text}"


def test_every_question_has_wordings() -> None:
    assert set(ASKED_BY) == set(QUESTIONS)


def test_no_approved_wording_is_taken_for_a_claimed_booking() -> None:
    for response, text in wordings():
        found = problems(text.replace("{", "").replace("}", ""))
        assert not [problem for problem in found if "booking:" in problem], f"{response}: {text}"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("Hello {contact_name}.", "placeholder"),
        ("You are booked for Friday.", "booking:"),
        ("It is not sent. Your booking is on Friday.", "booking:"),
        ("Great, see you on Friday!", "booking:"),
        ("Your request is recorded. It is not a booking yet.", "no new row in appointment_requests"),
        ("Done, the staff have your message.", "no new row in staff_messages"),
    ],
)
def test_a_bad_reply_is_found(said: str, found: str) -> None:
    assert any(found in problem for problem in problems(said))


@pytest.mark.parametrize("said", ["Reply YES to go on.", "Text stop if you are done.", "Reply CANCEL.", "a. " * 200])
def test_a_text_message_asks_for_no_word_of_the_carriers_and_is_short(said: str) -> None:
    assert problems(said, channel="sms")
    assert not problems("Reply STOP to end texts.", channel="sms")


def test_the_same_words_twice_and_a_question_for_what_is_known_are_found() -> None:
    assert problems("What is your name?", told=Told(before=("What is your name?",)))
    assert problems("Sorry, no. What is your name?", told=Told(before=("Hello. What is your name?",)))
    assert problems("What is your name? What is your name?")
    assert problems("What is your name?", told=Told(given={"name"}))
    assert not problems("What is your name?", told=Told(before=("Hello.",), given={"time"}))
    assert not problems("Name: Ann Lee. Shall I?", told=Told(before=("Name: Ann Lee. And now?",)))


@pytest.mark.parametrize(
    ("said", "turn"),
    [
        ("Hello.", {"says": ["goodbye"]}),
        ("Hello.", {"never": ["hello"]}),
        ("Hello.", {"choices": ["Send it"]}),
        ("What is your name?", {"asks": "time"}),
        ("What is your name?", {"asks": "nothing"}),
        ("Hello.", {"silent": True}),
        ("Take care.", {"danger": True}),
        ("Call 911. What is your name?", {"danger": True}),
    ],
)
def test_what_a_turn_expects_is_found_missing(said: str, turn: dict[str, object]) -> None:
    assert problems(said, turn=turn)


def test_a_row_that_nobody_was_told_of_is_found() -> None:
    heard = Heard(("Thank you.",), (), {**NOTHING_STORED, "appointment_requests": 1})
    assert list(checks.of_what_is_stored(Turn(user="yes"), heard))


@pytest.mark.parametrize(
    "expected", [[], [{"name": "Jan"}], [{"name": "~^n"}], [{"email": "a@example.com"}], [{"name": "Ann"}] * 2]
)
def test_rows_that_differ_are_found(expected: list[dict[str, str]]) -> None:
    stored = [{"name": "Ann", "email": None}]
    assert list(checks.of_the_rows("table", expected, stored))
    assert not list(checks.of_the_rows("table", [{"name": "~^a", "email": ""}], stored))


@pytest.mark.parametrize(
    "fields",
    [
        {"turns": []},
        {"turns": [{"user": "hi", "tap": "Send it"}]},
        {"turns": [{"says": ["hi"]}]},
        {"turns": [{"user": "hi", "say": ["hi"]}]},
        {"turns": [{"user": "hi", "asks": "age"}]},
        {"turns": [{"user": "hi", "advance": "soon"}]},
        {"turns": [{"user": "hi", "again": "true"}]},
        {"channel": "sms"},
        {"sender": "+13125550199"},
        {"channel": "sms", "sender": "+13125550199", "turns": [{"tap": "Send it"}]},
        {"stored": {"bookings": []}},
        {"final": "nothing"},
    ],
)
def test_a_dialogue_of_another_form_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        dialogue(**fields)


@pytest.mark.parametrize("expression", ["(", "[a"])
def test_a_broken_expression_is_refused(expression: str) -> None:
    with pytest.raises(ValidationError):
        dialogue(turns=[{"user": "hi", "says": [expression]}])


def test_names_are_different_and_keys_are_given_once(tmp_path: Path) -> None:
    one = "- name: one\n  turns:\n  - user: yes\n  stored: {}\n"
    file = tmp_path / "some.yml"
    file.write_text(one, encoding="utf-8")
    assert [turn.user for turn in read_dialogues(tmp_path)[0].turns] == ["yes"]
    file.write_text(one * 2, encoding="utf-8")
    with pytest.raises(ValueError, match="same name"):
        read_dialogues(tmp_path)
    file.write_text(one + "  stored: {}\n", encoding="utf-8")
    with pytest.raises(ContentError):
        read_dialogues(tmp_path)

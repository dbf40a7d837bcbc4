"""A conversation saved as a test is a file that the project's own reader takes, whatever was said in it."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Engine

from clinic.database import transaction
from clinic.flags import Flag
from clinic.staff_messages import StaffMessage
from console.conversation_view import read_whole
from console.saved_test import Stored, text_of_test
from conversations.reviews import TurnReview
from tests.console.conftest import NewClient
from tests.console.talk_rows import NOON, REPLY, forget_talks, store_talk, turn
from tests.conversation.dialogue_file import Dialogue, read_dialogues

TEST = "/conversations/talk-1/test"


def saved(console: NewClient, folder: Path) -> Dialogue:
    """The dialogue as the reader of the tests takes it."""
    answer = console("reviewer").get(TEST)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].startswith("attachment")
    (folder / "saved.yml").write_bytes(answer.content)
    (dialogue,) = read_dialogues(folder)
    return dialogue


def test_messages_labels_choices_and_rows_are_what_the_test_expects(
    console: NewClient, engine: Engine, tmp_path: Path
) -> None:
    offered = {**REPLY, "choices": ["Ask the staff", "Request an appointment"]}
    turns = [
        turn("i am [name], call [phone] or [email]", label="inform", outcome="transaction"),
        turn("how much is it: yes", label="uncovered/cost_insurance", responses=[offered]),
        turn("Ask the staff", label="talk_to_human", ranking=[], outcome="transaction"),
        turn("hm", outcome="fallback", started_at=NOON + timedelta(hours=5)),
        turn("it bleeds", label="safety/changing_lesion", safety="safety/changing_lesion", outcome="safety"),
        turn("again", outcome="conversation", responses=[]),
    ]
    store_talk(engine, turns=turns)
    with transaction(engine) as session:
        own = {"conversation_id": "talk-1", "channel": "web", "created_at": NOON}
        session.add(Flag(id="flag-1", turn_id="talk-1-5", label="safety/changing_lesion", **own))
        session.add(Flag(id="flag-2", turn_id="elsewhere", label="text_not_delivered", **own))
        message = {"topic": "cost", "urgency": "ordinary", "language": "en", "updated_at": NOON}
        session.add(StaffMessage(id="message-1", idempotency_key="key", **own, **message))
    found = saved(console, tmp_path)
    first, second, third, fourth, fifth, sixth = found.turns
    assert first.user == "i am Vera Lindqvist, call 312 555 0117 or vera.lindqvist@example.com"
    assert (first.understood, second.understood) == ("inform", "uncovered/cost_insurance")
    assert second.user == "how much is it: yes"
    assert second.choices == ("Ask the staff", "Request an appointment")
    assert (third.tap, third.understood) == ("Ask the staff", None)
    assert (fourth.understood, fourth.advance) == (None, "298m")
    assert fifth.danger
    assert sixth.silent
    assert found.stored == {"staff_messages": ({},), "flags": ({"label": "safety/changing_lesion"},)}
    assert found.channel == "web"


@pytest.mark.parametrize(
    ("verdict", "label", "expected"),
    [("wrong", "out_of_scope", "out_of_scope"), ("right", None, "faq/causes"), ("wrong", None, None)],
)
def test_what_a_reviewer_said_is_what_is_expected(
    console: NewClient, engine: Engine, tmp_path: Path, verdict: str, label: str | None, expected: str | None
) -> None:
    (event_id,) = store_talk(engine, turns=[turn(outcome="fallback")])
    review = {"verdict": verdict, "label": label, "reviewed_by": "dana", "reviewed_at": NOON}
    with transaction(engine) as session:
        session.add(TurnReview(event_id=event_id, conversation_id="talk-1", **review))
    assert saved(console, tmp_path).turns[0].understood == expected


def test_a_text_message_comes_from_a_number_that_is_nobodys(console: NewClient, engine: Engine, tmp_path: Path) -> None:
    store_talk(engine, turns=[turn("1", ranking=[], channel="sms", responses=[{**REPLY, "choices": ["Yes"]}])])
    found = saved(console, tmp_path)
    assert found.sender is not None
    assert found.sender[5:9] == "5550"
    assert (found.turns[0].user, found.turns[0].choices) == ("1", ())


def test_what_cannot_be_played_is_said(console: NewClient, engine: Engine) -> None:
    store_talk(engine, turns=[turn("kept"), turn(None)])
    answer = console("reviewer").get(TEST)
    assert answer.status_code == 400
    assert "no longer kept" in answer.text
    assert console("reviewer").get("/conversations/nobody/test").status_code == 404
    assert console("reader").get(TEST).status_code == 403


@pytest.mark.parametrize("rare", ["\x85", "\u2028", "\u2029", "\ufeff", "\x07", "\x7f"])
def test_a_rare_end_of_a_line_comes_back_as_it_was(engine: Engine, tmp_path: Path, rare: str) -> None:
    words = f"white{rare}bumps {rare} on my{rare}\nface{rare}"
    store_talk(engine, turns=[turn(words)])
    whole = read_whole(engine, "talk-1")
    assert whole is not None
    text = text_of_test("talk-1", "web", whole.turns, Stored(0, 0, 0, ()))
    (tmp_path / "saved.yml").write_text(text, encoding="utf-8", newline="")
    (dialogue,) = read_dialogues(tmp_path)
    assert dialogue.turns[0].user == words


WORDS = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=30)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(WORDS, min_size=1, max_size=3), reply=WORDS, choice=WORDS)
def test_any_words_come_back_as_they_were(
    engine: Engine, tmp_path: Path, texts: list[str], reply: str, choice: str
) -> None:
    forget_talks(engine)
    store_talk(engine, turns=[turn(text, responses=[{**REPLY, "text": reply, "choices": [choice]}]) for text in texts])
    whole = read_whole(engine, "talk-1")
    assert whole is not None
    text = text_of_test("talk-1", "web", whole.turns, Stored(0, 0, 0, ()))
    (tmp_path / "saved.yml").write_text(text, encoding="utf-8", newline="")
    (dialogue,) = read_dialogues(tmp_path)
    assert [each.user for each in dialogue.turns] == texts
    assert {each.choices for each in dialogue.turns} == {(choice,)}

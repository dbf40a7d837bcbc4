"""Reviewing on the page: marks and labels as plain forms, what they teach, and two people at once."""

import re

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from clinic.database import transaction
from conversations.corrections import decide
from conversations.reviews import ConversationReview, TurnReview
from conversations.teaching import Correction
from tests.console.app_client import ConsoleClient
from tests.console.conftest import NewClient
from tests.console.talk_rows import store_talk, turn

TALK = "/conversations/talk-1"
SEEN = re.compile(r'name="seen" value="([^"]*)"')


def review(engine: Engine) -> tuple[str, str | None, str] | None:
    with transaction(engine) as session:
        row = session.execute(select(TurnReview)).scalar_one_or_none()
        return None if row is None else (row.verdict, row.label, row.reviewed_by)


def correction(engine: Engine) -> Correction | None:
    with transaction(engine) as session:
        return session.execute(select(Correction)).scalar_one_or_none()


def mark(client: ConsoleClient, event_id: int, **fields: str) -> httpx.Response:
    """Send one of the forms of a turn, as a person would who has just loaded the page."""
    seen = SEEN.findall(client.get(TALK).text)[0]
    return client.post(f"{TALK}/turns/{event_id}/review", {"seen": seen, **fields})


@pytest.mark.parametrize(
    ("fields", "verdict", "label"),
    [
        ({"mark": "right"}, "right", None),
        ({"mark": "wrong"}, "wrong", None),
        ({"mark": "out_of_scope"}, "wrong", "out_of_scope"),
        ({"mark": "relabel", "label": "uncovered/other_causes"}, "wrong", "uncovered/other_causes"),
        ({"mark": "relabel", "typed": "  other CAUSES "}, "wrong", "uncovered/other_causes"),
        ({"mark": "relabel", "typed": "uncovered/other_causes"}, "wrong", "uncovered/other_causes"),
        ({"mark": "relabel", "typed": "Causes"}, "right", None),
    ],
)
def test_a_mark_is_kept_and_shown(
    console: NewClient, engine: Engine, fields: dict[str, str], verdict: str, label: str | None
) -> None:
    (event_id,) = store_talk(engine)
    client = console("reviewer")
    answer = mark(client, event_id, **fields)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{TALK}#turn-1")
    assert review(engine) == (verdict, label, "reviewer")
    proposed = correction(engine)
    assert (proposed.label if proposed else None) == label
    assert f"Marked as {verdict}" in client.get(TALK).text


def test_undoing_takes_the_proposal_back_too(console: NewClient, engine: Engine) -> None:
    (event_id,) = store_talk(engine)
    client = console("reviewer")
    mark(client, event_id, mark="out_of_scope")
    mark(client, event_id, mark="undo")
    assert review(engine) is None
    withdrawn = correction(engine)
    assert withdrawn is not None
    assert withdrawn.state == "rejected"
    assert "Marked as" not in client.get(TALK).text


def test_a_label_that_is_released_stays_released_when_the_mark_is_undone(console: NewClient, engine: Engine) -> None:
    (event_id,) = store_talk(engine)
    client = console("reviewer")
    mark(client, event_id, mark="out_of_scope")
    proposed = correction(engine)
    assert proposed is not None
    with transaction(engine) as session:
        session.get(Correction, proposed.id).checked_version = proposed.version
    decide(engine, proposed.id, proposed.version, release=True, by="dana", needs_two_people=True)
    mark(client, event_id, mark="undo")
    kept = correction(engine)
    assert kept is not None
    assert kept.state == "released"


def test_a_label_that_there_is_not_is_said_beside_the_message_and_stays_typed(
    console: NewClient, engine: Engine
) -> None:
    (event_id,) = store_talk(engine)
    client = console("reviewer")
    page = mark(client, event_id, mark="relabel", typed="caused by <magic>")
    assert page.status_code == 400
    assert "There is no label “caused by &lt;magic&gt;”" in page.text
    assert 'value="caused by &lt;magic&gt;"' in page.text
    assert "<h1>Conversation</h1>" in page.text
    part = client.post(
        f"{TALK}/turns/{event_id}/review", {"mark": "relabel", "typed": "magic"}, headers={"HX-Request": "true"}
    )
    assert part.status_code == 400
    assert "There is no label “magic”" in part.text
    assert "<h1>" not in part.text
    assert review(engine) is None


def test_a_script_gets_the_message_alone(console: NewClient, engine: Engine) -> None:
    events = store_talk(engine, turns=[turn("one"), turn("two")])
    client = console("reviewer")
    part = client.post(f"{TALK}/turns/{events[1]}/review", {"mark": "right"}, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert re.findall(r'id="turn-(\d+)"', part.text) == ["2"]
    assert "Marked as right" in part.text
    assert "<html" not in part.text


def test_the_second_of_two_is_told_and_nothing_of_the_first_is_lost(console: NewClient, engine: Engine) -> None:
    (event_id,) = store_talk(engine)
    dana, robin = console("reviewer", name="dana"), console("admin", name="robin")
    seen_by_both = SEEN.findall(dana.get(TALK).text)[0]
    path = f"{TALK}/turns/{event_id}/review"
    assert dana.post(path, {"mark": "out_of_scope", "seen": seen_by_both}).status_code == 303
    refused = robin.post(path, {"mark": "right", "seen": seen_by_both})
    assert refused.status_code == 409
    assert "Dana marked this message as wrong, the right label being “Off topic” meanwhile" in refused.text
    assert review(engine) == ("wrong", "out_of_scope", "dana")
    assert mark(robin, event_id, mark="right").status_code == 303
    assert review(engine) == ("right", None, "robin")


def test_words_that_are_no_longer_kept_can_be_marked_but_teach_nothing(console: NewClient, engine: Engine) -> None:
    (event_id,) = store_talk(engine, turns=[turn(None)])
    assert mark(console("reviewer"), event_id, mark="out_of_scope").status_code == 303
    assert review(engine) == ("wrong", "out_of_scope", "reviewer")
    assert correction(engine) is None


@pytest.mark.parametrize("fields", [{}, {"mark": "perfect"}, {"mark": "right", "seen": "yesterday"}])
def test_a_damaged_form_changes_nothing(console: NewClient, engine: Engine, fields: dict[str, str]) -> None:
    (event_id,) = store_talk(engine)
    assert console("reviewer").post(f"{TALK}/turns/{event_id}/review", fields).status_code == 400
    assert review(engine) is None


def test_a_turn_of_another_conversation_is_not_found(console: NewClient, engine: Engine) -> None:
    store_talk(engine)
    (other,) = store_talk(engine, "talk-2")
    assert console("reviewer").post(f"{TALK}/turns/{other}/review", {"mark": "right"}).status_code == 404
    assert review(engine) is None


def test_readers_and_schedulers_read_and_do_not_review(console: NewClient, engine: Engine) -> None:
    (event_id,) = store_talk(engine)
    for role in ("reader", "scheduler"):
        client = console(role)
        page = client.get(TALK)
        assert page.status_code == 200
        assert "/review" not in page.text
        assert client.post(f"{TALK}/turns/{event_id}/review", {"mark": "right"}).status_code == 403
        assert client.post(f"{TALK}/review", {"turns_seen": "1"}).status_code == 403
    assert review(engine) is None


def test_a_conversation_that_goes_on_after_the_page_was_loaded_is_not_reviewed_to_its_end(
    console: NewClient, engine: Engine
) -> None:
    store_talk(engine, turns=[turn(), turn(), turn()])
    client = console("reviewer")
    # The page was loaded when there were two messages.
    answer = client.post(f"{TALK}/review", {"turns_seen": "2"})
    assert answer.headers["location"] == f"{TALK}#turn-2"
    page = client.get(TALK).text
    assert "Gone on since reviewed by Reviewer" in page
    client.post(f"{TALK}/review", {"turns_seen": "3"})
    assert "Not reviewed after all" in client.get(TALK).text
    client.post(f"{TALK}/review", {"undo": "yes"})
    with transaction(engine) as session:
        assert session.execute(select(ConversationReview)).first() is None
    assert client.post(f"{TALK}/review", {"turns_seen": "9"}).status_code == 404

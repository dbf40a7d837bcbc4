"""Reviews of turns and of conversations: kept once, told apart when two people review at the same time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from clinic.database import transaction
from conversations.reviewing import (
    NoSuchTurnError,
    ReviewedByOtherError,
    mark_reviewed,
    review_turn,
    undo_review,
    unmark_reviewed,
)
from conversations.reviews import RIGHT, WRONG, ConversationReview, TurnReview
from tests.console.talk_rows import store_talk, turn

TALK = "talk-1"


@pytest.fixture
def event_id(engine: Engine) -> int:
    return store_talk(engine, TALK, [turn(), turn(), turn()])[0]


def stored(engine: Engine) -> tuple[str, str | None, str] | None:
    with transaction(engine) as session:
        row = session.execute(select(TurnReview)).scalar_one_or_none()
        return None if row is None else (row.verdict, row.label, row.reviewed_by)


def stored_moment(engine: Engine) -> datetime:
    with transaction(engine) as session:
        moment: datetime = session.execute(select(TurnReview.reviewed_at)).scalar_one()
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def test_a_verdict_is_kept_changed_and_taken_back_by_the_same_person(engine: Engine, event_id: int) -> None:
    review_turn(engine, TALK, event_id, verdict=RIGHT, label=None, by="dana", seen=None)
    assert stored(engine) == (RIGHT, None, "dana")
    review_turn(engine, TALK, event_id, verdict=WRONG, label="faq/causes", by="dana", seen=None)
    assert stored(engine) == (WRONG, "faq/causes", "dana")
    undo_review(engine, TALK, event_id, by="dana", seen=None)
    assert stored(engine) is None
    undo_review(engine, TALK, event_id, by="dana", seen=None)


def test_a_verdict_that_was_not_seen_is_not_replaced(engine: Engine, event_id: int) -> None:
    review_turn(engine, TALK, event_id, verdict=RIGHT, label=None, by="dana", seen=None)
    with pytest.raises(ReviewedByOtherError) as refused:
        review_turn(engine, TALK, event_id, verdict=WRONG, label=None, by="robin", seen=None)
    assert (refused.value.review.verdict, refused.value.review.reviewed_by) == (RIGHT, "dana")
    with pytest.raises(ReviewedByOtherError):
        undo_review(engine, TALK, event_id, by="robin", seen=stored_moment(engine) - timedelta(seconds=1))
    assert stored(engine) == (RIGHT, None, "dana")
    review_turn(engine, TALK, event_id, verdict=RIGHT, label=None, by="robin", seen=None)  # the same: nothing to tell
    assert stored(engine) == (RIGHT, None, "dana")
    review_turn(engine, TALK, event_id, verdict=WRONG, label=None, by="robin", seen=stored_moment(engine))
    assert stored(engine) == (WRONG, None, "robin")


def test_of_two_who_review_at_the_same_moment_one_is_told(engine: Engine, event_id: int) -> None:
    barrier = Barrier(2)

    def review(name: str) -> str:
        barrier.wait()
        try:
            verdict = RIGHT if name == "dana" else WRONG
            review_turn(engine, TALK, event_id, verdict=verdict, label=None, by=name, seen=None)
        except ReviewedByOtherError as refused:
            return f"told of {refused.review.reviewed_by}"
        return name

    with ThreadPoolExecutor(2) as people:
        results = set(people.map(review, ("dana", "robin")))
    kept = stored(engine)
    assert kept is not None
    assert results == {kept[2], f"told of {kept[2]}"}


@pytest.mark.parametrize(("conversation_id", "wrong_event"), [("talk-2", 0), (TALK, 77)])
def test_a_turn_of_another_conversation_or_none_is_refused(
    engine: Engine, event_id: int, conversation_id: str, wrong_event: int
) -> None:
    with pytest.raises(NoSuchTurnError):
        review_turn(engine, conversation_id, event_id + wrong_event, verdict=RIGHT, label=None, by="dana", seen=None)
    assert stored(engine) is None


def test_a_verdict_of_another_kind_is_refused(engine: Engine, event_id: int) -> None:
    with pytest.raises(ValueError, match="no verdict"):
        review_turn(engine, TALK, event_id, verdict="perhaps", label=None, by="dana", seen=None)


def test_who_read_further_stays_named(engine: Engine, event_id: int) -> None:
    def kept() -> tuple[int, str] | None:
        with transaction(engine) as session:
            row = session.get(ConversationReview, TALK)
            return None if row is None else (row.turns_seen, row.reviewed_by)

    mark_reviewed(engine, TALK, turns_seen=2, by="dana")
    mark_reviewed(engine, TALK, turns_seen=1, by="robin")
    assert kept() == (2, "dana")
    mark_reviewed(engine, TALK, turns_seen=3, by="robin")
    assert kept() == (3, "robin")
    with pytest.raises(NoSuchTurnError):
        mark_reviewed(engine, TALK, turns_seen=4, by="robin")
    unmark_reviewed(engine, TALK)
    assert kept() is None

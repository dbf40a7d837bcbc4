"""A database filled with made-up conversations: as many turns as asked for, and a log that is consistent in itself."""

from datetime import datetime, timedelta, timezone
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.engine import Engine

from clinic.appointment_requests import AppointmentRequest
from clinic.database import make_engine, transaction
from clinic.flags import Flag
from clinic.migrate import migrate
from conversations.turn_log import LoggedConversation, LoggedTurn
from evaluation.speed.seeded_log import SeededLog, seed_log

TURNS = 4_500
UNTIL = datetime(2026, 11, 23, 15, tzinfo=timezone.utc)


def seeded(path: Path, seed: int) -> tuple[Engine, SeededLog]:
    engine = make_engine(f"sqlite:///{path}")
    migrate(engine)
    return engine, seed_log(engine, TURNS, seed, UNTIL)


def test_the_log_has_the_turns_and_agrees_with_itself(tmp_path: Path) -> None:
    engine, done = seeded(tmp_path / "log.sqlite3", seed=1)
    with transaction(engine) as session:
        turns = session.execute(select(LoggedTurn)).scalars().all()
        talks = session.execute(select(LoggedConversation)).scalars().all()
        flagged = session.execute(select(func.count(Flag.id))).scalar_one()
        requests = session.execute(select(func.count(AppointmentRequest.id))).scalar_one()
    assert (len(turns), len(talks)) == (TURNS, done.conversations)
    assert len({turn.event_id for turn in turns}) == TURNS
    assert sum(talk.turn_count for talk in talks) == TURNS
    by_talk = {talk.conversation_id: talk for talk in talks}
    assert by_talk[done.longest].turn_count == 400
    newest = {turn.conversation_id: turn for turn in sorted(turns, key=lambda turn: turn.ordinal)}
    assert all(turn.ordinal == by_talk[name].turn_count for name, turn in newest.items())
    assert all(turn.started_at == by_talk[name].last_activity_at for name, turn in newest.items())
    assert flagged == sum(turn.safety is not None for turn in turns) > 0
    assert requests > 0
    first = min(talk.started_at for talk in talks).replace(tzinfo=timezone.utc)
    assert UNTIL - timedelta(days=91) < first < UNTIL - timedelta(days=85)


def test_the_same_seed_tells_the_same_and_a_second_seed_can_be_added(tmp_path: Path) -> None:
    one, first = seeded(tmp_path / "one.sqlite3", seed=1)
    _, same = seeded(tmp_path / "same.sqlite3", seed=1)
    assert first == same
    added = seed_log(one, 100, seed=2, until=UNTIL)
    with transaction(one) as session:
        assert session.execute(select(func.count(LoggedTurn.id))).scalar_one() == TURNS + added.turns

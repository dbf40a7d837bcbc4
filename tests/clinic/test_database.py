"""The database is the file that was opened, or the fault is seen."""

from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError

from clinic.database import answers, make_engine, transaction
from clinic.flags import Flag, flag_turn
from clinic.migrate import migrate


def test_a_database_file_that_is_moved_away_is_noticed_and_found_again(tmp_path: Path) -> None:
    path = tmp_path / "clinic.sqlite3"
    engine = make_engine(f"sqlite:///{path}")
    migrate(engine)
    flag_turn(engine, "conversation", "turn-1", "safety/emergency", "web")
    moved = [found.rename(found.with_name(f"away-{found.name}")) for found in tmp_path.iterdir()]
    with pytest.raises(SQLAlchemyError):
        flag_turn(engine, "conversation", "turn-2", "safety/emergency", "web")
    for found in tmp_path.glob("clinic.sqlite3*"):
        found.unlink()
    for found in moved:
        found.rename(found.with_name(found.name.removeprefix("away-")))
    flag_turn(engine, "conversation", "turn-3", "safety/emergency", "web")
    with transaction(engine) as session:
        assert sorted(flag.turn_id for flag in session.query(Flag)) == ["turn-1", "turn-3"]
    assert answers(engine)
    engine.dispose()


def test_a_database_in_memory_works(tmp_path: Path) -> None:
    engine = make_engine("sqlite://")
    assert answers(engine)
    engine.dispose()

"""What is left on disk goes: old exports, and what a killed training left; nothing else of the instance does."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from clinic import clock
from clinic.retention_settings import RetentionSettings
from conversations.retention.purge import Keeper, look, purge
from conversations.retention.runs import COMMAND
from conversations.taught_files import TaughtFiles


def put(path: Path, days: float) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("a line")
    moment = (clock.now() - timedelta(days=days)).timestamp()
    os.utime(path, (moment, moment))
    return path


@pytest.fixture
def keeper(sqlite_engine: Engine, tmp_path: Path) -> Keeper:
    return Keeper(sqlite_engine, tmp_path / "var", RetentionSettings())


def test_exports_go_after_their_time_and_what_a_killed_training_left_after_a_day(keeper: Keeper) -> None:
    var = keeper.var_dir
    gone = [put(var / "exports" / "old.csv", 31), put(var / "teaching" / ".writing-abc", 2)]
    stays = [
        put(var / "exports" / "new.csv", 29),
        put(var / "teaching" / ".writing-def", 0.5),
        put(var / "teaching" / "in_force.yml", 400),
        put(var / "teaching" / "models_kept.txt", 400),
        put(var / "erasures" / "journal.jsonl", 400),
        put(var / "development-secret", 400),
    ]
    with TaughtFiles(var / "teaching").working_folder() as working:
        old = put(Path(working) / "question.jsonl", 2)
        os.utime(working, (old.stat().st_mtime, old.stat().st_mtime))
        expected = look(keeper)
        assert {each.store: each.removed for each in expected if each.removed} == {
            "files: exports": 1,
            "files: teaching": 2,
        }
        assert purge(keeper, COMMAND) == expected
        assert not Path(working).exists()
        Path(working).mkdir()
    assert [path.exists() for path in gone] == [False] * 2
    assert all(path.exists() for path in stays)
    assert sum(each.removed for each in purge(keeper, COMMAND)) == 0


def test_a_link_is_deleted_and_not_what_it_leads_to(keeper: Keeper, tmp_path: Path) -> None:
    elsewhere = put(tmp_path / "elsewhere" / "kept.csv", 50)
    (keeper.var_dir / "exports").mkdir(parents=True)
    link = keeper.var_dir / "exports" / "link"
    link.symlink_to(elsewhere.parent)
    moment = (clock.now() - timedelta(days=50)).timestamp()
    os.utime(link, (moment, moment), follow_symlinks=False)
    purge(keeper, COMMAND)
    assert not link.is_symlink()
    assert elsewhere.exists()

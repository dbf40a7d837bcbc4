"""A made-up month: its plan, its scenes, and that it is played through the real channels."""

import os
import random
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from clinic.appointment_requests import AppointmentRequest
from clinic.clock import in_utc, now
from clinic.database import make_engine, transaction
from clinic.migrate import migrate
from clinic.settings import PROJECT_ROOT
from conversations.turns import Turn
from evaluation.demo_data.__main__ import main
from evaluation.demo_data.month import CLOSES, OPENS, beginnings, called_back
from evaluation.demo_data.scenes import SceneBook
from tests.evaluation.demo_month import SCENES

CHICAGO = ZoneInfo("America/Chicago")
UNTIL = datetime(2026, 11, 3, 18, tzinfo=timezone.utc)  # the clocks went back two days before


def test_conversations_begin_in_order_within_the_days_and_never_in_the_dead_of_night() -> None:
    moments = beginnings(random.Random(3), UNTIL, 5, 200, CHICAGO)
    assert moments == sorted(moments)
    assert UNTIL - timedelta(days=5) <= moments[0] < moments[-1] < UNTIL
    assert not {moment.astimezone(CHICAGO).hour for moment in moments} & {2, 3, 4}


def test_the_staff_call_back_later_and_in_working_hours_only() -> None:
    chance = random.Random(4)
    for hours in range(0, 24 * 7, 5):
        stored = UNTIL + timedelta(hours=hours)
        called = called_back(chance, stored, CHICAGO).astimezone(CHICAGO)
        assert called > stored
        assert OPENS <= called.hour < CLOSES
        assert called.weekday() < 5


def test_every_scene_can_be_played_and_each_person_has_a_number_that_nobody_has() -> None:
    drawn = [SceneBook(random.Random(seed)).draw() for seed in range(400)]
    assert {scene.sender is None for scene in drawn} == {True, False}
    assert all("{" not in (turn.text or "") for scene in drawn for turn in scene.turns)
    assert all("5550" in scene.sender for scene in drawn if scene.sender)


def test_a_bare_yes_in_the_scenes_is_refused_instead_of_becoming_a_truth_value(tmp_path: Path) -> None:
    path = tmp_path / "scenes.yml"
    path.write_text("names: [A B]\ntimes: [now]\nscenes:\n- {says: [yes]}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="put it in quotes"):
        SceneBook(random.Random(1), path).draw()


def test_made_up_people_never_come_among_real_ones(monkeypatch: pytest.MonkeyPatch, capsys, tmp_path: Path) -> None:
    for name, value in {"MILIA_ENVIRONMENT": "production", "SECRET_KEY": "x" * 40, "VAR_DIR": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PUBLIC_URL", "https://bot.example.com")
    monkeypatch.setenv("CONSOLE_URL", "https://staff.example.com")
    assert main([]) == 1
    assert "production" in capsys.readouterr().err


def test_a_month_is_played_into_the_database_with_times_that_have_passed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'demo.sqlite3'}"
    engine = make_engine(url)
    migrate(engine)
    command = [sys.executable, "-W", "ignore", "-m", "tests.evaluation.demo_month", str(tmp_path)]
    environment = {**os.environ, "DATABASE_URL": url, "VAR_DIR": str(tmp_path)}
    done = subprocess.run(
        command, cwd=PROJECT_ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    with transaction(engine) as session:
        turns = session.execute(select(Turn)).scalars().all()
        requests = session.execute(select(AppointmentRequest)).scalars().all()
    engine.dispose()
    texts = [turn.visitor_text for turn in turns if turn.visitor_text is not None]
    assert texts.count(SCENES[0]) == len(texts) > 0
    began = {turn.conversation_id: in_utc(turn.claimed_at) for turn in reversed(turns)}
    assert len(began) == 4
    assert all(now() - timedelta(days=10, hours=1) < moment < now() for moment in began.values())
    assert requests == []

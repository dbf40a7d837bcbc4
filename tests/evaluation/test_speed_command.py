"""The command that measures speed: results kept, exit codes, and a short run of the real thing."""

import json
import os
import re
import subprocess
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from clinic.settings import load_settings
from evaluation.instance import free_ports, instance_environment
from evaluation.places import PROJECT_ROOT
from evaluation.speed.__main__ import main
from evaluation.speed.client import MeasurementError
from evaluation.speed.footprint import folder_size, locked_packages_size, processor_seconds, resident_memory
from evaluation.speed.measurement import Measured, Say
from evaluation.speed.plan import FULL, QUICK, Plan
from evaluation.speed.results import RUNS_KEPT, keep_run, previous_values
from tests.evaluation.speed_numbers import measured

RATIO = re.compile(r"x \d+\.\d\d")
MOMENT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=timezone.utc)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    return tmp_path / "var" / "bench"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "abc.tar.gz"
    path.touch()
    return path


def run(model: Path, *arguments: str, start: float = 6.5) -> int:
    def measure(given: Path, plan: Plan, say: Say) -> Measured:
        assert given == model.resolve()
        assert plan is (QUICK if "--quick" in arguments else FULL)
        say("measuring")
        return measured({"start": start})

    return main(["--model", str(model), *arguments], measure_model=measure)


def test_a_run_leaves_results_and_two_pictures(folder: Path, model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(model) == 0
    names = sorted(path.name for path in folder.iterdir())
    assert names[1:] == ["latency_over_load.svg", "latency_over_turns.svg"]
    written = json.loads((folder / names[0]).read_text(encoding="utf-8"))
    assert written["model"] == "abc.tar.gz"
    assert written["figures"][0] | {"detail": ""} == {
        "name": "start to first answer",
        "value": 6.5,
        "unit": "s",
        "floor": 12,
        "aim": 7,
        "more_is_better": False,
        "detail": "",
        "verdict": "aim",
    }
    assert written["measured"]["talked"]["one_client"][-1] == 0.018
    assert str(PROJECT_ROOT) not in json.dumps(written)
    assert "Every floor is reached." in capsys.readouterr().out


def test_the_second_run_is_compared_with_the_first(
    folder: Path, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(model, start=4.0)
    assert RATIO.search(capsys.readouterr().out) is None
    run(model, start=6.0)
    found = RATIO.search(capsys.readouterr().out)
    assert found is not None
    assert found.group() == "x 1.50"


def test_a_quick_run_is_not_compared_with_a_full_one(
    folder: Path, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(model)
    capsys.readouterr()
    run(model, "--quick")
    assert RATIO.search(capsys.readouterr().out) is None


def test_below_a_floor_fails_only_a_strict_run(folder: Path, model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(model, start=12.5) == 0
    assert "BELOW FLOOR: start to first answer." in capsys.readouterr().out
    assert run(model, "--strict", start=12.5) == 1
    assert run(model, "--strict") == 0


def test_what_cannot_be_measured_ends_with_two_and_leaves_nothing(
    folder: Path, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def measure(_model: Path, _plan: Plan, _say: Say) -> Measured:
        raise MeasurementError("The bot process ended (exit code 1): no reason given")

    assert main(["--model", str(model)], measure_model=measure) == 2
    assert "The bot process ended (exit code 1)" in capsys.readouterr().err
    assert not folder.exists()


def test_an_interrupted_run_says_so(folder: Path, model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def measure(_model: Path, _plan: Plan, _say: Say) -> Measured:
        raise KeyboardInterrupt

    assert main(["--model", str(model)], measure_model=measure) == 130
    assert "Interrupted" in capsys.readouterr().err


def test_the_newest_run_of_a_kind_is_the_previous_one(tmp_path: Path) -> None:
    def content(value: float | None) -> dict[str, object]:
        return {"figures": [{"name": "a", "value": value}, {"name": "b", "value": 2}]}

    assert previous_values(tmp_path, "full") == {}
    keep_run(tmp_path, "full", content(1.0), MOMENT)
    keep_run(tmp_path, "full", content(None), MOMENT + timedelta(seconds=1))
    keep_run(tmp_path, "quick", content(9.0), MOMENT + timedelta(hours=1))
    assert previous_values(tmp_path, "full") == {"b": 2.0}


@pytest.mark.parametrize("damaged", ["", "{", "[]", "{}", '{"figures": [{"name": "a"}]}', '{"figures": 3}'])
def test_a_damaged_result_is_passed_over(tmp_path: Path, damaged: str) -> None:
    keep_run(tmp_path, "full", {"figures": [{"name": "a", "value": 1}]}, MOMENT)
    (tmp_path / "full-20270101T000000.json").write_text(damaged, encoding="utf-8")
    assert previous_values(tmp_path, "full") == {"a": 1.0}


def test_only_the_last_runs_of_each_kind_are_kept(tmp_path: Path) -> None:
    keep_run(tmp_path, "quick", {}, MOMENT)
    kept = [keep_run(tmp_path, "full", {}, MOMENT + timedelta(minutes=minute)) for minute in range(RUNS_KEPT + 3)]
    assert sorted(tmp_path.glob("full-*")) == kept[3:]
    assert len(list(tmp_path.glob("quick-*"))) == 1


def test_the_measured_instance_takes_nothing_from_the_surrounding_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "MILIA_ENVIRONMENT": "production",
        "SECRET_KEY": "x" * 40,
        "DATABASE_URL": "postgresql://clinic.example/real",
        "REDIS_URL": "redis://clinic.example",
        "BOT_HOST": "0.0.0.0",
        "CLINIC_PHONE": "312 555 0100",
        **instance_environment(tmp_path, 40001, 40002),
    }.items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    assert settings.database_url == f"sqlite:///{tmp_path / 'milia.sqlite3'}"
    assert (settings.bot_host, settings.bot_port, settings.actions_port) == ("127.0.0.1", 40001, 40002)
    assert (settings.environment, settings.redis_url, settings.clinic_phone) == ("development", "", "")
    assert settings.rate_limits is False
    assert settings.secret_key != "x" * 40


def test_free_ports_differ_and_can_be_had() -> None:
    ports = free_ports(20)
    assert len(set(ports)) == 20


def test_memory_is_that_of_the_process() -> None:
    code = "import time; block = bytearray(200_000_000); print('ready', flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-I", "-S", "-c", code], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        taken = resident_memory(process.pid)
        process.kill()
    assert 200 < taken < 260
    with pytest.raises(MeasurementError, match="it has ended"):
        resident_memory(process.pid)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="this system has no /proc")
def test_processor_time_is_that_of_the_process_and_not_its_waiting() -> None:
    before, began = processor_seconds(os.getpid()), time.process_time()
    assert before is not None
    time.sleep(0.2)
    while time.process_time() - began < 0.3:
        pass
    after = processor_seconds(os.getpid())
    assert after is not None
    assert after - before == pytest.approx(0.3, abs=0.1)


def test_processor_time_of_a_process_that_is_not_there_is_not_known() -> None:
    assert processor_seconds(2**22 + 1) is None


def test_a_folder_is_as_large_as_its_files_and_links_count_once(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "a").write_bytes(bytes(3_000_000))
    (tmp_path / "b").write_bytes(bytes(1_000_000))
    (tmp_path / "again").hardlink_to(inner / "a")
    (tmp_path / "link").symlink_to(inner / "a")
    (tmp_path / "away").symlink_to(inner, target_is_directory=True)
    assert folder_size(tmp_path) == pytest.approx(0.004)


def test_the_size_of_locked_packages_is_that_of_their_files(tmp_path: Path) -> None:
    one, two = tmp_path / "one.lock", tmp_path / "two.lock"
    one.write_text("sanic==21.12.2 \\\n    --hash=sha256:00\nnot-installed-here==1\n", encoding="utf-8")
    two.write_text("SQLAlchemy==1.4.54\nsanic==21.12.2 ; python_version < '3.11'\n", encoding="utf-8")
    assert 0.0001 < locked_packages_size(one) < locked_packages_size(two) < 0.1


@pytest.mark.live
@pytest.mark.model
def test_a_quick_run_measures_the_real_assistant(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "evaluation.speed", "--quick"],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=170,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (kept,) = folder.glob("quick-*.json")
    written = json.loads(kept.read_text(encoding="utf-8"))
    figures = {figure["name"]: figure["value"] for figure in written["figures"]}
    assert all(value > 0 for name, value in figures.items() if name not in ("training", "load carried, open loop"))
    assert len(written["measured"]["talked"]["one_client"]) == QUICK.sessions * QUICK.turns_in_session
    assert len(written["measured"]["talked"]["long"]["turns"]) == QUICK.late_turn + QUICK.compared_turns // 2


@pytest.mark.live
@pytest.mark.model
def test_a_run_that_is_told_to_end_leaves_no_process_and_no_files(folder: Path, tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    command = [sys.executable, "-m", "evaluation.speed", "--quick"]
    environment = {**os.environ, "TMPDIR": str(temporary)}
    with subprocess.Popen(
        command, cwd=PROJECT_ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        deadline = time.monotonic() + 60
        while not list(temporary.glob("*/logs/bot.log")) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert _commands_naming(temporary)
        process.terminate()
        printed, _ = process.communicate(timeout=30)
    assert process.returncode == 130, printed
    assert "Interrupted" in printed
    assert _commands_naming(temporary) == []
    assert list(temporary.iterdir()) == []


def _commands_naming(folder: Path) -> list[str]:
    listed = subprocess.run(("ps", "-eo", "pid=,args=", "eww"), capture_output=True, text=True, check=True).stdout
    return [line.split()[0] for line in listed.splitlines() if f"VAR_DIR={folder}" in line]

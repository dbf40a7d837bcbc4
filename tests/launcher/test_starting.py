import errno
import http.client
import re
import socket
import sys
from collections.abc import Callable

import pytest

from launcher.logs import LARGEST_LOG
from launcher.trouble import explained
from tests.launcher.conftest import StartedInstance, stand_in
from tests.ports import free_port


def test_a_start_ends_with_the_addresses_and_a_bot_that_answers(instance: StartedInstance) -> None:
    shown = instance.start().until_shown("Logs ")
    port = int(instance.settings["BOT_PORT"])
    assert re.search(r"^Ready after \d+ s, the packages' time not counted\.", shown, re.MULTILINE)
    assert f"http://127.0.0.1:{port}/webhooks/web/demo" in shown
    assert f"http://127.0.0.1:{port}/health/ready" in shown
    assert str(instance.var_dir / "logs") in shown
    variables = f"VAR_DIR={instance.var_dir} BOT_HOST=127.0.0.1 BOT_PORT={port}"
    assert f"  Texting    {variables} .venv/bin/python -m channels.sms.simulate" in shown
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/health/ready")
    assert connection.getresponse().status == 200
    connection.close()


def test_training_tells_how_it_gets_on(instance: StartedInstance) -> None:
    instance.programs["training"] = stand_in("--say", "\x1b[92m31 % done\x1b[0m", "--exit", "3")
    shown = instance.start().until_shown("Stopped.")
    assert "Training: 31 % done" in shown


def test_the_model_is_trained_with_what_reviewers_taught(instance: StartedInstance) -> None:
    instance.programs["training"] = [sys.executable, "-c", "import sys; print(sys.argv[1:]); sys.exit(3)"]
    assert "Training: []" in instance.start().until_shown("Stopped.")
    assert instance.exit_code() == 1
    taught, kept = (instance.var_dir / "teaching" / name for name in ("in_force.yml", "models_kept.txt"))
    taught.parent.mkdir()
    taught.touch()
    kept.touch()
    shown = instance.start().until_shown("Stopped.")
    assert f"Training: {['--taught', str(taught), '--keep', str(kept)]}" in shown


@pytest.mark.parametrize("setting", ["BOT_PORT", "ACTIONS_PORT", "CONSOLE_PORT"])
def test_a_taken_port_is_named_with_its_setting_and_the_way_out(instance: StartedInstance, setting: str) -> None:
    with socket.socket() as other_program:
        other_program.bind(("127.0.0.1", 0))
        other_program.listen()
        port = other_program.getsockname()[1]
        instance.settings[setting] = str(port)
        instance.start()
        assert instance.exit_code() == 1
    [line] = instance.shown().splitlines()
    assert f"Port {port} is taken" in line
    assert f"{setting}={port + 1} make run" in line
    assert not instance.processes()


def test_the_first_account_is_made_by_a_link_that_is_shown_once_everything_runs(instance: StartedInstance) -> None:
    shown = instance.start().until_shown("Logs ")
    assert "First account (once, within a day)  http://127.0.0.1/welcome" in shown
    assert f"Console    http://127.0.0.1:{instance.settings['CONSOLE_PORT']}" in shown


def test_where_there_is_an_account_no_link_is_shown(instance: StartedInstance) -> None:
    instance.programs["first_link"] = stand_in("--exit", "3")
    shown = instance.start().until_shown("Logs ")
    assert "First account" not in shown


def test_one_port_for_both_programs_is_refused(instance: StartedInstance) -> None:
    instance.settings["ACTIONS_PORT"] = instance.settings["BOT_PORT"]
    assert instance.start().exit_code() == 1
    assert "BOT_PORT and ACTIONS_PORT are both" in instance.shown()


def test_an_address_of_another_machine_is_refused(instance: StartedInstance) -> None:
    instance.settings["BOT_HOST"] = "192.0.2.1"
    assert instance.start().exit_code() == 1
    assert "BOT_HOST is '192.0.2.1', which is no address of this machine" in instance.shown()


def test_the_same_instance_is_not_started_twice(make_instance: Callable[[str], StartedInstance]) -> None:
    first, second = make_instance("var"), make_instance("var")
    second.screen = first.screen.with_name("second-screen")
    first.start().until_shown("Ready")
    assert second.start().exit_code() == 1
    assert first.process
    assert f"already running (process {first.process.pid}" in second.shown()
    assert len(first.running()) == 3


def test_two_instances_run_side_by_side(make_instance: Callable[[str], StartedInstance]) -> None:
    first, second = make_instance("one").start(), make_instance("two").start()
    assert "Ready" in first.until_shown("Ready")
    assert "Ready" in second.until_shown("Ready")


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"BOT_PORT": "door"}, "BOT_PORT is 'door'"),
        ({"MILIA_ENVIRONMENT": "production", "SECRET_KEY": ""}, "SECRET_KEY is not set"),
        ({"RATE_LIMITS": "off", "BOT_HOST": "0.0.0.0"}, "RATE_LIMITS=off"),
        ({"VAR_DIR": "/dev/null/var"}, "a part of its path is a file"),
        ({"VAR_DIR": "/dev/null"}, "/dev/null"),
    ],
)
def test_a_broken_setting_is_one_clear_line(
    instance: StartedInstance, settings: dict[str, str], complaint: str
) -> None:
    instance.settings |= settings
    assert instance.start().exit_code() == 1
    [line] = instance.shown().splitlines()
    assert complaint in line


def test_a_failed_set_up_step_is_one_clear_line_with_its_reason_and_log(instance: StartedInstance) -> None:
    instance.programs["migration"] = stand_in("--complain", "no such table: requests", "--exit", "4")
    assert instance.start().exit_code() == 1
    last_line = instance.shown().splitlines()[-1]
    assert "Database failed (exit code 4): no such table: requests" in last_line
    assert str(instance.var_dir / "logs" / "migration.log") in last_line
    assert not instance.running()


def test_a_training_without_a_model_is_noticed(instance: StartedInstance) -> None:
    instance.programs["training"] = stand_in("--say", "models/nowhere.tar.gz", "--exit", "0")
    assert instance.start().exit_code() == 1
    assert "without naming a model" in instance.shown()


def test_a_program_that_cannot_be_started_is_one_clear_line(instance: StartedInstance) -> None:
    instance.programs["actions"] = ["/nowhere/program"]
    assert instance.start().exit_code() == 1
    assert "/nowhere/program: No such file or directory" in instance.shown().splitlines()[-1]
    assert not instance.running()


def test_a_bot_that_never_gets_ready_is_given_up_with_what_it_lacks(instance: StartedInstance) -> None:
    instance.programs["bot"] = stand_in("--serve", "BOT_PORT", "--never-ready", "--complain", "waiting for the moon")
    instance.limits["ready"] = 0.5
    assert instance.start().exit_code() == 1
    last_line = instance.shown().splitlines()[-1]
    assert "not ready within 0.5 s" in last_line
    assert "database" in last_line
    assert "waiting for the moon" in last_line
    assert not instance.running()


def test_a_large_log_is_put_aside_at_the_next_start(instance: StartedInstance) -> None:
    log = instance.var_dir / "logs" / "bot.log"
    log.parent.mkdir(parents=True)
    log.write_bytes(b"x" * LARGEST_LOG)
    instance.start().until_shown("Ready")
    assert log.stat().st_size < 1000
    assert log.with_name("bot.log.1").stat().st_size == LARGEST_LOG


def test_a_port_is_free_again_after_a_stop(instance: StartedInstance) -> None:
    instance.settings["BOT_PORT"] = str(free_port())
    instance.start().until_shown("Ready")
    instance.signal(15)
    assert instance.exit_code() == 0
    instance.start().until_shown("Ready")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_named_as_such(number: int) -> None:
    assert explained(OSError(number, "words of the system"), "/var/milia").startswith("/var/milia: the disk ")
    assert explained(OSError(number, "words of the system", "/var/milia/x.log"), "").startswith("/var/milia/x.log: ")

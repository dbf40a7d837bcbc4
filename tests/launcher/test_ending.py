import os
import signal
import subprocess
import sys
import time

import pytest

from tests.launcher.conftest import StartedInstance, is_running, stand_in, wait_until


def _with_grandchildren(instance: StartedInstance) -> list[int]:
    instance.programs["actions"] = stand_in("--serve", "ACTIONS_PORT", "--with-child")
    instance.programs["bot"] = stand_in("--serve", "BOT_PORT", "--with-child")
    instance.start().until_shown("Ready")
    running = instance.running()
    assert len(running) == 5
    return running


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_ends_every_process(instance: StartedInstance, number: int) -> None:
    _with_grandchildren(instance)
    instance.signal(number)
    assert instance.exit_code() == 0
    assert not instance.running()
    assert "no process is left" in instance.shown()


def test_a_stop_in_the_middle_of_training_ends_it(instance: StartedInstance) -> None:
    instance.programs["training"] = stand_in("--say", "begun", "--with-child")
    instance.start().until_shown("begun")
    instance.signal(signal.SIGINT)
    assert instance.exit_code() == 0
    assert not instance.running()


def test_a_program_that_will_not_end_is_killed_when_the_grace_is_over(instance: StartedInstance) -> None:
    instance.programs["bot"] = stand_in("--serve", "BOT_PORT", "--stubborn")
    instance.limits["grace"] = 1.0
    instance.start().until_shown("Ready")
    began = time.monotonic()
    instance.signal(signal.SIGTERM)
    assert instance.exit_code() == 0
    assert time.monotonic() - began >= 0.9
    assert not instance.running()


def test_a_second_stop_does_not_wait(instance: StartedInstance) -> None:
    instance.programs["bot"] = stand_in("--serve", "BOT_PORT", "--stubborn")
    instance.limits["grace"] = 60.0
    instance.start().until_shown("Ready")
    instance.signal(signal.SIGINT)
    instance.until_shown("Stopping")
    instance.signal(signal.SIGINT)
    assert instance.exit_code() == 0
    assert not instance.running()


def test_all_end_when_the_supervisor_is_killed(instance: StartedInstance) -> None:
    running = _with_grandchildren(instance)
    instance.signal(signal.SIGKILL)
    wait_until(lambda: not any(is_running(process) for process in running), "all processes ended")


def test_the_stubborn_end_too_when_the_supervisor_is_killed(instance: StartedInstance) -> None:
    instance.programs["bot"] = stand_in("--serve", "BOT_PORT", "--stubborn")
    instance.limits["grace"] = 0.5
    instance.start().until_shown("Ready")
    running = instance.running()
    instance.signal(signal.SIGKILL)
    wait_until(lambda: not any(is_running(process) for process in running), "all processes ended")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a process to its parent")
def test_all_end_when_supervisor_and_warden_are_killed(instance: StartedInstance) -> None:
    instance.start().until_shown("Ready")
    running = instance.running()
    assert instance.process
    [warden] = [
        int(process)
        for process in subprocess.check_output(["ps", "-o", "pid=", "--ppid", str(instance.process.pid)]).split()
        if int(process) not in running
    ]
    os.kill(warden, signal.SIGKILL)
    instance.signal(signal.SIGKILL)
    wait_until(lambda: not any(is_running(process) for process in running), "all processes ended")


def test_a_closed_terminal_does_not_end_the_supervision(instance: StartedInstance) -> None:
    """Whoever reads what it says goes away; its next words must not be its last."""
    reading_end, writing_end = os.pipe()
    instance.start_on(writing_end)
    os.close(writing_end)
    with os.fdopen(reading_end) as screen:
        assert any("Ready" in line for line in screen)
    [bot] = instance.running("bot")
    os.kill(bot, signal.SIGKILL)
    wait_until(lambda: instance.running("bot") not in ([], [bot]), "the bot runs again")

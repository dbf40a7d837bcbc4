import os
import signal

import pytest

from launcher.restarts import RestartPolicy
from tests.launcher.conftest import StartedInstance, stand_in, wait_until


@pytest.mark.parametrize(
    ("name", "other", "title"), [("actions", "bot", "The action server"), ("bot", "actions", "The bot")]
)
def test_a_program_that_dies_is_started_again(instance: StartedInstance, name: str, other: str, title: str) -> None:
    instance.start().until_shown("Ready")
    [dead], [untouched] = instance.running(name), instance.running(other)
    os.kill(dead, signal.SIGKILL)
    shown = instance.until_shown(f"{title} died")
    wait_until(lambda: instance.running(name) not in ([], [dead]), "it runs again")
    assert instance.running(other) == [untouched]
    assert "SIGKILL" in shown
    assert "(1 of 3)" in shown


def test_a_bot_that_came_back_is_reported_ready(instance: StartedInstance) -> None:
    instance.start().until_shown("Ready")
    os.kill(instance.running("bot")[0], signal.SIGKILL)
    assert "The bot died" in instance.until_shown("The bot is ready again.")


def test_what_a_dead_program_started_does_not_outlive_it(instance: StartedInstance) -> None:
    instance.programs["bot"] = stand_in("--serve", "BOT_PORT", "--with-child")
    instance.start().until_shown("Ready")
    [grandchild] = instance.running("grandchild")
    os.kill(instance.running("bot")[0], signal.SIGKILL)
    instance.until_shown("The bot is ready again.")
    assert grandchild not in instance.running()


def test_a_program_that_keeps_dying_stops_everything_with_its_last_words(instance: StartedInstance) -> None:
    instance.programs["bot"] = stand_in("--complain", "the model is damaged", "--exit", "7")
    assert instance.start().exit_code() == 1
    last_line = instance.shown().splitlines()[-1]
    assert "The bot died 4 times in a row" in last_line
    assert "exit code 7" in last_line
    assert "the model is damaged" in last_line
    assert str(instance.var_dir / "logs" / "bot.log") in last_line
    assert not instance.running()


def test_the_pauses_grow_and_end() -> None:
    policy = RestartPolicy()
    pauses = [policy.pause_before(restart) for restart in range(1, 7)]
    assert pauses == [0.5, 1.0, 2.0, 4.0, 8.0, None]

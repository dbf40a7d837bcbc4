"""`python -m channels.sms.simulate` texts with the bot as a phone would."""

import os
import subprocess
import sys

from clinic.settings import PROJECT_ROOT
from tests.channels.bot_process import BotProcess
from tests.ports import free_port


def simulate(bot: BotProcess | None, text: str, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    known = {"BOT_PORT": str(bot.port), "VAR_DIR": str(bot.database.parent)} if bot else {}
    return subprocess.run(
        [sys.executable, "-m", "channels.sms.simulate", *arguments],
        cwd=PROJECT_ROOT,
        env={**os.environ, **known, **settings},
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_conversation_can_be_had_from_a_terminal(bot: BotProcess) -> None:
    ended = simulate(bot, "what are milia\nSTOP\nwhat are milia\nSTART\n", "--from", "+13125550188")
    assert ended.returncode == 0, ended.stderr
    first, stopped, silent, started = ended.stdout.strip().split("\n\n")
    assert "white cysts" in first
    assert "no more texts" in stopped
    assert silent == "(no answer)"
    assert "on again" in started


def test_a_bot_that_does_not_run_is_one_clear_line(tmp_path) -> None:
    ended = simulate(None, "hello\n", BOT_PORT=str(free_port()), VAR_DIR=str(tmp_path))
    assert ended.returncode == 1
    assert ended.stderr == "The bot does not answer. Start it with: make run\n"


def test_another_token_than_the_bots_is_one_clear_line(bot: BotProcess, tmp_path) -> None:
    ended = simulate(bot, "hello\n", VAR_DIR=str(tmp_path))
    assert ended.returncode == 1
    assert ended.stderr == "The bot refused the text (403 status).\n"


def test_production_without_a_token_cannot_be_texted(tmp_path) -> None:
    ended = simulate(None, "", MILIA_ENVIRONMENT="production", SECRET_KEY="x" * 40, VAR_DIR=str(tmp_path))
    assert ended.returncode == 1
    assert "TWILIO_AUTH_TOKEN" in ended.stderr

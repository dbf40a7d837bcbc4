"""`python -m channels.sms.simulate` texts with the bot as a phone would."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from clinic.settings import PROJECT_ROOT, SettingsError, load_settings, load_settings_in_use
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


def test_a_bot_that_does_not_run_is_one_clear_line(tmp_path: Path) -> None:
    load_settings({"VAR_DIR": str(tmp_path)})
    port = free_port()
    ended = simulate(None, "hello\n", BOT_PORT=str(port), VAR_DIR=str(tmp_path))
    assert ended.returncode == 1
    assert ended.stderr == (
        f"Nothing answers at http://127.0.0.1:{port}/webhooks/sms/webhook. Start the bot with `make run`; "
        "if it runs, give this command the same BOT_HOST and BOT_PORT.\n"
    )


def test_where_no_bot_ever_ran_nothing_is_made_and_the_folder_is_named(tmp_path: Path) -> None:
    nowhere = tmp_path / "stray"
    ended = simulate(None, "hello\n", BOT_PORT=str(free_port()), VAR_DIR=str(nowhere))
    assert ended.returncode == 1
    assert str(nowhere) in ended.stderr
    assert "the same VAR_DIR" in ended.stderr
    assert not nowhere.exists()


@pytest.mark.parametrize(
    ("setting", "file"),
    [
        ("SECRET_KEY", "development-secret"),
        ("ENCRYPTION_KEYS", "development-encryption-key"),
        ("TWILIO_AUTH_TOKEN", "development-twilio-token"),
        ("STAFF_WEBHOOK_SECRET", "development-webhook-secret"),
    ],
)
def test_a_missing_secret_is_named_and_not_made(tmp_path: Path, setting: str, file: str) -> None:
    values = {"VAR_DIR": str(tmp_path), "STAFF_WEBHOOK_URL": "http://127.0.0.1:9/notices"}
    load_settings(values)
    load_settings_in_use(values)
    (tmp_path / file).unlink()
    with pytest.raises(SettingsError, match=setting):
        load_settings_in_use(values)
    assert not (tmp_path / file).exists()


def test_another_token_than_the_bots_is_one_clear_line(bot: BotProcess) -> None:
    ended = simulate(bot, "hello\n", TWILIO_AUTH_TOKEN="another")
    assert ended.returncode == 1
    assert ended.stderr == (
        f"The bot at http://127.0.0.1:{bot.port}/webhooks/sms/webhook does not know this signature (403). Give this "
        "command the same VAR_DIR as the bot, or the same SECRET_KEY and TWILIO_AUTH_TOKEN, and PUBLIC_URL if it is "
        "set.\n"
    )


def test_production_without_a_token_cannot_be_texted(tmp_path) -> None:
    ended = simulate(None, "", MILIA_ENVIRONMENT="production", SECRET_KEY="x" * 40, VAR_DIR=str(tmp_path))
    assert ended.returncode == 1
    assert "TWILIO_AUTH_TOKEN" in ended.stderr

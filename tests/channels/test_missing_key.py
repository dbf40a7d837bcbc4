"""A bot that lacks a key which stored values need says so before a visitor meets one of them."""

import time

from clinic.database import make_engine
from clinic.encryption.keys import new_entry, parse_keys
from clinic.encryption.known_keys import forget_keys, remember_writing_key
from tests import loopback
from tests.channels.bot_process import BotProcess


def test_readiness_names_encryption_while_a_key_is_missing(bot: BotProcess) -> None:
    other = make_engine(f"sqlite:///{bot.database}", parse_keys(new_entry("spring")))
    remember_writing_key(other)
    assert _readiness(bot) == (503, ["encryption"])
    forget_keys(other, {"spring"})
    assert _readiness(bot) == (200, [])
    other.dispose()


def _readiness(bot: BotProcess) -> tuple[int, list[str]]:
    # One check is used again for two seconds.
    time.sleep(2.1)
    response = loopback.get(f"{bot.url}/health/ready", timeout=10)
    return response.status_code, response.json()["failing"]

import pytest

from tests.channels.bot_process import BotProcess
from tests.channels.sms.phone import Phone


@pytest.fixture
def phone(bot: BotProcess) -> Phone:
    return Phone(bot)

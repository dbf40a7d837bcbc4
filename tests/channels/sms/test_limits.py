"""A number that texts without end is told once that there is silence now, and the staff see it."""

from channels.sms.limits import MOST_IN_AN_HOUR
from tests.channels.action_server import ActionServer
from tests.channels.bot_process import BotProcess
from tests.channels.sms.phone import Phone
from tests.channels.sms.rows import rows


def test_a_loop_ends_with_one_notice_and_a_flag(model, actions: ActionServer, tmp_path) -> None:
    bot = BotProcess(tmp_path, model, actions.port, STAFF_WEBHOOK_URL="http://127.0.0.1:9/")
    bot.start()
    try:
        phone = Phone(bot)
        for _ in range(MOST_IN_AN_HOUR):
            assert len(phone.send("I am out of office")) == 1
        assert "stop answering" in phone.say("I am out of office")
        assert [phone.send("I am out of office") for _ in range(5)] == [[]] * 5
        assert rows(bot, "SELECT label FROM flags") == [("too_many_texts",)]
        assert phone.say("my face is swelling").startswith("This sounds like an emergency")
        assert rows(bot, "SELECT kind, target, channel FROM outbox") == [("safety/emergency", "webhook", "sms")]
        assert "no more texts" in phone.say("STOP")
        assert Phone(bot).say("what are milia")
    finally:
        bot.stop()

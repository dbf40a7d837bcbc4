"""Who wants no more texts gets one confirmation and then nothing, until START; and is helped in danger all the same."""

import pytest

from tests.channels.action_server import ActionServer
from tests.channels.bot_process import BotProcess
from tests.channels.sms.phone import Phone
from tests.channels.sms.rows import rows


def consents(bot: BotProcess, actions: ActionServer) -> list[tuple[str, str, str]]:
    conversation = actions.calls[0]["tracker"]["sender_id"]
    query = (
        "SELECT state, means, plain('consents.wording', wording) FROM consents WHERE conversation_id = ? ORDER BY id"
    )
    return rows(bot, query, conversation)


def last_label(actions: ActionServer) -> str:
    return str(actions.calls[-1]["tracker"]["latest_message"]["understanding"]["label"])


@pytest.mark.parametrize(
    ("wish", "means"), [("STOP", "keyword"), ("Cancel", "keyword"), ("please dont text me anymore", "wording")]
)
def test_a_wish_to_stop_is_kept_confirmed_once_and_closes_what_was_open(
    bot: BotProcess, phone: Phone, actions: ActionServer, wish: str, means: str
) -> None:
    phone.say("I want an appointment")
    confirmation = phone.say(wish)
    assert "no more texts" in confirmation
    assert "automated" not in confirmation
    assert last_label(actions) == "stop"
    assert consents(bot, actions) == [("out", means, wish)]
    calls = len(actions.calls)
    assert [phone.send(text) for text in ("what are milia", wish, "HELP", "1", "")] == [[]] * 5
    assert len(actions.calls) == calls
    assert consents(bot, actions) == [("out", means, wish)]


def test_start_opens_the_conversation_again(bot: BotProcess, phone: Phone, actions: ActionServer) -> None:
    phone.say("what are milia")
    phone.say("STOP")
    assert "Texts are on again" in phone.say("START")
    assert "white cysts" in phone.say("what are milia")
    assert [row[0] for row in consents(bot, actions)] == ["out", "in"]


def test_a_yes_is_an_opt_in_only_from_who_has_opted_out(bot: BotProcess, phone: Phone, actions: ActionServer) -> None:
    phone.say("I want an appointment")
    assert phone.say("YES").startswith("Your request is recorded")
    phone.say("STOP")
    assert "Texts are on again" in phone.say("YES")


def test_where_the_carrier_has_answered_nothing_more_is_said(
    bot: BotProcess, phone: Phone, actions: ActionServer
) -> None:
    phone.say("what are milia")
    assert phone.send("ayuda", OptOutType="HELP") == []
    assert phone.send("alto", OptOutType="STOP") == []
    assert phone.send("what are milia") == []
    assert phone.send("comenzar", OptOutType="START") == []
    assert consents(bot, actions) == [("out", "carrier", "alto"), ("in", "carrier", "comenzar")]
    assert phone.say("what are milia")


@pytest.mark.parametrize("text", ["stop, my face is swelling", "please stop texting me, my face is swelling"])
def test_an_emergency_is_no_opt_out(phone: Phone, text: str) -> None:
    phone.say("what are milia")
    assert phone.say(text).startswith("This sounds like an emergency")
    assert "white cysts" in phone.say("what are milia")


def test_an_emergency_of_who_has_opted_out_is_told_where_help_is_and_shown_to_the_staff(
    bot: BotProcess, phone: Phone, actions: ActionServer
) -> None:
    phone.say("what are milia")
    phone.say("STOP")
    assert phone.say("my face is swelling").startswith("This sounds like an emergency")
    assert phone.send("what are milia") == []
    conversation = actions.calls[0]["tracker"]["sender_id"]
    assert rows(bot, "SELECT label FROM flags WHERE conversation_id = ?", conversation) == [("safety/emergency",)]


def test_cancelling_an_appointment_is_no_opt_out(bot: BotProcess, phone: Phone, actions: ActionServer) -> None:
    phone.say("cancel my appointment")
    assert consents(bot, actions) == []
    assert phone.say("what are milia")


def test_stop_as_the_very_first_text_is_kept_too(bot: BotProcess, phone: Phone) -> None:
    assert "no more texts" in phone.say("STOP")
    assert phone.send("what are milia") == []


def test_help_and_info_get_the_fixed_text(phone: Phone, actions: ActionServer) -> None:
    for word in ("HELP", "info", "Help!"):
        reply = phone.say(word)
        assert "Msg and data rates may apply" in reply
        assert "call 911" in reply
    assert not actions.calls


def test_an_opt_out_holds_even_when_the_form_cannot_be_closed(phone: Phone, actions: ActionServer) -> None:
    phone.say("I want an appointment")
    actions.mode = "fault"
    assert "no more texts" in phone.say("STOP")
    assert phone.send("what are milia") == []

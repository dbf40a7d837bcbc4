"""What the playing visitors send, and what they make of a bot that refuses, fails or is not there."""

import json
from urllib.parse import parse_qs

import pytest
from twilio.request_validator import RequestValidator

from evaluation.dialogues.dialogue_file import Turn
from evaluation.dialogues.exchange import UnplayableError
from evaluation.dialogues.playing import add_choices_and_sources
from evaluation.dialogues.sms_visitor import AUTH_TOKEN, PATH, SmsVisitor, texts_of
from evaluation.dialogues.web_visitor import WebVisitor
from evaluation.instance import free_ports
from tests.evaluation.scripted_bot import Request, ScriptedBot, scripted_bot

PUBLIC_URL = "https://clinic.example"
HELLO = '{"messages": [{"text": "Hello.", "choices": [{"id": "c1", "title": "Send it"}], "source": null}]}'
EXPIRED = (401, '{"error": {"code": "unauthorized", "message": "Begin anew."}}')
AGAIN = Turn(None, None, None, None, 0, redelivery=True)


def session(token: str) -> tuple[int, str]:
    greeting = {"text": f"Welcome to {token}.", "choices": [], "source": None}
    return 201, json.dumps({"token": token, "expires_at": "2026-11-24", "messages": [greeting]})


def says(text: str) -> Turn:
    return Turn(text, None, None, None, 0, redelivery=False)


def taps(title: str) -> Turn:
    return Turn(None, title, None, None, 0, redelivery=False)


def said_again(text: str) -> Turn:
    return Turn(text, None, None, None, 0, redelivery=True)


def fields(request: Request) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(request.body, keep_blank_values=True).items()}


def messages(bot: ScriptedBot) -> list[dict[str, str]]:
    return [json.loads(request.body) for request in bot.received if request.path.endswith("/messages")]


def test_a_web_message_brings_replies_with_the_titles_of_choices() -> None:
    with scripted_bot(session("t1"), (200, HELLO)) as bot:
        visitor = WebVisitor(bot.port)
        delivered = visitor.send(says("hí"), time_has_passed=False)
    assert visitor.greeting == [{"text": "Welcome to t1.", "choices": [], "source": None}]
    assert delivered.replies == [{"text": "Hello.", "choices": ["Send it"], "source": None}]
    assert (delivered.status, delivered.fault, delivered.extra) == (200, None, {})
    assert messages(bot)[0]["text"] == "hí"
    assert bot.received[1].headers["Authorization"] == "Bearer t1"


def test_a_redelivery_on_the_web_has_the_same_id_and_any_other_message_its_own() -> None:
    with scripted_bot(session("t1"), *[(200, HELLO)] * 4) as bot:
        visitor = WebVisitor(bot.port)
        for turn in (says("a"), AGAIN, said_again("a"), says("a")):
            visitor.send(turn, time_has_passed=False)
    first, second, third, fourth = messages(bot)
    assert first == second == third
    assert fourth["id"] != first["id"]


def test_a_tapped_choice_is_sent_by_its_id() -> None:
    with scripted_bot(session("t1"), (200, HELLO), (200, HELLO), (200, HELLO)) as bot:
        visitor = WebVisitor(bot.port)
        for turn in (says("a"), taps("Send it"), AGAIN):
            visitor.send(turn, time_has_passed=False)
    assert messages(bot)[1]["choice"] == "c1"
    assert messages(bot)[1] == messages(bot)[2]


def test_a_choice_that_is_not_on_offer_cannot_be_tapped() -> None:
    with scripted_bot(session("t1"), (200, HELLO)) as bot:
        visitor = WebVisitor(bot.port)
        with pytest.raises(UnplayableError, match="'Send it' is not on offer; on offer: nothing"):
            visitor.send(taps("Send it"), time_has_passed=False)
        visitor.send(says("a"), time_has_passed=False)
        with pytest.raises(UnplayableError, match="on offer: 'Send it'"):
            visitor.send(taps("Go on"), time_has_passed=False)


def test_an_expired_session_is_followed_by_a_new_one_once_time_has_passed() -> None:
    with scripted_bot(session("t1"), EXPIRED, session("t2"), (200, HELLO)) as bot:
        delivered = WebVisitor(bot.port).send(says("a"), time_has_passed=True)
    assert delivered.extra["new_session"] is True
    assert delivered.extra["greeting"][0]["text"] == "Welcome to t2."
    assert delivered.status == 200
    assert bot.received[-1].headers["Authorization"] == "Bearer t2"


def test_a_refused_message_is_a_fault_with_what_the_visitor_was_told() -> None:
    with scripted_bot(session("t1"), EXPIRED, (500, "oops")) as bot:
        visitor = WebVisitor(bot.port)
        refused = visitor.send(says("a"), time_has_passed=False)
        failed = visitor.send(says("b"), time_has_passed=False)
    assert (refused.status, refused.replies) == (401, [])
    assert refused.fault == "status 401, unauthorized: Begin anew."
    assert failed.fault == "status 500"


def test_a_bot_without_sessions_or_without_an_answer_cannot_be_played_with() -> None:
    with scripted_bot((503, "")) as bot, pytest.raises(UnplayableError, match="no session: status 503"):
        WebVisitor(bot.port)
    with scripted_bot() as bot, pytest.raises(UnplayableError, match="did not answer"):
        WebVisitor(bot.port)
    with pytest.raises(UnplayableError, match="ConnectionRefusedError"):
        WebVisitor(free_ports(1)[0])


def test_a_text_message_comes_as_the_carrier_signs_it() -> None:
    twiml = "<Response><Message>Hello.</Message></Response>"
    with scripted_bot((200, twiml)) as bot:
        delivered = SmsVisitor(bot.port, PUBLIC_URL, "+13125550123").send(says("¿hola? +1"), time_has_passed=False)
    (request,) = bot.received
    assert request.path == PATH
    sent = fields(request)
    assert RequestValidator(AUTH_TOKEN).validate(PUBLIC_URL + PATH, sent, request.headers["X-Twilio-Signature"])
    assert (sent["From"], sent["Body"], sent["NumMedia"]) == ("+13125550123", "¿hola? +1", "0")
    assert delivered.replies == [{"text": "Hello.", "choices": [], "source": None}]
    assert delivered.extra == {"twiml": twiml}


def test_a_redelivered_text_has_the_same_sid() -> None:
    with scripted_bot(*[(200, "<Response/>")] * 4) as bot:
        visitor = SmsVisitor(bot.port, PUBLIC_URL, "+13125550123")
        for turn in (says("a"), AGAIN, said_again("a"), says("a")):
            assert visitor.send(turn, time_has_passed=False).replies == []
    first, second, third, fourth = [fields(request) for request in bot.received]
    assert first == second == third
    assert fourth["MessageSid"] != first["MessageSid"]


def test_without_a_channel_for_texts_a_dialogue_cannot_be_played() -> None:
    with scripted_bot((404, "")) as bot, pytest.raises(UnplayableError, match="no channel for text messages"):
        SmsVisitor(bot.port, PUBLIC_URL, "+13125550123").send(says("a"), time_has_passed=False)


@pytest.mark.parametrize(
    ("answer", "fault"), [((403, ""), "status 403"), ((200, "hello"), "no TwiML"), ((200, ""), "no TwiML")]
)
def test_a_faulty_answer_to_a_text_is_a_fault(answer: tuple[int, str], fault: str) -> None:
    with scripted_bot(answer) as bot:
        delivered = SmsVisitor(bot.port, PUBLIC_URL, "+13125550123").send(says("a"), time_has_passed=False)
    assert delivered.fault is not None
    assert fault in delivered.fault
    assert delivered.extra == {"twiml": answer[1]}


def test_replies_are_the_messages_of_the_twiml_with_or_without_a_body() -> None:
    twiml = "<Response><Message>One &amp; two</Message><Message>\n <Body>Three</Body>\n</Message></Response>"
    assert texts_of(twiml) == ["One & two", "Three"]
    assert texts_of('<?xml version="1.0" encoding="UTF-8"?><Response />') == []


def test_a_text_has_the_choices_and_the_source_of_the_answer_it_was_made_from() -> None:
    facts = {"title": "Milia", "facts": ["M1"]}
    kept = [
        {"text": "They are cysts.", "choices": [], "source": facts},
        {"text": "Shall I send it?", "choices": [{"id": "c1", "title": "Send it"}], "source": None},
    ]
    whole = [{"text": "They are cysts.\nShall I send it? Reply 1 to send it.", "choices": [], "source": None}]
    parts = [{"text": message["text"], "choices": [], "source": None} for message in kept]
    shortened = [{"text": "They are...", "choices": [], "source": None}]
    for replies in (whole, parts, shortened):
        add_choices_and_sources(replies, kept)
    assert (whole[0]["choices"], whole[0]["source"]) == (["Send it"], facts)
    assert [(reply["choices"], reply["source"]) for reply in parts] == [([], facts), (["Send it"], None)]
    assert (shortened[0]["choices"], shortened[0]["source"]) == (["Send it"], facts)

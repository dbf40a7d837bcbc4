"""Only what Twilio signed is looked at, whatever its fields are; of anything else nothing is stored."""

import pytest

from tests.channels.action_server import ActionServer
from tests.channels.bot_process import BotProcess
from tests.channels.sms.phone import CLINIC, Phone, signature
from tests.channels.sms.rows import counts

TOKEN, OLD_TOKEN = "a-token-that-is-new", "a-token-from-before"


def forgeries(phone: Phone) -> dict[str, tuple[list[tuple[str, str]], str, str]]:
    """Fields, signature and query of requests that are not Twilio's."""
    fields = phone.fields("what are milia")
    good = signature(phone.token, phone.address, fields)
    altered = [(name, "pop" if name == "Body" else value) for name, value in fields]
    return {
        "unsigned": (fields, "", ""),
        "another token": (fields, signature("guess", phone.address, fields), ""),
        "an empty token": (fields, signature("", phone.address, fields), ""),
        "no signature at all": (fields, "nonsense", ""),
        "an altered text": (altered, good, ""),
        "a field left out": (fields[1:], good, ""),
        "a field added": ([*fields, ("OptOutType", "STOP")], good, ""),
        "another scheme": (fields, signature(phone.token, phone.address.replace("http:", "https:"), fields), ""),
        "another host": (fields, signature(phone.token, phone.address.replace("127.0.0.1", "example.com"), fields), ""),
        "an added query": (fields, good, "?x=1"),
    }


@pytest.mark.parametrize(
    "kind",
    [
        "unsigned",
        "another token",
        "an empty token",
        "no signature at all",
        "an altered text",
        "a field left out",
        "a field added",
        "another scheme",
        "another host",
        "an added query",
    ],
)
def test_a_forged_text_is_refused_and_leaves_nothing(bot: BotProcess, phone: Phone, kind: str) -> None:
    before = counts(bot)
    fields, signed, query = forgeries(phone)[kind]
    response = phone.post(fields, signed=signed, query=query)
    assert (response.status_code, response.content) == (403, b"")
    assert counts(bot) == before


@pytest.mark.parametrize("path", ["webhook", "status"])
def test_json_and_broken_bodies_are_refused(bot: BotProcess, phone: Phone, path: str) -> None:
    before = counts(bot)
    address = f"{bot.url}/webhooks/sms/{path}"
    empty = signature(phone.token, address, [])
    for content, kind in (
        (b"{}", "application/json"),
        (b"\xff", "application/x-www-form-urlencoded"),
        (b"Body=%ff", "application/x-www-form-urlencoded"),
        (b"a=1&" * 600, "application/x-www-form-urlencoded"),
    ):
        headers = {"Content-Type": kind, "X-Twilio-Signature": empty}
        assert phone.client.post(address, content=content, headers=headers).status_code == 403
    assert counts(bot) == before


@pytest.mark.parametrize(
    "more",
    [
        [("FromZip", ""), ("FromState", "")],
        [("Unknown", "1"), ("Unknown", "2"), ("Unknown", "1")],
        [("NewInNextYear", "ü 🎉 + & = %"), ("MessagingServiceSid", "MG" + "a" * 32)],
        [("Latitude", "41.88"), ("Longitude", "-87.63"), ("Address", "1 A St")],
    ],
    ids=["blank", "repeated", "unicode", "location"],
)
def test_a_genuine_text_is_answered_whatever_fields_it_has(phone: Phone, more: list[tuple[str, str]]) -> None:
    response = phone.post([*phone.fields("what are milia + é 🎉"), *more])
    assert response.status_code == 200
    assert "small white" in response.text


def test_a_query_that_twilio_signed_is_accepted(phone: Phone) -> None:
    assert phone.post(phone.fields("what are milia"), query="?tenant=a%20b&x").status_code == 200


def test_a_signed_text_without_an_id_is_a_bad_request(bot: BotProcess, phone: Phone) -> None:
    before = counts(bot)
    fields = [(name, value) for name, value in phone.fields("hello") if not name.endswith("Sid")]
    assert phone.post(fields).status_code == 400
    assert phone.post([("X", "")]).status_code == 400
    assert counts(bot) == before


def test_both_tokens_are_accepted_while_one_takes_the_place_of_the_other(
    model, actions: ActionServer, tmp_path
) -> None:
    bot = BotProcess(tmp_path, model, actions.port, TWILIO_AUTH_TOKEN=TOKEN, TWILIO_AUTH_TOKEN_PREVIOUS=OLD_TOKEN)
    bot.start()
    try:
        assert Phone(bot, token=TOKEN).say("what are milia")
        assert Phone(bot, token=OLD_TOKEN).say("what are milia")
        other = Phone(bot, token="another")
        assert other.post(other.fields("what are milia")).status_code == 403
        assert TOKEN not in bot.log_text()
    finally:
        bot.stop()


def test_without_a_token_in_production_every_text_is_refused_and_the_log_says_so_once(
    model, actions: ActionServer, tmp_path
) -> None:
    bot = BotProcess(tmp_path, model, actions.port, MILIA_ENVIRONMENT="production", SECRET_KEY="x" * 40)
    bot.start()
    try:
        for token in ("guess", ""):
            phone = Phone(bot, token=token or "x")
            fields = phone.fields("what are milia")
            signed = signature(token, phone.address, fields)
            assert phone.post(fields, signed=signed).status_code == 403
        assert bot.log_text().count("text messages are off") == 1
        assert counts(bot)["incoming_texts"] == 0
    finally:
        bot.stop()


def test_the_public_address_counts_and_no_header_of_the_client(model, actions: ActionServer, tmp_path) -> None:
    public = "https://chat.example.com"
    bot = BotProcess(tmp_path, model, actions.port, PUBLIC_URL=public, TWILIO_AUTH_TOKEN=TOKEN)
    bot.start()
    try:
        phone = Phone(bot, token=TOKEN)
        fields = phone.fields("what are milia")
        good = signature(TOKEN, phone.address.replace(bot.url, public), fields)
        assert phone.post(fields, signed=good).status_code == 200
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Forwarded-Host": "evil.example.com",
            "X-Forwarded-Proto": "https",
            "Host": "evil.example.com",
            "X-Twilio-Signature": signature(TOKEN, "https://evil.example.com/webhooks/sms/webhook", [("To", CLINIC)]),
        }
        assert phone.client.post(phone.address, content=f"To=%2B{CLINIC[1:]}", headers=headers).status_code == 403
    finally:
        bot.stop()

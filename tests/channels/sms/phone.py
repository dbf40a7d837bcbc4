"""A phone that texts with the bot, signed as Twilio signs, by Twilio's own validator."""

import secrets
from collections.abc import Sequence
from urllib.parse import urlencode

import httpx
from twilio.request_validator import RequestValidator

from channels.sms.simulate import PATH, texts_in
from tests import loopback
from tests.channels.bot_process import NO_IDLE_CONNECTIONS, BotProcess

CLINIC = "+13125550100"
Fields = Sequence[tuple[str, str]]


class Repeated(dict[str, list[str]]):
    """Fields with all their values, as the validator asks for them."""

    def getall(self, name: str) -> list[str]:
        return self[name]


def signature(token: str, address: str, fields: Fields) -> str:
    values = Repeated()
    for name, value in fields:
        values.setdefault(name, []).append(value)
    return str(RequestValidator(token).compute_signature(address, values))


class Phone:
    """One number."""

    def __init__(self, bot: BotProcess, number: str | None = None, token: str | None = None) -> None:
        self.number = number or f"+1312{secrets.randbelow(10**7 - 2 * 10**6) + 2 * 10**6:07d}"
        self.address = f"{bot.url}{PATH}"
        self.token = token or (bot.database.parent / "development-twilio-token").read_text()
        self.client = loopback.Client(timeout=60, limits=NO_IDLE_CONNECTIONS)

    def fields(self, body: str, **more: str) -> list[tuple[str, str]]:
        """The fields of a text as Twilio sends them; one named in `more` takes the place of the usual one."""
        usual = {
            "ToCountry": "US",
            "SmsMessageSid": "",
            "NumMedia": "0",
            "FromCity": "",
            "MessageSid": f"SM{secrets.token_hex(16)}",
            "AccountSid": "AC" + "0" * 32,
            "From": self.number,
            "To": CLINIC,
            "Body": body,
            "ApiVersion": "2010-04-01",
        }
        return list({**usual, **more}.items())

    def post(self, fields: Fields, *, signed: str | None = None, query: str = "") -> httpx.Response:
        address = self.address + query
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        given = signature(self.token, address, fields) if signed is None else signed
        if given:
            headers["X-Twilio-Signature"] = given
        return self.client.post(address, content=urlencode(fields), headers=headers)

    def send(self, body: str, **more: str) -> list[str]:
        """Send a text; the texts that come back with Twilio's request."""
        response = self.post(self.fields(body, **more))
        assert response.status_code == 200, response.text
        return texts_in(response.text)

    def say(self, body: str, **more: str) -> str:
        """Send a text that must be answered with just one."""
        (reply,) = self.send(body, **more)
        return reply

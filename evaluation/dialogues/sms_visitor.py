"""Somebody who texts the clinic, by way of what the carrier posts: https://www.twilio.com/docs/messaging/twiml#request-parameters."""

import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

from twilio.request_validator import RequestValidator

from evaluation.dialogues.dialogue_file import Turn
from evaluation.dialogues.exchange import Delivered, UnplayableError, post

PATH = "/webhooks/sms/webhook"
OK, NOT_FOUND = 200, 404
ACCOUNT = "AC" + "0" * 32
AUTH_TOKEN = "0" * 32
# The carrier's own number for tests, which nobody texts from: https://www.twilio.com/docs/iam/test-credentials
CLINIC_NUMBER = "+15005550006"
LONGEST_WAIT = 13  # seconds; the most that SMS_REPLY_SECONDS takes
NOBODY = "http://127.0.0.1:9"

SETTINGS: Mapping[str, str] = {
    "TWILIO_ACCOUNT_SID": ACCOUNT,
    "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
    "TWILIO_NUMBER": CLINIC_NUMBER,
    "SMS_REPLY_SECONDS": str(LONGEST_WAIT),
    "TWILIO_API_URL": NOBODY,
}
"""What an instance is set to so that it takes these messages.

Replies come in the answer to the carrier's request whenever they can; nothing is sent by the carrier's API.
"""


class SmsVisitor:
    """One number, whose messages come with the signature that the carrier would give them."""

    def __init__(self, port: int, public_url: str, sender: str) -> None:
        """Prepare to text.

        Args:
            port: where the bot listens.
            public_url: the PUBLIC_URL of the instance, which signatures are made for.
            sender: the number texted from, in E.164.
        """
        self.greeting: list[dict[str, Any]] = []
        self._port = port
        self._url = public_url + PATH
        self._sender = sender
        self._fields: dict[str, str] = {}

    def send(self, turn: Turn, time_has_passed: bool) -> Delivered:
        """Send what the turn says; the answer's `extra` has the TwiML as it came.

        Raises:
            UnplayableError: the bot has no channel for text messages, or does not answer.
        """
        self._fields = self._next_message(turn)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "X-Twilio-Signature": RequestValidator(AUTH_TOKEN).compute_signature(self._url, self._fields),
        }
        response = post(self._port, PATH, urlencode(self._fields).encode("ascii"), headers)
        if response.status == NOT_FOUND:
            raise UnplayableError(f"The bot has no channel for text messages: {PATH} is not there (status 404).")
        written = response.body.decode("utf-8", errors="replace")
        extra = {"twiml": written}
        if response.status != OK:
            return Delivered(response.status, response.seconds, [], f"status {response.status}", extra)
        try:
            texts = texts_of(written)
        except ElementTree.ParseError:
            return Delivered(response.status, response.seconds, [], "the answer is no TwiML", extra)
        if not texts and response.seconds >= LONGEST_WAIT:
            late = f"the reply was not there within {LONGEST_WAIT} s"
            return Delivered(response.status, response.seconds, [], late, extra)
        replies: list[dict[str, Any]] = [{"text": text, "choices": [], "source": None} for text in texts]
        return Delivered(response.status, response.seconds, replies, extra=extra)

    def _next_message(self, turn: Turn) -> dict[str, str]:
        if turn.redelivery:
            return self._fields if turn.text is None else {**self._fields, "Body": turn.text}
        identifier = f"SM{uuid.uuid4().hex}"
        return {
            "MessageSid": identifier,
            "SmsSid": identifier,
            "SmsMessageSid": identifier,
            "SmsStatus": "received",
            "AccountSid": ACCOUNT,
            "ApiVersion": "2010-04-01",
            "From": self._sender,
            "To": CLINIC_NUMBER,
            "Body": str(turn.text),
            "NumMedia": "0",
            "NumSegments": "1",
        }


def texts_of(twiml: str) -> list[str]:
    """The text of each `<Message>`, which may stand in a `<Body>` of it.

    See https://www.twilio.com/docs/messaging/twiml/message.

    Raises:
        xml.etree.ElementTree.ParseError: this is no XML.
    """
    document = ElementTree.fromstring(twiml)  # noqa: S314 - from our own bot
    bodies = [
        message.find("Body") if message.find("Body") is not None else message for message in document.iter("Message")
    ]
    return [(body.text or "").strip() for body in bodies if body is not None]

"""A conversation by text message: signed as the carrier signs, and answered at once or by a text that comes later."""

import secrets
from xml.etree import ElementTree

import aiohttp
from twilio.request_validator import RequestValidator

from clinic.text_contacts import conversation_of
from evaluation.dialogues.sms_visitor import ACCOUNT, AUTH_TOKEN, CLINIC_NUMBER, PATH, texts_of
from evaluation.soak.instance import SECRET_KEY
from evaluation.soak.stand_ins import StandIns
from evaluation.soak.talk import Asked, Talk
from evaluation.soak.web_talk import NOT_THERE, UNAVAILABLE

OK = 200
SECONDS_FOR_A_LATE_ANSWER = 60.0
SIGNATURE = "X-Twilio-Signature"


class SmsTalk(Talk):
    """One number."""

    channel = "sms"

    def __init__(
        self, http: aiohttp.ClientSession, url: str, stand_ins: StandIns, *, marker: str, phone: str, patience: float
    ) -> None:
        """Say nothing yet; `phone` is the number in ten digits, and `url` the bot's and its PUBLIC_URL."""
        super().__init__(marker, phone, patience)
        self.number = f"+1{phone}"
        self.conversation_id = conversation_of(SECRET_KEY, self.number)
        self._http = http
        self._address = url + PATH
        self._stand_ins = stand_ins
        self._read = 0
        """How many of the texts that came later were read."""
        self._failures_known: dict[str, int] = {}
        """By text, of how many failures before it the visitor knew."""
        self._validator = RequestValidator(AUTH_TOKEN)

    def new_id(self) -> str:
        """As the carrier makes them."""
        return f"SM{secrets.token_hex(16)}"

    async def repeat_last(self) -> None:
        """The carrier hands the last text over once more: the answer is the same, or nothing where it went out late."""
        asked = self.asked[-1]
        answer = await self._at_once(asked)
        if answer:
            asked.note(answer)

    async def deliver(self, asked: Asked) -> str | None:
        """As in `Talk`. Who is told that a text failed sends another one, as a person would."""
        if len(asked.refusals) > self._failures_known.get(asked.message_id, 0):
            asked.message_id = self.new_id()
            self._failures_known[asked.message_id] = len(asked.refusals)
        answer = await self._at_once(asked)
        return await self._late_answer() if answer == "" else answer

    async def _at_once(self, asked: Asked) -> str | None:
        """What comes with the request; empty when the answer comes later, None when nobody answered."""
        form = {
            "MessageSid": asked.message_id,
            "AccountSid": ACCOUNT,
            "From": self.number,
            "To": CLINIC_NUMBER,
            "Body": asked.text,
            "NumMedia": "0",
        }
        headers = {SIGNATURE: self._validator.compute_signature(self._address, form)}
        try:
            async with self._http.post(self._address, data=form, headers=headers) as response:
                written = await response.text()
        except NOT_THERE:
            return None
        if response.status == UNAVAILABLE:
            return None
        if response.status != OK:
            raise self.give_up(f"sms: a text was refused with status {response.status}")
        try:
            return " ".join(texts_of(written))
        except ElementTree.ParseError:
            raise self.give_up("sms: the answer is no TwiML") from None

    async def _late_answer(self) -> str | None:
        """The next text that comes; one that the carrier took twice is read once."""
        texts = self._stand_ins.texts[self.number]
        text = await self._stand_ins.next_text(self.number, self._read, SECONDS_FOR_A_LATE_ANSWER)
        if text is not None:
            self._read += 1
            while self._read < len(texts) and texts[self._read] == text:
                self._read += 1
        return text

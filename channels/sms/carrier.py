"""Sending through Twilio's own client. Errors: https://www.twilio.com/docs/api/errors."""

import asyncio
import logging

import requests
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from channels.sms.incoming import TEXT_PARAMETER
from clinic.sms_settings import SmsSettings

OPTED_OUT_CODE = 21610
SECONDS_TO_SEND = 10.0
# A wrong token or an account that was suspended can be put right, a busy carrier recovers; the rest is for good.
MAY_PASS = frozenset({401, 403, 408, 429})
SERVER_FAULT = 500
MESSAGING_SERVICE_PREFIX = "MG"

# The client writes the texts and numbers of its requests at level INFO.
_silent = logging.getLogger("channels.sms.carrier.requests")
_silent.disabled = True


class NotSentError(Exception):
    """The text was not sent. `code` is Twilio's error code or the kind of fault, and nothing personal."""

    def __init__(self, code: str, *, may_pass: bool) -> None:
        super().__init__(code)
        self.code = code
        self.may_pass = may_pass


class OptedOutError(NotSentError):
    """The person has told the carrier to stop."""

    def __init__(self) -> None:
        super().__init__(str(OPTED_OUT_CODE), may_pass=False)


class Carrier:
    """Twilio, or a stand-in at TWILIO_API_URL."""

    def __init__(self, settings: SmsSettings, status_callback: str) -> None:
        """Connect to nothing yet.

        Args:
            settings: with account, token and number.
            status_callback: the public address that is told what becomes of a text.
        """
        http = TwilioHttpClient(timeout=SECONDS_TO_SEND, logger=_silent)
        self._client = Client(settings.account_sid, settings.auth_token, http_client=http)
        if settings.api_url:
            self._client.api.base_url = settings.api_url
        is_service = settings.number.startswith(MESSAGING_SERVICE_PREFIX)
        self._from = {"messaging_service_sid" if is_service else "from_": settings.number}
        self._status_callback = status_callback

    async def send(self, number: str, text: str, text_id: int) -> str:
        """Hand a text to the carrier, without holding up the process.

        Args:
            number: in E.164 form.
            text: the words.
            text_id: ours, which the carrier's reports name: a text is known even if its answer here is never heard.

        Returns:
            The carrier's id of it.

        Raises:
            NotSentError: it was not taken; OptedOutError when the person does not want it.
        """
        return await asyncio.to_thread(self._send, number, text, text_id)

    def _send(self, number: str, text: str, text_id: int) -> str:
        reports = f"{self._status_callback}?{TEXT_PARAMETER}={text_id}"
        try:
            sent = self._client.messages.create(to=number, body=text, status_callback=reports, **self._from)
        except TwilioRestException as error:
            raise _as_ours(error) from None
        except requests.RequestException as error:
            raise NotSentError(type(error).__name__, may_pass=True) from None
        return str(sent.sid)


def _as_ours(error: TwilioRestException) -> NotSentError:
    if error.code == OPTED_OUT_CODE:
        return OptedOutError()
    return NotSentError(
        str(error.code or error.status), may_pass=error.status in MAY_PASS or error.status >= SERVER_FAULT
    )

"""Notices as a signed POST, by the Standard Webhooks specification.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import hashlib
import hmac
import json

import requests
import urllib3.exceptions

from clinic import clock
from clinic.notices.claims import ClaimedNotice
from clinic.notices.delivery_error import DeliveryError
from clinic.notices.waiting import Waiting
from clinic.notices.wording import console_page
from clinic.outbox import CHANGED_REQUEST, ERASED, NEW_MESSAGE, NEW_REQUEST, WITHDRAWN_REQUEST
from clinic.settings import Settings

SECONDS_TO_CONNECT, SECONDS_TO_ANSWER = 5.0, 15.0
EVENT_TYPES = {
    NEW_REQUEST: "appointment_request.created",
    CHANGED_REQUEST: "appointment_request.changed",
    WITHDRAWN_REQUEST: "appointment_request.withdrawn",
    NEW_MESSAGE: "staff_message.created",
    ERASED: "records.erased",
}
DANGER_TYPE = "safety_flag.created"


class WebhookSender:
    """Posts each notice to the configured address. Redirects are not followed: what is signed goes there alone."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def send(self, notice: ClaimedNotice, waiting: Waiting) -> str | None:
        """Post the notice; any status from 200 to 299 means that it was taken.

        Raises:
            DeliveryError: no or another answer; final for 410 (Gone), by which a receiver says it wants no more.
        """
        content = self._content(notice, waiting)
        try:
            # The answer's body is of no interest and is not read.
            with requests.post(
                self._settings.notices.webhook_url,
                data=content,
                headers=self._headers(notice, content),
                timeout=(SECONDS_TO_CONNECT, SECONDS_TO_ANSWER),
                allow_redirects=False,
                stream=True,
            ) as response:
                status = response.status_code
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise DeliveryError(type(error).__name__) from error
        if not 200 <= status <= 299:
            raise DeliveryError(f"HTTP {status}", is_final=status == requests.codes.gone)
        return None

    def _content(self, notice: ClaimedNotice, waiting: Waiting) -> bytes:
        content = {
            "type": DANGER_TYPE if notice.danger else EVENT_TYPES.get(notice.kind, notice.kind),
            "timestamp": notice.created_at.astimezone(self._settings.clinic_timezone).isoformat(),
            "data": {
                "id": notice.subject_id,
                "version": notice.subject_version,
                "urgency": notice.urgency,
                "channel": notice.channel,
                "waiting": vars(waiting),
                **self._about_danger(notice),
            },
        }
        return json.dumps(content).encode("ascii")

    def _about_danger(self, notice: ClaimedNotice) -> dict[str, str]:
        if notice.danger is None:
            return {}
        return {"label": notice.danger, "link": console_page(notice, self._settings.console.url)}

    def _headers(self, notice: ClaimedNotice, content: bytes) -> dict[str, str]:
        timestamp = str(int(clock.now().timestamp()))
        return {
            "Content-Type": "application/json",
            "User-Agent": "milia-assistant",
            "webhook-id": notice.id,
            "webhook-timestamp": timestamp,
            "webhook-signature": signature(self._settings.notices.webhook_key, notice.id, timestamp, content),
        }


def signature(key: bytes, identifier: str, timestamp: str, content: bytes) -> str:
    """The value of `webhook-signature`: `v1,` and the HMAC-SHA256 of `identifier.timestamp.content` in base64."""
    signed = b".".join((identifier.encode(), timestamp.encode(), content))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode("ascii")

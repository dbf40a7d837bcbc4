"""A text message as Twilio hands it over. Fields: https://www.twilio.com/docs/messaging/guides/webhook-request."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from channels.sms.numbers import is_answerable
from channels.sms.signed_form import Form
from channels.typed_text import without_controls

TEXT_ID = re.compile(r"[A-Za-z0-9]{1,64}")
STATUS = re.compile(r"[a-z_-]{1,20}")
# The parameter of the reports' address that says which of our texts they are about: a number, nothing of the person.
TEXT_PARAMETER = "text"
TEXT_NUMBER = re.compile(r"[0-9]{1,15}")
ERROR_CODE = re.compile(r"[0-9]{1,10}")
# Twilio takes no longer text (error 21617), so none comes in.
LONGEST_TEXT = 1_600


class MalformedTextError(ValueError):
    """A signed request without what every text has."""


@dataclass(frozen=True)
class Incoming:
    """One text. `text_id` is Twilio's MessageSid; `sender` is empty when it is nobody who can be answered.

    `carrier_says` is `STOP`, `START` or `HELP` when Twilio has acted and answered already.
    """

    text_id: str
    sender: str
    text: str
    pictures: int
    carrier_says: str | None


def read_incoming(form: Form, countries: Sequence[str], own_number: str) -> Incoming:
    """The text in a signed form.

    Raises:
        MalformedTextError: it has no usable id.
    """
    text_id = form.get("MessageSid") or form.get("SmsSid") or form.get("SmsMessageSid") or ""
    if not TEXT_ID.fullmatch(text_id):
        raise MalformedTextError("the text has no id")
    sender, pictures = form.get("From", ""), form.get("NumMedia", "0")
    return Incoming(
        text_id=text_id,
        sender=sender if sender != own_number and is_answerable(sender, countries) else "",
        text=without_controls(form.get("Body", ""))[:LONGEST_TEXT].strip(),
        pictures=int(pictures) if pictures.isascii() and pictures.isdigit() else 0,
        carrier_says=form.get("OptOutType", "").strip().upper() or None,
    )


@dataclass(frozen=True)
class Report:
    """What became of a text that was sent. `status` is such as `delivered` or `undelivered`.

    `text` is the number of the text in `outgoing_texts`; None for an answer that went with Twilio's own request.
    """

    carrier_id: str
    status: str
    error_code: str | None
    recipient: str
    text: int | None = None


def read_report(form: Form, text: str | None = None) -> Report:
    """The report in a signed form. Fields: https://www.twilio.com/docs/messaging/guides/track-outbound-message-status.

    Args:
        form: the fields.
        text: TEXT_PARAMETER of the address, which is signed like the form.

    Raises:
        MalformedTextError: it names no text or no status.
    """
    carrier_id = form.get("MessageSid") or form.get("SmsSid") or ""
    status = form.get("MessageStatus") or form.get("SmsStatus") or ""
    if not TEXT_ID.fullmatch(carrier_id) or not STATUS.fullmatch(status):
        raise MalformedTextError("the report has no id or no status")
    error_code = form.get("ErrorCode", "")
    known_code = error_code if ERROR_CODE.fullmatch(error_code) and error_code != "0" else None
    number = int(text) if text and TEXT_NUMBER.fullmatch(text) else None
    return Report(carrier_id, status, known_code, form.get("To", ""), number)

"""What the staff read of a notice. Nothing here comes from a visitor: neither name, nor number, nor words."""

from datetime import datetime
from zoneinfo import ZoneInfo

from clinic.notices.claims import ClaimedNotice
from clinic.notices.waiting import Waiting
from clinic.outbox import CHANGED_REQUEST, ERASED, NEW_MESSAGE, NEW_REQUEST, WITHDRAWN_REQUEST

URGENT_MARK = "Urgent: "
_TITLES = {
    NEW_REQUEST: "new appointment request",
    CHANGED_REQUEST: "appointment request changed",
    WITHDRAWN_REQUEST: "appointment request withdrawn",
    NEW_MESSAGE: "new message from a visitor",
    ERASED: "records erased at a visitor's wish",
}
_OTHER_TITLE = "new notice"
_CHANNELS = {"web": "web chat", "sms": "text message"}
_OTHER_CHANNEL = "another channel"


def subject(notice: ClaimedNotice) -> str:
    """The subject of an e-mail; one that is urgent begins with `Urgent:`."""
    text = f"{_TITLES.get(notice.kind, _OTHER_TITLE)} ({_CHANNELS.get(notice.channel, _OTHER_CHANNEL)})"
    return URGENT_MARK + text if notice.is_urgent else text[0].upper() + text[1:]


def body(notice: ClaimedNotice, waiting: Waiting, clinic_name: str, zone: ZoneInfo) -> str:
    """The text of an e-mail."""
    return "\n".join(
        [
            f"{subject(notice)}, from the assistant of {clinic_name}.",
            "",
            f"When:       {_moment(notice.created_at, zone)}",
            f"Reference:  {notice.subject_id}",
            f"Waiting:    {_counted(waiting)}",
            "",
            "To protect the visitor, no name, number or message stands here. They are in the assistant's records.",
            "",
        ]
    )


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{local:%A}, {local:%B} {local.day}, {local.year}, {local:%H:%M} {local:%Z}"


def _counted(waiting: Waiting) -> str:
    requests = _number(waiting.appointment_requests, "appointment request")
    urgent = f" ({waiting.urgent_messages} urgent)" if waiting.urgent_messages else ""
    return f"{requests}, {_number(waiting.messages, 'message')}{urgent}"


def _number(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"

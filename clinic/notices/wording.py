"""What the staff read of a notice. Nothing here comes from a visitor: neither name, nor number, nor words."""

from datetime import datetime
from zoneinfo import ZoneInfo

from clinic.notices.claims import ClaimedNotice
from clinic.notices.waiting import Waiting
from clinic.outbox import CHANGED_REQUEST, ERASED, NEW_MESSAGE, NEW_REQUEST, WITHDRAWN_REQUEST
from clinic.settings import Settings

URGENT_MARK = "Urgent: "
_TITLES = {
    NEW_REQUEST: "new appointment request",
    CHANGED_REQUEST: "appointment request changed",
    WITHDRAWN_REQUEST: "appointment request withdrawn",
    NEW_MESSAGE: "new message from a visitor",
    ERASED: "records erased at a visitor's wish",
}
_DANGERS = {
    "safety/emergency": "a visitor may have a medical emergency",
    "safety/self_harm": "a visitor may be thinking of harming themselves",
    "safety/infection_or_injury": "a visitor may have an infection or an injury",
    "safety/changing_lesion": "a visitor tells of a spot that changes",
}
_OTHER_DANGER = "a visitor may be in danger"
_OTHER_TITLE = "new notice"
_CHANNELS = {"web": "web chat", "sms": "text message"}
_OTHER_CHANNEL = "another channel"


def subject(notice: ClaimedNotice) -> str:
    """The subject of an e-mail; one that is urgent begins with `Urgent:`."""
    text = f"{_title(notice)} ({_CHANNELS.get(notice.channel, _OTHER_CHANNEL)})"
    return URGENT_MARK + text if notice.is_urgent else text[0].upper() + text[1:]


def console_page(notice: ClaimedNotice, console_url: str) -> str:
    """Where the staff see a flag and acknowledge it: its place in the console's queue, which names no conversation."""
    return f"{console_url}/?kind=safety#safety-{notice.subject_id}"


def body(notice: ClaimedNotice, waiting: Waiting, settings: Settings) -> str:
    """The text of an e-mail."""
    return "\n".join(
        [
            f"{subject(notice)}, from the assistant of {settings.clinic_name}.",
            "",
            f"When:       {_moment(notice.created_at, settings.clinic_timezone)}",
            f"Reference:  {notice.subject_id}",
            *(_danger_lines(notice, settings.console.url) if notice.danger else [f"Waiting:    {_counted(waiting)}"]),
            "",
            "To protect the visitor, no name, number or message stands here. They are in the assistant's records.",
            "",
        ]
    )


def _title(notice: ClaimedNotice) -> str:
    if notice.danger is not None:
        return _DANGERS.get(notice.danger, _OTHER_DANGER)
    return _TITLES.get(notice.kind, _OTHER_TITLE)


def _danger_lines(notice: ClaimedNotice, console_url: str) -> list[str]:
    return [
        f"Label:      {notice.danger}",
        f"Console:    {console_page(notice, console_url)}",
        "",
        "Please look now, and acknowledge it there. For up to an hour, no other notice comes of this conversation",
        "while nobody has, unless it tells of something more urgent.",
    ]


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{local:%A}, {local:%B} {local.day}, {local.year}, {local:%H:%M} {local:%Z}"


def _counted(waiting: Waiting) -> str:
    requests = _number(waiting.appointment_requests, "appointment request")
    urgent = f" ({waiting.urgent_messages} urgent)" if waiting.urgent_messages else ""
    return f"{requests}, {_number(waiting.messages, 'message')}{urgent}"


def _number(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"

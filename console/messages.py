"""The pages of the messages for the staff."""

from collections.abc import Sequence

from sqlalchemy.engine import Engine

from clinic.exports.spreadsheet import MEDIA_TYPE, messages_as_csv
from clinic.message_work import MESSAGES, TO_DO, MessageInWork
from clinic.same_conversation import requests_beside
from console.work_desk import Beside, Desk, Download
from console.work_routes import work_routes
from console.work_words import topic_name

TAKEN_BACK = "The visitor took this request back."


def _title(message: MessageInWork) -> str:
    return topic_name(message.topic)


def _csv(messages: Sequence[MessageInWork], _is_collection: bool, with_notes: bool) -> bytes:
    return messages_as_csv(messages, with_notes=with_notes)


def _requests_beside(engine: Engine, conversation_id: str) -> list[Beside]:
    requests = requests_beside(engine, conversation_id)
    return [
        Beside(
            "Appointment request",
            f"/requests/{left.id}",
            left.status,
            left.created_at,
            TAKEN_BACK if left.taken_back else "",
        )
        for left in requests
    ]


DESK: Desk[MessageInWork] = Desk(
    kind=MESSAGES,
    name="message",
    to_do=TO_DO,
    title=_title,
    beside=_requests_beside,
    downloads={"csv": Download("CSV", "csv", MEDIA_TYPE, _csv, may_have_notes=True)},
    has_urgency=True,
)
ROUTES = work_routes(DESK)

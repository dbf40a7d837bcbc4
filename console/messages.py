"""The pages of the messages for the staff."""

from collections.abc import Sequence

from clinic.exports.spreadsheet import MEDIA_TYPE, messages_as_csv
from clinic.message_work import MESSAGES, TO_DO, MessageInWork
from console.work_desk import Desk, Download
from console.work_routes import work_routes
from console.work_words import topic_name


def _title(message: MessageInWork) -> str:
    return topic_name(message.topic)


def _csv(messages: Sequence[MessageInWork], _is_collection: bool, with_notes: bool) -> bytes:
    return messages_as_csv(messages, with_notes=with_notes)


DESK: Desk[MessageInWork] = Desk(
    kind=MESSAGES,
    name="message",
    to_do=TO_DO,
    title=_title,
    downloads={"csv": Download("CSV", "csv", MEDIA_TYPE, _csv, may_have_notes=True)},
    has_urgency=True,
)
ROUTES = work_routes(DESK)

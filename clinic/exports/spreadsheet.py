"""CSV for a spreadsheet: what visitors wrote is never taken for a formula.

A cell that begins with `=`, `+`, `-`, `@` (or a wide one of these), a tab or the end of a line gets an apostrophe in
front, as OWASP advises (https://owasp.org/www-community/attacks/CSV_Injection); a phone number such as +13125550142 is
among them. The file is UTF-8 with a byte order mark, without which Excel reads it in the machine's old code page.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from clinic import clock
from clinic.exports.requests import full_request, text_of
from clinic.message_work import MessageInWork
from clinic.request_work import RequestInWork

MEDIA_TYPE = "text/csv; charset=utf-8"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""The last four are the wide letters of = + - @, which spreadsheets set to East Asian languages take for the same."""
REQUEST_COLUMNS = (
    "Request",
    "Came in (UTC)",
    "Channel",
    "Status",
    "Assigned to",
    "First contact (UTC)",
    "Contact",
    "Phone",
    "E-mail",
    "Patient",
    "Patient is the contact's",
    "Preferred time (visitor's words)",
    "Reason (visitor's words)",
)
MESSAGE_COLUMNS = (
    "Message",
    "Came in (UTC)",
    "Channel",
    "Status",
    "Assigned to",
    "First contact (UTC)",
    "Urgency",
    "Topic",
    "Language",
    "Contact",
    "Phone",
    "E-mail",
    "Message (visitor's words)",
)
NOTE_COLUMN = "Private note"

Cell = str | None


def requests_as_csv(requests: Iterable[RequestInWork], *, with_notes: bool = False) -> bytes:
    """Appointment requests, a row each; the staff's private notes only when they are asked for."""
    rows = ((_request_cells(request), request.note) for request in requests)
    return _table(REQUEST_COLUMNS, rows, with_notes=with_notes)


def messages_as_csv(messages: Iterable[MessageInWork], *, with_notes: bool = False) -> bytes:
    """Messages for the staff, a row each; the staff's private notes only when they are asked for."""
    rows = ((_message_cells(message), message.note) for message in messages)
    return _table(MESSAGE_COLUMNS, rows, with_notes=with_notes)


def table_as_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Any table under the titles of its columns."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    writer.writerows([safe_cell(cell) for cell in cells] for cells in rows)
    return text.getvalue().encode("utf-8-sig")


def safe_cell(value: Cell) -> str:
    """The cell as a spreadsheet shows it and never computes it."""
    text = value or ""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _request_cells(request: RequestInWork) -> Sequence[Cell]:
    asked = full_request(request)
    return (
        *_first_cells(request),
        asked.contact_name,
        asked.phone,
        asked.email,
        asked.patient_name,
        asked.patient_relation,
        asked.preferred_time,
        asked.reason,
    )


def _message_cells(message: MessageInWork) -> Sequence[Cell]:
    words = (message.contact_name, message.phone, message.email, message.text)
    return (*_first_cells(message), message.urgency, message.topic, message.language, *map(text_of, words))


def _first_cells(item: RequestInWork | MessageInWork) -> Sequence[Cell]:
    came, contacted = _moment(item.created_at), _moment(item.first_contact_at)
    return (item.id, came, item.channel, item.status, item.assignee, contacted)


def _moment(moment: datetime | None) -> Cell:
    return clock.in_utc(moment).strftime("%Y-%m-%d %H:%M:%S") if moment else None


def _table(columns: Sequence[str], rows: Iterable[tuple[Sequence[Cell], Cell]], *, with_notes: bool) -> bytes:
    titles = [*columns, NOTE_COLUMN] if with_notes else columns
    return table_as_csv(titles, ([*cells, text_of(note)] if with_notes else cells for cells, note in rows))

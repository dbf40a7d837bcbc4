"""Requests as iCalendar text (RFC 5545) for the staff's own calendar or task list.

A request has no time, so it is a to-do and not an event: an event would show as booked. What the visitor wrote is
always set behind words of ours and in lines of its own, so that it neither reads as a field of ours nor is taken for a
formula where a task list is exported to a spreadsheet.
"""

from collections.abc import Sequence

from icalendar import Calendar, Todo

from clinic.appointment_requests import CLOSED_BY_VISITOR
from clinic.exports.requests import FullRequest
from clinic.staff_work import BOOKED, CLOSED, CONTACTED, OPEN

PRODUCT = "-//Milia assistant//Appointment requests//EN"
# The to-do is the staff's: to answer the request (RFC 5545, 3.8.1.11). It says nothing of when an appointment is.
_STATUSES = {
    OPEN: "NEEDS-ACTION",
    CONTACTED: "IN-PROCESS",
    BOOKED: "COMPLETED",
    CLOSED: "COMPLETED",
    CLOSED_BY_VISITOR: "CANCELLED",
}
_STATES_IN_WORDS = {
    OPEN: "Nothing is booked: the visitor waits for the clinic to answer.",
    CONTACTED: "The staff have been in touch. This is no booking.",
    BOOKED: "The staff have marked this as booked. When that is stands in the clinic's own calendar, not here.",
    CLOSED: "The staff have closed this request.",
    CLOSED_BY_VISITOR: "The visitor took this request back.",
}
_CHANNELS = {"web": "web chat", "sms": "text message"}


def calendar(requests: Sequence[FullRequest]) -> str:
    """The requests as one iCalendar object with a to-do each, lines ended by CRLF and folded at 75 octets.

    A to-do keeps its `UID` for good and counts `SEQUENCE` up when the request is changed, so that a program that
    reads it again changes the task it has (RFC 5545, 3.8.4.7 and 3.8.7.4).

    Raises:
        ValueError: there is no request; an iCalendar object must hold at least one component (RFC 5545, 3.6).
    """
    if not requests:
        raise ValueError("an iCalendar object needs at least one request")
    whole = Calendar()
    whole.add("prodid", PRODUCT)
    whole.add("version", "2.0")
    for request in requests:
        whole.add_component(_todo(request))
    return whole.to_ical().decode("utf-8")


def _todo(request: FullRequest) -> Todo:
    todo = Todo()
    todo.add("uid", f"urn:uuid:{request.id}")
    # Without a METHOD, DTSTAMP says when the information was last revised (RFC 5545, 3.8.7.2).
    todo.add("dtstamp", request.updated_at)
    todo.add("created", request.created_at)
    todo.add("last-modified", request.updated_at)
    todo.add("sequence", request.version - 1)
    todo.add("status", _STATUSES[request.status])
    todo.add("class", "CONFIDENTIAL")
    todo.add("summary", f"Appointment request: {request.patient_name or request.contact_name}")
    todo.add("description", _description(request))
    return todo


def _description(request: FullRequest) -> str:
    lines = [
        ("Contact", request.contact_name),
        ("Phone", request.phone),
        ("E-mail", request.email),
        ("Patient", _patient(request)),
        ("Preferred time, in the visitor's words", request.preferred_time),
        ("Reason, in the visitor's words", request.reason),
        ("Came by", _CHANNELS.get(request.channel, request.channel)),
        ("Request", request.id),
    ]
    told = [f"{title}: {_indented(value)}" for title, value in lines if value]
    return "\n".join([*told, _STATES_IN_WORDS[request.status]])


def _patient(request: FullRequest) -> str | None:
    if not request.for_another:
        return None
    name = request.patient_name or "name not given"
    return f"{name} (the contact's {request.patient_relation})" if request.patient_relation else name


def _indented(words: str) -> str:
    return words.replace("\n", "\n    ")

"""Appointment requests as the staff work on them: open, contacted, booked, closed, or withdrawn by the visitor."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.appointment_requests import CLOSED_BY_VISITOR, AppointmentRequest
from clinic.request_changes import WITHDRAWN, RequestChange, add_change
from clinic.staff_work import BOOKED, CLOSED, CONTACTED, OPEN, WorkItem, WorkKind

STATUSES_OF_THE_STAFF = (OPEN, CONTACTED, BOOKED, CLOSED)
TO_DO = (OPEN, CONTACTED, CLOSED_BY_VISITOR)
"""What still asks for something: a withdrawn request is to be seen and closed."""


@dataclass(frozen=True)
class RequestInWork(WorkItem):
    """A request with all its details; `preferred_time` and `reason` are the visitor's own words."""

    contact_name: str
    patient_name: str | None
    patient_relation: str | None
    preferred_time: str
    reason: str | None


def _may_become(session: Session, row: Any) -> tuple[str, ...]:
    """The staff may correct any status of their own; what the visitor took back can only be closed.

    A withdrawn request that was closed by mistake becomes withdrawn again and never open: its visitor was told that
    nothing waits any more.
    """
    taken_back = select(RequestChange.id).where(RequestChange.request_id == row.id, RequestChange.change == WITHDRAWN)
    if row.status == CLOSED_BY_VISITOR or session.execute(taken_back.limit(1)).first() is not None:
        return (CLOSED_BY_VISITOR, CLOSED)
    return STATUSES_OF_THE_STAFF


REQUESTS: WorkKind[RequestInWork] = WorkKind(
    table=AppointmentRequest,
    changes=RequestChange,
    subject="request_id",
    statuses=(*STATUSES_OF_THE_STAFF, CLOSED_BY_VISITOR),
    searched=("contact_name", "patient_name", "email"),
    item=RequestInWork,
    add_change=add_change,
    may_become=_may_become,
)

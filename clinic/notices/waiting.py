"""How much waits for the staff, in numbers."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Engine

from clinic import appointment_requests, staff_messages
from clinic.appointment_requests import AppointmentRequest
from clinic.database import transaction
from clinic.staff_messages import URGENT, StaffMessage


@dataclass(frozen=True)
class Waiting:
    """What is open; `urgent_messages` are among `messages`."""

    appointment_requests: int
    messages: int
    urgent_messages: int


def count_waiting(engine: Engine) -> Waiting:
    """Count what is open at this moment.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database cannot be read.
    """
    open_message = StaffMessage.status == staff_messages.OPEN
    with transaction(engine) as session:

        def count(table: Any, *conditions: Any) -> int:
            return int(session.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one())

        return Waiting(
            appointment_requests=count(AppointmentRequest, AppointmentRequest.status == appointment_requests.OPEN),
            messages=count(StaffMessage, open_message),
            urgent_messages=count(StaffMessage, open_message, StaffMessage.urgency == URGENT),
        )

"""Whether the assistant lacks a phone number to give, so that visitors in need are sent to the clinic and not told how.

It says "contact the clinic directly" then, and nothing else in the console would show that to whoever could change it.
"""

from dataclasses import dataclass

from sqlalchemy.engine import Engine

from clinic.answers.proposals import waiting_proposal
from clinic.answers.versions import CLINIC_DETAILS, version_in_force
from clinic.clinic_details import ClinicDetails, with_details
from clinic.settings import Settings
from console.content_state import read_stored
from console.roles import DESK, Role


@dataclass(frozen=True)
class MissingPhone:
    """That there is no number: whether this person may fill it in, and whether one waits to go live already."""

    may_fill_in: bool
    waits: bool


def missing_phone(engine: Engine, settings: Settings, role: Role) -> MissingPhone | None:
    """What to say to somebody of this role; None where visitors are given a number. One statement then.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database does not answer.
    """
    version = version_in_force(engine, CLINIC_DETAILS)
    in_force = _details(version.content) if version else None
    if with_details(settings, in_force).clinic_phone:
        return None
    proposal = waiting_proposal(engine, CLINIC_DETAILS)
    wanted = _details(proposal.content) if proposal else None
    return MissingPhone(may_fill_in=role in DESK, waits=bool(wanted and wanted.phone))


def _details(stored: object) -> ClinicDetails | None:
    return read_stored(stored, ClinicDetails.from_stored_form)

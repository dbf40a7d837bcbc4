"""Keeping the files of taught lines in agreement with the promotions in the database, which count."""

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from clinic.database import transaction
from conversations.candidates import READY, SET_ASIDE, UNDER_WAY, labels_of
from conversations.lines_without_erased import take_erased_lines_out
from conversations.promotion_history import are_all_there, labels_in_file, newest_row, standing_rows
from conversations.teaching import Candidate, Promotion
from conversations.workshop import Workshop


def bring_files_up_to_date(engine: Engine, workshop: Workshop) -> None:
    """Put the right lines in force, name the models that stay, and delete lines that nobody needs or that were erased.

    A candidate with a line that was erased since is set aside. What a killed training left is deleted an hour after it.
    Calling it again changes nothing.

    Raises:
        TaughtFileMissingError: the lines in force are gone; those of before stay.
        OSError: a file cannot be written.
    """
    take_erased_lines_out(engine, workshop.files)
    with transaction(engine) as session:
        newest, standing = newest_row(session), standing_rows(session)
        waiting = _waiting(session)
        older = {row.taught_before for row in standing if row.taught_before}
        older = {name for name in older if are_all_there(session, labels_in_file(session, name))}
    rows: list[Candidate | Promotion] = [*([newest] if newest else []), *standing[-1:], *waiting]
    workshop.files.keep_models({name for row in rows for name in (row.model, row.model_before) if name})
    if newest is not None:  # a new database knows nothing of lines that are in force
        workshop.files.put_in_force(newest.taught)
    needed = older | {row.taught for row in rows if row.taught}
    workshop.files.remove_all_but(needed)
    workshop.remove_unfinished()


def _waiting(session: Session) -> list[Candidate]:
    """The candidates that are being made or wait for their promotion."""
    waiting = []
    for candidate in session.execute(select(Candidate).where(Candidate.state.in_((READY, *UNDER_WAY)))).scalars():
        if candidate.state == READY and not are_all_there(session, labels_of(candidate)):
            candidate.state = SET_ASIDE
        else:
            waiting.append(candidate)
    return waiting

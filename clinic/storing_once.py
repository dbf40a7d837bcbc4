"""Storing what must be stored once, however many processes do so at the same time."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinic.database import transaction

Stored = TypeVar("Stored")


def store_once(engine: Engine, find: Callable[[Session], Stored | None], store: Callable[[Session], Stored]) -> Stored:
    """Find what was stored before, or store it; a unique key of its table refuses the second of two at once.

    Args:
        engine: the database.
        find: looks for it; None when it is not there. What it finds is returned.
        store: adds it, when it was not found, in the same transaction.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: nothing was stored.
    """
    try:
        with transaction(engine) as session:
            found = find(session)
            return store(session) if found is None else found
    except IntegrityError:
        # Another process stored it between our look and our insert.
        with transaction(engine) as session:
            found = find(session)
            if found is None:
                raise
            return found

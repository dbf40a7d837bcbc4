"""Stored searches: what is searched for never stands in an address, and a named search can be used again."""

import json
import uuid
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.engine import Engine

from clinic import clock
from clinic.database import transaction
from console.conversation_filters import ConversationFilters, FiltersError, read_filters
from console.tables import SavedSearch

KEPT_WITHOUT_NAME = timedelta(days=1)
LONGEST_NAME = 100
MOST_NAMED = 50


@dataclass(frozen=True)
class Search:
    """A stored search; without a name it is kept for a day."""

    id: str
    name: str | None
    filters: ConversationFilters


class SearchNameError(ValueError):
    """The search cannot be kept under this name; the message is for the person."""


def store_search(engine: Engine, account_id: str, filters: ConversationFilters) -> str:
    """Store a search without a name, delete those of anybody that are older than a day, and return its id.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: it was not stored.
    """
    now = clock.now()
    search_id = str(uuid.uuid4())
    with transaction(engine) as session:
        old = (SavedSearch.name.is_(None), SavedSearch.created_at < now - KEPT_WITHOUT_NAME)
        session.execute(delete(SavedSearch).where(*old))
        session.add(
            SavedSearch(id=search_id, account_id=account_id, filters=json.dumps(filters.values()), created_at=now)
        )
    return search_id


def find_search(engine: Engine, account_id: str, search_id: str) -> Search | None:
    """A search of this account; None when there is none, or its filters mean nothing any more."""
    query = select(SavedSearch).where(SavedSearch.id == search_id, SavedSearch.account_id == account_id)
    with transaction(engine) as session:
        row = session.execute(query).scalar_one_or_none()
        return None if row is None else _search(row)


def named_searches(engine: Engine, account_id: str) -> list[Search]:
    """The searches that this account keeps, by name."""
    own = (SavedSearch.account_id == account_id, SavedSearch.name.is_not(None))
    with transaction(engine) as session:
        found = [_search(row) for row in session.execute(select(SavedSearch).where(*own)).scalars()]
    # The database holds the names encrypted and cannot sort them.
    return sorted((search for search in found if search is not None), key=lambda it: ((it.name or "").lower(), it.id))


def name_search(engine: Engine, account_id: str, search_id: str, name: str) -> bool:
    """Keep a search under a name; False when this account has no such search.

    Raises:
        SearchNameError: the name is empty, too long or in use, or there are too many.
        sqlalchemy.exc.SQLAlchemyError: nothing was changed.
    """
    wanted = " ".join(name.replace("\x00", " ").split())
    if not wanted or len(wanted) > LONGEST_NAME:
        raise SearchNameError(f"Please give the search a name of 1 to {LONGEST_NAME} characters.")
    others = select(SavedSearch.name).where(
        SavedSearch.account_id == account_id, SavedSearch.name.is_not(None), SavedSearch.id != search_id
    )
    own = update(SavedSearch).where(SavedSearch.id == search_id, SavedSearch.account_id == account_id)
    with transaction(engine) as session:
        names = session.execute(others).scalars().all()
        if wanted.casefold() in {each.casefold() for each in names}:
            raise SearchNameError(f"You already keep a search named “{wanted}”. Please choose another name.")
        if len(names) >= MOST_NAMED:
            raise SearchNameError(f"You already keep {MOST_NAMED} searches. Please delete one first.")
        return bool(session.execute(own.values(name=wanted)).rowcount)


def delete_search(engine: Engine, account_id: str, search_id: str) -> bool:
    """Delete a search; False when this account has no such search."""
    own = delete(SavedSearch).where(SavedSearch.id == search_id, SavedSearch.account_id == account_id)
    with transaction(engine) as session:
        return bool(session.execute(own).rowcount)


def _search(row: SavedSearch) -> Search | None:
    try:
        return Search(row.id, row.name, read_filters(json.loads(row.filters)))
    except FiltersError:
        return None

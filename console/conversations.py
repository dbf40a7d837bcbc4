"""The list of conversations: searching it without a word in an address, and keeping searches."""

from collections.abc import Mapping

from starlette.responses import Response

from console.conversation_filters import (
    NAMES,
    TITLES,
    ConversationFilters,
    FiltersError,
    in_words,
    read_filters,
)
from console.conversation_list import ListedPage, list_conversations
from console.keyset import Place
from console.names import label_name
from console.roles import EVERYBODY
from console.routing import ConsoleRoute
from console.searches import (
    Search,
    SearchNameError,
    delete_search,
    find_search,
    name_search,
    named_searches,
    store_search,
)
from console.visit import BadInputError, NotFoundError, Visit
from conversations.known_labels import known_labels

NOTHING = ListedPage((), None, None)
SEARCH_GONE = "This search is no longer kept. Please set its filters again; a search that is given a name stays."


def show_list(visit: Visit) -> Response:
    """One page of the list, of a search where the address names one."""
    search_id = visit.query.get("search")
    if not search_id:
        return _list_page(visit, None, _found(visit, ConversationFilters()))
    search = find_search(visit.engine, visit.account.id, search_id)
    if search is None:
        return _list_page(visit, None, NOTHING, values={}, problems={"": SEARCH_GONE}, status=404)
    visit.about("search", search.id, fields=sorted(search.filters.values()))
    return _list_page(visit, search, _found(visit, search.filters))


def search_list(visit: Visit) -> Response:
    """Store what is searched for, and show it at an address that does not tell it."""
    try:
        filters = read_filters(visit.form)
    except FiltersError as error:
        values = {name: str(visit.form.get(name) or "") for name in TITLES}
        return _list_page(visit, None, NOTHING, values=values, problems=error.problems, status=400)
    if filters == ConversationFilters():
        return visit.redirect("/conversations")
    search_id = store_search(visit.engine, visit.account.id, filters)
    visit.about("search", search_id, fields=sorted(filters.values()))
    return visit.redirect(f"/conversations?search={search_id}")


def keep_search(visit: Visit) -> Response:
    """Give a search a name, under which it stays."""
    search_id = visit.path["id"]
    visit.about("search", search_id)
    try:
        is_named = name_search(visit.engine, visit.account.id, search_id, str(visit.form.get("name") or ""))
    except SearchNameError as error:
        raise BadInputError(str(error)) from error
    if not is_named:
        raise NotFoundError("no such search of this account")
    return visit.redirect(f"/conversations?search={search_id}", notice="search_named")


def forget_search(visit: Visit) -> Response:
    """Delete a search."""
    search_id = visit.path["id"]
    visit.about("search", search_id)
    if not delete_search(visit.engine, visit.account.id, search_id):
        raise NotFoundError("no such search of this account")
    return visit.redirect("/conversations", notice="search_deleted")


def _found(visit: Visit, filters: ConversationFilters) -> ListedPage:
    return list_conversations(
        visit.engine,
        filters,
        visit.settings.clinic_timezone,
        older_than=_place(visit.query.get("older")),
        newer_than=_place(visit.query.get("newer")),
    )


def _place(text: str | None) -> Place | None:
    try:
        return Place.read(text) if text else None
    except ValueError as error:
        raise BadInputError("There is no such page of the list. Please begin at the newest conversations.") from error


def _list_page(
    visit: Visit,
    search: Search | None,
    found: ListedPage,
    *,
    values: Mapping[str, str] | None = None,
    problems: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    """The page of the list.

    Args:
        visit: the request.
        search: the search that is shown.
        found: the rows.
        values: what the form holds, where that is not the search's filters.
        problems: what is wrong with the form, by field; under no name what is wrong with the whole.
        status: the status of the answer.
    """
    shown = search.filters.values() if search else {}
    return visit.page(
        "conversations.html",
        status=status,
        search=search,
        filtered_by=in_words(search.filters) if search else [],
        named=named_searches(visit.engine, visit.account.id),
        found=found,
        values=dict.fromkeys(TITLES, "") | shown | dict(values or {}),
        problems=dict(problems or {}),
        options=_options(),
        is_first=not (visit.query.get("older") or visit.query.get("newer")),
    )


def _options() -> dict[str, list[tuple[str, str]]]:
    """What the form's lists offer, as pairs of value and title."""
    lists = {**NAMES, "label": {label: label_name(label) for label in known_labels()}}
    return {name: [("", "Any"), *known.items()] for name, known in lists.items()}


ROUTES: tuple[ConsoleRoute, ...] = (
    ConsoleRoute("/conversations", "GET", show_list, EVERYBODY, "conversations.listed"),
    ConsoleRoute("/conversations/search", "POST", search_list, EVERYBODY, "conversations.searched"),
    ConsoleRoute("/conversations/searches/{id}/name", "POST", keep_search, EVERYBODY, "search.named"),
    ConsoleRoute("/conversations/searches/{id}/delete", "POST", forget_search, EVERYBODY, "search.deleted"),
)

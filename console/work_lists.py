"""The pages that list requests or messages: by filters, which stand in the address, or by words, which never do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic

from starlette.responses import Response

from clinic import clock
from clinic.staff_messages import URGENT
from clinic.staff_work import Item
from clinic.work_lists import WorkFilters, WorkPage, count_statuses, list_work, search_work
from console.colleagues import Colleagues, read_colleagues
from console.tabs import Tab
from console.visit import Visit
from console.work_desk import Desk
from console.work_filters import (
    AGES,
    ALL,
    CHANNEL_NAMES,
    ME,
    NOBODY,
    ORDERS,
    PERSON,
    URGENCIES,
    ListFilters,
    read_filters,
    read_place,
)

LONGEST_WORDS = 200
Options = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Row(Generic[Item]):
    """One line of a list: the row, its heading, where its page is, and who works on it."""

    item: Item
    title: str
    address: str
    assignee: str


def show_list(desk: Desk[Item], visit: Visit) -> Response:
    """The rows that the filters of the address let through, a page of them."""
    colleagues = read_colleagues(visit.engine)
    filters = chosen_filters(desk, visit, colleagues)
    wanted = filters.for_database(desk.to_do, visit.account.name, clock.now())
    after = read_place(visit.query.get("after", ""))
    page = list_work(visit.engine, desk.kind, wanted, newest_first=filters.newest_first, after=after)
    counts = count_statuses(visit.engine, desk.kind, wanted)
    return visit.page(
        f"{desk.plural}.html",
        desk=desk,
        filters=filters,
        rows=_rows(desk, page, colleagues),
        tabs=_tabs(desk, filters, counts),
        count=_chosen_count(wanted, counts),
        urgent=_urgent_to_do(desk, visit, filters),
        options=_options(colleagues, visit.account.name),
        first_page=filters.query() if after else None,
        next_page=filters.query(after=page.following) if page.following else None,
        words=None,
        following=None,
    )


def show_found(desk: Desk[Item], visit: Visit) -> Response:
    """The rows with the words of the form in name, phone number or e-mail address, whatever their status."""
    words = " ".join(str(visit.form.get("words", ""))[:LONGEST_WORDS].split())
    if not words:
        return visit.redirect(f"/{desk.plural}")
    colleagues = read_colleagues(visit.engine)
    after = read_place(str(visit.form.get("after", "")))
    page = search_work(visit.engine, desk.kind, words, after=after)
    visit.about(desk.plural, "search", found=len(page.items))
    filters = ListFilters(status=ALL)
    counts = count_statuses(visit.engine, desk.kind, WorkFilters())
    return visit.page(
        f"{desk.plural}.html",
        desk=desk,
        filters=filters,
        rows=_rows(desk, page, colleagues),
        tabs=[replace(tab, is_current=False) for tab in _tabs(desk, ListFilters(), counts)],
        count=len(page.items),
        urgent=0,
        options=_options(colleagues, visit.account.name),
        first_page=None,
        next_page=None,
        words=words,
        following=page.following,
    )


def chosen_filters(desk: Desk[Item], visit: Visit, colleagues: Colleagues) -> ListFilters:
    """The filters of the address.

    Raises:
        console.visit.BadInputError: one of them is none of ours.
    """
    people = [name for name, _ in colleagues.to_filter(visit.account.name)]
    return read_filters(visit.query, desk.kind.statuses, people)


def _rows(desk: Desk[Item], page: WorkPage[Item], colleagues: Colleagues) -> list[Row[Item]]:
    return [
        Row(item, desk.title(item), desk.address(item.id), colleagues.shown(item.assignee or "")) for item in page.items
    ]


def _tabs(desk: Desk[Item], filters: ListFilters, counts: Mapping[str, int]) -> list[Tab]:
    choices = (
        ("", "To do", sum(counts[status] for status in desk.to_do)),
        *((status, status.capitalize(), counts[status]) for status in desk.kind.statuses),
        (ALL, "All", sum(counts.values())),
    )
    return [
        Tab(title, count, filters.query(status=status), status == filters.status) for status, title, count in choices
    ]


def _chosen_count(wanted: WorkFilters, counts: Mapping[str, int]) -> int:
    return sum(count for status, count in counts.items() if not wanted.statuses or status in wanted.statuses)


def _urgent_to_do(desk: Desk[Item], visit: Visit, filters: ListFilters) -> int:
    """How many urgent ones are to do, where the filters hide them or mix them with others."""
    if not desk.has_urgency or filters.urgency == URGENT:
        return 0
    counts = count_statuses(visit.engine, desk.kind, WorkFilters(urgency=URGENT))
    return sum(counts[status] for status in desk.to_do)


def _options(colleagues: Colleagues, me: str) -> dict[str, Options]:
    others = [(f"{PERSON}{name}", shown) for name, shown in colleagues.to_filter(me)]
    return {
        "assignee": [("", "Anybody"), (ME, "Me"), (NOBODY, "Nobody yet"), *others],
        "channel": list(CHANNEL_NAMES.items()),
        "urgency": list(URGENCIES.items()),
        "age": [(value, title) for value, (title, _, _) in AGES.items()],
        "order": list(ORDERS.items()),
    }

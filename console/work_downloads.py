"""Downloading requests or messages: those of a list, or a single one."""

from collections.abc import Sequence

from starlette.responses import Response

from clinic import clock
from clinic.staff_work import GoneError, Item, find_work
from clinic.work_lists import all_work
from console.colleagues import read_colleagues
from console.visit import BadInputError, NotFoundError, Visit
from console.work_desk import Desk, Download
from console.work_lists import chosen_filters

YES = "yes"
DAY_FORMAT = "%Y-%m-%d"


def download_list(desk: Desk[Item], visit: Visit) -> Response:
    """All rows that the filters of the address let through, whatever page of them is shown."""
    chosen = _chosen(desk, visit)
    filters = chosen_filters(desk, visit, read_colleagues(visit.engine))
    wanted = filters.for_database(desk.to_do, visit.account.name, clock.now())
    items = all_work(visit.engine, desk.kind, wanted)
    if not items:
        raise BadInputError(f"None of the {desk.plural} passes these filters, so there is nothing to download.")
    day = clock.now().astimezone(visit.settings.clinic_timezone).strftime(DAY_FORMAT)
    with_notes = _wants_notes(chosen, visit)
    visit.about(desk.plural, visit.path["form"], rows=len(items), notes=with_notes)
    return _file(visit, chosen, items, f"{desk.plural}-{day}", with_notes, is_collection=True)


def download_one(desk: Desk[Item], visit: Visit) -> Response:
    """A single row."""
    chosen = _chosen(desk, visit)
    try:
        item = find_work(visit.engine, desk.kind, visit.path["row_id"]).item
    except GoneError as error:
        raise NotFoundError from error
    with_notes = _wants_notes(chosen, visit)
    visit.about(desk.name, item.id, form=visit.path["form"], notes=with_notes)
    return _file(visit, chosen, [item], f"{desk.name}-{item.id}", with_notes, is_collection=False)


def _chosen(desk: Desk[Item], visit: Visit) -> Download[Item]:
    chosen = desk.downloads.get(visit.path["form"])
    if chosen is None:
        raise NotFoundError
    return chosen


def _wants_notes(chosen: Download[Item], visit: Visit) -> bool:
    return chosen.may_have_notes and visit.query.get("notes") == YES


def _file(
    visit: Visit, chosen: Download[Item], items: Sequence[Item], name: str, with_notes: bool, *, is_collection: bool
) -> Response:
    try:
        content = chosen.make(items, is_collection, with_notes)
    except ValueError as error:
        # Its message would repeat what a visitor wrote.
        raise BadInputError(f"What is stored cannot be said as {chosen.title}. Please take another format.") from error
    return visit.download(content, chosen.media_type, f"{name}.{chosen.suffix}")

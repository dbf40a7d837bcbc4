"""The page of one request or message, and saving what was done about it; nothing that was typed is ever lost."""

import re
from dataclasses import dataclass, replace
from typing import Generic

from starlette.responses import Response

from clinic import clock
from clinic.staff_work import (
    VALUE_NAMES,
    ChangedMeanwhileError,
    GoneError,
    Item,
    RefusedChangeError,
    WorkFile,
    WorkValues,
    change_work,
    find_work,
)
from console.colleagues import Colleagues, read_colleagues
from console.contact_links import mail_link, shown_phone, tel_link
from console.visit import BadInputError, NotFoundError, Visit
from console.work_desk import Desk
from console.work_words import HistoryLine, button_title, history_lines, passed_in_words

CONFLICT = 409
REFUSED = 400
INTERRUPTED = "Your session had ended before this was saved. Please save it again."
_VERSION = re.compile("[1-9][0-9]{0,8}")


@dataclass(frozen=True)
class Typed:
    """What the form holds. `version` is the one that its person has seen."""

    version: int
    values: WorkValues


@dataclass(frozen=True)
class StatusButton:
    """A button that saves with this status; the first one is pressed by the Enter key."""

    status: str
    title: str
    is_first: bool


@dataclass(frozen=True)
class Trouble:
    """Why it was not saved: what others did since, or what cannot be taken."""

    others: tuple[HistoryLine, ...] = ()
    message: str = ""


@dataclass(frozen=True)
class Sheet(Generic[Item]):
    """What the page of one row is made of."""

    desk: Desk[Item]
    visit: Visit
    found: WorkFile[Item]
    colleagues: Colleagues

    def page(self, typed: Typed | None = None, trouble: Trouble | None = None, status: int = 200) -> Response:
        """The page; with what was typed where it could not be saved."""
        item, me, shown = self.found.item, self.visit.account.name, self.colleagues.shown
        form = typed or Typed(item.version, WorkValues(item.status, item.assignee, item.note))
        return self.visit.page(
            f"{self.desk.name}.html",
            status=status,
            desk=self.desk,
            item=item,
            title=self.desk.title(item),
            address=self.desk.address(item.id),
            phone=shown_phone(item.phone),
            tel=tel_link(item.phone),
            mail=mail_link(item.email),
            waited=_waited(item),
            history=tuple(reversed(history_lines(self.found.history, me, shown))),
            typed=form,
            trouble=trouble,
            buttons=_buttons(self.found, form.values.status),
            people=self.colleagues.to_assign(me, item.assignee),
            assignee=shown(item.assignee or ""),
            beside=self.desk.beside(self.visit.engine, item.conversation_id),
        )


def show_one(desk: Desk[Item], visit: Visit) -> Response:
    """The page of one row."""
    found = _found(desk, visit)
    visit.about(desk.name, found.item.id)
    return Sheet(desk, visit, found, read_colleagues(visit.engine)).page()


def save(desk: Desk[Item], visit: Visit) -> Response:
    """Save what the form says; where that cannot be, the page again with all that was typed."""
    typed = _typed(visit)
    found = _found(desk, visit)
    visit.about(desk.name, found.item.id, status=typed.values.status)
    sheet = Sheet(desk, visit, found, read_colleagues(visit.engine))
    try:
        _check_assignee(typed.values, found.item.assignee, sheet.colleagues)
        changed = change_work(
            visit.engine,
            desk.kind,
            found.item.id,
            expected_version=typed.version,
            values=typed.values,
            changed_by=visit.account.name,
        )
    except GoneError as error:
        raise NotFoundError from error
    except RefusedChangeError as error:
        return sheet.page(typed, Trouble(message=str(error)), REFUSED)
    except ChangedMeanwhileError as error:
        return _conflict(sheet, error, typed)
    fields = [name for name in VALUE_NAMES if getattr(changed, name) != getattr(found.item, name)]
    visit.about(desk.name, changed.id, status=changed.status, fields=fields, version=changed.version)
    return visit.redirect(desk.address(changed.id), notice="saved")


def show_again(desk: Desk[Item], visit: Visit) -> Response:
    """The page with what was typed, where the session had ended before it was saved."""
    typed = _typed(visit)
    found = _found(desk, visit)
    visit.about(desk.name, found.item.id)
    return Sheet(desk, visit, found, read_colleagues(visit.engine)).page(typed, Trouble(message=INTERRUPTED), CONFLICT)


def _found(desk: Desk[Item], visit: Visit) -> WorkFile[Item]:
    try:
        return find_work(visit.engine, desk.kind, visit.path["row_id"])
    except GoneError as error:
        raise NotFoundError from error


def _typed(visit: Visit) -> Typed:
    form = {name: str(visit.form.get(name, "")) for name in ("version", *VALUE_NAMES)}
    if not _VERSION.fullmatch(form["version"]) or not form["status"]:
        raise BadInputError("The form came in incomplete, so nothing was saved. Please load the page again.")
    return Typed(int(form["version"]), WorkValues(form["status"], form["assignee"], form["note"]))


def _check_assignee(values: WorkValues, present: str | None, colleagues: Colleagues) -> None:
    if values.assignee and values.assignee != present and not colleagues.can_work(values.assignee):
        raise RefusedChangeError("This person can no longer be given work. Please choose somebody else.")


def _conflict(sheet: Sheet[Item], error: ChangedMeanwhileError, typed: Typed) -> Response:
    present: WorkFile[Item] = error.present
    others = history_lines(error.since, sheet.visit.account.name, sheet.colleagues.shown)
    # Whoever reads this page has seen the others' change, so that saving again is meant.
    seen = Typed(present.item.version, typed.values)
    return replace(sheet, found=present).page(seen, Trouble(others=others), CONFLICT)


def _waited(item: Item) -> str | None:
    if item.first_contact_at is None:
        return None
    return passed_in_words(clock.in_utc(item.first_contact_at) - clock.in_utc(item.created_at))


def _buttons(found: WorkFile[Item], wanted: str) -> list[StatusButton]:
    """The wanted status first, where the row may still take it, then the present one, then the others."""
    present = found.item.status
    first = wanted if wanted in found.may_become else present
    order = dict.fromkeys((first, present, *found.may_become))
    return [
        StatusButton(status, "Save" if status == present else button_title(status), status == first) for status in order
    ]

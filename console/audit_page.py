"""The admin's pages of the audit."""

from datetime import date
from urllib.parse import urlencode

from starlette.responses import Response

from console.audit_chain import check_chain
from console.audit_reading import (
    MOST_EXPORTED,
    NOBODY,
    AuditFilters,
    TooManyRowsError,
    actors,
    as_csv,
    read_page,
)
from console.roles import ADMINS
from console.routing import ConsoleRoute
from console.typed_days import NoDayError, read_day
from console.typed_numbers import whole_number
from console.visit import BadInputError, Visit

PATH = "/audit"
LARGEST_ROW = 2**31 - 1
LONGEST_ROW_NUMBER = 19
TOO_MANY_ROWS = f"These are more than {MOST_EXPORTED:,} rows. Please choose fewer days, or one person."


def show_audit(visit: Visit) -> Response:
    """One page of rows."""
    filters = _filters(visit)
    before, after = _row_number(visit, "before"), _row_number(visit, "after")
    page = read_page(visit.engine, filters, visit.settings.clinic_timezone, before=before, after=after)
    visit.about("audit", "", filters=sorted(_fields(filters)))
    has_rows = bool(page.entries)
    return visit.page(
        "audit.html",
        entries=page.entries,
        filters=filters,
        people=[("", "Everybody"), (NOBODY, "Nobody logged in"), *((name, name) for name in actors(visit.engine))],
        actions=[("", "Everything"), *((name, name) for name in visit.audit_actions)],
        newer=_address(filters, after=page.entries[0].id) if page.has_newer and has_rows else None,
        older=_address(filters, before=page.entries[-1].id) if page.has_older and has_rows else None,
        export=f"{PATH}.csv?{urlencode(_fields(filters))}",
    )


def export_audit(visit: Visit) -> Response:
    """All rows that fit, as CSV."""
    filters = _filters(visit)
    try:
        content, rows = as_csv(visit.engine, filters, visit.settings.clinic_timezone)
    except TooManyRowsError:
        raise BadInputError(TOO_MANY_ROWS) from None
    visit.about("audit", "", filters=sorted(_fields(filters)), rows=rows)
    return visit.download(content, "text/csv; charset=utf-8", "audit.csv")


def check_audit(visit: Visit) -> Response:
    """Say whether the chain is whole."""
    noted = str(visit.form.get("head", "")).strip().lower()
    report = check_chain(visit.engine, visit.settings.secret_key, noted)
    visit.about("audit", "", whole=report.is_whole, rows=report.rows)
    return visit.page("audit_check.html", report=report)


def _filters(visit: Visit) -> AuditFilters:
    asked = {name: visit.query.get(name, "").strip() for name in ("actor", "action", "subject_kind", "subject_id")}
    return AuditFilters(**asked, first_day=_day(visit, "first_day"), last_day=_day(visit, "last_day"))


def _day(visit: Visit, field: str) -> date | None:
    text = visit.query.get(field, "")
    try:
        return read_day(text) if text else None
    except NoDayError as error:
        raise BadInputError(str(error)) from None


def _row_number(visit: Visit, field: str) -> int | None:
    number = whole_number(visit.query.get(field, ""), LONGEST_ROW_NUMBER)
    return None if number is None else min(number, LARGEST_ROW)


def _fields(filters: AuditFilters) -> dict[str, str]:
    return {name: str(value) for name, value in vars(filters).items() if value}


def _address(filters: AuditFilters, **where: int) -> str:
    return f"{PATH}?{urlencode({**_fields(filters), **where})}"


ROUTES = (
    ConsoleRoute(PATH, "GET", show_audit, ADMINS, "audit.viewed"),
    ConsoleRoute(f"{PATH}.csv", "GET", export_audit, ADMINS, "audit.exported"),
    ConsoleRoute(f"{PATH}/check", "POST", check_audit, ADMINS, "audit.checked"),
)

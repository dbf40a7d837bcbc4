"""The admin's page of the purge: the rules, what would go now, what went, and when the next run is."""

from starlette.responses import Response

from clinic import clock
from console.retention_view import STARTED_BY, class_rows, state_of, trouble
from console.roles import ADMINS
from console.routing import ConsoleRoute
from console.visit import Visit
from conversations.retention.classes import KEPT_FOR_EVER, Removal, total
from conversations.retention.purge import Keeper, look
from conversations.retention.runs import finished_for, last_runs
from conversations.retention.schedule import due_day, next_run

PATH = "/retention"
RUNS_SHOWN = 10


def show_rules(visit: Visit) -> Response:
    """The rules and the last runs."""
    return _page(visit, None)


def look_now(visit: Visit) -> Response:
    """The same with what would go now. Nothing is removed."""
    found = look(Keeper.of(visit.engine, visit.settings))
    visit.about("retention", "", would_go=total(found))
    return _page(visit, found)


def _page(visit: Visit, found: tuple[Removal, ...] | None) -> Response:
    settings, zone, now = visit.settings.retention, visit.settings.clinic_timezone, clock.now()
    today = due_day(now, zone, settings.hour)
    is_done = today is not None and finished_for(visit.engine, today)
    return visit.page(
        "retention.html",
        rows=class_rows(settings, found or ()),
        has_looked=found is not None,
        would_go=total(found or ()),
        runs=last_runs(visit.engine, RUNS_SHOWN),
        started_by=STARTED_BY,
        state_of=state_of,
        trouble=trouble(visit.engine),
        next_run=next_run(now, zone, settings.hour, is_done),
        kept=sorted(KEPT_FOR_EVER.items()),
    )


ROUTES: tuple[ConsoleRoute, ...] = (
    ConsoleRoute(PATH, "GET", show_rules, ADMINS, "retention.viewed"),
    ConsoleRoute(f"{PATH}/look", "POST", look_now, ADMINS, "retention.looked"),
)

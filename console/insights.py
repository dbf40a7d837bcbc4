"""The pages of figures: `/insights`, what people ask that the clinic's page does not cover, and each figure as CSV."""

from starlette.responses import Response

from clinic import clock
from clinic.exports.spreadsheet import MEDIA_TYPE, table_as_csv
from console.figure import Table
from console.insight_counts import read_counts
from console.insight_figures import FIGURES, sections
from console.insight_filters import PRESETS, InsightFilters, read_filters
from console.insight_period import Period, compared
from console.insight_tiles import tiles
from console.insight_view import InsightView
from console.names import CHANNELS
from console.roles import EVERYBODY
from console.routing import ConsoleRoute
from console.uncovered_topics import UncoveredPage, examples_table, missed_table, read_uncovered_page, topics_table
from console.visit import BadInputError, NotFoundError, Visit

OK, BAD_REQUEST = 200, 400
UNCOVERED_TABLES = {"topics": topics_table, "examples": examples_table, "not-understood": missed_table}


def show_insights(visit: Visit) -> Response:
    """All figures of the chosen days."""
    filters = _filters(visit)
    if filters.period is None:
        return _problem_page(visit, "insights.html", filters)
    view = _view(visit, filters, filters.period)
    _is_about(visit, filters, "figures")
    return visit.page(
        "insights.html",
        OK,
        **_shared(filters),
        tiles=tiles(view),
        sections=sections(view),
        is_empty=not (any(view.turns.steps) or view.turns.before or view.counts.requests or view.counts.messages),
        is_over=view.comparison.is_over,
    )


def export_figure(visit: Visit) -> Response:
    """One figure's table as CSV."""
    make = FIGURES.get(visit.path["figure"])
    if make is None:
        raise NotFoundError("there is no such figure")
    filters, period = _usable_filters(visit)
    figure = make(_view(visit, filters, period))
    _is_about(visit, filters, figure.key)
    return _file(visit, figure.key, period, figure.table)


def show_uncovered(visit: Visit) -> Response:
    """What people ask that the clinic's page does not cover."""
    filters = _filters(visit)
    if filters.period is None:
        return _problem_page(visit, "uncovered.html", filters)
    _is_about(visit, filters, "uncovered")
    return visit.page("uncovered.html", OK, **_shared(filters), uncovered=_uncovered(visit, filters, filters.period))


def export_uncovered(visit: Visit) -> Response:
    """One of the tables of what is not covered as CSV."""
    make = UNCOVERED_TABLES.get(visit.path["table"])
    if make is None:
        raise NotFoundError("there is no such table")
    filters, period = _usable_filters(visit)
    name = f"uncovered-{visit.path['table']}"
    _is_about(visit, filters, name)
    return _file(visit, name, period, make(_uncovered(visit, filters, period)))


def _filters(visit: Visit) -> InsightFilters:
    zone = visit.settings.clinic_timezone
    return read_filters(visit.query, zone, clock.now().astimezone(zone).date())


def _usable_filters(visit: Visit) -> tuple[InsightFilters, Period]:
    filters = _filters(visit)
    if filters.period is None:
        raise BadInputError(filters.problem)
    return filters, filters.period


def _view(visit: Visit, filters: InsightFilters, period: Period) -> InsightView:
    comparison = compared(period, clock.now())
    return InsightView(read_counts(visit.engine, comparison, filters.channel), comparison)


def _uncovered(visit: Visit, filters: InsightFilters, period: Period) -> UncoveredPage:
    return read_uncovered_page(visit.engine, compared(period, clock.now()), filters.channel)


def _shared(filters: InsightFilters) -> dict[str, object]:
    return {"filters": filters, "presets": PRESETS, "channels": [("", "All"), *CHANNELS.items()]}


def _problem_page(visit: Visit, template: str, filters: InsightFilters) -> Response:
    """The page without figures, with what was typed and what is wrong with it."""
    visit.about("insights", "none")
    return visit.page(template, BAD_REQUEST, **_shared(filters))


def _is_about(visit: Visit, filters: InsightFilters, what: str) -> None:
    visit.about("insights", what, first=filters.first, last=filters.last, channel=filters.channel)


def _file(visit: Visit, name: str, period: Period, table: Table) -> Response:
    filename = f"{name}-{period.first.isoformat()}-{period.last.isoformat()}.csv"
    rows = ([None if cell is None else str(cell) for cell in row] for row in table.rows)
    return visit.download(table_as_csv(table.columns, rows), MEDIA_TYPE, filename)


ROUTES: tuple[ConsoleRoute, ...] = (
    ConsoleRoute("/insights", "GET", show_insights, EVERYBODY, "insights.viewed"),
    ConsoleRoute("/insights/uncovered", "GET", show_uncovered, EVERYBODY, "insights.uncovered_viewed"),
    ConsoleRoute("/insights/uncovered/{table}.csv", "GET", export_uncovered, EVERYBODY, "insights.uncovered_exported"),
    ConsoleRoute("/insights/figures/{figure}.csv", "GET", export_figure, EVERYBODY, "insights.exported"),
)

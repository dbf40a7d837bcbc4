"""The console's first page: everything that waits for somebody, the most urgent first, kept up to date by itself.

Its list shows nothing personal, so that the page may fetch it again by itself without a row in the audit each time.
"""

from starlette.responses import Response

from clinic import clock
from console.answer_list import content_news
from console.missing_phone import missing_phone
from console.page_notices import NOTICES
from console.queue_entries import Look, read_page
from console.queue_filters import AGE_NAMES, CHANNEL_NAMES, OWNERS, QueueFilters, read_filters
from console.queue_view import TEXT_TARGET, Known, QueueView, make_view, new_safety, read_known
from console.retention_view import trouble
from console.roles import EVERYBODY, REVIEWERS, Role
from console.routing import ConsoleRoute
from console.templating import hour_in_words
from console.visit import Visit

NOTHING_NEW = 204
REFRESHED_AT = "X-Refreshed-At"


def show_queue(visit: Visit) -> Response:
    """The whole page."""
    filters = read_filters(visit.query)
    view, _ = _look(visit, filters, None)
    return visit.page(
        "queue.html",
        view=view,
        filters=filters,
        owners=OWNERS.items(),
        channels=CHANNEL_NAMES.items(),
        ages=AGE_NAMES.items(),
        refreshed_at=_present_hour(visit),
        retention_trouble=trouble(visit.engine) if visit.account.role is Role.ADMIN else "",
        content_news=content_news(visit.engine) if visit.account.role in REVIEWERS else None,
        missing_phone=missing_phone(visit.engine, visit.settings, visit.account.role),
    )


def show_list(visit: Visit) -> Response:
    """The list alone, as the page fetches it by itself; nothing where the browser shows the same already."""
    filters = read_filters(visit.query)
    known = read_known(visit.query.get("known"))
    view, fresh = _look(visit, filters, known)
    if known is not None and view.known.startswith(f"{known.digest}.") and not fresh:
        return Response(status_code=NOTHING_NEW, headers={REFRESHED_AT: _present_hour(visit)})
    return _list(visit, filters, view, _news(visit, fresh))


def answer_action(visit: Visit, notice: str) -> Response:
    """What is shown after a button of the list: the list with the same filters, and what was done.

    Args:
        visit: the request, whose address holds the filters.
        notice: a key of `console.page_notices.NOTICES`.

    Raises:
        KeyError: there is no such notice.
    """
    filters = read_filters(visit.query)
    if not visit.is_fragment:
        return visit.redirect(f"/{filters.query()}", notice=notice)
    view, fresh = _look(visit, filters, read_known(visit.form.get("known")))
    return _list(visit, filters, view, f"{NOTICES[notice]} {_news(visit, fresh)}".strip())


def _look(visit: Visit, filters: QueueFilters, known: Known | None) -> tuple[QueueView, int]:
    """What is shown now, and how many safety entries are new to the browser."""
    look = Look(visit.account.role, visit.account.name, filters, clock.now())
    page = read_page(visit.engine, look, known.newest if known else None)
    targets = (*visit.settings.notice_targets, *((TEXT_TARGET,) if visit.settings.sms.can_send else ()))
    return make_view(page, look, targets), new_safety(page, known)


def _list(visit: Visit, filters: QueueFilters, view: QueueView, said: str) -> Response:
    response = visit.page("queue_update.html", view=view, filters=filters, said=said)
    response.headers[REFRESHED_AT] = _present_hour(visit)
    return response


def _news(visit: Visit, fresh: int) -> str:
    if not fresh:
        return ""
    return f"{fresh} new safety message{'' if fresh == 1 else 's'} at {_present_hour(visit)}."


def _present_hour(visit: Visit) -> str:
    return hour_in_words(clock.now().astimezone(visit.settings.clinic_timezone))


ROUTES: tuple[ConsoleRoute, ...] = (
    ConsoleRoute("/", "GET", show_queue, EVERYBODY, "queue.viewed"),
    ConsoleRoute("/queue/list", "GET", show_list, EVERYBODY, None),
)

"""What happens around each endpoint: who asks, may they, is the form ours; then the endpoint; then the audit's row."""

import hmac
import logging
from collections.abc import Awaitable, Callable
from urllib.parse import quote

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console import audit
from console.cookies import clear_session, session_secret_of, set_notice
from console.error_pages import FORM_TOO_OLD, PERSONS_FAULTS, AuditNotWrittenError
from console.request_form import read_form
from console.routing import ConsoleRoute, PublicRoute
from console.sessions import FoundSession, csrf_token, find_session
from console.visit import Console, PublicVisit, SessionOfVisit, Visit

OPEN_WITHOUT_TOTP = ("/account", "/logout")
"""Where a person may go who has yet to set up the second factor that the clinic asks for."""

Answer = Callable[[Request], Awaitable[Response]]

logger = logging.getLogger(__name__)


def public_answer(console: Console, route: PublicRoute) -> Answer:
    """What Starlette calls for a page that anybody may see."""

    async def answer(request: Request) -> Response:
        form = await _form(console, request)
        return await run_in_threadpool(route.endpoint, PublicVisit(console, request, form))

    return answer


def staff_answer(console: Console, route: ConsoleRoute) -> Answer:
    """What Starlette calls for a page that needs a session."""

    async def answer(request: Request) -> Response:
        form = await _form(console, request)
        return await run_in_threadpool(_admit, console, route, request, form)

    return answer


async def _form(console: Console, request: Request) -> FormData:
    if request.method != "POST":
        return FormData()
    # Browsers send Origin with every POST; one that is missing or foreign is somebody else's page or no browser.
    if request.headers.get("Origin") not in console.settings.console.origins:
        raise HTTPException(403, FORM_TOO_OLD)
    return await read_form(request)


def _admit(console: Console, route: ConsoleRoute, request: Request, form: FormData) -> Response:
    secret = session_secret_of(request, console.settings.console)
    found = (
        find_session(console.engine, console.settings.console, secret, is_activity=route.action is not None)
        if secret
        else None
    )
    if found is None:
        return _to_login(console, request, had_session=bool(secret))
    token = csrf_token(console.settings.secret_key, found.digest)
    visit = Visit(console, request, form, SessionOfVisit(found.account, found.digest, token))
    request.state.visit = visit
    if _lacks_totp(console, found, route):
        return visit.redirect("/account", notice="totp_needed")
    if found.account.role not in route.roles:
        _record(visit, "access.refused", {"path": route.path, "method": route.method, "reason": "role"})
        raise HTTPException(403)
    if route.method == "POST" and not _holds_token(request, form, token):
        _record(visit, "access.refused", {"path": route.path, "method": route.method, "reason": "token"})
        raise HTTPException(403, FORM_TOO_OLD)
    return _run(route, visit)


def _run(route: ConsoleRoute, visit: Visit) -> Response:
    status = 500
    try:
        response = route.endpoint(visit)
        status = response.status_code
        return response
    except tuple(PERSONS_FAULTS) as error:
        status = next(status for kind, status in PERSONS_FAULTS.items() if isinstance(error, kind))
        raise
    finally:
        # Also when it failed: the change may have been made before it did.
        if route.action is not None:
            _record(visit, route.action, {"status": status} if status >= 400 else {})


def _record(visit: Visit, action: str, details: dict[str, object]) -> None:
    subject = visit.subject
    try:
        audit.record(
            visit.engine,
            visit.settings.secret_key,
            actor=visit.account.name,
            action=action,
            subject_kind=subject.kind if subject else None,
            subject_id=subject.id if subject else None,
            details={**(subject.details if subject else {}), **details},
        )
    except SQLAlchemyError as error:
        logger.critical("%s by %s could not be recorded", action, visit.account.name)
        raise AuditNotWrittenError from error


def _lacks_totp(console: Console, found: FoundSession, route: ConsoleRoute) -> bool:
    is_open = any(route.path == path or route.path.startswith(f"{path}/") for path in OPEN_WITHOUT_TOTP)
    return console.settings.console.needs_totp and not found.has_totp and not is_open


def _holds_token(request: Request, form: FormData, token: str) -> bool:
    given = request.headers.get("X-CSRF-Token") or form.get("csrf")
    return isinstance(given, str) and hmac.compare_digest(given.encode(), token.encode())


def _to_login(console: Console, request: Request, *, had_session: bool) -> Response:
    target = "/login"
    if request.method == "GET" and request.url.path != "/":
        wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        target = f"/login?next={quote(wanted, safe='')}"
    if request.headers.get("HX-Request") == "true":
        response = Response(status_code=401, headers={"HX-Redirect": "/login"})
    else:
        response = RedirectResponse(target, status_code=303)
    if had_session:
        clear_session(response, console.settings.console)
        set_notice(response, console.settings.console, "session_over")
    return response

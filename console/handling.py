"""What happens around each endpoint: who asks, may they, is the form ours; then the endpoint; then the audit's row."""

import hmac
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from console import audit_log
from console.cookies import session_secret_of
from console.ended_session import to_login
from console.error_pages import FORM_TOO_OLD, PERSONS_FAULTS, AuditNotWrittenError
from console.request_form import read_form
from console.request_limits import RequestLimits
from console.routing import ConsoleRoute, PublicRoute
from console.sessions import account_of_token, csrf_token, find_session
from console.unsent import SHOW_AGAIN_FIELD, TOKEN_FIELD, unsent_form
from console.visit import Console, PublicVisit, SessionOfVisit, Visit

FAULTS_OF_PERSONS = tuple(PERSONS_FAULTS)
OPEN_WITHOUT_TOTP = ("/account", "/logout")
"""Where a person may go who has yet to set up the second factor that the clinic asks for."""

Answer = Callable[[Request], Awaitable[Response]]

logger = logging.getLogger(__name__)


def public_answer(console: Console, limits: RequestLimits, route: PublicRoute) -> Answer:
    """What Starlette calls for a page that anybody may see."""

    async def answer(request: Request) -> Response:
        if request.method == "POST":
            _refuse_until(limits.count_form_of_stranger(request.client.host if request.client else ""))
        form = await _form(console, request)
        return await run_in_threadpool(route.endpoint, PublicVisit(console, request, form))

    return answer


def staff_answer(console: Console, limits: RequestLimits, route: ConsoleRoute) -> Answer:
    """What Starlette calls for a page that needs a session."""

    async def answer(request: Request) -> Response:
        form = await _form(console, request)
        if route.typed is not None:
            request.state.unsent = unsent_form(request.url.path, form, route.typed.texts)
        return await run_in_threadpool(_answer_staff, console, limits, route, request, form)

    return answer


async def _form(console: Console, request: Request) -> FormData:
    # No column takes a NUL, so an address with one leads nowhere.
    if "\0" in request.scope["path"] or b"%00" in request.scope["query_string"]:
        raise HTTPException(400)
    if request.method != "POST":
        return FormData()
    # Browsers send Origin with every POST; one that is missing or foreign is somebody else's page or no browser.
    if request.headers.get("Origin") not in console.settings.console.origins:
        raise HTTPException(403, FORM_TOO_OLD)
    return await read_form(request)


def _answer_staff(
    console: Console, limits: RequestLimits, route: ConsoleRoute, request: Request, form: FormData
) -> Response:
    settings = console.settings
    secret = session_secret_of(request, settings.console)
    is_activity = route.action is not None
    found = find_session(console.engine, settings.console, secret, is_activity=is_activity) if secret else None
    if found is None:
        return to_login(PublicVisit(console, request, form), had_session=bool(secret))
    token = csrf_token(settings.secret_key, found.digest)
    visit = Visit(console, request, form, SessionOfVisit(found.account, found.digest, token))
    request.state.visit = visit
    _refuse_until(limits.count_of_session(found.digest))
    if settings.console.needs_totp and not found.has_totp and not _is_open_without_totp(route):
        return visit.redirect("/account", notice="totp_needed")
    _admit(visit, route)
    if route.typed is not None and _is_to_be_shown_again(visit):
        return _run(replace(route, endpoint=route.typed.show_again), visit)
    return _run(route, visit)


def _refuse_until(seconds: int) -> None:
    if seconds:
        raise HTTPException(429, headers={"Retry-After": str(seconds)})


def _admit(visit: Visit, route: ConsoleRoute) -> None:
    """Make sure that the role may do this and that the form is one of this session; a refusal is recorded."""
    if visit.account.role not in route.roles:
        _record(visit, "access.refused", {"path": route.path, "method": route.method, "reason": "role"})
        raise HTTPException(403)
    if route.method == "POST" and not (_holds_token(visit) or (route.typed and _holds_older_token(visit))):
        _record(visit, "access.refused", {"path": route.path, "method": route.method, "reason": "token"})
        raise HTTPException(403, FORM_TOO_OLD)


def _run(route: ConsoleRoute, visit: Visit) -> Response:
    status = 500
    try:
        response = route.endpoint(visit)
        status = response.status_code
        return response
    except FAULTS_OF_PERSONS as error:
        status = next(status for kind, status in PERSONS_FAULTS.items() if isinstance(error, kind))
        raise
    finally:
        # Also when it failed: the change may have been made before it did.
        if route.action is not None:
            _record(visit, route.action, {"status": status} if status >= 400 else {})


def _record(visit: Visit, action: str, details: dict[str, object]) -> None:
    subject = visit.subject
    try:
        audit_log.record(
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


def _is_open_without_totp(route: ConsoleRoute) -> bool:
    return any(route.path == path or route.path.startswith(f"{path}/") for path in OPEN_WITHOUT_TOTP)


def _holds_token(visit: Visit) -> bool:
    given = visit.request.headers.get("X-CSRF-Token") or visit.form.get(TOKEN_FIELD)
    return isinstance(given, str) and hmac.compare_digest(given.encode(), visit.csrf.encode())


def _holds_older_token(visit: Visit) -> bool:
    """Whether the form was made in an earlier session of the same person."""
    given = str(visit.form.get(TOKEN_FIELD, ""))
    return account_of_token(visit.engine, visit.settings.secret_key, given) == visit.account.id


def _is_to_be_shown_again(visit: Visit) -> bool:
    return SHOW_AGAIN_FIELD in visit.form or not _holds_token(visit)

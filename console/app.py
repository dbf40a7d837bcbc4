"""The console's application: all routes, added up, behind the checks that hold for each of them."""

from pathlib import Path

from sqlalchemy.engine import Engine
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from clinic.settings import Settings
from console import (
    accounts_page,
    answers,
    audit_page,
    candidates,
    clinic_page,
    conversation_page,
    conversations,
    erasures,
    flags,
    insights,
    login_page,
    messages,
    own_account_page,
    queue,
    requests,
    retention,
    sends,
    teaching,
    welcome_page,
)
from console.error_pages import handlers
from console.handling import public_answer, staff_answer
from console.health import Failing, health_routes
from console.metrics import console_checks
from console.navigation import Navigation
from console.request_limits import RequestLimits
from console.routing import ConsoleRoute, PublicRoute
from console.security_headers import SecurityHeaders
from console.templating import environment_of
from console.visit import Console
from console.watching import Watched, templates_of

ACTIONS_WITHOUT_ROUTE = (
    "access.refused",
    "account.first_link_made",
    "account.password_chosen",
    "login.blocked",
    "login.failed",
    "login.succeeded",
)
STATIC = Path(__file__).with_name("static")

PUBLIC_ROUTES: tuple[PublicRoute, ...] = (*login_page.PUBLIC_ROUTES, *welcome_page.PUBLIC_ROUTES)

ROUTES: tuple[ConsoleRoute, ...] = (
    *login_page.ROUTES,
    *own_account_page.ROUTES,
    *accounts_page.ROUTES,
    *audit_page.ROUTES,
    *retention.ROUTES,
    *erasures.ROUTES,
    # One line for each module of pages.
    *queue.ROUTES,
    *flags.ROUTES,
    *sends.ROUTES,
    *requests.ROUTES,
    *messages.ROUTES,
    *insights.ROUTES,
    *conversations.ROUTES,
    *conversation_page.ROUTES,
    *teaching.ROUTES,
    *candidates.ROUTES,
    *answers.ROUTES,
    *clinic_page.ROUTES,
)


def make_app(settings: Settings, engine: Engine, failing: Failing = list, degraded: Failing = list) -> ASGIApp:
    """The application for one database. Migrate it first (`python -m clinic.migrate`).

    Args:
        settings: of the deployment.
        engine: the database.
        failing: says which parts of the background work do not run.
        degraded: says which parts have trouble that the pages can be worked with.
    """
    navigation = Navigation({route.path: route.roles for route in ROUTES if route.method == "GET"})
    console = Console(engine, settings, environment_of(settings.clinic_timezone), navigation, _actions())
    limits = RequestLimits(settings.rate_limits)
    hosts = [f"[{host}]" if ":" in host else host for host in settings.console.hosts]
    routes = [*health_routes(engine, failing, degraded), *_all_routes(console, limits)]
    app = Starlette(
        routes=routes,
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False)],
        exception_handlers=handlers(console),
    )
    token, checks = settings.monitoring.metrics_token, [console_checks(engine)]
    return SecurityHeaders(Watched(app, templates_of(routes), token, checks), settings.console.is_https)


def _actions() -> tuple[str, ...]:
    return tuple(sorted({*(route.action for route in ROUTES if route.action), *ACTIONS_WITHOUT_ROUTE}))


def _all_routes(console: Console, limits: RequestLimits) -> list[BaseRoute]:
    public = [
        Route(route.path, public_answer(console, limits, route), methods=[route.method]) for route in PUBLIC_ROUTES
    ]
    staff = [Route(route.path, staff_answer(console, limits, route), methods=[route.method]) for route in ROUTES]
    return [*public, *staff, Mount("/static", StaticFiles(directory=STATIC))]

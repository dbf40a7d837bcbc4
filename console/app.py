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
from console import login_page
from console.error_pages import handlers
from console.handling import public_answer, staff_answer
from console.navigation import Navigation
from console.routing import ConsoleRoute, PublicRoute
from console.security_headers import SecurityHeaders
from console.templating import make_environment
from console.visit import Console

STATIC = Path(__file__).with_name("static")

PUBLIC_ROUTES: tuple[PublicRoute, ...] = (*login_page.PUBLIC_ROUTES,)

ROUTES: tuple[ConsoleRoute, ...] = (
    *login_page.ROUTES,
    # One line for each module of pages.
)


def make_app(settings: Settings, engine: Engine) -> ASGIApp:
    """The application for one database. Migrate it first (`python -m clinic.migrate`)."""
    navigation = Navigation({route.path: route.roles for route in ROUTES if route.method == "GET"})
    console = Console(engine, settings, make_environment(settings.clinic_timezone), navigation)
    hosts = [f"[{host}]" if ":" in host else host for host in settings.console.hosts]
    app = Starlette(
        routes=_all_routes(console),
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False)],
        exception_handlers=handlers(console),
    )
    return SecurityHeaders(app, settings.console.is_https)


def _all_routes(console: Console) -> list[BaseRoute]:
    public = [Route(route.path, public_answer(console, route), methods=[route.method]) for route in PUBLIC_ROUTES]
    staff = [Route(route.path, staff_answer(console, route), methods=[route.method]) for route in ROUTES]
    return [*public, *staff, Mount("/static", StaticFiles(directory=STATIC))]

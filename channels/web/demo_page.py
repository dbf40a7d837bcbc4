"""The demo page: a small chat of plain browser code, which uses nothing but the web channel's public API."""

from html import escape
from pathlib import Path
from string import Template

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, html, raw

from channels.services import services_of
from clinic.settings import Settings

FOLDER = Path(__file__).parent / "demo"
PAGE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    )
}
ASSETS = {"demo.js": "text/javascript; charset=utf-8", "demo.css": "text/css; charset=utf-8"}


def add_demo_page(routes: Blueprint) -> None:
    """Add the page and its two files to the web channel's routes."""
    page = Template((FOLDER / "demo.html").read_text(encoding="utf-8"))

    async def show_page(request: Request) -> HTTPResponse:
        settings = services_of(request).settings
        values = {"clinic_name": escape(settings.clinic_name), "contact": _contact(settings)}
        return html(page.substitute(values), headers=PAGE_HEADERS)

    routes.add_route(show_page, "/demo", methods=["GET"], name="demo_page")
    for name, kind in ASSETS.items():
        _add_asset(routes, name, kind)


def _add_asset(routes: Blueprint, name: str, kind: str) -> None:
    content = (FOLDER / name).read_bytes()

    async def show_asset(_request: Request) -> HTTPResponse:
        return raw(content, content_type=kind)

    routes.add_route(show_asset, f"/{name}", methods=["GET"], name=name.replace(".", "_"))


def _contact(settings: Settings) -> str:
    """The clinic's contact as HTML; empty until the clinic has filled it in."""
    phone = escape(settings.clinic_phone)
    parts = [f'<a href="tel:{"".join(phone.split())}">{phone}</a>'] if phone else []
    parts += [escape(part) for part in (settings.clinic_address, settings.clinic_hours) if part]
    return f'<p class="contact">Clinic: {" · ".join(parts)}</p>' if parts else ""

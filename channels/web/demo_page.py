"""The demo page: a page as a clinic's website has it, with the chat embedded by the one script tag that it shows.

What it says about the skin are the clinic's facts word for word, so that nothing is claimed here and nowhere else.
"""

import re
from html import escape
from pathlib import Path
from string import Template

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, html, raw

from channels.services import services_of
from channels.web.made_anew import MadeAnew
from channels.web.widget_script import phone_link
from channels.web.widget_texts import FIRST_LANGUAGE, widget_texts
from clinic.settings import Settings
from clinic.topics import topics

FOLDER = Path(__file__).parent / "demo"
EMERGENCY_NUMBER = re.compile(r"\b911\b")
PAGE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
}


def add_demo_page(routes: Blueprint, settings: Settings) -> None:
    """Add the page and its style sheet to the web channel's routes.

    Raises:
        OSError: a file is missing.
        KeyError: the page shows a fact that is not there.
    """
    pages = MadeAnew(demo_page, settings)
    styles = (FOLDER / "demo.css").read_bytes()

    async def show_page(request: Request) -> HTTPResponse:
        return html(pages.of(services_of(request).content.settings), headers=PAGE_HEADERS)

    async def show_styles(_request: Request) -> HTTPResponse:
        return raw(styles, content_type="text/css; charset=utf-8")

    routes.add_route(show_page, "/demo", methods=["GET"], name="demo_page")
    routes.add_route(show_styles, "/demo.css", methods=["GET"], name="demo_css")


def demo_page(settings: Settings) -> str:
    """The page as HTML."""
    facts = {name: fact for topic in topics() for name, fact in topic.facts.items()}
    texts = widget_texts(settings)[FIRST_LANGUAGE]
    template = Template((FOLDER / "demo.html").read_text(encoding="utf-8"))
    return template.substitute(
        {name: escape(fact) for name, fact in facts.items()},
        clinic_name=escape(settings.clinic_name),
        contact=_contact(settings),
        without_chat=_without_chat(settings),
        emergency=EMERGENCY_NUMBER.sub('<a href="tel:911">911</a>', escape(texts["emergency"])),
        keeping=escape(texts["keeping"]),
        keeping_title=escape(texts["keeping_title"]),
        embed_code=escape(embed_code(settings)),
    )


def embed_code(settings: Settings) -> str:
    """The script tag that puts the chat onto a page."""
    return f'<script src="{settings.public_url}/webhooks/web/widget.js" defer></script>'


def _contact(settings: Settings) -> str:
    """The clinic's contact as HTML; empty until the clinic has filled it in."""
    parts = [_phone(settings)] if settings.clinic_phone else []
    parts += [escape(part) for part in (settings.clinic_address, settings.clinic_hours) if part]
    return f'<p class="contact">{" · ".join(parts)}</p>' if parts else ""


def _without_chat(settings: Settings) -> str:
    if not settings.clinic_phone:
        return "Please contact the clinic directly."
    return f"Please call the clinic at {_phone(settings)}."


def _phone(settings: Settings) -> str:
    return f'<a href="{phone_link(settings.clinic_phone)}">{escape(settings.clinic_phone)}</a>'

"""Serves the chat widget to any website: which of them may use the chat is decided by its API (origins.py)."""

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty, raw

from channels.services import services_of
from channels.web.made_anew import MadeAnew
from channels.web.origins import ANYBODY
from channels.web.widget_script import widget_script
from clinic.settings import Settings

# A changed phone number or text reaches returning visitors within five minutes; until then nothing is asked.
SECONDS_IN_CACHE = 300
GZIP = "gzip"


def add_widget(routes: Blueprint, settings: Settings) -> None:
    """Add the script to the web channel's routes; it is put together here, and again when the details change."""
    scripts = MadeAnew(widget_script, settings)

    async def show_script(request: Request) -> HTTPResponse:
        script = scripts.of(services_of(request).content.settings)
        compressed = _takes_gzip(request.headers.get("accept-encoding", ""))
        etag = f'"{script.etag}-{GZIP}"' if compressed else f'"{script.etag}"'
        headers = {
            "ETag": etag,
            "Cache-Control": f"public, max-age={SECONDS_IN_CACHE}",
            "Vary": "Accept-Encoding",
            "Access-Control-Allow-Origin": ANYBODY,
            "Cross-Origin-Resource-Policy": "cross-origin",
        }
        if etag in _listed(request.headers.get("if-none-match", "")):
            return empty(status=304, headers=headers)
        if compressed:
            headers["Content-Encoding"] = GZIP
        content = script.compressed if compressed else script.plain
        return raw(content, headers=headers, content_type="text/javascript; charset=utf-8")

    routes.add_route(show_script, "/widget.js", methods=["GET"], name="widget_script")


def _takes_gzip(accepted: str) -> bool:
    """Whether a client takes gzip (https://www.rfc-editor.org/rfc/rfc9110#field.accept-encoding)."""
    for coding in accepted.lower().split(","):
        name, _, parameter = coding.partition(";")
        weight = parameter.replace(" ", "").removeprefix("q=")
        if name.strip() == GZIP:
            return weight.strip("0.") != "" or not parameter
    return False


def _listed(header: str) -> list[str]:
    return [entry.strip().removeprefix("W/") for entry in header.split(",")]

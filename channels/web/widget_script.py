"""The chat widget as one script: the files of `widget/` one after another, after the clinic's details as data.

There is no build step. The script is one function, so that the page sees nothing of it but `MiliaChat`. Lines that hold
only a comment, and the space before lines, are left out: no string of the widget spans lines.
"""

import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from channels.web.widget_texts import widget_texts
from clinic.settings import PROJECT_ROOT, Settings

FOLDER = PROJECT_ROOT / "widget"
STYLES = ("theme", "panel", "messages", "composer")
# In this order; a file may use at load time only what stands in those before it.
SCRIPTS = (
    "configuration",
    "elements",
    "rich_text",
    "server",
    "announcer",
    "scroller",
    "message_view",
    "reply_view",
    "transcript",
    "composer",
    "ending",
    "panel",
    "launcher",
    "conversation",
    "delivery",
    "host_page",
    "start",
)
STYLE_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# Space that ends at, or begins after, a mark that separates; the space before a colon can be a part of a selector.
STYLE_SPACE = re.compile(r"\s*([{};,])\s*|(?<=:)\s+")


@dataclass(frozen=True)
class WidgetScript:
    """The script as it is sent, plain and compressed; `etag` changes whenever a byte does."""

    plain: bytes
    compressed: bytes
    etag: str


def widget_script(settings: Settings, folder: Path = FOLDER) -> WidgetScript:
    """Put the script together.

    Raises:
        OSError: a file is missing.
        channels.web.widget_texts.WidgetTextsError: a file of texts is broken.
    """
    parts = [
        '(() => {\n"use strict";',
        f"const CONFIGURATION = {_literal(widget_configuration(settings))};",
        f"const STYLES = {_literal(_styles(folder))};",
        *(_without_comments((folder / f"{name}.js").read_text(encoding="utf-8")) for name in SCRIPTS),
        "})();\n",
    ]
    plain = "\n".join(parts).encode("utf-8")
    return WidgetScript(plain, gzip.compress(plain, mtime=0), hashlib.sha256(plain).hexdigest()[:32])


def widget_configuration(settings: Settings) -> dict[str, Any]:
    """What the widget knows of the clinic without asking the server, so that help is in view when the bot is down."""
    return {
        "clinic": {
            "name": settings.clinic_name,
            "phone": settings.clinic_phone,
            "phoneLink": phone_link(settings.clinic_phone),
            "address": settings.clinic_address,
            "hours": settings.clinic_hours,
        },
        "languages": widget_texts(settings),
    }


def phone_link(phone: str) -> str:
    """The address of a telephone link (https://www.rfc-editor.org/rfc/rfc3966); empty without a number."""
    digits = "".join(character for character in phone if character.isdigit())
    if not digits:
        return ""
    return f"tel:{'+' if phone.lstrip().startswith('+') else ''}{digits}"


def _styles(folder: Path) -> str:
    text = "\n".join((folder / "styles" / f"{name}.css").read_text(encoding="utf-8") for name in STYLES)
    return STYLE_SPACE.sub(r"\1", STYLE_COMMENT.sub("", text)).strip().replace(";}", "}")


def _without_comments(script: str) -> str:
    return _without_empty_lines("\n".join(line for line in script.splitlines() if not line.lstrip().startswith("//")))


def _without_empty_lines(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def _literal(value: Any) -> str:
    """A value as a JavaScript literal that no markup around it can end."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")

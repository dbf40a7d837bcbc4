"""Where a number stands by which somebody is known: social security, insurance, record and card numbers."""

from __future__ import annotations

import re

from clinic.readings.finders.plain_text import Found, PlainText

_SHAPES = re.compile(r"(?<![\w-])\d{3}[- ]\d{2}[- ]\d{4}(?![\w-])")


def scan_ids(message: PlainText) -> list[Found]:
    """Every such number."""
    return [Found(match.start(), match.end(), match.group()) for match in _SHAPES.finditer(message.lower)]

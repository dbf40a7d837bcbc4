"""Requests for the tests of exports, with the kinds of text that break careless writers."""

from datetime import datetime, timezone
from typing import Any

from clinic.exports.requests import FullRequest

MOMENT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=timezone.utc)
REQUEST_ID = "0b9b6c1e-6a0e-4e0c-9a55-0f7f3c1f5a10"

HOSTILE_TEXTS = {
    "commas and semicolons": "Lindqvist, Grace; MD: yes",
    "backslashes": "C:\\new\\, and \\; \\n",
    "lines that forge a component": "Friday\nEND:VTODO\nBEGIN:VEVENT\nSUMMARY:booked",
    "a formula": '=HYPERLINK("http://evil.example","x")',
    "emoji": "Friday 🦄👩‍👧‍👦 around noon",
    "long, of several octets a letter": "ñ日本語🦄 " * 60,
    "quotes": "\"any\" 'time' <b>&amp;",
    "Spanish": "el miércoles por la mañana",
}


def full_request(**values: Any) -> FullRequest:
    plain: dict[str, Any] = {
        "id": REQUEST_ID,
        "channel": "web",
        "contact_name": "Grace Lindqvist",
        "patient_name": None,
        "patient_relation": None,
        "phone": "+13125550176",
        "email": None,
        "preferred_time": "Friday around noon",
        "reason": None,
        "status": "open",
        "version": 1,
        "created_at": MOMENT,
        "updated_at": MOMENT,
    }
    return FullRequest(**{**plain, **values})

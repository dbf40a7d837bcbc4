"""Stored requests and messages for the tests of their pages, and what a person types there."""

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Engine

from clinic.database import transaction
from console.tables import AuditEntry

CANARIES = (
    "Zelda Canary",
    "5550142",
    "555-0142",
    "zelda@canary.example",
    "canary wish",
    "canary reason",
    "canary note",
)
"""Whoever may not see contact details never meets any of these."""
CONTACT: dict[str, Any] = {
    "contact_name": "Zelda Canary",
    "phone": "+13125550142",
    "email": "zelda@canary.example",
}
PAYLOAD = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7*7 }}</textarea>"


def typed(version: int = 1, status: str = "open", assignee: str = "", note: str = "") -> dict[str, str]:
    """The form of a row's page."""
    return {"version": str(version), "status": status, "assignee": assignee, "note": note}


def audited(engine: Engine) -> list[tuple[str, str, str | None, dict[str, Any]]]:
    """The audit's rows: who, what, about which, with which details."""
    with transaction(engine) as session:
        rows = session.execute(select(AuditEntry).order_by(AuditEntry.id)).scalars()
        return [(row.actor, row.action, row.subject_id, json.loads(row.details)) for row in rows]

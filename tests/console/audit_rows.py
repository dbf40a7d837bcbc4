"""What the audit holds, for tests to look at."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Engine

from clinic.database import transaction
from console.tables import AuditEntry


@dataclass(frozen=True)
class Row:
    action: str
    actor: str
    subject: str | None
    details: dict[str, Any]


def audit_rows(engine: Engine) -> list[Row]:
    with transaction(engine) as session:
        entries = session.execute(select(AuditEntry).order_by(AuditEntry.id)).scalars()
        return [Row(entry.action, entry.actor, entry.subject_id, json.loads(entry.details)) for entry in entries]

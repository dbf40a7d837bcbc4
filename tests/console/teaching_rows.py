"""A workshop with stand-ins behind the teaching pages, and candidates in every state."""

import json
from typing import Any

from sqlalchemy.engine import Engine

from clinic import clock
from clinic.database import transaction
from conversations.candidates import find_candidate, request_candidate
from conversations.teaching import Candidate
from conversations.teaching_job import work
from conversations.workshop import Workshop
from tests.conversations.taught_turns import ANYA

COUNTS = {"total": 10, "before": 8, "after": 9}
NO_DANGER = {"total": 0, "before": 0, "after": 0}


def made(engine: Engine, workshop: Workshop) -> Candidate:
    """A candidate with all that is released, compared and ready."""
    candidate_id = request_candidate(engine, ANYA)
    work(engine, candidate_id, workshop)
    return find_candidate(engine, candidate_id)


def change(message: str, label: str, before: str, after: str) -> dict[str, Any]:
    return {
        "message": message,
        "label": label,
        "before": before,
        "after": after,
        "right_before": before == label,
        "right_after": after == label,
    }


def compared(name: str, **values: Any) -> dict[str, Any]:
    """What the comparison says of one set of messages."""
    return {
        "name": name,
        "right": COUNTS,
        "groups": {"faq": COUNTS},
        "safety": NO_DANGER,
        "newly_missed": 0,
        "false_alarms": NO_DANGER,
        "changes": [],
        "still_wrong": [],
        **values,
    }


def store_candidate(engine: Engine, candidate_id: str, state: str, *sets: dict[str, Any], **values: Any) -> str:
    """A candidate as it stands in the table; with sets it has a comparison."""
    refusals = values.pop("refusals", [])
    content = {"before": "a", "after": "b", "sets": list(sets), "held_out": None, "refusals": refusals}
    row: dict[str, Any] = {
        "id": candidate_id,
        "state": state,
        "requested_by": ANYA,
        "requested_at": clock.now(),
        "comparison": json.dumps(content) if sets else None,
        **values,
    }
    with transaction(engine) as session:
        session.add(Candidate(**row))
    return candidate_id

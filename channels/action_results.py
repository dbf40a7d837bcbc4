"""Whether what an action gave back is what Rasa takes: its own JSON schema, with the work on it done once for all.

Rasa builds its schema anew at every call, and holds each event against the schemas of all 23 kinds of events. Here an
event is held against those of its own kind, with the same outcome: every one of them asks for its kind's name.
"""

from typing import Any

from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.shared.utils.schemas.events import EVENT_SCHEMA


def is_valid(result: Any) -> bool:
    """Whether Rasa takes the JSON that the action server gave."""
    if not _RESULT.is_valid(result):
        return False
    events = result.get("events", [])
    return all(_KINDS.get(_kind_of(event), _ANY_EVENT).is_valid(event) for event in events)


def _kind_of(event: Any) -> str:
    kind = event.get("event") if isinstance(event, dict) else None
    return kind if isinstance(kind, str) else ""


def _validator(schema: dict[str, Any]) -> Any:
    return validator_for(schema)(schema)


def _by_kind() -> dict[str, Any]:
    """A validator for each kind of event."""
    kinds: dict[str, list[dict[str, Any]]] = {}
    for schema in EVENT_SCHEMA["oneOf"]:
        kinds.setdefault(schema["properties"]["event"]["const"], []).append(schema)
    return {kind: _validator({**EVENT_SCHEMA, "oneOf": schemas}) for kind, schemas in kinds.items()}


def _without_events() -> dict[str, Any]:
    """The schema of a result, but for what stands in its list of events."""
    schema = RemoteAction.action_response_format_spec()
    return {**schema, "properties": {**schema["properties"], "events": {"type": "array"}}}


_RESULT = _validator(_without_events())
_ANY_EVENT = _validator(EVENT_SCHEMA)
_KINDS = _by_kind()

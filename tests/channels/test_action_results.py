"""The quick check of an action's result says what Rasa's own says."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from rasa.core.actions.action import RemoteAction
from rasa.shared.utils.schemas.events import EVENT_SCHEMA

from channels.action_results import is_valid

KINDS = sorted({schema["properties"]["event"]["const"] for schema in EVENT_SCHEMA["oneOf"]})
SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=3)
FIELDS = st.sampled_from(["name", "value", "timestamp", "metadata", "entities", "parse_data", "policy", "text"])
VALUES = SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(FIELDS, SCALARS, max_size=2)
EVENTS = st.builds(
    lambda kind, fields: {"event": kind, **fields},
    st.sampled_from([*KINDS, "unknown", None, 5]),
    st.dictionaries(FIELDS, VALUES, max_size=3),
)
RESULTS = st.dictionaries(
    st.sampled_from(["events", "responses", "other"]), st.lists(EVENTS | VALUES, max_size=3) | VALUES, max_size=3
)


@settings(deadline=None)
@given(result=RESULTS | VALUES)
def test_it_takes_what_rasa_takes_and_nothing_else(result: Any) -> None:
    assert is_valid(result) == Draft7Validator(RemoteAction.action_response_format_spec()).is_valid(result)


@pytest.mark.parametrize(
    ("event", "taken"),
    [
        ({"event": "slot", "name": "topic", "value": None, "timestamp": None}, True),
        ({"event": "slot", "value": 1}, False),
        ({"event": "action", "name": "action_listen"}, True),
        ({"event": "session_started", "timestamp": "now"}, False),
        ({"event": "unheard"}, False),
        ({}, False),
        ("slot", False),
    ],
)
def test_each_event_is_looked_at(event: Any, taken: bool) -> None:
    good = {"event": "followup", "name": "action_listen"}
    assert is_valid({"events": [good, event], "responses": []}) is taken

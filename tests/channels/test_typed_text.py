"""No typed text reaches Rasa as a command, whatever stands before its slash."""

import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from channels.typed_text import parse_typed_text


class Recorder:
    """Stands where Rasa's agent does, and takes every word of what it is given for an entity."""

    async def parse_message(self, message_data: str) -> dict[str, Any]:
        self.given = message_data
        entities = [
            {"entity": "word", "value": word.group(), "start": word.start(), "end": word.end(), "text": word.group()}
            for word in re.finditer(r"\S+", message_data)
        ]
        return {"text": message_data, "intent": {"name": "greet", "confidence": 1.0}, "entities": entities}


SLASHED = st.text(st.sampled_from("/ \t\n\u00a0\u2003a{")).map(lambda text: text or "/")


@given(typed=SLASHED | st.text(min_size=1))
@example(typed="/restart")
@example(typed="\u3000/ /\u00a0/restart")
@example(typed="///")
async def test_no_command_gets_through(typed: str) -> None:
    recorder = Recorder()
    parse_data = await parse_typed_text(recorder, typed)
    assert recorder.given
    assert not recorder.given.strip().startswith("/")
    assert parse_data["text"] == typed.strip()
    if recorder.given != "?":
        for entity in parse_data["entities"]:
            assert parse_data["text"][entity["start"] : entity["end"]] == entity["text"]


@pytest.mark.parametrize("typed", ["what are milia", "9/11 was a date", "and/or"])
async def test_other_text_is_left_as_it_is(typed: str) -> None:
    recorder = Recorder()
    await parse_typed_text(recorder, typed)
    assert recorder.given == typed

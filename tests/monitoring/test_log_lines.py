"""What a log line holds, in both forms, and what it never does."""

import json
import subprocess
import sys
from typing import Any

import pytest

from clinic.settings import PROJECT_ROOT

PROGRAM = """
import logging, sys
from clinic.monitoring_settings import MonitoringSettings
from monitoring.log_lines import FIELDS
from monitoring.log_output import configure_logging
from monitoring.request_ids import begin_request
configure_logging("bot", MonitoringSettings(sys.argv[1], sys.argv[2], ""))
canary, own, library = "CANARY", logging.getLogger("channels.some"), logging.getLogger("some_library.part")
own.debug("a line of ours at debug")
library.debug("a line of a library at debug")
library.warning("the visitor said %s", canary)
library.warning(f"the visitor said {canary}")
library.warning("the visitor said {}".format(canary))
library.warning("the visitor said " + canary)
library.error(ValueError(canary))
logging.getLogger("asyncio").error("Task exception was never retrieved\\n" + repr(ValueError(canary)))
begin_request("0123456789abcdef0123456789abcdef")
own.info("turn", extra={FIELDS: {"channel": "web", "outcome": "answered", "seconds": 0.5, "stages": {"work": 0.25}}})
try:
    try:
        {}[canary]
    except KeyError as error:
        raise ValueError(canary) from error
except ValueError:
    own.exception("an action of %s failed", "ours")
"""


def written(form: str, level: str) -> str:
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM, form, level]
    done = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=True)
    assert not done.stdout
    return done.stderr


@pytest.fixture(scope="module")
def lines() -> list[dict[str, Any]]:
    return [json.loads(line) for line in written("json", "DEBUG").splitlines()]


def test_each_line_is_one_object_with_what_every_line_has(lines: list[dict[str, Any]]) -> None:
    assert all({"time", "level", "logger", "process", "event"} <= set(line) for line in lines)
    assert {line["process"] for line in lines} == {"bot"}
    assert all(line["time"].endswith("Z") and "T" in line["time"] for line in lines)


@pytest.mark.parametrize("form", ["json", "text"])
@pytest.mark.parametrize("level", ["DEBUG", "INFO", "WARNING"])
def test_nothing_that_was_put_into_a_librarys_line_or_an_exception_is_written(form: str, level: str) -> None:
    text = written(form, level)
    assert "CANARY" not in text
    assert "an action of ours failed" in text
    assert "KeyError" in text
    assert "a line of a library at debug" not in text
    assert str(PROJECT_ROOT) not in text


def test_of_a_librarys_line_its_constant_part_is_kept_or_its_place(lines: list[dict[str, Any]]) -> None:
    said = [line["event"] for line in lines if line["logger"] == "some_library.part"]
    assert said[0] == "the visitor said %s"
    assert len(said) == 5
    assert all(event.startswith("said at <string>:") for event in said[1:])


def test_debug_is_for_our_own_lines_alone() -> None:
    assert "a line of ours at debug" in written("json", "DEBUG")
    assert "a line of ours at debug" not in written("json", "INFO")


def test_a_turn_has_its_fields_and_the_id_of_its_request(lines: list[dict[str, Any]]) -> None:
    (turn,) = [line for line in lines if line["event"] == "turn"]
    assert turn["request_id"] == "0123456789abcdef0123456789abcdef"
    assert (turn["channel"], turn["outcome"], turn["seconds"]) == ("web", "answered", 0.5)
    assert turn["stages"] == {"work": 0.25}
    assert all("request_id" not in line for line in lines[: lines.index(turn)])


def test_an_exception_is_its_kinds_and_places(lines: list[dict[str, Any]]) -> None:
    assert [each["kind"] for each in lines[-1]["exceptions"]] == ["ValueError", "KeyError"]
    assert all(place.endswith("<module>") for each in lines[-1]["exceptions"] for place in each["places"])


def test_the_text_form_has_the_same_for_reading() -> None:
    (turn,) = [line for line in written("text", "INFO").splitlines() if " turn " in line]
    assert turn.endswith(
        'channels.some turn channel=web outcome=answered seconds=0.5 stages={"work":0.25}'
        " request_id=0123456789abcdef0123456789abcdef"
    )

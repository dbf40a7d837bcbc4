"""The time that understanding alone takes, from the command that measures understanding."""

import json
import subprocess
import sys
from pathlib import Path

from evaluation.places import PROJECT_ROOT
from evaluation.speed.client import MeasurementError
from evaluation.speed.questions import question

SECONDS_TO_PARSE = 120


def parsing_milliseconds(model: Path, count: int, folder: Path) -> list[float]:
    """Milliseconds of understanding each of `count` messages on one core, in a process of its own.

    Raises:
        MeasurementError: the command failed; the message has its last line.
    """
    messages, predictions = folder / "messages.jsonl", folder / "predictions.jsonl"
    messages.write_text("".join(json.dumps({"text": question(place)}) + "\n" for place in range(count)))
    command = [sys.executable, "-m", "evaluation.understanding", "--model", str(model)]
    command += ["--messages", str(messages), "--predictions", str(predictions)]
    try:
        done = subprocess.run(
            command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False, timeout=SECONDS_TO_PARSE
        )
    except subprocess.TimeoutExpired as error:
        raise MeasurementError(f"Understanding {count} messages took more than {SECONDS_TO_PARSE} s.") from error
    if done.returncode:
        raise MeasurementError(f"Understanding could not be timed: {done.stderr.strip()[-300:]}")
    lines = predictions.read_text(encoding="utf-8").splitlines()
    return [float(json.loads(line)["milliseconds"]) for line in lines]

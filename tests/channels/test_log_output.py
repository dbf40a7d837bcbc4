"""The process's log holds no message of an exception and no field of a structlog record."""

import subprocess
import sys

from clinic.settings import PROJECT_ROOT

PROGRAM = """
import logging, structlog
from channels.log_output import configure_logging
configure_logging()
structlog.get_logger().debug("a debug line", text="CANARY")
structlog.get_logger().warning("message.parsing.failed", user_text="CANARY")
logging.getLogger("rasa.core.processor").debug("CANARY")
try:
    try:
        {}["CANARY"]
    except KeyError as error:
        raise ValueError("CANARY") from error
except ValueError:
    logging.getLogger("some.room").exception("an action failed")
logging.getLogger("rasa").info("an ordinary line")
"""


def test_nothing_but_kinds_and_places_is_logged() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROGRAM],
        cwd=PROJECT_ROOT,
        env={"LOG_LEVEL": "DEBUG"},
        capture_output=True,
        text=True,
        check=True,
    )
    output = done.stdout + done.stderr
    assert "CANARY" not in output
    assert "a debug line" not in output
    for expected in ("message.parsing.failed", "an action failed", "ValueError", "KeyError", "an ordinary line"):
        assert expected in output

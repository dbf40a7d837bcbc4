"""Logging of the bot's process: one line a record on standard error, and nothing of what visitors write.

Rasa logs texts at DEBUG level, some as fields of structlog records at higher levels, and exceptions may quote data. So
the level is INFO whatever the environment says, fields are dropped, and of an exception only kind and place are kept.
"""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog

FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
QUIET_LOGGERS = ("apscheduler", "asyncio", "aiohttp", "matplotlib", "sqlalchemy", "sanic.access", "rasa.core.processor")

ExceptionInformation = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class PrivateFormatter(logging.Formatter):
    """Formats an exception as its kind and the places it passed, without its message, which may quote a visitor."""

    def formatException(self, information: ExceptionInformation) -> str:  # noqa: N802 - the name is the parent's
        """The exception and what caused it, innermost first."""
        lines: list[str] = []
        error: BaseException | None = information[1]
        while error is not None:
            lines.append(type(error).__name__)
            lines += [
                f"  {frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(error.__traceback__, limit=-8)
            ]
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(lines)


def configure_logging() -> None:
    """Set up logging for the whole process; a second call changes nothing."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(PrivateFormatter(FORMAT))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in QUIET_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, _event_name_only],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _event_name_only(_logger: Any, _method: str, record: MutableMapping[str, Any]) -> str:
    return str(record.get("event", ""))

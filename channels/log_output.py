"""Logging of the bot's process: one line a record on standard error, and nothing of what visitors write.

Rasa logs texts at DEBUG level, some as fields of structlog records at higher levels, and exceptions may quote data. So
the level is INFO whatever the environment says, fields are dropped, and of an exception only kind and place are kept.
"""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from clinic.private_log import FORMAT, PrivateFormatter

QUIET_LOGGERS = ("apscheduler", "asyncio", "aiohttp", "matplotlib", "sqlalchemy", "sanic.access", "rasa.core.processor")


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

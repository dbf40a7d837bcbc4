"""Logging of the console's process: one line a record on standard error, and nothing of what visitors write."""

import logging
import sys
import threading

from clinic.private_log import FORMAT, PrivateFormatter

QUIET_LOGGERS = ("asyncio", "sqlalchemy")

logger = logging.getLogger(__name__)


def configure_logging() -> None:
    """Set up logging for the whole process; a second call changes nothing."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(PrivateFormatter(FORMAT))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in QUIET_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)
    # uvicorn logs each error once more that was logged and answered (console/error_pages.py).
    logging.getLogger("uvicorn.error").addFilter(_is_not_logged_already)
    # Warnings of libraries may quote values.
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").disabled = True
    threading.excepthook = _log_end_of_thread


def _is_not_logged_already(record: logging.LogRecord) -> bool:
    return not str(record.msg).startswith("Exception in ASGI application")


def _log_end_of_thread(ended: threading.ExceptHookArgs) -> None:
    name = ended.thread.name if ended.thread else "unknown"
    logger.critical("the thread %s ended", name, exc_info=ended.exc_value)

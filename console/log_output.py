"""Logging of the console's process: that of every process, and of each error one line."""

import logging

from clinic.monitoring_settings import MonitoringSettings
from monitoring import log_output
from monitoring.log_output import AS_BEFORE_SETTINGS

PROCESS = "console"


def configure_logging(settings: MonitoringSettings = AS_BEFORE_SETTINGS) -> None:
    """Set up logging for the whole process; a second call takes the place of the first."""
    log_output.configure_logging(PROCESS, settings)
    # uvicorn logs each error once more that was logged and answered (console/error_pages.py).
    logging.getLogger("uvicorn.error").addFilter(_is_not_logged_already)


def _is_not_logged_already(record: logging.LogRecord) -> bool:
    return not str(record.msg).startswith("Exception in ASGI application")

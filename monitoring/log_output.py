"""Where a process's log goes, and from which level on."""

import logging
import sys
import threading

from clinic.monitoring_settings import JSON_LINES, TEXT_LINES, USUAL_LEVEL, MonitoringSettings
from monitoring.log_lines import OWN_ROOMS, JsonLines, TextLines

AS_BEFORE_SETTINGS = MonitoringSettings(TEXT_LINES, USUAL_LEVEL, "")
"""For what has to be said when the settings themselves are wrong."""
# Noise below this level.
QUIET_LOGGERS = (
    "aiohttp",
    "alembic",
    "apscheduler",
    "asyncio",
    "matplotlib",
    "rasa.core.processor",
    "rasa_sdk",
    "sanic.access",
    "sqlalchemy",
    "twilio",
    "urllib3",
)

logger = logging.getLogger(__name__)


def configure_logging(process: str, settings: MonitoringSettings) -> None:
    """Set up logging for the whole process, on standard error; a second call takes the place of the first.

    Libraries write texts and numbers at DEBUG, so that level holds for our own rooms alone.

    Args:
        process: the name in each line: `bot`, `actions` or `console`.
        settings: form and level.
    """
    # No line names a thread or a number of a process, so nobody has to ask for them.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(process) if settings.log_format == JSON_LINES else TextLines(process))
    level = logging.getLevelName(settings.log_level)
    logging.basicConfig(level=max(level, logging.INFO), handlers=[handler], force=True)
    for room in OWN_ROOMS:
        logging.getLogger(room).setLevel(level)
    for name in QUIET_LOGGERS:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    # Warnings are noise of the dependencies to an operator, and some of them quote what a visitor wrote.
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").disabled = True
    threading.excepthook = _log_end_of_thread


def _log_end_of_thread(ended: threading.ExceptHookArgs) -> None:
    name = ended.thread.name if ended.thread else "unknown"
    logger.critical("the thread %s ended", name, exc_info=ended.exc_value)

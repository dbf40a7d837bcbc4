"""Logging of the bot's process: that of every process, and Rasa's own lines brought into it.

Rasa writes some lines by structlog, with texts among their fields. Of those lines the event's name is kept alone.
"""

from collections.abc import MutableMapping
from typing import Any

import structlog

from clinic.monitoring_settings import MonitoringSettings
from monitoring import log_output
from monitoring.log_output import AS_BEFORE_SETTINGS

PROCESS = "bot"


def configure_logging(settings: MonitoringSettings = AS_BEFORE_SETTINGS) -> None:
    """Set up logging for the whole process; a second call takes the place of the first."""
    log_output.configure_logging(PROCESS, settings)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, _event_name_only],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _event_name_only(_logger: Any, _method: str, record: MutableMapping[str, Any]) -> str:
    return str(record.get("event", ""))

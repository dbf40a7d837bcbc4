"""How the processes are watched, a part of `clinic.settings.Settings`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from clinic.setting_values import PRODUCTION, SettingsError, one_of

JSON_LINES = "json"
TEXT_LINES = "text"
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
USUAL_LEVEL = "INFO"
SHORTEST_TOKEN = 32


@dataclass(frozen=True)
class MonitoringSettings:
    """The form of the log's lines, from which level on they are written, and the secret that opens `/metrics`."""

    log_format: str
    log_level: str
    metrics_token: str = field(repr=False)


def read_monitoring_settings(values: Mapping[str, str], environment: str) -> MonitoringSettings:
    """Read the settings whose names begin with LOG_ and METRICS_.

    Raises:
        SettingsError: a value is malformed.
    """
    usual_format = JSON_LINES if environment == PRODUCTION else TEXT_LINES
    return MonitoringSettings(
        log_format=one_of(values, "LOG_FORMAT", (JSON_LINES, TEXT_LINES), usual_format),
        log_level=one_of(values, "LOG_LEVEL", LEVELS, USUAL_LEVEL),
        metrics_token=_token(values.get("METRICS_TOKEN", "").strip()),
    )


def _token(given: str) -> str:
    if given and len(given) < SHORTEST_TOKEN:
        raise SettingsError(f"METRICS_TOKEN is shorter than {SHORTEST_TOKEN} characters.")
    if not given.isascii() or not given.isprintable() or " " in given:
        raise SettingsError("METRICS_TOKEN must be of ASCII letters, digits and signs, without spaces.")
    return given

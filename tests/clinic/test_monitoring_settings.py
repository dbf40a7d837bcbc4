"""How the processes are watched is set by the environment."""

import pytest

from clinic.monitoring_settings import MonitoringSettings, read_monitoring_settings
from clinic.setting_values import SettingsError


def test_what_is_left_out_suits_where_it_runs() -> None:
    assert read_monitoring_settings({}, "development") == MonitoringSettings("text", "INFO", "")
    assert read_monitoring_settings({}, "production") == MonitoringSettings("json", "INFO", "")


def test_what_is_given_counts_everywhere() -> None:
    given = {"LOG_FORMAT": "text", "LOG_LEVEL": "DEBUG", "METRICS_TOKEN": "t" * 32}
    assert read_monitoring_settings(given, "production") == MonitoringSettings("text", "DEBUG", "t" * 32)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LOG_FORMAT", "xml"),
        ("LOG_LEVEL", "debug"),
        ("LOG_LEVEL", "NOTSET"),
        ("METRICS_TOKEN", "t" * 31),
        ("METRICS_TOKEN", "t" * 20 + " " + "t" * 20),
        ("METRICS_TOKEN", "é" * 40),
    ],
)
def test_what_is_malformed_is_refused_by_its_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        read_monitoring_settings({name: value}, "development")


def test_the_token_is_in_no_text_of_the_settings() -> None:
    assert "t" * 32 not in repr(read_monitoring_settings({"METRICS_TOKEN": "t" * 32}, "production"))

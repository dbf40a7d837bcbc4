"""How long everything is kept can be chosen, within what the classes allow one another."""

import pytest

from clinic.retention_settings import RetentionSettings, read_retention_settings
from clinic.setting_values import SettingsError


def test_what_is_left_out_has_its_default() -> None:
    assert read_retention_settings({"RETENTION_LOG_DAYS": ""}) == RetentionSettings()


def test_each_class_has_its_own_setting() -> None:
    chosen = read_retention_settings({"RETENTION_TRANSCRIPT_DAYS": "7", "RETENTION_HOUR": "0"})
    assert (chosen.transcript_days, chosen.hour, chosen.log_days) == (7, 0, 90)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RETENTION_TRANSCRIPT_DAYS", "0"),
        ("RETENTION_TRANSCRIPT_DAYS", "91"),
        ("RETENTION_LOG_DAYS", "1096"),
        ("RETENTION_LOG_DAYS", "29"),
        ("RETENTION_TEXT_IDS_DAYS", "29"),
        ("RETENTION_SIGN_IN_DAYS", "7"),
        ("RETENTION_RECEIPTS_DAYS", "2191"),
        ("RETENTION_FLAGS_DAYS", "-1"),
        ("RETENTION_FLAGS_DAYS", "a year"),
        ("RETENTION_HOUR", "24"),
    ],
)
def test_what_cannot_be_is_refused_by_its_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match="RETENTION_"):
        read_retention_settings({name: value})

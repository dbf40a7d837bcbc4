"""How long everything is kept, in days: part of `clinic.settings.Settings`. docs/retention.md explains the classes."""

from collections.abc import Mapping
from dataclasses import dataclass

from clinic.setting_values import SettingsError, whole_number

LONGEST_DAYS = 36_500
SIX_YEARS = 2_192
"""Days; 45 CFR 164.316(b)(2)(i) asks for six years of what documents the safeguards."""
LONGEST_SESSION_DAYS = 7


@dataclass(frozen=True)
class RetentionSettings:
    """Days after which each class goes, and the hour of the clinic's day at which that is done."""

    transcript_days: int = 30
    log_days: int = 90
    counts_days: int = 1_095
    requests_days: int = 365
    flags_days: int = 365
    texts_days: int = 30
    text_ids_days: int = 365
    notices_days: int = 30
    teaching_days: int = 90
    sign_in_days: int = 30
    receipts_days: int = SIX_YEARS
    files_days: int = 30
    hour: int = 3


def read_retention_settings(values: Mapping[str, str]) -> RetentionSettings:
    """Read the settings whose names begin with RETENTION_.

    Raises:
        SettingsError: a value is malformed, or what is made from something would go before it.
    """
    days = {
        "transcript_days": _days(values, "RETENTION_TRANSCRIPT_DAYS", 30),
        "log_days": _days(values, "RETENTION_LOG_DAYS", 90),
        "counts_days": _days(values, "RETENTION_COUNTS_DAYS", 1_095),
        "requests_days": _days(values, "RETENTION_REQUESTS_DAYS", 365),
        "flags_days": _days(values, "RETENTION_FLAGS_DAYS", 365),
        "texts_days": _days(values, "RETENTION_TEXTS_DAYS", 30),
        "text_ids_days": _days(values, "RETENTION_TEXT_IDS_DAYS", 365),
        "notices_days": _days(values, "RETENTION_NOTICES_DAYS", 30),
        "teaching_days": _days(values, "RETENTION_TEACHING_DAYS", 90),
        "sign_in_days": _days(values, "RETENTION_SIGN_IN_DAYS", 30),
        "receipts_days": _days(values, "RETENTION_RECEIPTS_DAYS", SIX_YEARS),
        "files_days": _days(values, "RETENTION_FILES_DAYS", 30),
    }
    hour = whole_number(values, "RETENTION_HOUR", 3, least=0, most=23, what="an hour of the clinic's day")
    # The log could be made anew from what is left of the transcript, and would bring back what has gone from it.
    _require_order(days, "transcript_days", "log_days")
    _require_order(days, "log_days", "counts_days")
    _require_order(days, "texts_days", "text_ids_days")
    if days["sign_in_days"] <= LONGEST_SESSION_DAYS:
        raise SettingsError(f"RETENTION_SIGN_IN_DAYS must be more than the {LONGEST_SESSION_DAYS} days of a session.")
    if days["receipts_days"] < SIX_YEARS:
        raise SettingsError(f"RETENTION_RECEIPTS_DAYS must be at least {SIX_YEARS}, which is six years.")
    return RetentionSettings(**days, hour=hour)


def _days(values: Mapping[str, str], name: str, default: int) -> int:
    return whole_number(values, name, default, least=1, most=LONGEST_DAYS, what="a number of days")


def _require_order(days: Mapping[str, int], shorter: str, longer: str) -> None:
    if days[shorter] > days[longer]:
        raise SettingsError(f"RETENTION_{shorter.upper()} must not be more than RETENTION_{longer.upper()}.")

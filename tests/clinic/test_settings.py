"""Settings are read strictly, and production does not start with what was meant for development."""

import stat
from pathlib import Path

import pytest

from clinic.contact import clinic_variables
from clinic.settings import SettingsError, load_settings
from tests.encryption_keys import ENCRYPTION_KEYS

SECRET = "x" * 40
PRODUCTION = {"MILIA_ENVIRONMENT": "production", "SECRET_KEY": SECRET, "ENCRYPTION_KEYS": ENCRYPTION_KEYS}


def settings(tmp_path: Path, **values: str):
    return load_settings({"VAR_DIR": str(tmp_path), **values})


def test_a_developers_machine_needs_no_setting(tmp_path: Path) -> None:
    loaded = settings(tmp_path)
    assert (loaded.bot_port, loaded.actions_port, loaded.console_port) == (5005, 5055, 8000)
    assert loaded.allowed_origins == ("http://127.0.0.1:5005", "http://localhost:5005")
    assert loaded.database_url.startswith("sqlite:///")
    assert not loaded.is_production


def test_the_development_secret_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    first = settings(tmp_path).secret_key
    assert settings(tmp_path).secret_key == first
    assert len(first) >= 32
    mode = stat.S_IMODE((tmp_path / "development-secret").stat().st_mode)
    assert mode == 0o600


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"MILIA_ENVIRONMENT": "production"}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"MILIA_ENVIRONMENT": "prod"}, "MILIA_ENVIRONMENT"),
        ({"BOT_PORT": "eighty"}, "BOT_PORT"),
        ({"ACTIONS_PORT": "70000"}, "ACTIONS_PORT"),
        ({"CLINIC_TIMEZONE": "Chicago"}, "CLINIC_TIMEZONE"),
        ({"ALLOWED_ORIGINS": "www.example.com"}, "ALLOWED_ORIGINS"),
        ({"RATE_LIMITS": "none"}, "RATE_LIMITS"),
        ({"TWILIO_ACCOUNT_SID": "12345"}, "TWILIO_ACCOUNT_SID"),
        ({"TWILIO_NUMBER": "312 555 0100"}, "TWILIO_NUMBER"),
        ({"SMS_REPLY_SECONDS": "14"}, "SMS_REPLY_SECONDS"),
        ({"SMS_COUNTRIES": "USA"}, "SMS_COUNTRIES"),
        ({"TWILIO_API_URL": "127.0.0.1"}, "TWILIO_API_URL"),
        (
            {**PRODUCTION, "TWILIO_API_URL": "http://127.0.0.1"},
            "TWILIO_API_URL",
        ),
        ({"RATE_LIMITS": "off", "BOT_HOST": "0.0.0.0"}, "RATE_LIMITS"),
    ],
    ids=str,
)
def test_a_wrong_setting_is_refused_by_name(tmp_path: Path, values: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        settings(tmp_path, **values)


def test_production_starts_with_a_secret_of_its_own(tmp_path: Path) -> None:
    assert settings(tmp_path, **PRODUCTION).is_production


def test_a_developers_machine_signs_texts_with_a_token_of_its_own(tmp_path: Path) -> None:
    first = settings(tmp_path).sms
    assert settings(tmp_path).sms.auth_tokens == first.auth_tokens
    assert len(first.auth_token) >= 32
    assert not first.can_send


def test_text_messages_are_off_in_production_until_a_token_is_set(tmp_path: Path) -> None:
    assert settings(tmp_path, **PRODUCTION).sms.auth_tokens == ()
    rotating = {"TWILIO_AUTH_TOKEN": "new", "TWILIO_AUTH_TOKEN_PREVIOUS": "old"}
    assert settings(tmp_path, **PRODUCTION, **rotating).sms.auth_tokens == ("new", "old")


def test_what_the_clinic_has_not_filled_in_is_never_invented(tmp_path: Path) -> None:
    variables = clinic_variables(settings(tmp_path))
    assert variables["call_clinic"] == "contact the clinic directly"
    assert not any(letter.isdigit() for value in variables.values() for letter in value)


def test_what_the_clinic_has_filled_in_is_said(tmp_path: Path) -> None:
    filled = settings(tmp_path, CLINIC_PHONE="(312) 555-0100", CLINIC_HOURS="Mon to Fri, 9 to 5")
    variables = clinic_variables(filled)
    assert variables["call_clinic"] == "call the clinic at (312) 555-0100"
    assert "Mon to Fri, 9 to 5" in variables["logistics"]
    assert "Address" not in variables["logistics"]

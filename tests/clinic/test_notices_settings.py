"""How the staff are told is read strictly: half a configuration would leave them untold without a word."""

from pathlib import Path

import pytest

from clinic.settings import Settings, SettingsError, load_settings
from tests.encryption_keys import ENCRYPTION_KEYS

SECRET = "x" * 40
MAIL = {"SMTP_URL": "smtp://mail.example.com", "STAFF_EMAIL": "desk@example.com"}
PRODUCTION = {"MILIA_ENVIRONMENT": "production", "SECRET_KEY": SECRET, "ENCRYPTION_KEYS": ENCRYPTION_KEYS}


def settings(tmp_path: Path, **values: str) -> Settings:
    return load_settings({"VAR_DIR": str(tmp_path), **values})


def test_nothing_configured_is_fine(tmp_path: Path) -> None:
    assert settings(tmp_path).notice_targets == ()
    assert settings(tmp_path, **PRODUCTION).notice_targets == ()


def test_what_is_configured_is_told(tmp_path: Path) -> None:
    assert settings(tmp_path, **MAIL).notice_targets == ("email",)
    assert settings(tmp_path, STAFF_WEBHOOK_URL="http://127.0.0.1:9/x").notice_targets == ("webhook",)
    assert settings(tmp_path, **MAIL, STAFF_WEBHOOK_URL="http://127.0.0.1:9/x").notice_targets == ("email", "webhook")


@pytest.mark.parametrize(
    ("url", "port", "from_the_start", "starttls"),
    [
        ("smtp://mail.example.com", 25, False, True),
        ("smtp://user:pass@mail.example.com", 587, False, True),
        ("smtps://user:pass@mail.example.com", 465, True, False),
        ("smtp://mail.example.com:2525?starttls=off", 2525, False, False),
    ],
)
def test_a_mail_server_is_read(tmp_path: Path, url: str, port: int, from_the_start: bool, starttls: bool) -> None:
    server = settings(tmp_path, SMTP_URL=url, STAFF_EMAIL="a@example.com").notices.smtp
    assert server is not None
    assert (server.host, server.port) == ("mail.example.com", port)
    assert (server.tls_from_the_start, server.starttls) == (from_the_start, starttls)


def test_user_and_password_may_hold_any_letter(tmp_path: Path) -> None:
    url = "smtp://bot%40example.com:p%40ss%2Fw%3Ard@mail.example.com"
    server = settings(tmp_path, SMTP_URL=url, STAFF_EMAIL="a@example.com").notices.smtp
    assert server is not None
    assert (server.user, server.password) == ("bot@example.com", "p@ss/w:rd")


def test_several_addresses_and_a_sender_are_read(tmp_path: Path) -> None:
    several = settings(tmp_path, SMTP_URL="smtp://mail", STAFF_EMAIL="a@example.com, b@clinic.local").notices
    assert (several.staff_emails, several.sender) == (("a@example.com", "b@clinic.local"), "a@example.com")
    assert settings(tmp_path, **MAIL, STAFF_EMAIL_FROM="bot@example.com").notices.sender == "bot@example.com"


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"SMTP_URL": "smtp://mail"}, "STAFF_EMAIL is not"),
        ({"STAFF_EMAIL": "a@example.com"}, "SMTP_URL is not"),
        ({**MAIL, "SMTP_URL": "mail.example.com"}, "SMTP_URL"),
        ({**MAIL, "SMTP_URL": "http://mail.example.com"}, "SMTP_URL"),
        ({**MAIL, "SMTP_URL": "smtp://mail:port"}, "SMTP_URL"),
        ({**MAIL, "SMTP_URL": "smtp://mail?tls=no"}, "SMTP_URL"),
        ({**MAIL, "STAFF_EMAIL": "desk"}, "STAFF_EMAIL"),
        ({**MAIL, "STAFF_EMAIL": "a@example.com\nBcc: b@example.com"}, "STAFF_EMAIL"),
        ({**MAIL, "STAFF_EMAIL_FROM": "Clinic <a@example.com>"}, "STAFF_EMAIL_FROM"),
        ({"STAFF_WEBHOOK_URL": "example.com/hook"}, "STAFF_WEBHOOK_URL"),
        ({"STAFF_WEBHOOK_URL": "ftp://example.com"}, "STAFF_WEBHOOK_URL"),
        ({"STAFF_WEBHOOK_URL": "https://example.com", "STAFF_WEBHOOK_SECRET": "whsec_?"}, "STAFF_WEBHOOK_SECRET"),
        ({"STAFF_WEBHOOK_URL": "https://example.com", "STAFF_WEBHOOK_SECRET": "whsec_"}, "STAFF_WEBHOOK_SECRET"),
        (
            {**PRODUCTION, "STAFF_WEBHOOK_URL": "http://example.com", "STAFF_WEBHOOK_SECRET": SECRET},
            "STAFF_WEBHOOK_URL must begin with https://",
        ),
        ({**PRODUCTION, "STAFF_WEBHOOK_URL": "https://example.com"}, "STAFF_WEBHOOK_SECRET"),
        (
            {**PRODUCTION, "STAFF_WEBHOOK_URL": "https://example.com", "STAFF_WEBHOOK_SECRET": "y" * 31},
            "STAFF_WEBHOOK_SECRET",
        ),
    ],
    ids=str,
)
def test_a_wrong_setting_is_refused_by_name(tmp_path: Path, values: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        settings(tmp_path, **values)


def test_production_takes_a_webhook_with_tls_and_a_long_secret(tmp_path: Path) -> None:
    hook = {"STAFF_WEBHOOK_URL": "https://example.com/hook?x=1", "STAFF_WEBHOOK_SECRET": "y" * 32}
    assert settings(tmp_path, **PRODUCTION, **hook).notice_targets == ("webhook",)


def test_a_developers_webhook_is_signed_with_a_secret_that_stays(tmp_path: Path) -> None:
    first = settings(tmp_path, STAFF_WEBHOOK_URL="http://127.0.0.1:9/x").notices
    assert len(first.webhook_secret) >= 32
    assert first.webhook_secret != settings(tmp_path).secret_key
    assert settings(tmp_path, STAFF_WEBHOOK_URL="http://127.0.0.1:9/x").notices == first


def test_an_encoded_secret_is_the_key_that_it_encodes(tmp_path: Path) -> None:
    hook = {"STAFF_WEBHOOK_URL": "http://127.0.0.1:9/x"}
    encoded = settings(tmp_path, **hook, STAFF_WEBHOOK_SECRET="whsec_a2V5IG9mIHRoZSB3ZWJob29r").notices
    assert encoded.webhook_key == b"key of the webhook"
    assert settings(tmp_path, **hook, STAFF_WEBHOOK_SECRET="plain words").notices.webhook_key == b"plain words"


def test_no_password_or_secret_is_shown_with_the_settings_or_an_error(tmp_path: Path) -> None:
    hidden = {"SMTP_URL": "smtp://u:hidden-1@mail", "STAFF_WEBHOOK_URL": "http://h/hidden-2"}
    loaded = settings(tmp_path, **{**MAIL, **hidden}, STAFF_WEBHOOK_SECRET="hidden-3")
    assert "hidden" not in repr(loaded.notices)
    with pytest.raises(SettingsError) as caught:
        settings(tmp_path, **{**MAIL, "SMTP_URL": "smtp://u:hidden-1@mail:x"})
    assert "hidden" not in str(caught.value)

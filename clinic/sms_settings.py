"""The settings of the SMS channel, a part of `clinic.settings.Settings`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import phonenumbers

from clinic.setting_values import PRODUCTION, SettingsError, development_secret, is_web_address, whole_number

DEVELOPMENT_TOKEN_FILE = "development-twilio-token"  # noqa: S105 - the name of a file, not a secret
ACCOUNT = re.compile(r"AC[0-9a-fA-F]{32}")
MESSAGING_SERVICE = re.compile(r"MG[0-9a-fA-F]{32}")
E164 = re.compile(r"\+[1-9]\d{6,14}")


@dataclass(frozen=True)
class SmsSettings:
    """How the bot and Twilio know each other. See `.env.example` for each setting's meaning."""

    account_sid: str
    auth_token: str
    auth_token_previous: str
    number: str
    reply_seconds: int
    countries: tuple[str, ...]
    api_url: str

    @property
    def auth_tokens(self) -> tuple[str, ...]:
        """The tokens that a request may be signed with, the newest first; empty when SMS is off."""
        return tuple(token for token in (self.auth_token, self.auth_token_previous) if token)

    @property
    def can_send(self) -> bool:
        """Whether texts can be sent through Twilio's API, and not only in the answer to a request."""
        return bool(self.account_sid and self.auth_token and self.number)


def read_sms_settings(values: Mapping[str, str], environment: str, var_dir: Path) -> SmsSettings:
    """Read the settings whose names begin with TWILIO_ and SMS_.

    Raises:
        SettingsError: a value is malformed.
    """
    return SmsSettings(
        account_sid=_matching(values, "TWILIO_ACCOUNT_SID", (ACCOUNT,), "AC and 32 hexadecimal digits"),
        auth_token=_token(values, environment, var_dir),
        auth_token_previous=values.get("TWILIO_AUTH_TOKEN_PREVIOUS", "").strip(),
        number=_matching(
            values, "TWILIO_NUMBER", (E164, MESSAGING_SERVICE), "a number such as +13125550100, or a service MG..."
        ),
        reply_seconds=whole_number(values, "SMS_REPLY_SECONDS", 8, least=1, most=13, what="a number of seconds"),
        countries=_countries(values.get("SMS_COUNTRIES") or "US"),
        api_url=_api_url(values.get("TWILIO_API_URL", ""), environment),
    )


def _token(values: Mapping[str, str], environment: str, var_dir: Path) -> str:
    given = values.get("TWILIO_AUTH_TOKEN", "").strip()
    if given or environment == PRODUCTION:
        return given
    return development_secret(var_dir, DEVELOPMENT_TOKEN_FILE)


def _matching(values: Mapping[str, str], name: str, patterns: tuple[re.Pattern[str], ...], advice: str) -> str:
    text = values.get(name, "").strip()
    if text and not any(pattern.fullmatch(text) for pattern in patterns):
        raise SettingsError(f"{name} is malformed; write {advice}.")
    return text


def _countries(text: str) -> tuple[str, ...]:
    listed = tuple(country.strip().upper() for country in text.split(",") if country.strip())
    for country in listed:
        if country not in phonenumbers.SUPPORTED_REGIONS:
            raise SettingsError(f"SMS_COUNTRIES has '{country}'; write two-letter country codes, as in US,CA.")
    return listed


def _api_url(text: str, environment: str) -> str:
    address = text.strip().rstrip("/")
    if not address:
        return ""
    if not is_web_address(address):
        raise SettingsError(f"TWILIO_API_URL is '{address}'; write scheme and host, as in http://127.0.0.1:9000.")
    if environment == PRODUCTION and not address.startswith("https://"):
        raise SettingsError("TWILIO_API_URL must begin with https:// in production.")
    return address

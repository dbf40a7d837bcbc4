"""The settings of the staff's console, a part of `clinic.settings.Settings`."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from clinic.setting_values import PRODUCTION, SettingsError, is_web_address, one_of, whole_number

LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "::1")
LONGEST_IDLE_MINUTES = 24 * 60
LONGEST_SESSION_HOURS = 7 * 24
TWO_PEOPLE = "two_people"
ONE_PERSON = "one_person"
TOTP_OPTIONAL = "optional"
TOTP_REQUIRED = "required"


@dataclass(frozen=True)
class ConsoleSettings:
    """Where the console is and how strict it is. See `.env.example` for each setting's meaning."""

    host: str
    url: str
    idle_minutes: int
    session_hours: int
    release: str
    totp: str

    @property
    def is_https(self) -> bool:
        """Whether people reach the console by TLS, so that its cookie may never travel without."""
        return self.url.startswith("https://")

    @property
    def hosts(self) -> tuple[str, ...]:
        """The host names under which requests are taken; those of this machine always, for the launcher's checks."""
        named = urlsplit(self.url).hostname or ""
        return tuple(dict.fromkeys((named, *LOOPBACK_HOSTS)))

    @property
    def origins(self) -> tuple[str, ...]:
        """The origins whose forms are taken. The names of this machine stand for each other."""
        parts = urlsplit(self.url)
        if parts.hostname not in LOOPBACK_HOSTS:
            return (f"{parts.scheme}://{parts.netloc}",)
        port = f":{parts.port}" if parts.port else ""
        return tuple(f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}" for host in LOOPBACK_HOSTS)

    @property
    def needs_two_people(self) -> bool:
        """Whether a correction is released by somebody else than who proposed it."""
        return self.release == TWO_PEOPLE

    @property
    def needs_totp(self) -> bool:
        """Whether nobody may work without a second factor."""
        return self.totp == TOTP_REQUIRED


def read_console_settings(values: Mapping[str, str], environment: str, port: int) -> ConsoleSettings:
    """Read the settings whose names begin with CONSOLE_, but for the port.

    Raises:
        SettingsError: a value is malformed, or production would show the console without TLS.
    """
    return ConsoleSettings(
        host=values.get("CONSOLE_HOST") or "127.0.0.1",
        url=_url(values.get("CONSOLE_URL") or f"http://127.0.0.1:{port}", environment),
        idle_minutes=whole_number(
            values, "CONSOLE_IDLE_MINUTES", 30, least=1, most=LONGEST_IDLE_MINUTES, what="a number of minutes"
        ),
        session_hours=whole_number(
            values, "CONSOLE_SESSION_HOURS", 12, least=1, most=LONGEST_SESSION_HOURS, what="a number of hours"
        ),
        release=one_of(values, "CONSOLE_RELEASE", (TWO_PEOPLE, ONE_PERSON), TWO_PEOPLE),
        totp=one_of(values, "CONSOLE_TOTP", (TOTP_OPTIONAL, TOTP_REQUIRED), TOTP_OPTIONAL),
    )


def _url(text: str, environment: str) -> str:
    address = text.strip().rstrip("/").lower()
    if not is_web_address(address) or urlsplit(address).path:
        raise SettingsError(f"CONSOLE_URL is '{address}'; write scheme and host, as in https://console.example.com.")
    is_loopback = urlsplit(address).hostname in LOOPBACK_HOSTS
    if environment == PRODUCTION and not address.startswith("https://") and not is_loopback:
        raise SettingsError("CONSOLE_URL must begin with https:// in production.")
    return address

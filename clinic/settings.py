"""Settings of one deployment, read from the environment and, beneath it, from a `.env` file.

Every setting has a default that works on a developer's machine. `MILIA_ENVIRONMENT=production` refuses the ones that
must not be left as they are.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values

from clinic.console_settings import ConsoleSettings, read_console_settings
from clinic.encryption.keys import KeyRing
from clinic.encryption_settings import DEVELOPMENT_KEY_FILE, read_encryption_keys
from clinic.monitoring_settings import MonitoringSettings, read_monitoring_settings
from clinic.notice_settings import DEVELOPMENT_WEBHOOK_FILE, NoticeSettings, read_notice_settings
from clinic.retention_settings import RetentionSettings, read_retention_settings
from clinic.setting_values import PRODUCTION, SettingsError, development_secret, one_of, whole_number
from clinic.sms_settings import DEVELOPMENT_TOKEN_FILE, SmsSettings, read_sms_settings

__all__ = ["PROJECT_ROOT", "Settings", "SettingsError", "load_settings", "load_settings_in_use"]

PROJECT_ROOT = Path(__file__).resolve().parent.parent
DEVELOPMENT_SECRET_FILE = "development-secret"  # noqa: S105 - the name of a file, not a secret
SHORTEST_SECRET = 32
LOOPBACK = "127.0.0.1"
SWITCHES = {"on": True, "off": False}


@dataclass(frozen=True)
class Settings:
    """What a deployment can choose. See `.env.example` for each setting's meaning."""

    environment: str
    secret_key: str
    encryption_keys: KeyRing
    public_url: str
    allowed_origins: tuple[str, ...]
    database_url: str
    database_timeout: int
    redis_url: str
    clinic_name: str
    clinic_phone: str
    clinic_address: str
    clinic_hours: str
    clinic_timezone: ZoneInfo
    bot_host: str
    bot_port: int
    actions_port: int
    console_port: int
    var_dir: Path
    rate_limits: bool
    sms: SmsSettings
    notices: NoticeSettings
    console: ConsoleSettings
    retention: RetentionSettings
    monitoring: MonitoringSettings

    @property
    def is_production(self) -> bool:
        """Whether the strict rules of a real deployment hold."""
        return self.environment == PRODUCTION

    @property
    def actions_url(self) -> str:
        """Where the bot finds the action server, which listens on loopback alone."""
        return f"http://127.0.0.1:{self.actions_port}/webhook"

    @property
    def taught_in_force(self) -> Path:
        """The training lines that reviewers taught and that are in force; no file while there are none."""
        return self.var_dir / "teaching" / "in_force.yml"

    @property
    def models_kept(self) -> Path:
        """Names of models that no training may delete, one a line; no file while nothing was taught."""
        return self.taught_in_force.with_name("models_kept.txt")

    @property
    def notice_targets(self) -> tuple[str, ...]:
        """Where the staff are told of requests, messages and danger, of `email` and `webhook`; empty when nowhere."""
        return self.notices.targets


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings.

    Args:
        environ: the variables to read; the process environment over `.env` when left out.

    Raises:
        SettingsError: a value is malformed, or production lacks what it must have.
    """
    values = _layered_environment() if environ is None else dict(environ)
    environment = one_of(values, "MILIA_ENVIRONMENT", ("development", PRODUCTION), "development")
    var_dir = _directory(values.get("VAR_DIR") or "var")
    bot_port = _port(values, "BOT_PORT", 5005)
    console_port = _port(values, "CONSOLE_PORT", 8000)
    return Settings(
        environment=environment,
        secret_key=_secret(values, environment, var_dir),
        encryption_keys=read_encryption_keys(values, environment, var_dir),
        public_url=(values.get("PUBLIC_URL") or f"http://{LOOPBACK}:{bot_port}").rstrip("/"),
        allowed_origins=_origins(values.get("ALLOWED_ORIGINS", ""), bot_port),
        database_url=values.get("DATABASE_URL") or f"sqlite:///{var_dir / 'milia.sqlite3'}",
        database_timeout=whole_number(values, "DATABASE_TIMEOUT", 10, least=1, most=600, what="a number of seconds"),
        redis_url=values.get("REDIS_URL", ""),
        clinic_name=values.get("CLINIC_NAME") or "Nima Skin Institute",
        clinic_phone=values.get("CLINIC_PHONE", "").strip(),
        clinic_address=values.get("CLINIC_ADDRESS", "").strip(),
        clinic_hours=values.get("CLINIC_HOURS", "").strip(),
        clinic_timezone=_timezone(values.get("CLINIC_TIMEZONE") or "America/Chicago"),
        bot_host=values.get("BOT_HOST") or LOOPBACK,
        bot_port=bot_port,
        actions_port=_port(values, "ACTIONS_PORT", 5055),
        console_port=console_port,
        var_dir=var_dir,
        rate_limits=_rate_limits(values),
        sms=read_sms_settings(values, environment, var_dir),
        notices=read_notice_settings(values, environment, var_dir),
        console=read_console_settings(values, environment, console_port),
        retention=read_retention_settings(values),
        monitoring=read_monitoring_settings(values, environment),
    )


def _rate_limits(values: Mapping[str, str]) -> bool:
    limited = SWITCHES[one_of(values, "RATE_LIMITS", tuple(SWITCHES), "on")]
    if not limited and (values.get("BOT_HOST") or LOOPBACK) != LOOPBACK:
        raise SettingsError("RATE_LIMITS=off is for measuring on this machine only; set BOT_HOST=127.0.0.1 with it.")
    return limited


def load_settings_in_use(environ: Mapping[str, str] | None = None) -> Settings:
    """As `load_settings`, for a program beside a running instance: a secret that is not there is not made.

    Raises:
        SettingsError: as `load_settings`; or no instance has run with this VAR_DIR, whose path the message has.
    """
    values = _layered_environment() if environ is None else dict(environ)
    if (values.get("MILIA_ENVIRONMENT") or "") != PRODUCTION:
        _require_made_secrets(values, _directory(values.get("VAR_DIR") or "var"))
    return load_settings(values)


def _require_made_secrets(values: Mapping[str, str], var_dir: Path) -> None:
    files = {
        "SECRET_KEY": DEVELOPMENT_SECRET_FILE,
        "ENCRYPTION_KEYS": DEVELOPMENT_KEY_FILE,
        "TWILIO_AUTH_TOKEN": DEVELOPMENT_TOKEN_FILE,
    }
    if values.get("STAFF_WEBHOOK_URL", "").strip():
        files["STAFF_WEBHOOK_SECRET"] = DEVELOPMENT_WEBHOOK_FILE
    for setting, file in files.items():
        if not values.get(setting, "").strip() and not (var_dir / file).exists():
            raise SettingsError(
                f"No instance has run with VAR_DIR {var_dir} yet ({setting} is neither set nor there). Start one with "
                "`make run`; if one runs, give this command the same VAR_DIR."
            )


def _layered_environment() -> dict[str, str]:
    from_file = {key: value for key, value in dotenv_values(PROJECT_ROOT / ".env").items() if value is not None}
    return {**from_file, **os.environ}


def _directory(name: str) -> Path:
    path = Path(name).expanduser()
    return path if path.is_absolute() else PROJECT_ROOT / path


def _port(values: Mapping[str, str], name: str, default: int) -> int:
    return whole_number(values, name, default, least=1, most=65535, what="a port number")


def _timezone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SettingsError(f"CLINIC_TIMEZONE is '{name}', which is no known time zone.") from error


def _origins(text: str, bot_port: int) -> tuple[str, ...]:
    own = (f"http://127.0.0.1:{bot_port}", f"http://localhost:{bot_port}")
    listed = tuple(origin.strip().rstrip("/") for origin in text.split(",") if origin.strip())
    for origin in listed:
        if "://" not in origin or origin.count("/") != 2:
            raise SettingsError(
                f"ALLOWED_ORIGINS has '{origin}'; write scheme and host, as in https://www.example.com."
            )
    return listed or own


def _secret(values: Mapping[str, str], environment: str, var_dir: Path) -> str:
    given = values.get("SECRET_KEY", "")
    if given and len(given) >= SHORTEST_SECRET:
        return given
    if given:
        raise SettingsError(f"SECRET_KEY is shorter than {SHORTEST_SECRET} characters.")
    if environment == PRODUCTION:
        raise SettingsError("SECRET_KEY is not set; production does not start without one of its own.")
    return development_secret(var_dir, DEVELOPMENT_SECRET_FILE)

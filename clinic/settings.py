"""Settings of one deployment, read from the environment and, beneath it, from a `.env` file.

Every setting has a default that works on a developer's machine. `MILIA_ENVIRONMENT=production` refuses the ones that
must not be left as they are.
"""

import contextlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values

PROJECT_ROOT = Path(__file__).resolve().parent.parent
DEVELOPMENT_SECRET_FILE = "development-secret"  # noqa: S105 - the name of a file, not a secret
SHORTEST_SECRET = 32
SWITCHES = {"on": True, "off": False}


class SettingsError(ValueError):
    """A setting is missing or wrong; the message is meant for the operator and names the setting."""


@dataclass(frozen=True)
class Settings:
    """What a deployment can choose. See `.env.example` for each setting's meaning."""

    environment: str
    secret_key: str
    public_url: str
    allowed_origins: tuple[str, ...]
    database_url: str
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

    @property
    def is_production(self) -> bool:
        """Whether the strict rules of a real deployment hold."""
        return self.environment == "production"

    @property
    def actions_url(self) -> str:
        """Where the bot finds the action server, which listens on loopback alone."""
        return f"http://127.0.0.1:{self.actions_port}/webhook"


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings.

    Args:
        environ: the variables to read; the process environment over `.env` when left out.

    Raises:
        SettingsError: a value is malformed, or production lacks what it must have.
    """
    values = _layered_environment() if environ is None else dict(environ)
    environment = _one_of(values, "MILIA_ENVIRONMENT", ("development", "production"), "development")
    var_dir = _directory(values.get("VAR_DIR") or "var")
    bot_port = _port(values, "BOT_PORT", 5005)
    bot_host = values.get("BOT_HOST") or "127.0.0.1"
    public_url = (values.get("PUBLIC_URL") or f"http://127.0.0.1:{bot_port}").rstrip("/")
    rate_limits = SWITCHES[_one_of(values, "RATE_LIMITS", tuple(SWITCHES), "on")]
    if not rate_limits and bot_host != "127.0.0.1":
        raise SettingsError("RATE_LIMITS=off is for measuring on this machine only; set BOT_HOST=127.0.0.1 with it.")
    return Settings(
        environment=environment,
        secret_key=_secret(values, environment, var_dir),
        public_url=public_url,
        allowed_origins=_origins(values.get("ALLOWED_ORIGINS", ""), bot_port),
        database_url=values.get("DATABASE_URL") or f"sqlite:///{var_dir / 'milia.sqlite3'}",
        redis_url=values.get("REDIS_URL", ""),
        clinic_name=values.get("CLINIC_NAME") or "Nima Skin Institute",
        clinic_phone=values.get("CLINIC_PHONE", "").strip(),
        clinic_address=values.get("CLINIC_ADDRESS", "").strip(),
        clinic_hours=values.get("CLINIC_HOURS", "").strip(),
        clinic_timezone=_timezone(values.get("CLINIC_TIMEZONE") or "America/Chicago"),
        bot_host=bot_host,
        bot_port=bot_port,
        actions_port=_port(values, "ACTIONS_PORT", 5055),
        console_port=_port(values, "CONSOLE_PORT", 8000),
        var_dir=var_dir,
        rate_limits=rate_limits,
    )


def _layered_environment() -> dict[str, str]:
    from_file = {key: value for key, value in dotenv_values(PROJECT_ROOT / ".env").items() if value is not None}
    return {**from_file, **os.environ}


def _directory(name: str) -> Path:
    path = Path(name).expanduser()
    return path if path.is_absolute() else PROJECT_ROOT / path


def _one_of(values: Mapping[str, str], name: str, allowed: tuple[str, ...], default: str) -> str:
    value = values.get(name) or default
    if value not in allowed:
        raise SettingsError(f"{name} is '{value}'; it must be one of: {', '.join(allowed)}.")
    return value


def _port(values: Mapping[str, str], name: str, default: int) -> int:
    text = values.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise SettingsError(f"{name} is '{text}'; it must be a port number from 1 to 65535.")
    return int(text)


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
    if environment == "production":
        raise SettingsError("SECRET_KEY is not set; production does not start without one of its own.")
    return _development_secret(var_dir)


def _development_secret(var_dir: Path) -> str:
    """One secret per instance, made on first use, so that sessions outlive a restart on a developer's machine."""
    path = var_dir / DEVELOPMENT_SECRET_FILE
    if not path.exists():
        var_dir.mkdir(parents=True, exist_ok=True)
        draft = var_dir / f"{DEVELOPMENT_SECRET_FILE}.{os.getpid()}"
        try:
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_urlsafe(48), encoding="ascii")
            # A link is made whole or not at all, so a second process never reads half a secret.
            with contextlib.suppress(FileExistsError):
                path.hardlink_to(draft)
        finally:
            draft.unlink(missing_ok=True)
    return path.read_text(encoding="ascii").strip()

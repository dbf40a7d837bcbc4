"""How the values of settings are read: each malformed one is refused by the setting's name."""

import contextlib
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

PRODUCTION = "production"


class SettingsError(ValueError):
    """A setting is missing or wrong; the message is meant for the operator and names the setting."""


def one_of(values: Mapping[str, str], name: str, allowed: tuple[str, ...], default: str) -> str:
    """One of a few words; the default when the setting is left out or empty."""
    value = values.get(name) or default
    if value not in allowed:
        raise SettingsError(f"{name} is '{value}'; it must be one of: {', '.join(allowed)}.")
    return value


def whole_number(values: Mapping[str, str], name: str, default: int, *, least: int, most: int, what: str) -> int:
    """A whole number between `least` and `most`; `what` names it for the operator."""
    text = values.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise SettingsError(f"{name} is '{text}'; it must be {what} from {least} to {most}.")
    return int(text)


def is_web_address(text: str) -> bool:
    """Whether this is an address with scheme and host, and nothing after the path."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.query and not parts.fragment
    except ValueError:
        return False


def development_secret(var_dir: Path, name: str) -> str:
    """One secret per instance and name, made on first use, so that it outlives a restart on a developer's machine."""
    path = var_dir / name
    if not path.exists():
        var_dir.mkdir(parents=True, exist_ok=True)
        draft = var_dir / f"{name}.{os.getpid()}"
        try:
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_urlsafe(48), encoding="ascii")
            # A link is made whole or not at all, so a second process never reads half a secret.
            with contextlib.suppress(FileExistsError):
                path.hardlink_to(draft)
        finally:
            draft.unlink(missing_ok=True)
    return path.read_text(encoding="ascii").strip()

"""The setting of the keys under which values are encrypted, a part of `clinic.settings.Settings`."""

import hashlib
import logging
from collections.abc import Mapping
from pathlib import Path

from clinic.encryption.keys import KeyRing, KeysError, parse_keys
from clinic.setting_values import PRODUCTION, SettingsError, development_secret

DEVELOPMENT_KEY_FILE = "development-encryption-key"
DEVELOPMENT_KEY_ID = "development"

logger = logging.getLogger(__name__)


def read_encryption_keys(values: Mapping[str, str], environment: str, var_dir: Path) -> KeyRing:
    """Read ENCRYPTION_KEYS.

    Raises:
        SettingsError: it is malformed, or production lacks it; the message shows none of the keys.
    """
    text = values.get("ENCRYPTION_KEYS", "").strip()
    if text:
        try:
            return parse_keys(text)
        except KeysError as error:
            advice = "`python -m clinic.encryption new-key` makes an entry"
            raise SettingsError(f"ENCRYPTION_KEYS is malformed: {error}; {advice}.") from None
    if environment == PRODUCTION:
        raise SettingsError("ENCRYPTION_KEYS is not set; production does not start without a key of its own.")
    return _development_keys(var_dir)


def _development_keys(var_dir: Path) -> KeyRing:
    is_new = not (var_dir / DEVELOPMENT_KEY_FILE).exists()
    secret = development_secret(var_dir, DEVELOPMENT_KEY_FILE)
    if is_new:
        logger.warning(
            "Nothing to do for trying it out: ENCRYPTION_KEYS is not set, so a key was made in VAR_DIR. A copy"
        )
        logger.warning("of the database needs that key. Production needs a key of its own: docs/encryption.md")
    return KeyRing(((DEVELOPMENT_KEY_ID, hashlib.sha256(secret.encode("ascii")).digest()),))

"""The keys of a deployment, and how one value is encrypted and read: AES-256-GCM (NIST SP 800-38D).

A stored value is text: `e1.`, the key's id, a dot, and in base64url without padding a nonce of 96 random bits and the
ciphertext with its tag. Version, key id, table and column are authenticated with it, so that a value which was moved
to another column, or changed, cannot be read. What does not begin with `e1.` is plain text from an earlier release.
"""

import base64
import binascii
import logging
import os
import re
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.exc import SQLAlchemyError

PREFIX = "e1."
"""With this an encrypted value begins; it is the version of the form."""
PLAIN = "plain"
"""In the place of the first key: nothing is encrypted yet, or any more."""
KEY_BYTES = 32
NONCE_BYTES = 12
KEY_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,15}")

# The functions of base64 that do the same take twice as long, and this is done a dozen times in a turn.
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
# What is no letter of ours becomes none of theirs: a value that was changed is never read.
_STANDARD = bytes.maketrans(b"-_+/", b"+/!!")

logger = logging.getLogger(__name__)


class KeysError(ValueError):
    """The keys are malformed; the message says how and shows none of them."""


class UnreadableValueError(SQLAlchemyError):
    """A stored value cannot be read. It is a fault of the database for whoever asked, and never an empty value."""

    def __init__(self, table: str, column: str, key_id: str, reason: str) -> None:
        super().__init__(f"{table}.{column} cannot be read: {reason} (key id '{key_id}')")
        self.table = table
        self.column = column
        self.key_id = key_id


@dataclass(frozen=True)
class KeyRing:
    """The keys by their ids, as pairs of id and 32 bytes: the first one writes, all of them read.

    With `writes_plain` new values stay as they are, for the time in which processes of a release run that knows no
    encryption. A value that looks as if it were encrypted is encrypted all the same.
    """

    keys: tuple[tuple[str, bytes], ...] = field(repr=False)
    writes_plain: bool = False
    _ciphers: dict[str, AESGCM] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.keys:
            raise KeysError("there is no key")
        object.__setattr__(self, "_ciphers", {key_id: AESGCM(key) for key_id, key in self.keys})

    @property
    def writing_id(self) -> str:
        """The id of the key that encrypts."""
        return self.keys[0][0]

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all keys, in their order."""
        return tuple(self._ciphers)

    def encrypt(self, text: str, table: str, column: str) -> str:
        """What the database keeps of a value of this column."""
        if self.writes_plain and not text.startswith(PREFIX):
            return text
        key_id = self.keys[0][0]
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._ciphers[key_id].encrypt(nonce, text.encode(), _bound_to(key_id, table, column))
        encoded = binascii.b2a_base64(nonce + sealed, newline=False).translate(_URL_SAFE).rstrip(b"=")
        return f"{PREFIX}{key_id}.{encoded.decode('ascii')}"

    def decrypt(self, stored: str, table: str, column: str) -> str:
        """The value that the database keeps so; plain text comes back as it is.

        Raises:
            UnreadableValueError: its key is not among these, or it was changed, or moved from another column.
        """
        if not stored.startswith(PREFIX):
            return stored
        key_id, _, sealed = stored[len(PREFIX) :].partition(".")
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            # What stands in the place of an id may be anything, so it is shown only if it has the form of one.
            shown = key_id if KEY_ID.fullmatch(key_id) else "?"
            raise _unreadable(table, column, shown, "ENCRYPTION_KEYS has no such key")
        try:
            raw = binascii.a2b_base64(sealed.encode("ascii").translate(_STANDARD) + b"==")
            bound_to = _bound_to(key_id, table, column)
            return cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], bound_to).decode()
        except (InvalidTag, ValueError):
            reason = "it was changed or moved, or written under another key of this id"
            raise _unreadable(table, column, key_id, reason) from None

    def as_setting(self) -> str:
        """The same as it stands in ENCRYPTION_KEYS, for a process that is started with it."""
        entries = [f"{key_id}:{base64.b64encode(key).decode('ascii')}" for key_id, key in self.keys]
        return ",".join([PLAIN, *entries] if self.writes_plain else entries)


def parse_keys(text: str) -> KeyRing:
    """Read one or more `id:key`, separated by commas, each key 32 bytes in base64; `plain` may stand before them.

    Raises:
        KeysError: an entry is malformed, too short or too long, or stands there twice.
    """
    entries = [entry.strip() for entry in text.split(",") if entry.strip()]
    writes_plain = bool(entries) and entries[0] == PLAIN
    keys = [_entry(number, entry) for number, entry in enumerate(entries, 1) if not (number == 1 and writes_plain)]
    if len({key_id for key_id, _ in keys}) < len(keys):
        raise KeysError("two keys have the same id")
    if len({key for _, key in keys}) < len(keys):
        raise KeysError("the same key stands there under two ids")
    return KeyRing(tuple(keys), writes_plain)


def new_entry(key_id: str) -> str:
    """A fresh key as it is written into ENCRYPTION_KEYS.

    Raises:
        KeysError: the id has not the form of one.
    """
    if not KEY_ID.fullmatch(key_id) or key_id == PLAIN:
        raise KeysError("an id has 1 to 16 small letters, digits and hyphens, and is not 'plain'")
    return f"{key_id}:{base64.b64encode(os.urandom(KEY_BYTES)).decode('ascii')}"


def _entry(number: int, entry: str) -> tuple[str, bytes]:
    key_id, colon, encoded = entry.partition(":")
    if not colon or not KEY_ID.fullmatch(key_id) or key_id == PLAIN:
        raise KeysError(f"entry {number} has not the form id:key")
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise KeysError(f"the key of entry {number} is no base64") from None
    if len(key) != KEY_BYTES:
        raise KeysError(f"the key of entry {number} has {len(key)} bytes in the place of {KEY_BYTES}")
    return key_id, key


@lru_cache(maxsize=1024)
def _bound_to(key_id: str, table: str, column: str) -> bytes:
    return f"{PREFIX}{key_id}.{table}.{column}".encode()


def _unreadable(table: str, column: str, key_id: str, reason: str) -> UnreadableValueError:
    error = UnreadableValueError(table, column, key_id, reason)
    # Logs show an exception without its message; the operator needs to know which key is missing.
    logger.error("%s", error)
    return error

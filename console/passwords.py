"""Passwords: argon2id by argon2-cffi, and which ones are taken."""

import base64
import functools
import secrets
import threading
import unicodedata
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION

SHORTEST = 12
LONGEST = 200
FEWEST_DIFFERENT = 4
COMMON_FILE = Path(__file__).with_name("common_passwords.txt")
RULES = (
    f"{SHORTEST} to {LONGEST} characters, at least {FEWEST_DIFFERENT} of them different; not made of your login "
    "name, and none of those that people guess first. A few words in a row are good and easy to remember."
)
"""All that `check_password` asks for, in the words of the pages."""
# The library's defaults are those of RFC 9106, section 4, for machines with little memory: 64 MiB, three passes.
HASHER = PasswordHasher()
# Each hash in the making takes 64 MiB, so that many logins at once must not all be checked at once.
HASHES_AT_ONCE = threading.BoundedSemaphore(2)


class PasswordRefusedError(ValueError):
    """The password is too easy; the message says why."""


def check_password(password: str, name: str) -> None:
    """Make sure that a new password is not easily guessed (NIST SP 800-63B, 5.1.1.2: length and a list, no patterns).

    Raises:
        PasswordRefusedError: with what is wrong, for the person.
    """
    plain = _normalized(password)
    if len(plain) < SHORTEST:
        raise PasswordRefusedError(f"Please choose a password of at least {SHORTEST} characters.")
    if len(plain) > LONGEST:
        raise PasswordRefusedError(f"Please choose a password of at most {LONGEST} characters.")
    if name and plain.casefold().replace(name.casefold(), "") != plain.casefold() and _is_little_else(plain, name):
        raise PasswordRefusedError("Please choose a password that is not made of your name.")
    if plain.casefold() in _common() or len(set(plain)) < FEWEST_DIFFERENT:
        raise PasswordRefusedError("This password is one of the first that people guess. Please choose another.")


def hash_password(password: str) -> str:
    """What the database keeps of a password."""
    with HASHES_AT_ONCE:
        return HASHER.hash(_normalized(password))


def password_matches(password: str, password_hash: str | None) -> bool:
    """Whether it is the password; without a hash the same work is done, so that the time tells nothing."""
    try:
        with HASHES_AT_ONCE:
            matches = HASHER.verify(password_hash or _nobodys_hash(), _normalized(password))
    except (VerificationError, InvalidHashError):
        return False
    return matches and password_hash is not None


def needs_new_hash(password_hash: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return HASHER.check_needs_rehash(password_hash)


def _is_little_else(plain: str, name: str) -> bool:
    return len(plain.casefold().replace(name.casefold(), "")) < SHORTEST // 2


def _nobodys_hash() -> str:
    """A hash that no password has, made up and not computed: else the first unknown name would cost two hashes."""
    salt, digest = (_in_base64(secrets.token_bytes(size)) for size in (HASHER.salt_len, HASHER.hash_len))
    costs = f"m={HASHER.memory_cost},t={HASHER.time_cost},p={HASHER.parallelism}"
    return f"$argon2id$v={ARGON2_VERSION}${costs}${salt}${digest}"


def _in_base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii").rstrip("=")


@functools.cache
def _common() -> frozenset[str]:
    return frozenset(line.strip().casefold() for line in COMMON_FILE.read_text(encoding="utf-8").splitlines())


def _normalized(password: str) -> str:
    return unicodedata.normalize("NFKC", password)

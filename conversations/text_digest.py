"""What makes two messages the same: all but case, spaces and the punctuation at the end."""

import hashlib
import unicodedata

_ENDINGS = " .!?…,;:"


def text_digest(text: str) -> str:
    """The SHA-256 of a redacted message in a normal form, in hexadecimal; the same for messages that say the same."""
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return hashlib.sha256((plain.rstrip(_ENDINGS) or plain).encode("utf-8")).hexdigest()

"""What the making and the running of the sentence encoder agree on, and the check of the files it is made of."""

import hashlib
from pathlib import Path

DIMENSIONS = 384
LONGEST_TOKENS = 128


class EncoderFileError(RuntimeError):
    """A file of the encoder is not the one this project was measured with."""


def checked_file(path: Path, expected: str) -> bytes:
    """The content of a file whose sha256 must be `expected`.

    Raises:
        EncoderFileError: it is another; a silently changed file must not change what the assistant understands.
        OSError: the file cannot be read.
    """
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        raise EncoderFileError(f"{path.name} has sha256 {found}, not {expected}; install requirements.lock anew.")
    return content

"""One set of keys for all tests and the processes that they start, so that each reads what the others have stored."""

import os

import tests.fuzzing  # noqa: F401 - its profile must be known before pytest asks for it
from tests.encryption_keys import ENCRYPTION_KEYS

os.environ["ENCRYPTION_KEYS"] = ENCRYPTION_KEYS

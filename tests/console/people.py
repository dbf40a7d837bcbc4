"""People with a password that tests log in with."""

import functools

from sqlalchemy.engine import Engine

from console.passwords import hash_password
from tests.console.conftest import PASSWORD, add_account


def add_person(engine: Engine, name: str, role: str) -> str:
    """The id of an account whose password is PASSWORD."""
    return add_account(engine, name, role, _hash())


@functools.cache
def _hash() -> str:
    """Made once: it takes longer than most tests."""
    return hash_password(PASSWORD)

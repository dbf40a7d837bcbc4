"""What the actions need from the outside, made once per process."""

from functools import lru_cache

from sqlalchemy.engine import Engine

from clinic.database import make_engine
from clinic.settings import load_settings


@lru_cache(maxsize=1)
def engine() -> Engine:
    """The clinic's database."""
    return make_engine(load_settings().database_url)


@lru_cache(maxsize=1)
def notice_targets() -> tuple[str, ...]:
    """Where the staff are told of what is stored; handed to the functions of `clinic` that store."""
    return load_settings().notice_targets

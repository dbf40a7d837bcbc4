"""`python -m clinic.migrate`: bring the database to the newest schema; `--check` only says whether it is there.

Rasa's own table `events` is not ours to migrate; the tracker store makes it.
"""

import argparse
import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from clinic.database import Waits, make_engine, reason_of
from clinic.encryption.known_keys import remember_writing_key
from clinic.encryption.rotation import encrypt_plain
from clinic.settings import Settings, SettingsError, load_settings
from clinic.text_contacts import take_over_numbers

VERSION_TABLE = "milia_schema_version"
POSTGRESQL_LOCK = 7_314_201
NOT_CURRENT = 3


def migrate(engine: Engine, revision: str = "head", secret_key: str | None = None) -> None:
    """Run every revision that the database lacks, and encrypt what is still stored plain.

    A schema that a newer release made is left as it is: a release that was taken back works on it. Two processes that
    start at once do not disturb each other, nor do they those that work already.

    Args:
        engine: the clinic's database.
        revision: how far; values are encrypted at the head alone.
        secret_key: opens the numbers of texting people that an earlier release encrypted under it. Without it they stay
            encrypted under both, until the next time.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database cannot be reached or changed. The schema is then as it was; values
            that were encrypted stay so, and a second call goes on.
    """
    _change_schema(engine, revision)
    if revision != "head":
        return
    if secret_key is not None:
        take_over_numbers(engine, secret_key)
    encrypt_plain(engine)
    remember_writing_key(engine)


def _change_schema(engine: Engine, revision: str) -> None:
    config = _config()
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({POSTGRESQL_LOCK})")
        else:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        if _stands_at(connection) - _known_revisions():
            return
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def is_current(engine: Engine) -> bool:
    """Whether the database has every revision of this release, and perhaps those of a newer one.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database does not answer.
    """
    known = _known_revisions()
    with engine.connect() as connection:
        stands_at = _stands_at(connection)
    # A revision that is not known here was made by a newer release, after all of ours.
    return bool(stands_at) and stands_at & known <= set(_scripts().get_heads())


def is_of_a_newer_release(engine: Engine) -> bool:
    """Whether the database has revisions that this release does not know.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database does not answer.
    """
    with engine.connect() as connection:
        return bool(_stands_at(connection) - _known_revisions())


def _stands_at(connection: Connection) -> set[str]:
    return set(MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_heads())


def _known_revisions() -> set[str]:
    return {script.revision for script in _scripts().walk_revisions()}


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    return config


def main(arguments: list[str] | None = None) -> int:
    """Migrate the configured database and say where it stands."""
    parser = argparse.ArgumentParser(
        prog="python -m clinic.migrate", description="Bring the database to the newest schema."
    )
    parser.add_argument(
        "--check", action="store_true", help=f"change nothing; exit {NOT_CURRENT} if this release needs a newer schema"
    )
    options = parser.parse_args(arguments)
    try:
        settings = load_settings()
        engine = _engine(settings)
        if options.check:
            return _say_whether_current(engine)
        migrate(engine, secret_key=settings.secret_key)
        newer = is_of_a_newer_release(engine)
    except (SettingsError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except SQLAlchemyError as error:
        sys.stderr.write(f"The database could not be migrated: {reason_of(error)}\n")
        return 1
    done = "the schema is of a newer release and was left as it is" if newer else "database schema is current"
    sys.stdout.write(f"{done}\n")
    return 0


def _engine(settings: Settings) -> Engine:
    url = make_url(settings.database_url)
    if url.database and url.get_backend_name() == "sqlite":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    return make_engine(settings.database_url, settings.encryption_keys, Waits.ENDLESS)


def _say_whether_current(engine: Engine) -> int:
    if is_current(engine):
        return 0
    sys.stderr.write("the database lacks this release's schema; `python -m clinic.migrate` makes it\n")
    return NOT_CURRENT


if __name__ == "__main__":
    sys.exit(main())

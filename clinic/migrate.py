"""`python -m clinic.migrate`: bring the database to the newest schema.

Rasa's own table `events` is not ours to migrate; the tracker store makes it.
"""

import argparse
import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from clinic.database import make_engine
from clinic.settings import SettingsError, load_settings

VERSION_TABLE = "milia_schema_version"
POSTGRESQL_LOCK = 7_314_201


def migrate(engine: Engine, revision: str = "head") -> None:
    """Run every revision that the database lacks; two processes that start at once do not disturb each other.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database cannot be reached or changed; nothing half-made is left.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({POSTGRESQL_LOCK})")
        else:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def main(arguments: list[str] | None = None) -> int:
    """Migrate the configured database and say where it stands."""
    parser = argparse.ArgumentParser(
        prog="python -m clinic.migrate", description="Bring the database to the newest schema."
    )
    parser.parse_args(arguments)
    try:
        settings = load_settings()
        url = make_url(settings.database_url)
        if url.database and url.get_backend_name() == "sqlite":
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        migrate(make_engine(settings.database_url))
    except (SettingsError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or type(error).__name__).splitlines()[0]
        sys.stderr.write(f"The database could not be migrated: {reason}\n")
        return 1
    sys.stdout.write("database schema is current\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

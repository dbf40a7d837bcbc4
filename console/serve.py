"""Run the staff console: `python -m console.serve`.

The pages, and besides them the projection of the conversations. It never loads Rasa.
"""

import argparse
import logging
import signal
import sys
import types

import uvicorn
from sqlalchemy import inspect
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from clinic.contact import public_details
from clinic.database import Waits, make_engine
from clinic.listening import listening_socket
from clinic.settings import Settings, SettingsError, load_settings
from console.app import make_app
from console.background import Background, Work
from console.log_output import configure_logging
from console.tables import AuditEntry
from conversations.projection import ProjectionLoop
from conversations.retention.schedule import RetentionWatch
from conversations.teaching_watch import TeachingWatch
from conversations.workshop import Workshop

NOT_STARTED = 1
MOST_CONNECTIONS = 200
SECONDS_TO_FINISH = 10

logger = logging.getLogger(__name__)


class NotMigratedError(Exception):
    """The database lacks the console's tables."""


def main(arguments: list[str] | None = None) -> int:
    """Serve until stopped.

    Returns:
        0 after a stop that was asked for, 1 when the console could not start.
    """
    argparse.ArgumentParser(prog="python -m console.serve", description="Run the staff console.").parse_args(arguments)
    try:
        settings = load_settings()
    except SettingsError as error:
        configure_logging()
        return _not_started(str(error))
    configure_logging(settings.monitoring)
    try:
        serve(settings)
    except SQLAlchemyError as error:
        return _not_started(f"the database does not answer ({type(error).__name__})")
    except NotMigratedError:
        return _not_started("the database lacks its tables; run `python -m clinic.migrate`")
    except OSError as error:
        return _not_started(str(error))
    return 0


def serve(settings: Settings) -> None:
    """Bind, begin the work in the background, and answer requests until SIGTERM or SIGINT.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database does not answer.
        NotMigratedError: it is empty.
        OSError: the port cannot be had.
    """
    engine = make_engine(settings.database_url, waits=Waits.LONG)
    if not inspect(engine).has_table(AuditEntry.__tablename__):
        raise NotMigratedError
    background = Background(_works(settings, engine))
    app = make_app(settings, engine, background.failing, background.degraded)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        ws="none",
        limit_concurrency=MOST_CONNECTIONS,
        timeout_graceful_shutdown=SECONDS_TO_FINISH,
    )
    with listening_socket(settings.console.host, settings.console_port) as listener:
        # uvicorn stops in good order on these signals and then raises them again; that must not end the process early.
        signal.signal(signal.SIGTERM, _ignore)
        signal.signal(signal.SIGINT, _ignore)
        background.start()
        logger.info("the console listens on %s:%s", settings.console.host, settings.console_port)
        try:
            uvicorn.Server(config).run(sockets=[listener])
        finally:
            background.stop()
            engine.dispose()


def _works(settings: Settings, engine: Engine) -> dict[str, Work]:
    """What runs besides the pages, one entry each."""
    projection = ProjectionLoop(engine, public_details(settings))
    teaching = TeachingWatch(engine, Workshop.of(settings))
    retention = RetentionWatch(engine, settings)
    return {
        "projection": Work(projection.run, lambda: projection.state.last_error is not None),
        "teaching": Work(teaching.run, lambda: teaching.has_trouble),
        # A purge that failed is tried again, and is no reason to keep the staff from their work.
        "retention": Work(retention.run, degrades=lambda: retention.has_trouble),
    }


def _ignore(_number: int, _frame: types.FrameType | None) -> None:
    """The stop is under way already."""


def _not_started(reason: str) -> int:
    logger.critical("the console could not start: %s", reason)
    return NOT_STARTED


if __name__ == "__main__":
    sys.exit(main())

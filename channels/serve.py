"""Run the bot: `python -m channels.serve --model models/<fingerprint>.tar.gz`.

It stands in for `rasa run`, which swallows a model that cannot be loaded, keeps conversations in memory when the
database fails, logs texts, and has routes that nobody needs. One process serves one core; more of them share the work
when DATABASE_URL and REDIS_URL are set.
"""

# ruff: noqa: E402 - what silences the imports must come before them
import argparse
import logging
import os
import sys
from pathlib import Path

os.environ["RASA_TELEMETRY_ENABLED"] = "false"
# Warnings go nowhere: the dependencies' are noise to an operator, and some of Rasa's quote what a visitor wrote.
logging.captureWarnings(True)
logging.getLogger("py.warnings").disabled = True

from rasa.core.run import create_http_input_channels
from rasa.shared.exceptions import ConnectionException, RasaException
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from channels.assembly import AssemblyError, assemble
from channels.http_app import make_app
from channels.log_output import configure_logging
from clinic.answers.response_files import ResponseFilesError
from clinic.garbage_collection import leave_out_what_is_loaded
from clinic.listening import listening_socket
from clinic.settings import PROJECT_ROOT, Settings, SettingsError, load_settings
from clinic.topics import TopicFileError

CREDENTIALS_FILE = PROJECT_ROOT / "credentials.yml"
NOT_STARTED = 1

logger = logging.getLogger(__name__)


def main(arguments: list[str] | None = None) -> int:
    """Serve until stopped.

    Returns:
        0 after a stop that was asked for, 1 when the bot could not start.
    """
    parser = argparse.ArgumentParser(prog="python -m channels.serve", description="Run the bot.")
    parser.add_argument("--model", type=Path, required=True, help="the trained model, as nlu.training prints it")
    model = parser.parse_args(arguments).model
    try:
        settings = load_settings()
    except SettingsError as error:
        configure_logging()
        return _not_started(str(error))
    configure_logging(settings.monitoring)
    try:
        serve(settings, model)
    except (SQLAlchemyError, ConnectionException) as error:
        return _not_started(f"the database does not answer ({type(error).__name__})")
    except RedisError as error:
        return _not_started(f"Redis does not answer ({type(error).__name__})")
    except (AssemblyError, SettingsError, ResponseFilesError, TopicFileError, RasaException, OSError) as error:
        return _not_started(str(error))
    return 0


def serve(settings: Settings, model: Path) -> None:
    """Load everything, then answer requests; whatever goes wrong while loading is raised."""
    services = assemble(settings, model)
    channels = create_http_input_channels(None, str(CREDENTIALS_FILE))
    app = make_app(services, channels)
    # Sanic logs a port it cannot have and ends as if all were well; bound here, the fault is raised.
    with listening_socket(settings.bot_host, settings.bot_port) as listener:
        logger.info("the bot listens on %s:%s", settings.bot_host, settings.bot_port)
        leave_out_what_is_loaded()
        app.run(sock=listener, workers=1, access_log=False, motd=False)


def _not_started(reason: str) -> int:
    logger.critical("the bot could not start: %s", reason)
    return NOT_STARTED


if __name__ == "__main__":
    sys.exit(main())

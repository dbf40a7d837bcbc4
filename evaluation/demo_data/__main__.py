"""Fills the configured database with a month of made-up conversations, played through the real bot."""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from clinic.database import make_engine
from clinic.settings import PROJECT_ROOT, Settings, SettingsError, load_settings
from evaluation.demo_data.playing import Month, Plan
from evaluation.dialogues.exchange import UnplayableError
from evaluation.dialogues.moved_clock import MovableClock, move_time
from evaluation.dialogues.sms_visitor import SETTINGS
from evaluation.instance import OwnInstance
from evaluation.instance_processes import InstanceError

FAULT = 1
SECONDS_TO_START = 180.0
SECONDS_A_DAY = 86_400


def main(arguments: Sequence[str] | None = None) -> int:
    """Play the month.

    Args:
        arguments: the command line, without the program's name.

    Returns:
        0 when all was played, 1 when it could not be.
    """
    options = _parser().parse_args(arguments)
    try:
        settings = load_settings()
        if settings.is_production:
            raise SettingsError("This is a production instance; made-up people do not belong among real ones.")
        plan = Plan(options.days, options.conversations, options.seed, settings.clinic_timezone)
        turns = _play(settings, plan, _current_model())
    except (SettingsError, InstanceError, UnplayableError, SQLAlchemyError, OSError) as error:
        print(f"The made-up month could not be played: {error}", file=sys.stderr)
        return FAULT
    print(f"{plan.conversations} made-up conversations with {turns} messages are in the database.")
    print(f"The staff console shows them at {settings.console.url} while `make run` is on.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evaluation.demo_data", description=__doc__)
    parser.add_argument("--days", type=_count, default=30, help="how many days they are spread over (30)")
    parser.add_argument("--conversations", type=_count, default=160, help="how many conversations (160, at most 600)")
    parser.add_argument("--seed", type=int, default=1, help="another number gives other conversations (1)")
    return parser


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 600:
        raise argparse.ArgumentTypeError("a number from 1 to 600 is needed")
    return number


def _current_model() -> Path:
    print("The model is trained first if something changed since the last time.", file=sys.stderr, flush=True)
    done = subprocess.run(
        (sys.executable, "-m", "nlu.training"), cwd=PROJECT_ROOT, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        raise InstanceError("there is no current model, and training one failed.")
    return PROJECT_ROOT / done.stdout.strip().splitlines()[-1]


def _play(settings: Settings, plan: Plan, model: Path) -> int:
    # Its own ports and folder, so that an instance that runs on the same database is not disturbed.
    with tempfile.TemporaryDirectory(prefix="milia-demo-") as folder:
        movable = MovableClock(Path(folder) / "clock")
        movable.set(-plan.days * SECONDS_A_DAY)
        own = {
            **SETTINGS,
            "SECRET_KEY": settings.secret_key,
            "ENCRYPTION_KEYS": settings.encryption_keys.as_setting(),
            "DATABASE_URL": settings.database_url,
        }
        runner = ("evaluation.dialogues.moved_clock", str(Path(folder) / "clock"))
        engine = make_engine(settings.database_url, settings.encryption_keys)
        with OwnInstance(model, Path(folder), own, runner) as instance:
            instance.wait_until_ready(SECONDS_TO_START)
            move_time(movable)
            month = Month(plan, instance, engine, movable)
            month.play()
        engine.dispose()
    return month.turns


if __name__ == "__main__":
    sys.exit(main())

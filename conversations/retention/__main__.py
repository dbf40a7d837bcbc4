"""`python -m conversations.retention`: remove what is past its time, or only say what that would be."""

import argparse
import sys
from collections.abc import Sequence

from sqlalchemy.exc import SQLAlchemyError

from clinic.database import Waits, make_engine, reason_of
from clinic.settings import Settings, SettingsError, load_settings
from conversations.retention.journal import BrokenJournalError, Journal, NoJournalError
from conversations.retention.lease import AnotherRunError
from conversations.retention.purge import Keeper, look, purge
from conversations.retention.report import table
from conversations.retention.restore import erase_again
from conversations.retention.runs import COMMAND, RESTORE

FAILED = 1
ANOTHER_RUN = 3
NO_JOURNAL = 4
CODES = f"""exit codes:
  0  done
  {FAILED}  a setting is wrong, or the database or a file cannot be used; what went before stays gone
  2  the command is not used rightly
  {ANOTHER_RUN}  another run is at it; one that was killed counts as such for a minute
  {NO_JOURNAL}  --after-restore without a journal of erasures: nothing was done
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Look or purge, and print the table of it."""
    parser = argparse.ArgumentParser(
        prog="python -m conversations.retention",
        description="Remove what is past its time; docs/retention.md says what that is.",
        epilog=CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--dry-run", action="store_true", help="only say what would go")
    way.add_argument(
        "--after-restore",
        action="store_true",
        help="first erase again what VAR_DIR/erasures/journal.jsonl names; before the bots start",
    )
    options = parser.parse_args(arguments)
    try:
        return _run(load_settings(), options)
    except NoJournalError as error:
        return _failed(f"{error}; what was erased since the backup is not known", NO_JOURNAL)
    except AnotherRunError as error:
        return _failed(str(error), ANOTHER_RUN)
    except SQLAlchemyError as error:
        return _failed(f"it did not come to its end: {reason_of(error)}", FAILED)
    except (SettingsError, BrokenJournalError, OSError) as error:
        return _failed(str(error), FAILED)


def _run(settings: Settings, options: argparse.Namespace) -> int:
    engine = make_engine(settings.database_url, waits=Waits.LONG)
    keeper = Keeper.of(engine, settings)
    try:
        if options.dry_run:
            sys.stdout.write(table(look(keeper), keeper.settings))
            return 0
        if options.after_restore:
            again = erase_again(engine, Journal(settings.var_dir).entries())
            sys.stdout.write(f"erased again: {again} conversations\n")
        sys.stdout.write(table(purge(keeper, RESTORE if options.after_restore else COMMAND), keeper.settings))
        return 0
    finally:
        engine.dispose()


def _failed(reason: str, code: int) -> int:
    sys.stderr.write(f"retention: {reason}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())

"""`python -m console.audit verify`: says whether the audit is whole, and its head.

Ends with 0 when it is, 1 when a row does not fit or the noted head is missing, 2 on wrong arguments, and 4 when the
audit could not be read.
"""

import argparse
import sys

from sqlalchemy.exc import SQLAlchemyError

from clinic.database import Waits, make_engine
from clinic.settings import SettingsError, load_settings
from console.audit_chain import ChainReport, check_chain

BROKEN = 1
NOT_READ = 4


def main(arguments: list[str] | None = None) -> int:
    """Check the audit of the configured database."""
    parser = argparse.ArgumentParser(prog="python -m console.audit", description="Check the audit.")
    commands = parser.add_subparsers(dest="command", required=True)
    verify = commands.add_parser("verify", help="say whether every row is the one that was written")
    verify.add_argument("--head", default="", metavar="HASH", help="a head noted before, which must still be there")
    choices = parser.parse_args(arguments)
    try:
        settings = load_settings()
        report = check_chain(
            make_engine(settings.database_url, waits=Waits.LONG), settings.secret_key, choices.head.strip().lower()
        )
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return NOT_READ
    except SQLAlchemyError as error:
        sys.stderr.write(f"The audit could not be read ({type(error).__name__}); see `python -m clinic.migrate`.\n")
        return NOT_READ
    return _say(report)


def _say(report: ChainReport) -> int:
    if not report.is_whole:
        sys.stderr.write(f"The audit is NOT whole: {report.problem}. {report.rows} rows before it fit.\n")
        return BROKEN
    sys.stdout.write(f"The audit is whole: {report.rows} rows.\nhead {report.head}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""`python -m clinic.notices`: deliver the notices to the staff, once or until told to end.

The action server delivers as well; this is for a process of its own, or for a look at what is stuck. Ends with 0, or
with 1 when something that was due could not be delivered or the settings or the database are at fault.
"""

import argparse
import logging
import signal
import sys

from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from clinic.database import make_engine
from clinic.notices.claims import renew_failed
from clinic.notices.courier import Courier, Outcome, couriers
from clinic.notices.loop import DeliveryLoop
from clinic.settings import Settings, SettingsError, load_settings

FAILURES_IN_A_ROW = 3


def main(arguments: list[str] | None = None) -> int:
    """Deliver what the settings name targets for."""
    parser = argparse.ArgumentParser(prog="python -m clinic.notices", description="Deliver the notices to the staff.")
    parser.add_argument("--once", action="store_true", help="deliver what is due now, and end")
    parser.add_argument("--retry-failed", action="store_true", help="first make due again what was given up")
    choices = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        settings = load_settings()
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if not settings.notice_targets:
        sys.stdout.write("nothing is configured by which the staff are told; see .env.example\n")
        return 0
    engine = make_engine(settings.database_url)
    try:
        if choices.retry_failed:
            sys.stdout.write(f"{renew_failed(engine, settings.notice_targets)} given up before, due again\n")
        return _deliver_what_is_due(engine, settings) if choices.once else _deliver_until_told_to_end(engine, settings)
    except SQLAlchemyError as error:
        sys.stderr.write(f"The database failed: {type(error).__name__}\n")
        return 1


def _deliver_what_is_due(engine: Engine, settings: Settings) -> int:
    results = [_deliver_all(courier) for courier in couriers(engine, settings)]
    return 0 if all(results) else 1


def _deliver_all(courier: Courier) -> bool:
    """Whether all that was due was delivered. A target that fails several times in a row is left alone for now."""
    delivered = failed = failed_in_a_row = 0
    while failed_in_a_row < FAILURES_IN_A_ROW:
        outcome = courier.deliver_next()
        if outcome is Outcome.NOTHING_DUE:
            break
        if outcome is Outcome.DELIVERED:
            delivered, failed_in_a_row = delivered + 1, 0
        else:
            failed, failed_in_a_row = failed + 1, failed_in_a_row + 1
    sys.stdout.write(f"{courier.target}: {delivered} delivered, {failed} not\n")
    return failed == 0


def _deliver_until_told_to_end(engine: Engine, settings: Settings) -> int:
    ends = (signal.SIGTERM, signal.SIGINT)
    # Before the threads start, so that they too leave these signals to the one that waits for them.
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    loop = DeliveryLoop(engine, settings)
    loop.start()
    signal.sigwait(ends)
    loop.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""`python -m conversations.projection`: bring the turn log up to date with the events, or make it anew.

Any number of processes may do so at once, and each may be killed at any point: a conversation's turns and how far it
is in the log are stored together. See docs/turn-log.md.
"""

import argparse
import logging
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from clinic import clock
from clinic.answers.in_force import details_ever_told
from clinic.contact import public_details
from clinic.database import Waits, make_engine, reason_of, transaction
from clinic.settings import SettingsError, load_settings
from conversations.answer_kinds import AnswerKinds, answer_kinds
from conversations.projection_drafts import draft_of
from conversations.projection_progress import forget_progress, note_progress, read_progress
from conversations.projection_reads import ANEW, Behind, find_behind, load_sources
from conversations.projection_writes import be_the_only_writer, store_drafts
from conversations.turn_log import LoggedConversation

CONVERSATIONS_AT_ONCE = 100
SECONDS_BETWEEN_LOOKS = 1.0

logger = logging.getLogger(__name__)


class Projection:
    """Brings the log up to date; its first look is at every conversation, whatever was noted before."""

    def __init__(self, engine: Engine, allowed: Sequence[str] = (), kinds: AnswerKinds | None = None) -> None:
        """Prepare a projection.

        Args:
            engine: the clinic's database, migrated.
            allowed: texts that are nobody's data and are never redacted; see `clinic.contact.public_details`. What the
                staff ever entered as the clinic's number and address is allowed besides.
            kinds: what kind of answer each response is; those of the project's files when left out.
        """
        self._engine = engine
        self._allowed = tuple(allowed)
        self._kinds = answer_kinds() if kinds is None else kinds
        self._looks_at_all = True
        self.unreadable = 0
        """How many events were left out because they are not what Rasa stores."""

    def bring_up_to_date(self, stop: threading.Event | None = None) -> int:
        """Put everything into the log that is not in it, or what there is time for until `stop` is set.

        Returns:
            How many turns were written.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database does not answer; what was written before stays.
        """
        looked_at = clock.now()
        progress = read_progress(self._engine)
        above = 0 if self._looks_at_all else progress.watermark
        turns, complete = 0, True
        while behind := self._find(above):
            if stop is not None and stop.is_set():
                return turns
            written, all_stored = self._project(behind)
            turns += written
            complete = complete and all_stored
            above = behind[-1].last_event_id
        if complete:
            self._looks_at_all = False
            note_progress(self._engine, progress, looked_at)
        return turns

    def _find(self, above: int) -> list[Behind]:
        with transaction(self._engine) as session:
            return find_behind(session, above, CONVERSATIONS_AT_ONCE)

    def _project(self, behind: Sequence[Behind]) -> tuple[int, bool]:
        """Store these conversations: how many turns were written, and whether nobody else came between."""
        with transaction(self._engine) as session:
            sources = load_sources(session, behind)
        self.unreadable += sum(source.unreadable for source in sources)
        allowed = (*self._allowed, *details_ever_told(self._engine))
        drafts = [draft for source in sources if (draft := draft_of(source, allowed, self._kinds))]
        stored = store_drafts(self._engine, drafts)
        return sum(len(draft.turns) for draft in stored), len(stored) == len(drafts)


@dataclass(frozen=True)
class ProjectionState:
    """How the projection is doing: when it last was up to date (UTC), and the kind of the fault since then, if any."""

    last_success: datetime | None = None
    last_error: str | None = None
    unreadable: int = 0


class ProjectionLoop:
    """Keeps the log up to date as long as a process runs."""

    def __init__(self, engine: Engine, allowed: Sequence[str] = ()) -> None:
        """Prepare the loop; the arguments are those of `Projection`."""
        self._projection = Projection(engine, allowed)
        self._state = ProjectionState()

    @property
    def state(self) -> ProjectionState:
        """The state at this moment; may be read from any thread."""
        return self._state

    def run(self, stop: threading.Event) -> None:
        """Look about once a second until `stop` is set; a fault of the database is logged once and tried again."""
        while not stop.is_set():
            self._look(stop)
            stop.wait(SECONDS_BETWEEN_LOOKS)

    def _look(self, stop: threading.Event) -> None:
        try:
            self._projection.bring_up_to_date(stop)
        except SQLAlchemyError as error:
            kind = type(error).__name__
            if kind != self._state.last_error:
                logger.error("the turn log is not up to date: %s", kind)
            self._state = replace(self._state, last_error=kind)
            return
        if self._state.last_error:
            logger.info("the turn log is up to date again")
        self._state = ProjectionState(clock.now(), None, self._projection.unreadable)


def begin_anew(engine: Engine) -> None:
    """Have every conversation put into the log from its beginning again; until then the log stays as it is.

    Turns whose events are gone stay for good. What people added is not touched: it goes by the ids of events.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: nothing has changed.
    """
    with transaction(engine) as session:
        be_the_only_writer(session)
        session.execute(update(LoggedConversation).values(last_event_id=ANEW))
        forget_progress(session)


def main(arguments: Sequence[str] | None = None) -> int:
    """Bring the configured database's log up to date, once or until the process is told to end."""
    parser = argparse.ArgumentParser(
        prog="python -m conversations.projection",
        description="Bring the log of conversations that the staff console shows up to date with what was said.",
    )
    parser.add_argument("--once", action="store_true", help="end when it is up to date; otherwise go on until Ctrl-C")
    parser.add_argument("--rebuild", action="store_true", help="make the whole log anew, then end")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    try:
        settings = load_settings()
        engine = make_engine(settings.database_url, waits=Waits.LONG)
        if options.rebuild:
            begin_anew(engine)
        if options.once or options.rebuild:
            turns = Projection(engine, public_details(settings)).bring_up_to_date()
            sys.stdout.write(f"{turns} turns written; the log is up to date\n")
        else:
            _run_until_told(ProjectionLoop(engine, public_details(settings)))
    except (SettingsError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except SQLAlchemyError as error:
        sys.stderr.write(f"The log could not be brought up to date: {reason_of(error)}\n")
        return 1
    return 0


def _run_until_told(loop: ProjectionLoop) -> None:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    loop.run(stop)


if __name__ == "__main__":
    sys.exit(main())

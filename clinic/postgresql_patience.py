"""How long a PostgreSQL server that says nothing is waited for.

A server that was stopped, or whose machine froze, keeps its connections open. libpq waits on them for ever, and with it
the bot and all its visitors. None of its options ends that: the other machine goes on acknowledging, so that TCP's
timeouts do not pass, and `statement_timeout` is the server's own. Therefore psycopg2 waits by the function here, which
is its documented way for those who want to wait on their own terms:
https://www.psycopg.org/docs/advanced.html#support-for-coroutine-libraries
"""

import select
import time
from typing import Any

import psycopg2
from psycopg2 import extensions
from sqlalchemy import event
from sqlalchemy.engine import Engine

SECONDS_FOR_A_TRIAL = 1.0
"""After it said nothing a server has this long to take a connection; one that works needs some milliseconds."""
SECONDS_BETWEEN_TRIALS = 3.0
"""When it said nothing again it is left alone this long, and whoever asks is told so at once."""


class Patience:
    """What is known of one engine's server. Threads share it; at worst one of them waits once more."""

    def __init__(self, seconds: float) -> None:
        """Begin with trust; `seconds` is how long the server may take for one statement."""
        self._seconds = seconds
        self._doubtful = False
        self._left_alone_until = 0.0

    @property
    def seconds(self) -> float:
        """How long to wait now."""
        return min(self._seconds, SECONDS_FOR_A_TRIAL) if self._doubtful else self._seconds

    def heard(self) -> None:
        """The server said something."""
        if self._doubtful:
            self._doubtful = False
            self._left_alone_until = 0.0

    def gave_up(self) -> None:
        """It said nothing, for as long as `seconds`."""
        if self._doubtful:
            self._left_alone_until = time.monotonic() + SECONDS_BETWEEN_TRIALS
        # One slow statement is no frozen server: that shows by the next connection, which is a trial.
        self._doubtful = True

    def require_hope(self) -> None:
        """Make sure that the server is not being left alone.

        Raises:
            psycopg2.OperationalError: it is.
        """
        if time.monotonic() < self._left_alone_until:
            raise psycopg2.OperationalError("the server did not answer a moment ago")


class PatientConnection(extensions.connection):
    """A connection that is given up when its server says nothing; a class of its own for each engine."""

    patience: Patience | None = None


def patient_connections(seconds: float) -> tuple[type[PatientConnection], Patience]:
    """What `psycopg2.connect` is to make as `connection_factory`, and what its connections share."""
    extensions.set_wait_callback(_wait)
    patience = Patience(seconds)
    return type("PatientConnection", (PatientConnection,), {"patience": patience}), patience


def leave_alone_for_a_while(engine: Engine, patience: Patience) -> None:
    """Let the engine make no connection while its server is left alone."""

    def before_connecting(*_: object) -> None:
        patience.require_hope()

    event.listen(engine, "do_connect", before_connecting)


def _wait(connection: Any) -> None:
    """Wait until the server has answered. When this raises, psycopg2 closes the connection.

    Raises:
        psycopg2.OperationalError: it took too long.
    """
    patience: Patience | None = getattr(connection, "patience", None)
    deadline = None if patience is None else time.monotonic() + patience.seconds
    while (state := connection.poll()) != extensions.POLL_OK:
        if not _is_ready(connection.fileno(), state, deadline):
            if patience is not None:
                patience.gave_up()
            raise psycopg2.OperationalError("the server did not answer in time")
    if patience is not None:
        patience.heard()


def _is_ready(descriptor: int, state: int, deadline: float | None) -> bool:
    """Whether the connection became ready for what it waits for by the deadline, on the clock of `time.monotonic`."""
    # Not select.select, which takes no descriptor above 1,023: every visitor has one.
    waiting = select.poll()
    waiting.register(descriptor, select.POLLOUT if state == extensions.POLL_WRITE else select.POLLIN)
    return bool(waiting.poll(None if deadline is None else max(0.0, deadline - time.monotonic()) * 1_000))

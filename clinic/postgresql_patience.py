"""How long a PostgreSQL server that says nothing is waited for.

A server that was stopped, or whose machine froze, keeps its connections open. libpq waits on them for ever, and with it
the bot and all its visitors. None of its options ends that: the other machine goes on acknowledging, so that TCP's
timeouts do not pass, and `statement_timeout` is the server's own. Therefore a thread looks at what is being waited for,
and shuts a connection down that has waited too long: for libpq that is the same as a server that hung up.

psycopg2 could wait by a function of ours instead (`set_wait_callback`), but that costs a tenth of a turn.
"""

import socket
import threading
import time
from typing import Any
from weakref import WeakSet

import psycopg2
from psycopg2 import extensions
from sqlalchemy import event
from sqlalchemy.engine import Engine

SECONDS_BETWEEN_LOOKS = 0.2
SECONDS_TO_CONNECT = 3
"""A server that works takes a connection within milliseconds. Whole seconds, as libpq's `connect_timeout` has it."""
SECONDS_LEFT_ALONE = 3.0
"""When it did not, nobody tries for so long, and whoever asks is told so at once."""


class PatientConnection(extensions.connection):
    """A connection that is shut down when it waits too long; made by `psycopg2.connect` as `connection_factory`.

    Only what talks with the server by `PatientCursor`, or commits or rolls back, is watched.
    """

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.seconds: float | None = None
        """How long it may wait; None while it is not watched."""
        self._waits_since: float | None = None
        self._ending = threading.Lock()

    def begin_waiting(self) -> None:
        """Note that the server is asked something."""
        self._waits_since = time.monotonic()

    def end_waiting(self) -> None:
        """Note that it has answered."""
        # The thread that watches holds the lock while it shuts down, so that it never hits what was closed meanwhile.
        with self._ending:
            self._waits_since = None

    def give_up_if_late(self) -> None:
        """Shut it down if it waits for too long."""
        with self._ending:
            if self._waits_since is None or self.seconds is None:
                return
            if time.monotonic() - self._waits_since > self.seconds:
                self._waits_since = None
                _hang_up(self.fileno())

    def commit(self) -> None:
        """As the parent's."""
        self.begin_waiting()
        try:
            super().commit()
        finally:
            self.end_waiting()

    def rollback(self) -> None:
        """As the parent's."""
        self.begin_waiting()
        try:
            super().rollback()
        finally:
            self.end_waiting()


class PatientCursor(extensions.cursor):
    """A cursor of such a connection."""

    connection: PatientConnection

    def execute(self, *arguments: Any) -> None:
        """As the parent's."""
        self.connection.begin_waiting()
        try:
            super().execute(*arguments)
        finally:
            self.connection.end_waiting()

    def executemany(self, *arguments: Any) -> None:
        """As the parent's."""
        self.connection.begin_waiting()
        try:
            super().executemany(*arguments)
        finally:
            self.connection.end_waiting()


class _Watch:
    """The thread that looks at the connections of this process; it begins with the first of them."""

    def __init__(self) -> None:
        self._connections: WeakSet[PatientConnection] = WeakSet()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def add(self, connection: PatientConnection) -> None:
        with self._lock:
            self._connections.add(connection)
            if self._thread is None:
                self._thread = threading.Thread(target=self._look_for_ever, name="database watch", daemon=True)
                self._thread.start()

    def _look_for_ever(self) -> None:
        while True:
            time.sleep(SECONDS_BETWEEN_LOOKS)
            with self._lock:
                connections = list(self._connections)
            for connection in connections:
                connection.give_up_if_late()


_WATCH = _Watch()


def wait_at_most(engine: Engine, seconds: float) -> None:
    """Let no connection of an engine on psycopg2 wait longer for an answer, and none be tried while there is no hope.

    Args:
        engine: without a connection so far.
        seconds: how long the server may take for one statement.
    """
    left_alone_until = 0.0

    def connect(_dialect: object, _record: object, arguments: Any, keywords: Any) -> PatientConnection:
        nonlocal left_alone_until
        began = time.monotonic()
        if began < left_alone_until:
            raise psycopg2.OperationalError("the server did not answer a moment ago")
        try:
            connection: PatientConnection = psycopg2.connect(
                *arguments,
                **{"connect_timeout": SECONDS_TO_CONNECT, **keywords},
                connection_factory=PatientConnection,
                cursor_factory=PatientCursor,
            )
        except psycopg2.OperationalError:
            # A server that refuses at once holds up nobody, and may be back in a moment.
            if time.monotonic() - began > SECONDS_TO_CONNECT / 2:
                left_alone_until = time.monotonic() + SECONDS_LEFT_ALONE
            raise
        connection.seconds = seconds
        _WATCH.add(connection)
        return connection

    event.listen(engine, "do_connect", connect)


def _hang_up(descriptor: int) -> None:
    """End both directions, which wakes the thread that waits; closing the descriptor is left to libpq."""
    with socket.socket(fileno=socket.dup(descriptor)) as connection:
        try:
            connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            # The other side was faster.
            return

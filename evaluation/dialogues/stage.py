"""The instances that dialogues are played on: one serves dialogue after dialogue, as long as they stay apart."""

import tempfile
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from evaluation.dialogues.dialogue_file import SMS, Dialogue
from evaluation.dialogues.moved_clock import MovableClock
from evaluation.dialogues.sms_visitor import SETTINGS, SmsVisitor
from evaluation.dialogues.stored_state import StoredState
from evaluation.dialogues.web_visitor import WebVisitor
from evaluation.instance import OwnInstance

SECONDS_TO_START = 180.0


class PlayedInstance:
    """A running instance with a clock of its own, which only moves forward."""

    def __init__(self, instance: OwnInstance, clock: MovableClock) -> None:
        self.stored = StoredState(instance.database_url, instance.encryption_keys)
        self._instance = instance
        self._clock = clock
        self._senders: set[str] = set()

    def is_fresh_for(self, dialogue: Dialogue) -> bool:
        """Whether the dialogue finds the present time, and nobody has texted from its number before."""
        known = dialogue.channel == SMS and dialogue.sender in self._senders
        return self._clock.seconds() == 0 and not known

    def visitor(self, dialogue: Dialogue) -> WebVisitor | SmsVisitor:
        """Who speaks in the dialogue.

        Raises:
            evaluation.dialogues.exchange.UnplayableError: the bot gives no session.
        """
        if dialogue.channel != SMS:
            return WebVisitor(self._instance.port)
        sender = str(dialogue.sender)
        self._senders.add(sender)
        return SmsVisitor(self._instance.port, self._instance.address, sender)

    def let_pass(self, seconds: int) -> None:
        """Move the clock of both processes."""
        self._clock.set(self._clock.seconds() + seconds)

    def require_running(self) -> None:
        """Make sure that both processes are alive.

        Raises:
            evaluation.instance_processes.InstanceError: one has ended.
        """
        self._instance.require_running()


class Stage:
    """Use as a context: no process and no file of an instance is left afterwards."""

    def __init__(self, model: Path) -> None:
        self._model = model
        self._running = ExitStack()
        self._present: PlayedInstance | None = None

    def __enter__(self) -> "Stage":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.clear()

    def instance_for(self, dialogue: Dialogue) -> PlayedInstance:
        """The running instance, or a new one when a dialogue before has moved its clock or used the sender's number.

        Raises:
            evaluation.instance_processes.InstanceError: the instance did not start.
        """
        if self._present is None or not self._present.is_fresh_for(dialogue):
            self.clear()
            self._present = self._start()
        return self._present

    def clear(self) -> None:
        """End the running instance, if any, and remove its files."""
        self._present = None
        self._running.close()

    def _start(self) -> PlayedInstance:
        folder = Path(self._running.enter_context(tempfile.TemporaryDirectory(prefix="milia-dialogues-")))
        clock = MovableClock(folder / "clock")
        clock.set(0)
        runner = ("evaluation.dialogues.moved_clock", str(folder / "clock"))
        instance = self._running.enter_context(OwnInstance(self._model, folder, SETTINGS, runner))
        instance.wait_until_ready(SECONDS_TO_START)
        return PlayedInstance(instance, clock)

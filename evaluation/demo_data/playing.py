"""Playing a made-up month on a real bot, whose clock is put back and moved on from one event to the next."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Engine

from clinic import clock
from evaluation.demo_data.month import beginnings, pauses
from evaluation.demo_data.scenes import Scene, SceneBook
from evaluation.demo_data.staff import MadeUpStaff
from evaluation.dialogues.exchange import UnplayableError
from evaluation.dialogues.moved_clock import MovableClock
from evaluation.dialogues.sms_visitor import SmsVisitor
from evaluation.dialogues.web_visitor import WebVisitor
from evaluation.instance import OwnInstance

SHARE_RATED, SHARE_HELPFUL = 0.15, 0.75


@dataclass(frozen=True)
class Plan:
    """How much is made up: so many conversations in the last so many days, the same ones for the same seed."""

    days: int
    conversations: int
    seed: int
    zone: ZoneInfo


class Month:
    """One made-up month."""

    def __init__(self, plan: Plan, instance: OwnInstance, engine: Engine, movable: MovableClock) -> None:
        """Prepare to play.

        Args:
            plan: how much is made up.
            instance: the running bot, whose processes read the time by `movable`, as this process does.
            engine: its database.
            movable: the clock.
        """
        self._plan = plan
        self._instance = instance
        self._movable = movable
        self._chance = random.Random(plan.seed)  # noqa: S311 - made-up data
        self._book = SceneBook(self._chance)
        self._staff = MadeUpStaff(engine, self._chance, plan.zone)
        self._pauses = pauses(self._chance)
        self.turns = 0

    def play(self) -> None:
        """Play everything, oldest first.

        Raises:
            UnplayableError: the bot does not answer.
            InstanceError: a process has ended.
        """
        until = clock.now() - _ahead(self._movable)
        for beginning in beginnings(self._chance, until, self._plan.days, self._plan.conversations, self._plan.zone):
            self._let_staff_work(beginning)
            self._go_to(beginning)
            self._play(self._book.draw())
            self._staff.take_note()
            self._instance.require_running()
        self._let_staff_work(until)

    def _let_staff_work(self, moment: datetime) -> None:
        for due_at, kind, identifier in self._staff.due(moment):
            self._go_to(due_at)
            self._staff.work_on(kind, identifier)

    def _play(self, scene: Scene) -> None:
        visitor: WebVisitor | SmsVisitor = (
            SmsVisitor(self._instance.port, self._instance.address, scene.sender)
            if scene.sender
            else WebVisitor(self._instance.port)
        )
        for turn in scene.turns:
            try:
                visitor.send(turn, time_has_passed=False)
            except UnplayableError:
                # A title that is not on offer this time: the visitor has gone.
                if turn.choice is None:
                    raise
                return
            self.turns += 1
            if isinstance(visitor, WebVisitor) and self._chance.random() < SHARE_RATED:
                visitor.rate(self._chance.random() < SHARE_HELPFUL)
            self._move_on(next(self._pauses).total_seconds())

    def _go_to(self, moment: datetime) -> None:
        self._move_on((moment.astimezone(timezone.utc) - clock.now()).total_seconds())

    def _move_on(self, seconds: float) -> None:
        # Never back: a conversation may have gone on for longer than the pause to the next one.
        if seconds > 0:
            self._movable.set(self._movable.seconds() + round(seconds))


def _ahead(movable: MovableClock) -> timedelta:
    return timedelta(seconds=movable.seconds())

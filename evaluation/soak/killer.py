"""Kills one process at a time, where it does harm: while somebody is answered, erased, or something is released."""

import asyncio
import random
import time
from collections.abc import Callable, Sequence

from evaluation.soak.instance import ACTIONS, BOT, CONSOLE, PROJECTION, SoakInstance
from evaluation.soak.load import Load
from evaluation.soak.private_postgresql import PrivatePostgresql
from evaluation.soak.releases import LOADING, PROMOTING, ROLLING_BACK
from evaluation.soak.report import Tally
from evaluation.soak.written_wishes import ERASING

POSTGRESQL = "postgresql"
JOB, TRAINING = "teaching job", "training"
COMMANDS = {JOB: "conversations.teaching_job", TRAINING: "nlu.training"}
PROGRAMS = (ACTIONS, BOT, CONSOLE, PROJECTION)
# The bot is what visitors wait for, so it dies most often.
WEIGHTS = {BOT: 6, ACTIONS: 4, CONSOLE: 4, PROJECTION: 1, JOB: 1, TRAINING: 1, POSTGRESQL: 2}
# What a release, or an erasure by the staff, consists of happens in these.
CONCERNED = frozenset({BOT, CONSOLE, POSTGRESQL})
AIMED_AT = frozenset({PROMOTING, ROLLING_BACK, LOADING, ERASING})
SHARE_AIMED = 0.5
LONGEST_PAUSE = 2.0
LONGEST_AIM = 3.0
LONGEST_WAIT_FOR_A_RELEASE = 15.0
LONGEST_INTO_A_TURN = 0.06
LONGEST_INTO_A_RELEASE = 1.2
LONGEST_INTO_A_TRAINING = 2.0
SECONDS_AFTER_A_DATABASE = 120.0


class Killer:
    """Chooses, waits for its moment, kills, and starts again."""

    def __init__(
        self, instance: SoakInstance, server: PrivatePostgresql | None, chance: random.Random, tally: Tally
    ) -> None:
        """Prepare; what is killed is counted in the tally."""
        self.moments_over_texts: list[float] = []
        """When something died that sends texts or notes that they were sent, of `time.monotonic`."""
        self._instance = instance
        self._server = server
        self._chance = chance
        self._tally = tally
        self._victims = [*instance.programs, JOB, TRAINING, *([POSTGRESQL] if server else [])]
        self._last: tuple[str, float] | None = None
        self._database_died_at = float("-inf")

    async def kill_one(self, load: Load, besides: Callable[[], Sequence[str]]) -> None:
        """Kill one, and start it again.

        Args:
            load: the visitors.
            besides: says what is under way besides them; empty words are nothing.
        """
        self._last = None
        await asyncio.sleep(self._chance.uniform(0.2, LONGEST_PAUSE))
        victim = self._chance.choices(self._victims, [WEIGHTS[name] for name in self._victims])[0]
        if victim in CONCERNED and self._chance.random() < SHARE_AIMED:
            await self._until(lambda: AIMED_AT & set(besides()), LONGEST_WAIT_FOR_A_RELEASE, LONGEST_INTO_A_RELEASE)
        elif victim not in COMMANDS:
            await self._until(load.steps_under_way, LONGEST_AIM, LONGEST_INTO_A_TURN)
        steps = [*load.steps_under_way(), *filter(None, besides())]
        killed_at = time.monotonic()
        if await self._kill(victim):
            self._tally.kills[victim] += 1
            self._tally.under_way.update(set(steps))
            self._tally.idle += not steps
            self._last = victim, killed_at

    def note_answer(self) -> None:
        """A visitor was answered after the last kill."""
        if self._last is not None:
            victim, killed_at = self._last
            longest = self._tally.longest
            longest[victim] = max(longest.get(victim, 0.0), time.monotonic() - killed_at)

    def start_what_found_no_database(self) -> None:
        """Start again what was just starting when the database died and ended for that, as what runs it would.

        Raises:
            evaluation.instance_processes.InstanceError: a process ended though the database was there.
        """
        if time.monotonic() - self._database_died_at > SECONDS_AFTER_A_DATABASE:
            self._instance.require_running()
        for name in self._instance.ended():
            self._tally.without_database[name] += 1
            self._instance.start(name)

    async def _kill(self, victim: str) -> bool:
        if victim in COMMANDS:
            return await self._kill_within_console(COMMANDS[victim])
        if victim in (BOT, POSTGRESQL):
            self.moments_over_texts.append(time.monotonic())
        if victim == POSTGRESQL and self._server is not None:
            self._database_died_at = time.monotonic()
            self._server.kill()
            await asyncio.sleep(self._chance.uniform(0, 0.5))
            self._server.start()
        else:
            self._instance.kill(victim)
            await asyncio.sleep(self._chance.uniform(0, 0.5))
            self._instance.start(victim)
        return True

    async def _kill_within_console(self, command: str) -> bool:
        """Kill what the console has started, once it is there; False where it never was."""
        into = self._chance.uniform(0, LONGEST_INTO_A_TRAINING)
        deadline = time.monotonic() + LONGEST_WAIT_FOR_A_RELEASE
        while time.monotonic() < deadline:
            if self._instance.has_within(CONSOLE, command):
                await asyncio.sleep(into)
                return self._instance.kill_within(CONSOLE, command)
            await asyncio.sleep(0.2)
        return False

    async def _until(self, found: Callable[[], object], at_most: float, into: float) -> None:
        """Wait until there is something, and a random part of it longer: that is where a kill does harm."""
        deadline = time.monotonic() + at_most
        while not found() and time.monotonic() < deadline:  # noqa: ASYNC110 - a moment, not an event
            await asyncio.sleep(0.002)
        await asyncio.sleep(self._chance.uniform(0, into))

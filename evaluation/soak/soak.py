"""The soak itself: rounds of kills under load, and after each the checks."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from evaluation.soak.checks import erasure_problems, logged, quiet_problems, talk_problems
from evaluation.soak.instance import SoakInstance
from evaluation.soak.killer import Killer
from evaluation.soak.load import Load
from evaluation.soak.private_postgresql import PrivatePostgresql
from evaluation.soak.release_checks import ReleaseChecks
from evaluation.soak.releases import Releases
from evaluation.soak.report import Tally
from evaluation.soak.staff import Staff
from evaluation.soak.stand_ins import StandIns
from evaluation.soak.talk import AbandonedError
from evaluation.soak.text_checks import doubled_text_problems, texts_taken_twice
from evaluation.soak.written_wishes import WrittenWishes

KILLS_OF_ROUND = 15
SECONDS_TO_QUIET = 420.0
SECONDS_BETWEEN_LOOKS = 0.5
SECONDS_FOR_AN_ANSWER = 150.0
TRIES_OF_A_LATER_RELEASE = 4
TAUGHT = "teaching"

Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """How long and how hard. It ends when the minutes are over or the kills are done, whichever comes first."""

    minutes: float
    kills: int
    seed: int
    rate: float
    text_share: float = 0.35
    waits_for_leases: bool = True
    """Whether the end waits until notices and texts whose sender was killed are free to be sent again."""


@dataclass
class Soaked:
    """What came of it."""

    tally: Tally
    load: Load
    staff: Staff
    releases: Releases
    seconds: float


class Soak:
    """Kills processes of a running instance."""

    def __init__(
        self, instance: SoakInstance, server: PrivatePostgresql | None, stand_ins: StandIns, plan: Plan, say: Say
    ) -> None:
        """Prepare; the instance runs already, with a model of a project of its own (`own_project.py`)."""
        self._instance = instance
        self._stand_ins = stand_ins
        self._plan = plan
        self._say = say
        self._tally = Tally()
        self._killer = Killer(instance, server, self._random(0), self._tally)
        self._stored = instance.stored()
        self._settled = 0

    async def run(self) -> Soaked:
        """Kill until the plan is done, and check.

        Raises:
            evaluation.instance_processes.InstanceError: a process ended by itself, or did not become ready again.
        """
        began = time.monotonic()
        load = Load(
            self._instance.address,
            self._stand_ins,
            self._random(1),
            patience=SECONDS_FOR_AN_ANSWER,
            text_share=self._plan.text_share,
        )
        staff = Staff(self._instance.console_address, self._random(2))
        first = self._instance.model.name.removesuffix(".tar.gz")
        self._releases = Releases(staff, self._stored, self._instance.address, first, self._random(3))
        taught = self._instance.folder / TAUGHT
        self._checks = ReleaseChecks(self._stored, self._instance.model.parents[1], taught, self._releases)
        async with load, staff:
            await staff.begin(self._instance.run("console.accounts", "first-link"))
            wishes = WrittenWishes(staff, lambda: load.talks[self._settled :], self._random(4))
            async with _working(staff.work(), wishes.work(), self._releases.watch(), self._checks.watch()):
                while not self._is_done(began):
                    await self._round(load, wishes, began)
            self._note(staff.problems)
            if self._plan.waits_for_leases:
                self._say("waiting for notices and texts whose sender was killed: five minutes at most")
                self._note(await _in_the_end(lambda: quiet_problems(self._stored, self._stand_ins)))
        self._tally.texts_twice = texts_taken_twice(self._stand_ins)
        self._tally.erased_by_staff = wishes.erased
        self._note(doubled_text_problems(self._stand_ins, self._killer.moments_over_texts))
        return Soaked(self._tally, load, staff, self._releases, time.monotonic() - began)

    def _random(self, number: int) -> random.Random:
        return random.Random(self._plan.seed + number)  # noqa: S311 - to be repeated

    def _is_done(self, began: float) -> bool:
        killed = sum(self._tally.kills.values())
        return killed >= self._plan.kills or time.monotonic() - began > self._plan.minutes * 60

    async def _round(self, load: Load, wishes: WrittenWishes, began: float) -> None:
        load.begin(self._plan.rate)
        async with _working(self._releases.work()):
            for _ in range(KILLS_OF_ROUND):
                if self._is_done(began):
                    break
                await self._killer.kill_one(load, lambda: [self._releases.step, wishes.step])
                await self._answered_again(load)
                self._note(talk_problems(self._stored, load.talks[self._settled :]) + self._checks.problems())
        await load.pause()
        talks = load.talks[self._settled :]
        self._note(
            await _in_the_end(lambda: quiet_problems(self._stored, None) + erasure_problems(self._stored, talks))
        )
        self._note([*talk_problems(self._stored, talks), *self._log_problems(), *self._audit_problems()])
        self._note(await self._release_problems())
        self._settled = len(load.talks)
        self._say(
            f"{sum(self._tally.kills.values())} kills, {len(load.talks)} conversations, "
            f"{len(self._releases.done.promoted)} releases, {len(self._tally.violations)} violations"
        )

    async def _answered_again(self, load: Load) -> None:
        try:
            talk = await load.web_talk()
            await talk.say("what are milia", "a question")
        except AbandonedError as error:
            self._note([str(error)])
        self._killer.note_answer()
        self._killer.start_what_found_no_database()

    async def _release_problems(self) -> list[str]:
        """A later release works and reaches the bot, and all agrees with it."""
        for _ in range(TRIES_OF_A_LATER_RELEASE):
            # What a kill left half done may still stand in the way of the first ones: a lease of a minute.
            if await self._releases.release() is not None:
                break
        else:
            return ["release: after the kills none works any more"]
        newest = self._checks.newest_model()
        late = [] if await self._releases.loaded(newest) else ["release: the bot does not take the promoted model"]
        return late + self._checks.problems() + await _in_the_end(self._checks.problems_at_rest)

    def _log_problems(self) -> list[str]:
        self._instance.run("conversations.projection", "--once")
        before = logged(self._stored)
        self._instance.run("conversations.projection", "--rebuild")
        return [] if logged(self._stored) == before else ["the turn log is not what a rebuild makes of the events"]

    def _audit_problems(self) -> list[str]:
        said = self._instance.run("console.audit", "verify")
        return [] if "is whole" in said else ["the audit is not whole"]

    def _note(self, problems: list[str]) -> None:
        known = Counter(self._tally.violations)
        for problem in (Counter(problems) - known).elements():
            self._say(f"VIOLATION: {problem}")
            self._tally.violations.append(problem)


@asynccontextmanager
async def _working(*works: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Let these go on meanwhile."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for ended in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(ended, Exception):
                raise ended


async def _in_the_end(problems: Callable[[], list[str]]) -> list[str]:
    """What is still wrong when everything had time to be done: leases of what died end by themselves."""
    deadline = time.monotonic() + SECONDS_TO_QUIET
    while (found := problems()) and time.monotonic() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
    return found


def instance_settings(stand_ins: StandIns, database_url: str) -> dict[str, str]:
    """What a soaked instance is set to: everything that leaves it goes to the stand-ins."""
    settings = {
        "TWILIO_API_URL": stand_ins.url,
        "STAFF_WEBHOOK_URL": f"{stand_ins.url}/notices",
        "STAFF_WEBHOOK_SECRET": "",
        "SMS_REPLY_SECONDS": "1",
    }
    return settings | ({"DATABASE_URL": database_url} if database_url else {})

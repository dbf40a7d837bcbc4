"""The soak itself: rounds of kills under load, and after each the checks."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from evaluation.soak.checks import Stored, erasure_problems, logged, quiet_problems, talk_problems
from evaluation.soak.instance import ACTIONS, BOT, CONSOLE, PROJECTION, SoakInstance
from evaluation.soak.load import Load
from evaluation.soak.private_postgresql import PrivatePostgresql
from evaluation.soak.report import Tally
from evaluation.soak.staff import Staff
from evaluation.soak.stand_ins import StandIns
from evaluation.soak.talk import AbandonedError

POSTGRESQL = "postgresql"
PROGRAMS = (ACTIONS, BOT, CONSOLE, PROJECTION)
# The bot is what visitors wait for, so it dies most often.
WEIGHTS = {BOT: 5, ACTIONS: 4, CONSOLE: 1, PROJECTION: 1, POSTGRESQL: 2}
KILLS_OF_ROUND = 15
LONGEST_PAUSE = 2.0
LONGEST_AIM = 3.0
LONGEST_INTO_A_TURN = 0.06
SECONDS_TO_QUIET = 420.0
SECONDS_BETWEEN_LOOKS = 0.5
SECONDS_FOR_AN_ANSWER = 150.0

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
    seconds: float


class Soak:
    """Kills processes of a running instance."""

    def __init__(
        self, instance: SoakInstance, server: PrivatePostgresql | None, stand_ins: StandIns, plan: Plan, say: Say
    ) -> None:
        """Prepare; the instance runs already."""
        self._instance = instance
        self._server = server
        self._stand_ins = stand_ins
        self._plan = plan
        self._say = say
        self._chance = random.Random(plan.seed)  # noqa: S311 - to be repeated
        self._tally = Tally()
        self._victims = [*instance.programs, *([POSTGRESQL] if server else [])]
        self._settled = 0

    async def run(self) -> Soaked:
        """Kill until the plan is done, and check.

        Raises:
            evaluation.instance.InstanceError: a process ended by itself, or did not become ready again.
        """
        began = time.monotonic()
        visits = random.Random(self._plan.seed + 1)  # noqa: S311 - to be repeated
        load = Load(
            self._instance.address,
            self._stand_ins,
            visits,
            patience=SECONDS_FOR_AN_ANSWER,
            text_share=self._plan.text_share,
        )
        clicks = random.Random(self._plan.seed + 2)  # noqa: S311 - to be repeated
        staff = Staff(self._instance.console_address, clicks)
        async with load, staff:
            await staff.begin(self._instance.run("console.accounts", "first-link"))
            working = asyncio.create_task(staff.work())
            stored = self._instance.stored()
            try:
                while not self._is_done(began):
                    await self._round(load, stored, began)
            finally:
                working.cancel()
            self._note(staff.problems)
            if self._plan.waits_for_leases:
                self._say("waiting for notices and texts whose sender was killed: five minutes at most")
                self._note(await _in_the_end(lambda: quiet_problems(stored, self._stand_ins)))
        seconds = time.monotonic() - began
        return Soaked(self._tally, load, staff, seconds)

    def _is_done(self, began: float) -> bool:
        killed = sum(self._tally.kills.values())
        return killed >= self._plan.kills or time.monotonic() - began > self._plan.minutes * 60

    async def _round(self, load: Load, stored: Stored, began: float) -> None:
        load.begin(self._plan.rate)
        for _ in range(KILLS_OF_ROUND):
            if self._is_done(began):
                break
            await self._kill_one(load)
            self._note(talk_problems(stored, load.talks[self._settled :]))
        await load.pause()
        talks = load.talks[self._settled :]
        self._note(await _in_the_end(lambda: quiet_problems(stored, None) + erasure_problems(stored, talks)))
        self._note([*talk_problems(stored, talks), *self._log_problems(stored), *self._audit_problems()])
        self._settled = len(load.talks)
        self._say(
            f"{sum(self._tally.kills.values())} kills, {len(load.talks)} conversations, "
            f"{len(self._tally.violations)} violations"
        )

    async def _kill_one(self, load: Load) -> None:
        await asyncio.sleep(self._chance.uniform(0.2, LONGEST_PAUSE))
        victim = self._chance.choices(self._victims, [WEIGHTS[name] for name in self._victims])[0]
        await self._aim(load)
        steps = load.steps_under_way()
        self._tally.kills[victim] += 1
        self._tally.under_way.update(set(steps))
        self._tally.idle += not steps
        killed_at = time.monotonic()
        if victim == POSTGRESQL and self._server is not None:
            self._server.kill()
            await asyncio.sleep(self._chance.uniform(0, 0.5))
            self._server.start()
        else:
            self._instance.kill(victim)
            await asyncio.sleep(self._chance.uniform(0, 0.5))
            self._instance.start(victim)
        await self._answered_again(load)
        longest = self._tally.longest
        longest[victim] = max(longest.get(victim, 0.0), time.monotonic() - killed_at)

    async def _aim(self, load: Load) -> None:
        """Wait until somebody is being answered, and a random part of a turn longer: that is where a kill does harm."""
        deadline = time.monotonic() + LONGEST_AIM
        while not load.steps_under_way() and time.monotonic() < deadline:  # noqa: ASYNC110 - a moment, not an event
            await asyncio.sleep(0.002)
        await asyncio.sleep(self._chance.uniform(0, LONGEST_INTO_A_TURN))

    async def _answered_again(self, load: Load) -> None:
        try:
            talk = await load.web_talk()
            await talk.say("what are milia", "a question")
        except AbandonedError as error:
            self._note([str(error)])
        self._instance.require_running()

    def _log_problems(self, stored: Stored) -> list[str]:
        self._instance.run("conversations.projection", "--once")
        before = logged(stored)
        self._instance.run("conversations.projection", "--rebuild")
        return [] if logged(stored) == before else ["the turn log is not what a rebuild makes of the events"]

    def _audit_problems(self) -> list[str]:
        said = self._instance.run("console.audit", "verify")
        return [] if "is whole" in said else ["the audit is not whole"]

    def _note(self, problems: list[str]) -> None:
        known = Counter(self._tally.violations)
        for problem in (Counter(problems) - known).elements():
            self._say(f"VIOLATION: {problem}")
            self._tally.violations.append(problem)


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

"""A reviewer who teaches line after line: a candidate is made, promoted, and at times rolled back, in the console."""

import asyncio
import random
import re
import uuid
from dataclasses import dataclass, field
from http import HTTPStatus

import aiohttp
from sqlalchemy.exc import SQLAlchemyError

from clinic import clock
from evaluation.soak.checks import Stored
from evaluation.soak.people import name_of
from evaluation.soak.staff import CSRF, NAME, Staff
from evaluation.soak.web_talk import NOT_THERE

CANDIDATES, ROLL_BACK = "/teaching/candidates", "/teaching/roll-back"
PROMOTION_SHOWN = re.compile(r'name="promotion" value="(\d+)"')
READY, PROMOTED, UNDER_WAY = "ready", "promoted", ("queued", "training", "comparing")
MAKING, PROMOTING, ROLLING_BACK, LOADING = (
    "release: a candidate is made",
    "release: it is promoted",
    "release: it is rolled back",
    "release: the bot loads it",
)
MOST_REFUSALS = 4
SHARE_ROLLED_BACK = 0.35
SECONDS_BETWEEN_LOOKS = 0.3
SECONDS_BETWEEN_STEPS = 1.0
SECONDS_TO_MAKE = 240.0
SECONDS_TO_LOAD = 60.0
SECONDS_TO_ASK = 5.0


@dataclass
class Done:
    """What the reviewer was told that it is done, and what could not be done."""

    promoted: list[str] = field(default_factory=list)
    """The models, in order."""
    rolled_back: list[int] = field(default_factory=list)
    """The promotions that were taken back, in order."""
    failed: int = 0
    """Candidates that came to nothing, since what made them was killed."""
    refused: int = 0
    problems: list[str] = field(default_factory=list)


class Releases:
    """Releases one candidate after another."""

    def __init__(self, staff: Staff, stored: Stored, bot: str, first_model: str, chance: random.Random) -> None:
        """Prepare.

        Args:
            staff: whose session in the console is used.
            stored: the instance's database; what is taught is put there as released.
            bot: its address.
            first_model: the name of the model that the instance began with.
            chance: decides whether a release is taken back.
        """
        self.done = Done()
        self.step = ""
        """What is under way at this moment; empty for nothing."""
        self.models_seen: set[str] = {first_model}
        """What the bot called its model, at any moment that it was asked."""
        self.refused_by_bot: set[str] = set()
        self.first_model = first_model
        self._staff = staff
        self._stored = stored
        self._bot = bot
        self._chance = chance
        self._lines = 0

    async def work(self) -> None:
        """Release until cancelled; what the console does not answer is tried again."""
        while True:
            await self.release()
            await asyncio.sleep(SECONDS_BETWEEN_STEPS)

    async def watch(self) -> None:
        """Note which model the bot calls its own, until cancelled."""
        while True:
            await self.model_of_bot()
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)

    async def release(self) -> str | None:
        """One release as far as it comes; the model that is now promoted, None when something was in the way."""
        try:
            return await self._release()
        except (*NOT_THERE, SQLAlchemyError):
            return None
        finally:
            self.step = ""

    async def model_of_bot(self) -> str | None:
        """The model that answers now; None when the bot does not say."""
        timeout = aiohttp.ClientTimeout(total=SECONDS_TO_ASK)
        try:
            async with aiohttp.request("GET", f"{self._bot}/health/ready", timeout=timeout) as response:
                said = await response.json()
        except NOT_THERE:
            return None
        if "model" not in said:
            return None
        self.models_seen.add(said["model"])
        if said.get("model_refused"):
            self.refused_by_bot.add(said["model_refused"])
        return str(said["model"])

    async def _release(self) -> str | None:
        self._teach_a_line()
        self.step = MAKING
        csrf = self._csrf_in(await self._staff.page(self._staff.address + CANDIDATES))
        await self._staff.send(CANDIDATES, {"csrf": csrf})
        candidate = await self._made()
        if candidate is None:
            self.done.failed += 1
            return None
        candidate_id, model = candidate
        if not await self._promoted(candidate_id):
            return None
        self.done.promoted.append(model)
        self.step = LOADING
        await self.loaded(model)
        if self._chance.random() < SHARE_ROLLED_BACK:
            await self._roll_back()
        return model

    async def loaded(self, model: str) -> bool:
        """Whether the bot has taken a model, or does so within a minute."""
        deadline = asyncio.get_running_loop().time() + SECONDS_TO_LOAD
        while await self.model_of_bot() != model:
            if asyncio.get_running_loop().time() > deadline:
                return False
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        return True

    def _teach_a_line(self) -> None:
        """A line as a second person has released it; no conversation of a visitor's is its source."""
        self._lines += 1
        line = {
            "id": str(uuid.uuid4()),
            "text": f"flonk the gibble {name_of(self._lines).lower()} please",
            "text_digest": f"soak-{self._lines}",
            "event_id": 0,
            "conversation_id": "soak",
            "label_before": "greet",
            "label": "faq/can_i_pop",
            "state": "released",
            "proposed_by": NAME,
            "proposed_at": clock.now(),
            "checked_version": 1,
            "version": 1,
        }
        with self._stored.engine.begin() as connection:
            connection.execute(self._stored.tables.tables["corrections"].insert().values(**line))

    async def _made(self) -> tuple[str, str] | None:
        """The id and the model of the candidate that waits for its promotion; None when it came to nothing."""
        deadline = asyncio.get_running_loop().time() + SECONDS_TO_MAKE
        while asyncio.get_running_loop().time() < deadline:
            rows = self._stored.rows("candidates", "id", "state", "model")
            if not any(row.state in UNDER_WAY for row in rows):
                return next(((row.id, row.model) for row in rows if row.state == READY), None)
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        self.done.problems.append(f"release: a candidate was neither made nor failed for {SECONDS_TO_MAKE:g} s")
        return None

    async def _promoted(self, candidate_id: str) -> bool:
        self.step = PROMOTING
        path = f"{CANDIDATES}/{candidate_id}"
        csrf = self._csrf_in(await self._staff.page(f"{self._staff.address}{path}/promote"))
        status = await self._staff.send(f"{path}/promote", {"csrf": csrf})
        self.note(status, "a candidate was refused")
        return status == HTTPStatus.SEE_OTHER

    async def _roll_back(self) -> None:
        self.step = ROLLING_BACK
        page = await self._staff.page(self._staff.address + ROLL_BACK)
        shown = PROMOTION_SHOWN.search(page)
        if shown is None:
            return
        status = await self._staff.send(ROLL_BACK, {"csrf": self._csrf_in(page), "promotion": shown[1]})
        self.note(status, "a roll back was refused")
        if status == HTTPStatus.SEE_OTHER:
            self.done.rolled_back.append(int(shown[1]))

    def note(self, status: int, problem: str) -> None:
        """A refusal in the middle of kills may be due to them; one after the other is a fault."""
        if status == HTTPStatus.SEE_OTHER:
            self.done.refused = 0
        elif status == HTTPStatus.CONFLICT:
            self.done.refused += 1
            if self.done.refused == MOST_REFUSALS:
                self.done.problems.append(f"release: {problem} {MOST_REFUSALS} times in a row")

    def _csrf_in(self, page: str) -> str:
        found = CSRF.search(page)
        return found[1] if found else ""

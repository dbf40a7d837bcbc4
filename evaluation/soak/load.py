"""Visits that begin at fixed times, whatever became of those before (evaluation/speed/open_loop.py says why)."""

import asyncio
import random
import time

import aiohttp

from evaluation.soak.people import name_of, phone_of
from evaluation.soak.scripts import visit
from evaluation.soak.sms_talk import SmsTalk
from evaluation.soak.stand_ins import StandIns
from evaluation.soak.talk import AbandonedError, Talk
from evaluation.soak.web_talk import WebTalk

SECONDS_FOR_AN_ANSWER = 40.0
SECONDS_OF_THINKING = (0.1, 0.9)


class Load:
    """Visitors of one instance. Use as an async context."""

    def __init__(
        self, address: str, stand_ins: StandIns | None, chance: random.Random, *, patience: float, text_share: float
    ) -> None:
        """Prepare the load.

        Args:
            address: the bot's.
            stand_ins: takes texts that are sent late; needed when there are visitors who text.
            chance: decides what each visitor does.
            patience: for how many seconds each message is sent again.
            text_share: which share of the visitors text.
        """
        self.talks: list[Talk] = []
        self._address = address
        self._stand_ins = stand_ins
        self._chance = chance
        self._patience = patience
        self._text_share = text_share if stand_ins is not None else 0.0
        self._running: set[asyncio.Task[None]] = set()
        self._offering: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Load":
        # A connection of its own for each request: a process that was killed leaves none behind.
        self.http = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(force_close=True, limit=0),
            timeout=aiohttp.ClientTimeout(total=SECONDS_FOR_AN_ANSWER),
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in [*self._running, *([self._offering] if self._offering else [])]:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await self.http.close()

    def begin(self, rate: float) -> None:
        """Let so many visits begin in a second, until `pause`."""
        self._offering = asyncio.create_task(self._offer(rate))

    async def pause(self) -> None:
        """Let no further visit begin, and wait until those that have begun are over."""
        if self._offering is not None:
            self._offering.cancel()
            self._offering = None
        while self._running:
            await asyncio.wait(self._running)

    def steps_under_way(self) -> list[str]:
        """What the visitors wait for at this moment."""
        return [f"{talk.channel} {talk.under_way.step}" for talk in self.talks if talk.under_way is not None]

    async def web_talk(self) -> WebTalk:
        """A further visitor of the website, for the caller to speak for; not one of the `talks` of the load."""
        talk = WebTalk(self.http, self._address, "Ann Otherperson", "3125550177", self._patience)
        await talk.open()
        return talk

    async def _offer(self, rate: float) -> None:
        began, count = time.monotonic(), 0
        while True:
            self._start(asyncio.create_task(self._visit(len(self.talks))))
            count += 1
            await asyncio.sleep(max(0.0, began + count / rate - time.monotonic()))

    def _start(self, task: "asyncio.Task[None]") -> None:
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _visit(self, number: int) -> None:
        name, phone = name_of(number), phone_of(number)
        thinking = self._chance.uniform(*SECONDS_OF_THINKING)
        if self._stand_ins is not None and self._chance.random() < self._text_share:
            talk: Talk = SmsTalk(
                self.http, self._address, self._stand_ins, marker=name, phone=phone, patience=self._patience
            )
            self.talks.append(talk)
        else:
            web = WebTalk(self.http, self._address, name, phone, self._patience)
            self.talks.append(web)
            try:
                await web.open()
            except AbandonedError:
                web.is_over = True
                return
            talk = web
        talk.thinking = thinking
        await visit(talk, self._chance)

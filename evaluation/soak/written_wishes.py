"""An admin who erases what visitors, so the story goes, asked for in a letter; done again where it was cut short."""

import asyncio
import random
from collections.abc import Callable, Sequence
from http import HTTPStatus

from evaluation.soak.staff import CSRF, Staff
from evaluation.soak.talk import Talk
from evaluation.soak.web_talk import NOT_THERE

ERASING = "erasure: in the console"
WISH = {"reason": "letter", "records": "delete", "kept_reason": ""}
IN_WRITING = "asked for in a letter"
LONGEST_BETWEEN_WISHES = 30.0
SECONDS_BETWEEN_TRIES = 0.5


class WrittenWishes:
    """Erases conversations that are over, one after the other."""

    def __init__(self, staff: Staff, talks: Callable[[], Sequence[Talk]], chance: random.Random) -> None:
        """Prepare; `talks` are those of which some may be erased."""
        self.step = ""
        """What is under way at this moment; empty for nothing."""
        self.erased = 0
        self._staff = staff
        self._talks = talks
        self._chance = chance

    async def work(self) -> None:
        """Erase until cancelled."""
        while True:
            await asyncio.sleep(self._chance.uniform(1.0, LONGEST_BETWEEN_WISHES))
            over = [talk for talk in self._talks() if talk.is_over and not talk.receipt and not talk.problems]
            if over:
                await self.erase(self._chance.choice(over))

    async def erase(self, talk: Talk) -> None:
        """Erase a conversation, however often it takes."""
        talk.receipt = IN_WRITING
        self.step = ERASING
        while not await self._is_erased(talk.conversation_id):  # noqa: ASYNC110 - tried again, nothing is waited for
            await asyncio.sleep(SECONDS_BETWEEN_TRIES)
        self.step = ""
        self.erased += 1

    async def _is_erased(self, conversation_id: str) -> bool:
        path = f"/erasures/conversations/{conversation_id}"
        try:
            csrf = CSRF.search(await self._staff.page(self._staff.address + path))
            status = await self._staff.send(path, {"csrf": csrf[1] if csrf else "", **WISH})
        except NOT_THERE:
            return False
        # There is nothing left to erase where the answer to an earlier try was lost.
        return status in (HTTPStatus.SEE_OTHER, HTTPStatus.NOT_FOUND)

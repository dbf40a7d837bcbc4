"""One visitor's conversation: each message is sent, under the same id, until it is answered; all answers are noted."""

import asyncio
import time
import uuid
from abc import ABC, abstractmethod
from dataclasses import dataclass, field

FAILED_WORDING = "never stored twice"
HELP_WORDING = "911"
SECONDS_BETWEEN_TRIES = 0.25
LONGEST_BETWEEN_TRIES = 1.0


class AbandonedError(RuntimeError):
    """The conversation cannot go on; why stands in its `problems`."""


@dataclass
class Asked:
    """A message and what came back. `answers` holds each different answer once; `began` is of `time.monotonic`."""

    message_id: str
    text: str
    step: str
    began: float
    answers: list[str] = field(default_factory=list)
    tries: int = 0
    refusals: list[str] = field(default_factory=list)
    seconds: float | None = None

    def note(self, answer: str) -> None:
        """Keep an answer, unless it is one that was given before."""
        if answer not in self.answers:
            self.answers.append(answer)


class Talk(ABC):
    """A conversation in some channel. `marker` is a name that no other conversation holds."""

    channel = ""

    def __init__(self, marker: str, phone: str, patience: float) -> None:
        """Begin with nothing said.

        Args:
            marker: the visitor's name.
            phone: the number they leave.
            patience: for how many seconds a message is sent again before it counts as never answered.
        """
        self.marker = marker
        self.phone = phone
        self.patience = patience
        self.conversation_id = ""
        self.thinking = 0.0
        """How many seconds the visitor reads and writes before each further message."""
        self.tries_to_begin = 0
        self.asked: list[Asked] = []
        self.under_way: Asked | None = None
        self.confirmed_requests = 0
        self.confirmed_messages = 0
        self.receipt = ""
        self.is_over = False
        self.problems: list[str] = []

    async def say(self, text: str, step: str) -> str:
        """Send a message until it is answered, and return the answer.

        Raises:
            AbandonedError: it was not answered in time, or refused for good.
        """
        if self.asked:
            await asyncio.sleep(self.thinking)
        asked = Asked(self.new_id(), text, step, time.monotonic())
        self.asked.append(asked)
        self.under_way = asked
        try:
            return await self._until_answered(asked)
        finally:
            self.under_way = None

    async def repeat_last(self) -> None:
        """Send the last message once more: the answer must be the same."""
        if self.asked:
            self.under_way = self.asked[-1]
            await self._until_answered(self.asked[-1])
            self.under_way = None

    def new_id(self) -> str:
        """An id for a message, as the channel's clients make them."""
        return uuid.uuid4().hex

    @abstractmethod
    async def deliver(self, asked: Asked) -> str | None:
        """Send the message once; None when it must be sent again. What was refused is added to `asked.refusals`.

        Raises:
            AbandonedError: it is of no use to send it again.
        """

    def give_up(self, problem: str) -> AbandonedError:
        """Note a problem, and have something to raise."""
        self.problems.append(problem)
        return AbandonedError(problem)

    async def _until_answered(self, asked: Asked) -> str:
        deadline = time.monotonic() + self.patience
        while time.monotonic() < deadline:
            asked.tries += 1
            answer = await self.deliver(asked)
            if answer is not None and FAILED_WORDING in answer:
                asked.refusals.append(answer)
            elif answer is not None:
                asked.seconds = asked.seconds or time.monotonic() - asked.began
                asked.note(answer)
                return answer
            await asyncio.sleep(min(SECONDS_BETWEEN_TRIES * asked.tries, LONGEST_BETWEEN_TRIES))
        raise self.give_up(f"{self.channel}: a message was not answered for {self.patience:g} s ({asked.step})")

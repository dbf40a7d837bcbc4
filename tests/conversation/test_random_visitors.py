"""Several visitors at once type at random to the running instance; afterwards its database is held against its replies.

They tap twice, send again and use two tabs. The gate plays the same walk each time; `HYPOTHESIS_PROFILE=nightly` plays
a longer one with a seed of its own, which a failure names.
"""

import os
import random
import re
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import httpx
import pytest
import yaml

from clinic.settings import PROJECT_ROOT
from tests.conversation.instance import RunningInstance, Visitor

pytestmark = [pytest.mark.live, pytest.mark.model]

IS_NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
VISITORS = 6
STEPS = 200 if IS_NIGHTLY else 22
SEED = random.SystemRandom().randrange(1_000_000) if IS_NIGHTLY else 3
READ_BACK, STORED, ERASED = "utter_ask_confirmation", "utter_request_stored", "utter_erased"
QUESTION = re.compile(r"utter_ask_(?:contact|contact_name|patient_name|preferred_time|confirmation)\b")
GIVEN_NAMES = ("Agnes", "Bruno", "Carla", "Dieter", "Elena", "Fatima")
TIMES = ("Friday around noon", "weekday mornings", "any tuesday", "next monday at 4", "whenever")
WISHES = ("I'd like an appointment", "book me a visit please", "I need another appointment")
BESIDES = (
    "do milia hurt?",
    "how much does the removal cost?",
    "what are these white bumps",
    "hi there",
    "thanks",
    "do you like pizza",
    "did my request go through?",
    "what is my number?",
    "are you a robot?",
    "312-555-01",
    "hmm",
    "hold on",
    "not sure",
    "let me talk to a human",
    "no",
    "never mind",
    "start over",
    "I need to cancel my appointment",
    "can I move it to Thursday at 2",
    "delete my data",
    "I'm fine now, can we finish the booking?",
)
DANGERS = ("I can't breathe and my tongue is swelling", "honestly I want to kill myself", "no puedo respirar")
WHERE_HELP_IS = re.compile(r"\b(?:911|988)\b")


@lru_cache(maxsize=1)
def _wordings() -> list[tuple[str, re.Pattern[str]]]:
    wordings = []
    for path in sorted((PROJECT_ROOT / "data" / "responses").glob("*.yml")):
        for response, variations in yaml.safe_load(path.read_text(encoding="utf-8"))["responses"].items():
            for text in (str(variation["text"]) for variation in variations if variation.get("channel") is None):
                pattern = ".*".join(re.escape(part) for part in re.split(r"\{\w+\}", text.strip()))
                wordings.append((response, re.compile(pattern, re.DOTALL)))
    return wordings


def responses_in(messages: list[dict[str, Any]]) -> set[str]:
    """Which responses the texts are wordings of."""
    texts = [message["text"] for message in messages]
    return {response for response, wording in _wordings() if any(wording.fullmatch(text) for text in texts)}


@dataclass
class Walk:
    """One visitor's way, and what they gave and read."""

    visitor: Visitor
    number: int
    chance: random.Random
    stored: int = 0
    last: set[str] = field(default_factory=set)
    read_backs: list[str] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{GIVEN_NAMES[self.number]} Waldau"

    @property
    def phones(self) -> tuple[str, str]:
        return f"847 555 016{self.number}", f"847 555 018{self.number}"

    def step(self) -> None:
        text = self._next_text()
        ways = (self._once, self._once, self._once, self._same_id_at_once, self._two_ids_at_once, self._again)
        # A wish to erase, and a yes to it, go alone: of two at once nobody could tell which came first.
        alone = "delete" in text or "utter_confirm_erasure" in self.last
        (self._once if alone else self.chance.choice(ways))(text)

    def _next_text(self) -> str:
        """Often what was asked for, sometimes anything."""
        if self.chance.random() < 0.04:
            return self.chance.choice(DANGERS)
        if self.chance.random() < 0.25:
            return self.chance.choice(BESIDES)
        if any(response.startswith("utter_confirm_") for response in self.last) or READ_BACK in self.last:
            return self.chance.choice(("yes", "yes", "yes please send it", f"actually my number is {self.phones[1]}"))
        if any(response.startswith("utter_ask_contact_name") for response in self.last):
            return self.name
        if any(response.startswith("utter_ask_contact") for response in self.last):
            return self.phones[0]
        if "utter_ask_preferred_time" in self.last:
            return self.chance.choice(TIMES)
        return self.chance.choice(WISHES)

    def _id(self) -> str:
        return f"walk-{self.number}-{self.chance.getrandbits(64):x}"

    def _once(self, text: str) -> None:
        self._read(text, self.visitor.send(text, message_id=self._id()))

    def _again(self, text: str) -> None:
        message_id = self._id()
        first = self.visitor.send(text, message_id=message_id)
        again = self.visitor.send(text, message_id=message_id)
        assert first.json() == again.json(), "a message that was sent again got another answer"
        self._read(text, first)

    def _same_id_at_once(self, text: str) -> None:
        message_id = self._id()
        first, second = self._at_once((text, message_id), (text, message_id))
        assert first.json() == second.json(), "a double tap got two answers"
        self._read(text, first)

    def _two_ids_at_once(self, text: str) -> None:
        """Two tabs, or an impatient finger."""
        for answer in self._at_once((text, self._id()), (text, self._id())):
            self._read(text, answer)

    def _at_once(self, *sent: tuple[str, str]) -> list[httpx.Response]:
        with ThreadPoolExecutor(len(sent)) as pool:
            answers: list[Future[httpx.Response]] = [
                pool.submit(self.visitor.send, text, message_id=message_id) for text, message_id in sent
            ]
            return [answer.result() for answer in answers]

    def _read(self, text: str, answer: httpx.Response) -> None:
        assert answer.status_code == 200, answer.text
        messages = answer.json()["messages"]
        assert messages, "nothing was said"
        self.last = responses_in(messages)
        self.trace.append(f"{text} -> {sorted(self.last)}")
        if STORED in self.last:
            self.stored += 1
        if ERASED in self.last:
            self.stored = 0
        self.read_backs += [message["text"] for message in messages if READ_BACK in responses_in([message])]
        if text in DANGERS:
            assert WHERE_HELP_IS.search(messages[0]["text"]), self.trace[-3:]
            assert not any(QUESTION.match(response) for response in self.last), self.trace[-3:]


def walked(walk: Walk) -> Walk:
    for _ in range(STEPS):
        walk.step()
    return walk


def rows_of(instance: RunningInstance, walk: Walk) -> list[tuple[Any, ...]]:
    numbers = ", ".join(f"'+1{phone.replace(' ', '')}'" for phone in walk.phones)
    return instance.rows(
        "SELECT plain('appointment_requests.contact_name', contact_name),"
        " plain('appointment_requests.preferred_time', preferred_time), idempotency_key"
        f" FROM appointment_requests WHERE plain('appointment_requests.phone', phone) IN ({numbers})"
    )


@pytest.fixture(scope="module")
def walks(instance: RunningInstance) -> list[Walk]:
    """All visitors, after they have walked at the same time."""
    starting = [Walk(instance.visitor(), number, random.Random(f"{SEED}-{number}")) for number in range(VISITORS)]
    with ThreadPoolExecutor(VISITORS) as pool:
        return list(pool.map(walked, starting))


def test_as_many_requests_are_stored_as_were_said_to_be(instance: RunningInstance, walks: list[Walk]) -> None:
    assert sum(walk.stored for walk in walks) > 0
    for walk in walks:
        assert len(rows_of(instance, walk)) == walk.stored, f"seed {SEED}: {walk.trace}"


def test_every_stored_request_was_read_back_to_its_own_visitor(instance: RunningInstance, walks: list[Walk]) -> None:
    for walk in walks:
        for name, time, _ in rows_of(instance, walk):
            assert name == walk.name, f"seed {SEED}: {walk.trace}"
            was_shown = any(name in text and time in text for text in walk.read_backs)
            assert was_shown or _was_changed_to(walk, time), f"seed {SEED}: {walk.trace}"


def _was_changed_to(walk: Walk, time: str) -> bool:
    changed = [line for line in walk.trace if "utter_request_changed" in line]
    return bool(changed) and any(time in line for line in walk.trace)


def test_nobody_reads_anothers_name(walks: list[Walk]) -> None:
    for walk in walks:
        others = {other.name for other in walks if other is not walk}
        assert not any(name in text for name in others for text in walk.read_backs), f"seed {SEED}"

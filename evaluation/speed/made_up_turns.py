"""Made-up conversations: what is said in one, when, and how it is understood."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from evaluation.speed.made_up_content import MadeUpContent

Row = dict[str, Any]

DAYS = 90
LONGEST = 400
LONGEST_ORDINARY = 30
MEAN_TURNS = 4.5
SHARE_OF_TEXTS = 0.25
SHARE_OF_SPANISH = 0.12
RANKED = 10
RANKINGS_OF_LABEL = 40
SURE_ENOUGH = 0.45
"""Below it a made-up message was not understood."""
# Visits by hour, UTC: a clinic in Chicago is asked in its daytime, which ends after midnight UTC.
HOURS = (6, 5, 4, 3, 2, 1, 1, 1, 1, 1, 2, 3, 5, 8, 10, 11, 11, 10, 10, 10, 10, 9, 8, 7)
GROUPS = {"faq": 48, "uncovered": 18, "conversation": 18, "transactional": 6, "diagnosis": 5, "out_of_scope": 3.5}
SHARE_OF_DANGER = 0.008
SHARE_OF_FORMS = 0.06
SHARE_OF_FINISHED_FORMS = 0.75
SHARE_OF_FAILED = 0.002
SLOTS = '{"language": "en"}'
SLOTS_OF_A_FORM = '{"language": "en", "contact_name": "given"}'


@dataclass(frozen=True)
class Step:
    """One message to make up; `form` and `slot` are what the conversation is in after it."""

    label: str
    form: str | None = None
    slot: str | None = None
    is_of_form: bool = False


FORM = (
    Step("request_appointment", "appointment_form", "contact_name", is_of_form=True),
    Step("inform", "appointment_form", "preferred_time", is_of_form=True),
    Step("inform", "appointment_form", "confirmation", is_of_form=True),
    Step("affirm", is_of_form=True),
)


@dataclass(frozen=True)
class Talk:
    """One made-up conversation. `turns` are rows of the log without their event ids."""

    conversation_id: str
    channel: str
    language: str
    turns: list[Row]

    @property
    def asks_for_an_appointment(self) -> bool:
        """Whether a request was taken to its end."""
        return any(turn["label"] == "affirm" and turn["outcome"] == "transaction" for turn in self.turns)


@dataclass(frozen=True)
class Understood:
    """How a message may be understood; `ranking` is JSON."""

    confidence: float
    second_label: str
    first_three: str
    ranking: str


class MadeUpTalk:
    """Makes conversations up."""

    def __init__(self, content: MadeUpContent, chance: random.Random, until: datetime) -> None:
        """Prepare the talk.

        Args:
            content: what is said.
            chance: where the random numbers come from.
            until: the newest moment, UTC.
        """
        self._content = content
        self._chance = chance
        self._until = until
        self._labels = {group: _labels_of(content, group) for group in (*GROUPS, "safety")}
        self._understood = {
            name: [_understood(content, name, chance) for _ in range(RANKINGS_OF_LABEL)] for name in content.names
        }

    def talks(self, turns: int) -> Iterator[Talk]:
        """Conversations with so many turns in all, one of them long, over the 90 days."""
        left = turns
        lengths = iter([LONGEST]) if turns >= 10 * LONGEST else iter(())
        while left:
            length = min(left, next(lengths, None) or self._length())
            yield self._talk(length)
            left -= length

    def _length(self) -> int:
        return min(LONGEST_ORDINARY, 1 + int(self._chance.expovariate(1 / (MEAN_TURNS - 1))))

    def _talk(self, length: int) -> Talk:
        channel = "sms" if self._chance.random() < SHARE_OF_TEXTS else "web"
        language = "es" if self._chance.random() < SHARE_OF_SPANISH else "en"
        conversation_id = f"{channel}-{self._chance.getrandbits(96):024x}"
        own = {"conversation_id": conversation_id, "channel": channel, "language": language}
        moment, turns = self._beginning(), []
        for ordinal, step in enumerate(self._steps(length), start=1):
            turns.append({**own, **self._turn(step), "ordinal": ordinal, **_at(moment)})
            moment = min(self._until, moment + timedelta(seconds=self._chance.expovariate(1 / 40) + 2))
        return Talk(conversation_id, channel, language, turns)

    def _beginning(self) -> datetime:
        day = self._until - timedelta(days=self._chance.randrange(DAYS))
        hour = self._chance.choices(range(24), HOURS)[0]
        minute, second = self._chance.randrange(60), self._chance.randrange(60)
        moment = day.replace(hour=hour, minute=minute, second=second, microsecond=0)
        return moment if moment < self._until else moment - timedelta(days=1)

    def _steps(self, length: int) -> list[Step]:
        steps: list[Step] = []
        while len(steps) < length:
            if length - len(steps) >= len(FORM) and self._chance.random() < SHARE_OF_FORMS:
                is_finished = self._chance.random() < SHARE_OF_FINISHED_FORMS
                steps += FORM if is_finished else FORM[: self._chance.randrange(1, len(FORM))]
            else:
                steps.append(Step(self._label()))
        return steps

    def _label(self) -> str:
        dangerous = self._chance.random() < SHARE_OF_DANGER
        group = "safety" if dangerous else self._chance.choices(tuple(GROUPS), tuple(GROUPS.values()))[0]
        return self._chance.choice(self._labels[group])

    def _turn(self, step: Step) -> Row:
        understood = self._chance.choice(self._understood[step.label])
        outcome = self._outcome(step, understood.confidence)
        is_unsure = outcome == "clarified"
        return {
            "message_id": f"{self._chance.getrandbits(96):024x}",
            "text": self._chance.choice(self._content.lines[step.label]),
            "label": step.label,
            "confidence": understood.confidence,
            "second_label": understood.second_label if is_unsure else None,
            "safety": step.label if outcome == "safety" else None,
            "candidates": understood.first_three if is_unsure else "[]",
            "ranking": understood.ranking,
            "outcome": outcome,
            "responses": self._said(step.label, outcome),
            "slots": SLOTS_OF_A_FORM if step.form else SLOTS,
            "form": step.form,
            "requested_slot": step.slot,
            "latency_ms": None if outcome == "failed" else 4 + int(self._chance.expovariate(1 / 8)),
        }

    def _outcome(self, step: Step, confidence: float) -> str:
        group = self._content.labels[step.label].group
        if group == "safety":
            return "safety"
        if self._chance.random() < SHARE_OF_FAILED:
            return "failed"
        if step.is_of_form or group == "transactional":
            return "transaction"
        if confidence < SURE_ENOUGH:
            return "fallback" if self._chance.random() < 0.5 else "clarified"
        return {"faq": "answered", "uncovered": "uncovered", "out_of_scope": "uncovered"}.get(group, "conversation")

    def _said(self, label: str, outcome: str) -> str:
        if outcome == "failed":
            return "[]"
        reply = self._chance.choice(self._content.replies[label])
        choices = ["Request an appointment", "Ask the staff"] if outcome in ("uncovered", "clarified") else []
        return json.dumps([{**vars(reply), "choices": choices}], ensure_ascii=False)


def _at(moment: datetime) -> Row:
    return {"started_at": moment, "hour": int(moment.timestamp()) // 3_600}


def _labels_of(content: MadeUpContent, group: str) -> list[str]:
    return [name for name, label in content.labels.items() if label.group == group]


def _understood(content: MadeUpContent, label: str, chance: random.Random) -> Understood:
    """Mostly sure, seldom not; each further label has half of what is left."""
    confidence = round(1 - chance.random() ** 10 * 0.85, 4)
    left, ranked = 1 - confidence, [{"label": label, "confidence": confidence}]
    for other in chance.sample([name for name in content.names if name != label], RANKED - 1):
        left = round(left / 2, 4)
        ranked.append({"label": other, "confidence": min(left, confidence)})
    first = json.dumps([each["label"] for each in ranked[:3]])
    return Understood(confidence, str(ranked[1]["label"]), first, json.dumps(ranked))

"""What comes with made-up conversations: flags, feedback, reviews, requests, messages, consents, failed notices."""

import random
import uuid
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from clinic.appointment_requests import AppointmentRequest
from clinic.consents import Consent
from clinic.flags import Flag
from clinic.outbox import Notice
from clinic.staff_messages import StaffMessage
from conversations.feedback import Feedback
from conversations.reviews import RIGHT, WRONG, ConversationReview, TurnReview
from evaluation.speed.made_up_turns import Row, Talk

STAFF = ("dana", "robin")
SHARE_OF_FEEDBACK = 0.06
SHARE_OF_REVIEWS = 0.2
SHARE_OF_MESSAGES = 0.04
SHARE_OF_CONSENTS = 0.03
SHARE_OF_FAILED_NOTICES = 0.01
STATUSES = {"open": 2, "contacted": 2, "booked": 5, "closed": 3, "withdrawn": 1}
RECENT = timedelta(days=4)
"""What came in since waits for the staff; before, most of it is dealt with."""


class MadeUpWork:
    """Makes the rows up; they gather in `rows` by the table they are for."""

    def __init__(self, chance: random.Random, until: datetime) -> None:
        """Prepare the work.

        Args:
            chance: where the random numbers come from.
            until: the newest moment, UTC.
        """
        self.rows: dict[Any, list[Row]] = defaultdict(list)
        self._chance = chance
        self._until = until

    def add(self, talk: Talk, first_event_id: int) -> None:
        """Add what the staff find about a conversation, whose first message is this event."""
        self._add_flags(talk)
        self._add_feedback(talk)
        self._add_reviews(talk, first_event_id)
        self._add_work(talk)

    def _add_flags(self, talk: Talk) -> None:
        for turn in talk.turns:
            if turn["safety"]:
                dealt_with = self._is_dealt_with(turn["started_at"])
                self.rows[Flag].append(
                    {
                        "id": self._id(),
                        "conversation_id": talk.conversation_id,
                        "turn_id": turn["message_id"],
                        "label": turn["safety"],
                        "channel": talk.channel,
                        "acknowledged_at": turn["started_at"] + timedelta(minutes=20) if dealt_with else None,
                        "acknowledged_by": self._chance.choice(STAFF) if dealt_with else None,
                        "created_at": turn["started_at"],
                    }
                )

    def _add_feedback(self, talk: Talk) -> None:
        for turn in talk.turns:
            if turn["outcome"] in ("answered", "uncovered") and self._chance.random() < SHARE_OF_FEEDBACK:
                self.rows[Feedback].append(
                    {
                        "conversation_id": talk.conversation_id,
                        "message_id": turn["message_id"],
                        "helpful": self._chance.random() < 0.7,
                        "given_at": turn["started_at"] + timedelta(seconds=30),
                    }
                )

    def _add_reviews(self, talk: Talk, first_event_id: int) -> None:
        if self._chance.random() > SHARE_OF_REVIEWS:
            return
        own = {"conversation_id": talk.conversation_id, "reviewed_by": self._chance.choice(STAFF)}
        own["reviewed_at"] = min(self._until, talk.turns[-1]["started_at"] + timedelta(days=1))
        seen = len(talk.turns) if self._chance.random() < 0.9 else 1
        self.rows[ConversationReview].append(own | {"turns_seen": seen})
        verdict = RIGHT if self._chance.random() < 0.8 else WRONG
        self.rows[TurnReview].append(own | {"event_id": first_event_id, "verdict": verdict, "label": None})

    def _add_work(self, talk: Talk) -> None:
        if talk.asks_for_an_appointment:
            self.rows[AppointmentRequest].append(self._work(talk) | self._visit())
        elif self._chance.random() < SHARE_OF_MESSAGES:
            last = talk.turns[-1]
            told = {"topic": last["label"], "urgency": "ordinary", "language": talk.language, "text": last["text"]}
            self.rows[StaffMessage].append(self._work(talk) | told)
        if talk.channel == "sms" and self._chance.random() < SHARE_OF_CONSENTS:
            self.rows[Consent].append(self._consent(talk))

    def _work(self, talk: Talk) -> Row:
        came = talk.turns[-1]["started_at"]
        waits = came > self._until - RECENT
        status = "open" if waits else self._chance.choices(tuple(STATUSES), tuple(STATUSES.values()))[0]
        contacted = min(self._until, came + timedelta(hours=self._chance.expovariate(1 / 6)))
        row = {
            "id": self._id(),
            "idempotency_key": self._id(),
            "conversation_id": talk.conversation_id,
            "channel": talk.channel,
            "contact_name": self._chance.choice(("Vera Lindqvist", "Nils Aker", "Rosa Delgado", "Ada Quill")),
            "phone": f"+1312555{self._chance.randrange(100, 200):04d}",
            "email": None,
            "status": status,
            "version": 1,
            "assignee": self._chance.choice(STAFF) if status in ("contacted", "booked", "closed") else None,
            "note": None,
            "first_contact_at": contacted if status in ("contacted", "booked", "closed") else None,
            "created_at": came,
            "updated_at": came if status == "open" else contacted,
        }
        if self._chance.random() < SHARE_OF_FAILED_NOTICES:
            self.rows[Notice].append(self._failed_notice(row))
        return row

    def _visit(self) -> Row:
        return {
            "patient_name": None,
            "patient_relation": None,
            "preferred_time": self._chance.choice(("mornings", "Thursday after 4", "any day next week")),
            "reason": self._chance.choice((None, "bumps under the eyes")),
        }

    def _failed_notice(self, subject: Row) -> Row:
        return {
            "id": self._id(),
            "kind": "appointment_request",
            "subject_id": subject["id"],
            "subject_version": 1,
            "urgency": "ordinary",
            "channel": subject["channel"],
            "target": "email",
            "attempts": 8,
            "failed_at": subject["created_at"] + timedelta(hours=1),
            "last_error": "timed out",
            "created_at": subject["created_at"],
        }

    def _consent(self, talk: Talk) -> Row:
        return {
            "record_id": self._id(),
            "conversation_id": talk.conversation_id,
            "channel": talk.channel,
            "state": self._chance.choice(("out", "in")),
            "means": "keyword",
            "wording": None,
            "recorded_at": talk.turns[-1]["started_at"],
        }

    def _is_dealt_with(self, moment: datetime) -> bool:
        return moment < self._until - RECENT or self._chance.random() < 0.5

    def _id(self) -> str:
        return str(uuid.UUID(int=self._chance.getrandbits(128), version=4))

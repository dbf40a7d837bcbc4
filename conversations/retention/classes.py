"""The retention classes: what belongs together, how long it is kept, and why. docs/retention.md shows the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from clinic.retention_settings import RetentionSettings

TRANSCRIPT = "transcript"
LOG = "log"
COUNTS = "counts"
REQUESTS = "requests"
FLAGS = "flags"
TEXTS = "texts"
TEXT_IDS = "text_ids"
NOTICES = "notices"
TEACHING = "teaching"
SIGN_IN = "sign_in"
RECEIPTS = "receipts"
FILES = "files"


@dataclass(frozen=True)
class RetentionClass:
    """One class. Its time is the setting `RETENTION_<NAME>_DAYS`; `rule` says from when it counts and what stays."""

    name: str
    title: str
    rule: str

    @property
    def setting(self) -> str:
        """The setting's name."""
        return f"RETENTION_{self.name.upper()}_DAYS"

    def days(self, settings: RetentionSettings) -> int:
        """Its time in days."""
        return int(getattr(settings, f"{self.name}_days"))


CLASSES: tuple[RetentionClass, ...] = (
    RetentionClass(
        TRANSCRIPT, "Conversations, word for word", "after the last message or visit; the whole conversation at once"
    ),
    RetentionClass(
        LOG, "Redacted words, and reviews", "after the last message; turns stay as counts, without any words"
    ),
    RetentionClass(COUNTS, "Turns without words, verdicts of visitors", "after the conversation's last message"),
    RetentionClass(
        REQUESTS, "Requests and messages", "after the last work on a booked, closed or withdrawn one; open ones stay"
    ),
    RetentionClass(FLAGS, "Flags", "after somebody acknowledged it; until then it stays"),
    RetentionClass(
        TEXTS,
        "Text messages and numbers",
        "after it came, was sent or was dealt with; what waits stays, and a number while anything is open",
    ),
    RetentionClass(TEXT_IDS, "Bare ids of texts", "after the text came"),
    RetentionClass(NOTICES, "Notices to the staff", "after it was delivered or dealt with; what waits or failed stays"),
    RetentionClass(
        TEACHING,
        "Corrections, candidates and proposed answers",
        "after the decision; lines that are taught stay, with the id of their conversation",
    ),
    RetentionClass(SIGN_IN, "Logging in", "after it was over; searches without a name go after a day"),
    RetentionClass(RECEIPTS, "Receipts", "after the erasure or the purge was complete"),
    RetentionClass(FILES, "Files left on disk", "after it was last written"),
)
BY_NAME = {each.name: each for each in CLASSES}

KEPT_FOR_EVER = {
    "accounts": "names of the staff, to which work, reviews and the audit refer; switched off, not deleted",
    "audit_entries": "a chain that cannot be shortened; kept six years at least, as 45 CFR 164.316(b)(2) asks",
    "consents": "for ever, so that STOP is honoured: keyed ids only; the words that were used go with the texts",
    "content_versions": "what the assistant said when, and who changed it; the clinic's words, none of a visitor",
    "encryption_keys": "which keys values are encrypted with: their names and a fixed text under each, not the keys",
    "milia_schema_version": "the schema's number",
    "projection_progress": "a number",
    "promotions": "which model was in force when; names no visitor",
    "retention_leases": "whose turn it is to purge",
}
"""Tables no row of which is ever purged, and why."""


@dataclass(frozen=True)
class Cutoffs:
    """The moments before which things go, in UTC, for one run that began at `now`."""

    now: datetime
    settings: RetentionSettings

    def of(self, retention_class: str) -> datetime:
        """What is older than this goes."""
        return self.now - timedelta(days=BY_NAME[retention_class].days(self.settings))

    @property
    def a_day_ago(self) -> datetime:
        """For what is only needed for a moment."""
        return self.now - timedelta(days=1)


@dataclass(frozen=True)
class Removal:
    """How much of one store goes, or went, for a class; `oldest` is the moment of the oldest of it."""

    retention_class: str
    store: str
    removed: int
    oldest: datetime | None = None


def total(removals: Sequence[Removal]) -> int:
    """How much all of them are."""
    return sum(each.removed for each in removals)

"""One page of the queue as it is shown: entries with links and buttons, tabs with counts, and what has changed."""

import hashlib
import json
import re
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta, timezone
from itertools import groupby
from urllib.parse import quote

from clinic.flags import ERASED_CONVERSATION
from clinic.outbox import ERASED, NEW_MESSAGE
from clinic.urgency import SAFETY_PREFIX
from console.conversation_addresses import address_of, address_of_turn
from console.queue_entries import Entry, Look, QueuePage
from console.queue_kinds import Kind, Rank
from console.queue_send_sources import TEXT_BY_REPORT, TEXT_TO_SEND
from console.queue_words import KIND_NAMES, TAB_NAMES, about, remark, why
from console.roles import SCHEDULERS, Role
from console.tabs import Tab
from console.templating import ago_in_words
from console.visit import BadInputError

TEXT_TARGET = "text"
"""Stands among the targets for texts to persons, where they can be sent."""
_GROUPS = {
    Kind.SAFETY: "Safety",
    Kind.ALERT: "Safety",
    Kind.SEND: "Not sent",
    Kind.REQUEST: "Waiting for an answer",
    Kind.MESSAGE: "Waiting for an answer",
    Kind.REVIEW: "Worth a review",
}
_LOOKS = {
    Kind.SAFETY: "danger",
    Kind.ALERT: "warning",
    Kind.SEND: "warning",
    Kind.REQUEST: "info",
    Kind.MESSAGE: "info",
}
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
# Sixteen digits of microseconds reach the year 2286.
_KNOWN = re.compile(r"([0-9a-f]{32})\.([0-9]{1,9})\.([0-9]{1,16})?")


@dataclass(frozen=True)
class Action:
    """One button of an entry: where its form goes, and what it says."""

    path: str
    title: str
    is_quiet: bool = False


@dataclass(frozen=True)
class ShownEntry:
    """One entry. `id` is its element's; `link` is empty for people who may not see what it is about."""

    id: str
    look: str
    kind_name: str
    why: str
    about: str
    remark: str
    since: datetime
    waits: str
    channel: str
    assignee: str
    link: str
    actions: tuple[Action, ...]


@dataclass(frozen=True)
class QueueView:
    """What the templates show. `groups` keep the order of risk; `known` is what the browser sends back at each look."""

    groups: tuple[tuple[str, tuple[ShownEntry, ...]], ...]
    tabs: tuple[Tab, ...]
    hidden_safety: int
    number: int
    last: int
    waiting: int
    known: str

    @property
    def title(self) -> str:
        """The title of the page."""
        return f"({self.waiting}) Queue" if self.waiting else "Queue"


@dataclass(frozen=True)
class Known:
    """What the browser shows: a digest of it, how many safety entries wait, and since when the youngest does."""

    digest: str = ""
    safety: int = 0
    newest: datetime | None = None

    def __str__(self) -> str:
        """As it travels."""
        newest = "" if self.newest is None else str((self.newest - _EPOCH) // timedelta(microseconds=1))
        return f"{self.digest}.{self.safety}.{newest}"


def read_known(text: object) -> Known | None:
    """What the browser says it shows; None where it says nothing.

    Raises:
        BadInputError: it is nothing that we gave it.
    """
    if not text:
        return None
    parts = _KNOWN.fullmatch(text) if isinstance(text, str) else None
    if parts is None:
        raise BadInputError("The page cannot be refreshed. Please load it again.")
    digest, safety, newest = parts.groups()
    return Known(digest, int(safety), _EPOCH + timedelta(microseconds=int(newest)) if newest else None)


def new_safety(page: QueuePage, known: Known | None) -> int:
    """How many safety entries came since the browser looked, whatever its filters.

    An entry that was stored a little late is not newer than the newest, but makes one more.
    """
    if known is None:
        return 0
    safety = page.counts[Kind.SAFETY]
    return max(safety.newer, safety.total - known.safety, 0)


def make_view(page: QueuePage, look: Look, targets: Collection[str]) -> QueueView:
    """Make what is shown.

    Args:
        page: what waits.
        look: who looks, when, and through which filters.
        targets: by which ways notices and texts can be sent at present.
    """
    shown = [(_GROUPS[entry.kind], _shown(entry, look, targets)) for entry in page.entries]
    groups = tuple((name, tuple(entry for _, entry in rows)) for name, rows in groupby(shown, lambda row: row[0]))
    tabs = _tabs(page, look)
    waiting = next((tab.count for tab in tabs if tab.is_current), 0)
    safety = page.counts[Kind.SAFETY]
    hidden = safety.total - (safety.matching if look.filters.kind in ("", Kind.SAFETY.value) else 0)
    content = [[asdict(entry) for _, entry in shown], [asdict(tab) for tab in tabs], hidden, page.number, page.last]
    digest = hashlib.sha256(json.dumps(content, default=str).encode()).hexdigest()[:32]
    known = Known(digest, safety.total, safety.newest)
    return QueueView(groups, tabs, hidden, page.number, page.last, waiting, str(known))


def _tabs(page: QueuePage, look: Look) -> tuple[Tab, ...]:
    filters = look.filters
    counts = {kind: page.counts[kind].matching for kind in look.kinds}
    everything = Tab("All", sum(counts.values()), filters.query(kind="", page=1), filters.kind == "")
    return (
        everything,
        *(
            Tab(TAB_NAMES[kind], count, filters.query(kind=kind.value, page=1), filters.kind == kind.value)
            for kind, count in counts.items()
        ),
    )


def _shown(entry: Entry, look: Look, targets: Collection[str]) -> ShownEntry:
    return ShownEntry(
        id=f"{entry.kind.value}-{entry.key}",
        look="danger" if entry.rank in (Rank.URGENT_MESSAGE, Rank.URGENT_SEND) else _LOOKS.get(entry.kind, "plain"),
        kind_name=KIND_NAMES[entry.kind],
        why=why(entry),
        about=about(entry),
        remark=remark(entry),
        since=entry.since,
        waits=ago_in_words(entry.since, look.now),
        channel=entry.channel,
        assignee=entry.assignee or "",
        link=_link(entry, look.role),
        actions=_actions(entry, look.role, targets),
    )


def _link(entry: Entry, role: Role) -> str:
    if entry.kind in (Kind.REQUEST, Kind.MESSAGE):
        return f"/{entry.kind.value}/{quote(entry.key, safe='')}" if role in SCHEDULERS else ""
    if entry.conversation_id == ERASED_CONVERSATION:
        return ""
    if entry.conversation_id is not None:
        # A flag may be older than its turn in the log; the conversation's page is the way to it then.
        if entry.ordinal is None:
            return address_of(entry.conversation_id)
        return address_of_turn(entry.conversation_id, entry.ordinal)
    topic, _, subject_id = (entry.reference or "").partition(":")
    if topic == ERASED or topic.startswith(SAFETY_PREFIX):
        # Of danger the queue itself tells, as long as nobody has acknowledged it.
        return ""
    return f"/{'messages' if topic == NEW_MESSAGE else 'requests'}/{quote(subject_id, safe='')}"


def _actions(entry: Entry, role: Role, targets: Collection[str]) -> tuple[Action, ...]:
    key = quote(entry.key, safe="")
    if entry.kind in (Kind.SAFETY, Kind.ALERT):
        return (Action(f"/queue/flags/{key}/acknowledge", "Acknowledge"),) if role is not Role.READER else ()
    if entry.kind is not Kind.SEND:
        return ()
    if entry.subject == TEXT_BY_REPORT:
        return (Action(f"/queue/flags/{key}/acknowledge", "Handled", is_quiet=True),)
    is_text = entry.conversation_id is not None
    base = f"/queue/{'texts' if is_text else 'notices'}/{key}"
    can_repeat = entry.subject == TEXT_TO_SEND and TEXT_TARGET in targets if is_text else entry.subject in targets
    again = (Action(f"{base}/again", "Try again"),) if can_repeat else ()
    return (*again, Action(f"{base}/handled", "Handled", is_quiet=True))

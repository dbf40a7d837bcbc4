"""The queue by risk: whatever waits and comes in between two looks, each page is in order and fits its filters."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.engine import Engine

from clinic.database import make_engine
from clinic.settings import PROJECT_ROOT
from clinic.urgency import ORDER_OF_URGENCY
from console import queue_entries
from console.queue_entries import Entry, Look, read_page
from console.queue_filters import AGES, QueueFilters
from console.queue_kinds import Kind, Rank, kinds_of
from console.roles import Role
from tests.console import queue_rows as rows
from tests.migrated_databases import postgresql

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=timezone.utc)
ME = "maria"
PAGE = 7
LABELS = (*ORDER_OF_URGENCY, "safety/not_known_yet", "too_many_texts")
ATTENTION_RANKS = {"repeated_fallback": 41, "low_confidence": 42, "sample": 43}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(
    request: pytest.FixtureRequest, migrated_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    if request.param == "postgresql":
        yield from postgresql()
        return
    path = tmp_path_factory.mktemp("queue") / "queue.sqlite3"
    shutil.copy(migrated_file, path)
    made = make_engine(f"sqlite:///{path}")
    yield made
    made.dispose()


@pytest.fixture
def engine(database: Engine) -> Engine:
    rows.forget_everything(database)
    return database


@dataclass(frozen=True)
class Expected:
    """What the queue must say of one thing, by the rules in words and not by the queries."""

    kind: Kind
    rank: int
    since: datetime
    key: str
    channel: str
    assignee: str | None = None

    @property
    def place(self) -> tuple[int, datetime, str, str]:
        return (self.rank, self.since, self.kind.value, self.key)


@dataclass(frozen=True)
class Thing:
    """Rows of the database, and the entry that they make; None when nothing of it waits."""

    rows: tuple[Any, ...]
    expected: Expected | None


def flags(moment: datetime, number: int) -> st.SearchStrategy[Thing]:
    def make(label: str, acknowledged: bool, channel: str) -> Thing:
        row = rows.flag(moment, label, channel=channel, acknowledged_at=NOW if acknowledged else None)
        kind = Kind.SAFETY if label.startswith("safety/") else Kind.ALERT
        expected = Expected(kind, LABELS.index(label) if label in ORDER_OF_URGENCY else 10, moment, row.id, channel)
        if kind is Kind.ALERT:
            expected = Expected(kind, 11, moment, row.id, channel)
        return Thing((row,), None if acknowledged else expected)

    return st.builds(make, st.sampled_from(LABELS), st.booleans(), st.sampled_from(("web", "sms")))


def notices(moment: datetime, number: int) -> st.SearchStrategy[Thing]:
    def make(urgency: str, failed: bool, handled: bool) -> Thing:
        row = rows.notice(
            moment, urgency=urgency, failed_at=moment if failed else None, handled_at=NOW if handled else None
        )
        rank = 20 if urgency == "urgent" else 21
        waits = failed and not handled
        return Thing((row,), Expected(Kind.SEND, rank, moment, row.id, "web") if waits else None)

    return st.builds(make, st.sampled_from(("urgent", "ordinary")), st.booleans(), st.booleans())


def texts(moment: datetime, number: int) -> st.SearchStrategy[Thing]:
    """Each kind of trouble also sets a flag, as the channel does; the trouble must be in the queue once."""

    def make(trouble: str, handled: bool) -> Thing:
        carrier_id, ended = f"SM{number}", {"handled_at": NOW if handled else None}
        settled = {"acknowledged_at": NOW if handled else None, "channel": "sms", "conversation_id": "sms-1"}
        key = str(number)
        if trouble == "failed":
            text = rows.outgoing_text(moment, id=number, failed_at=moment, **ended)
            told = (rows.flag(moment, "text_not_delivered", turn_id=f"text-{number}", **settled),)
        elif trouble == "by report":
            text, key = None, f"flag-{number}"
            told = (rows.flag(moment, "text_not_delivered", id=key, turn_id=carrier_id, **settled),)
        else:
            text = rows.outgoing_text(
                moment - timedelta(hours=1), id=number, sent_at=moment, carrier_id=carrier_id, **ended
            )
            told = (rows.delivery_report(moment, carrier_id, trouble),)
            if trouble == "undelivered":
                told += (rows.flag(moment, "text_not_delivered", turn_id=carrier_id, **settled),)
        waits = trouble != "delivered" and not handled
        made = told if text is None else (text, *told)
        return Thing(made, Expected(Kind.SEND, 21, moment, key, "sms") if waits else None)

    troubles = ("failed", "undelivered", "delivered", "by report")
    return st.builds(make, st.sampled_from(troubles), st.booleans())


def work(moment: datetime, number: int) -> st.SearchStrategy[Thing]:
    def make(make_row: Callable[..., Any], status: str, urgency: str, assignee: str | None) -> Thing:
        is_message = make_row is rows.message
        values = {"assignee": assignee, "channel": "sms", "status": status}
        if status == "contacted":
            values |= {"first_contact_at": moment, "updated_at": NOW}
        row = make_row(moment, **values, **({"urgency": urgency} if is_message else {}))
        rank = {"open": 30 if is_message and urgency == "urgent" else 31}.get(status, 32)
        forgotten = status == "contacted" and moment <= NOW - timedelta(days=2)
        waits = status == "open" or forgotten or status == "withdrawn"
        kind = Kind.MESSAGE if is_message else Kind.REQUEST
        return Thing((row,), Expected(kind, rank, moment, row.id, "sms", assignee) if waits else None)

    return st.builds(
        make,
        st.sampled_from((rows.request, rows.message)),
        st.sampled_from(("open", "contacted", "booked", "closed", "withdrawn")),
        st.sampled_from(("urgent", "ordinary")),
        st.sampled_from((None, ME, "jo")),
    )


def conversations(moment: datetime, number: int) -> st.SearchStrategy[Thing]:
    def make(attention: str | None, read: str, thumbs: bool, judged: bool) -> Thing:
        own = f"conversation-{number}"
        made = [rows.conversation(moment, own, attention), rows.turn(moment, own, 1, number, "m-1")]
        if read != "never":
            # Read to its end before the visitor's verdict or after it, or only in part.
            at = moment + timedelta(minutes=-1 if read == "before" else 1)
            made.append(rows.conversation_review(at, own, 2 if read == "in part" else 3))
        if thumbs:
            made.append(rows.thumbs_down(moment, own, "m-1"))
        if judged:
            made.append(rows.turn_review(moment + timedelta(minutes=1), own, number))
        not_helpful = thumbs and not judged and read in ("never", "before")
        unread = attention is not None and read in ("never", "in part")
        if not (not_helpful or unread):
            return Thing(tuple(made), None)
        rank = 40 if not_helpful else ATTENTION_RANKS[str(attention)]
        return Thing(tuple(made), Expected(Kind.REVIEW, rank, moment, own, "web"))

    return st.builds(
        make,
        st.sampled_from((None, *ATTENTION_RANKS)),
        st.sampled_from(("never", "before", "after", "in part")),
        st.booleans(),
        st.booleans(),
    )


@st.composite
def things(draw: st.DrawFn, first: int) -> list[Thing]:
    made = []
    for number in range(first, first + draw(st.integers(12, 24))):
        source = draw(st.sampled_from((flags, notices, texts, work, conversations)))
        # Moments fall together now and then; an entry's place must not be left to chance then.
        moment = NOW - timedelta(hours=draw(st.integers(1, 80)))
        made.append(draw(source(moment, number)))
    return made


FILTERS = st.builds(
    QueueFilters,
    kind=st.sampled_from(("", "", *(kind.value for kind in Kind))),
    owner=st.sampled_from(("", "", "mine", "unassigned")),
    channel=st.sampled_from(("", "", "web", "sms")),
    older=st.sampled_from(("", "", *AGES)),
)


def fits(expected: Expected, filters: QueueFilters, role: Role) -> bool:
    return (
        expected.kind in kinds_of(role)
        and filters.kind in ("", expected.kind.value)
        and (filters.owner != "mine" or expected.assignee == ME)
        and (filters.owner != "unassigned" or expected.assignee is None)
        and filters.channel in ("", expected.channel)
        and (not filters.older or expected.since <= NOW - AGES[filters.older])
    )


def all_pages(engine: Engine, role: Role, filters: QueueFilters) -> list[Entry]:
    entries: list[Entry] = []
    number, last = 1, 1
    while number <= last:
        page = read_page(engine, Look(role, ME, QueueFilters(**{**vars(filters), "page": number}), NOW))
        assert page.number == number
        assert len(page.entries) <= PAGE
        entries += page.entries
        number, last = number + 1, page.last
    return entries


@given(before=things(1), come=things(100), filters=FILTERS, role=st.sampled_from(Role))
# What fails is told at once: making it smaller would take minutes.
@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
def test_each_page_is_in_order_and_fits_its_filters_also_after_more_came_in(
    engine: Engine, before: list[Thing], come: list[Thing], filters: QueueFilters, role: Role
) -> None:
    rows.forget_everything(engine)
    waiting: list[Expected] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(queue_entries, "PAGE_SIZE", PAGE)
        for batch in (before, come):
            rows.store(engine, *(row for thing in batch for row in thing.rows))
            waiting = sorted(
                (*waiting, *(thing.expected for thing in batch if thing.expected)), key=lambda one: one.place
            )
            for who, narrowed in ((role, filters), (Role.ADMIN, QueueFilters())):
                shown = all_pages(engine, who, narrowed)
                assert [(entry.kind, entry.key, entry.rank, entry.since) for entry in shown] == [
                    (one.kind, one.key, one.rank, one.since) for one in waiting if fits(one, narrowed, who)
                ]


def test_known_safety_labels_come_before_all_else() -> None:
    assert len(ORDER_OF_URGENCY) <= min(Rank)


def test_every_safety_label_has_a_place() -> None:
    labels = yaml.safe_load((PROJECT_ROOT / "data" / "labels.yml").read_text(encoding="utf-8"))["labels"]
    assert {label for label, about in labels.items() if about["group"] == "safety"} == set(ORDER_OF_URGENCY)


def test_a_page_that_is_no_longer_there_becomes_the_last_one(engine: Engine) -> None:
    rows.store(engine, *(rows.flag(NOW) for _ in range(51)))
    page = read_page(engine, Look(Role.READER, ME, QueueFilters(page=9), NOW))
    assert (page.number, page.last, len(page.entries)) == (2, 2, 1)


def test_the_turn_of_a_flag_is_found_once_it_is_in_the_log(engine: Engine) -> None:
    rows.store(engine, rows.flag(NOW, turn_id="m-7", conversation_id="c-7"))
    look = Look(Role.READER, ME, QueueFilters(), NOW)
    assert read_page(engine, look).entries[0].ordinal is None
    rows.store(engine, rows.turn(NOW, "c-7", 4, 1, "m-7"), rows.turn(NOW, "c-8", 9, 2, "m-7"))
    assert read_page(engine, look).entries[0].ordinal == 4


def test_the_number_of_queries_does_not_grow_with_what_waits(engine: Engine) -> None:
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _cursor, statement, *_rest: asked.append(statement))
    look = Look(Role.ADMIN, ME, QueueFilters(), NOW)
    few_and_many = []
    for count in (1, 60):
        rows.store(
            engine, *(row for _ in range(count) for row in (rows.flag(NOW), rows.request(NOW), rows.notice(NOW)))
        )
        asked.clear()
        read_page(engine, look)
        few_and_many.append(len(asked))
    assert few_and_many == [2, 2]

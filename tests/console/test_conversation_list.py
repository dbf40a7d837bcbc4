"""The list of conversations: what each filter lets through, days in the clinic's zone, pages by keyset."""

import shutil
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Engine

from clinic.database import make_engine, transaction
from clinic.flags import Flag
from console import conversation_list
from console.conversation_conditions import beginning_of
from console.conversation_filters import TITLES, ConversationFilters, FiltersError, read_filters
from console.conversation_list import ListedConversation, list_conversations
from console.conversation_view import read_conversation
from console.keyset import Place
from console.searches import delete_search, name_search, named_searches, store_search
from console.shown_turns import read_turn
from console.turn_marks import Mark, mark_turn
from conversations.feedback import Feedback
from conversations.reviews import ConversationReview
from tests.console.talk_rows import NOON, forget_talks, store_talk, turn
from tests.migrated_databases import postgresql

CHICAGO = ZoneInfo("America/Chicago")
PAGE = 3
TEXTS = ("what causes milia", "CUÁNTO cuesta", "cuanto dura", "100% off_now \\ done", "¿Tienen cáncer los niños?", "")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, migrated_file: Path) -> Iterator[Engine]:
    """One of each kind for all tests of this file."""
    if request.param == "postgresql":
        yield from postgresql()
        return
    copy = migrated_file.with_name("conversation_list.sqlite3")
    shutil.copy(migrated_file, copy)
    made = make_engine(f"sqlite:///{copy}")
    yield made
    made.dispose()


@pytest.fixture
def engine(database: Engine) -> Engine:
    forget_talks(database)
    return database


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation_list, "ROWS_OF_A_PAGE", PAGE)


def found(engine: Engine, **filters: Any) -> list[str]:
    return [row.conversation_id for row in pages_from(engine, ConversationFilters(**filters))]


def pages_from(engine: Engine, filters: ConversationFilters) -> Iterator[ListedConversation]:
    """All rows, from page to page as the links lead."""
    older: Place | None = None
    while True:
        page = list_conversations(engine, filters, CHICAGO, older_than=older)
        yield from page.rows
        if page.older is None:
            return
        older = Place.read(page.older.written)


def test_words_are_found_in_any_case_with_and_without_accents(engine: Engine) -> None:
    for number, text in enumerate(TEXTS):
        store_talk(engine, f"talk-{number}", [turn(text)], began=NOON + timedelta(hours=number))
    assert found(engine, words="cuanto") == ["talk-2", "talk-1"]
    assert found(engine, words="Cuánto CUESTA") == ["talk-1"]
    assert found(engine, words="ninos cancer") == ["talk-4"]
    assert found(engine, words="causes milia") == ["talk-0"]
    assert found(engine, words="causes cuesta") == []


@pytest.mark.parametrize(("words", "expected"), [("100%", 1), ("%", 1), ("f_n", 1), ("_", 1), ("\\", 1), ("1_0", 0)])
def test_signs_of_patterns_stand_for_themselves(engine: Engine, words: str, expected: int) -> None:
    store_talk(engine, "talk-1", [turn(TEXTS[3])])
    store_talk(engine, "talk-2", [turn("one hundred off now")])
    assert len(found(engine, words=words)) == expected


def test_all_filters_of_a_message_are_about_the_same_message(engine: Engine) -> None:
    first = turn("what causes them", label="faq/causes", confidence=0.9)
    second = turn("does it hurt", label="faq/are_milia_painful", confidence=0.3, outcome="clarified")
    store_talk(engine, "talk-1", [first, second])
    with transaction(engine) as session:
        session.add(Feedback(conversation_id="talk-1", message_id="talk-1-1", helpful=False, given_at=NOON))
    assert found(engine, label="faq/causes", least=80) == ["talk-1"]
    assert found(engine, label="faq/causes", most=80) == []
    assert found(engine, words="hurt", outcome="clarified", most=30) == ["talk-1"]
    assert found(engine, words="hurt", feedback="down") == []
    assert found(engine, label="faq/causes", feedback="down") == ["talk-1"]
    assert found(engine, feedback="up") == []


def test_the_row_shows_the_message_that_was_found(engine: Engine) -> None:
    store_talk(engine, "talk-1", [turn("hello"), turn("does it hurt"), turn("and does removal hurt")])
    (row,) = list_conversations(engine, ConversationFilters(words="hurt"), CHICAGO).rows
    assert row.snippet is not None
    assert (row.snippet.ordinal, row.snippet.text, row.address) == (2, "does it hurt", "/conversations/talk-1#turn-2")
    (row,) = list_conversations(engine, ConversationFilters(), CHICAGO).rows
    assert row.snippet is not None
    assert row.snippet.text == "hello"


def test_shown_per_cent_are_found_at_their_own_bounds(engine: Engine) -> None:
    for number, confidence in enumerate((0.494, 0.496, 0.504, 0.506, None)):
        store_talk(engine, f"talk-{number}", [turn(confidence=confidence)], began=NOON + timedelta(hours=number))
    assert found(engine, least=50, most=50) == ["talk-2", "talk-1"]
    assert found(engine, least=51) == ["talk-3"]
    assert found(engine, most=49) == ["talk-0"]


def test_flags_and_reviews_tell_conversations_apart(engine: Engine) -> None:
    for number in range(4):
        store_talk(engine, f"talk-{number}", [turn(), turn()], began=NOON + timedelta(hours=number))
    store_talk(engine, "talk-4", [turn(safety="safety/emergency", outcome="safety")], began=NOON + timedelta(hours=4))
    with transaction(engine) as session:
        for number, seen_at in ((0, None), (1, NOON)):
            session.add(
                Flag(
                    id=f"flag-{number}",
                    conversation_id=f"talk-{number}",
                    turn_id=f"talk-{number}-1",
                    label="safety/emergency",
                    channel="web",
                    created_at=NOON,
                    acknowledged_at=seen_at,
                )
            )
        for number, seen in ((2, 2), (3, 1)):
            session.add(
                ConversationReview(
                    conversation_id=f"talk-{number}", turns_seen=seen, reviewed_by="dana", reviewed_at=NOON
                )
            )
    assert found(engine, flag="waiting") == ["talk-0"]
    assert found(engine, flag="acknowledged") == ["talk-1"]
    assert found(engine, flag="safety") == ["talk-4"]
    assert found(engine, review="reviewed") == ["talk-2"]
    assert found(engine, review="changed") == ["talk-3"]
    assert found(engine, review="unreviewed") == ["talk-4", "talk-1", "talk-0"]


def test_a_day_is_the_clinics_day_of_the_last_activity_also_when_the_clocks_change(engine: Engine) -> None:
    # In Chicago the clocks went back on 1 November 2026: that day had 25 hours, from 05:00 to 06:00 UTC the next day.
    moments = {
        "before": datetime(2026, 11, 1, 4, 59, 59, tzinfo=timezone.utc),
        "first": datetime(2026, 11, 1, 5, 0, tzinfo=timezone.utc),
        "one o'clock": datetime(2026, 11, 1, 6, 30, tzinfo=timezone.utc),
        "one o'clock again": datetime(2026, 11, 1, 7, 30, tzinfo=timezone.utc),
        "last": datetime(2026, 11, 2, 5, 59, 59, tzinfo=timezone.utc),
        "after": datetime(2026, 11, 2, 6, 0, tzinfo=timezone.utc),
    }
    for name, moment in moments.items():
        # Begun two days before: only the last activity counts.
        began = turn(started_at=moment - timedelta(days=2))
        store_talk(engine, name, [began, turn(started_at=moment)])
    day = date(2026, 11, 1)
    assert found(engine, since=day, until=day) == ["last", "one o'clock again", "one o'clock", "first"]
    assert found(engine, until=date(2026, 10, 31)) == ["before"]
    assert found(engine, since=date(2026, 11, 2)) == ["after"]


def test_a_day_whose_midnight_is_skipped_begins_at_its_first_moment() -> None:
    # In Santiago the clocks went from 24:00 to 01:00 on 6 September 2026.
    assert beginning_of(date(2026, 9, 6), ZoneInfo("America/Santiago")) == datetime(
        2026, 9, 6, 4, 0, tzinfo=timezone.utc
    )


def test_pages_lead_back_and_forth(engine: Engine) -> None:
    # All at one moment, so that only the id tells which comes first.
    for number in range(7):
        store_talk(engine, f"talk-{number}")
    every = ConversationFilters()
    first = list_conversations(engine, every, CHICAGO)
    assert (first.newer, [row.conversation_id for row in first.rows]) == (None, ["talk-6", "talk-5", "talk-4"])
    second = list_conversations(engine, every, CHICAGO, older_than=first.older)
    third = list_conversations(engine, every, CHICAGO, older_than=second.older)
    assert [row.conversation_id for row in third.rows] == ["talk-0"]
    assert third.older is None
    back = list_conversations(engine, every, CHICAGO, newer_than=third.newer)
    assert back.rows == second.rows
    start = list_conversations(engine, every, CHICAGO, newer_than=back.newer)
    assert start == first


def test_a_conversation_is_read_and_marked_and_a_search_kept(engine: Engine) -> None:
    event_id, _ = store_talk(engine, "talk-1", [turn("how long", label="faq/causes"), turn(outcome="fallback")])
    found = read_turn(engine, "talk-1", event_id)
    assert found is not None
    mark_turn(engine, found.row, Mark("relabel", "faq/how_removed"), "dana", None)
    page = read_conversation(engine, "talk-1", with_work=True)
    assert page is not None
    first = page.turns[0]
    assert first.review is not None
    assert (first.review.label, first.correction.label if first.correction else None) == ("faq/how_removed",) * 2
    assert ([jump.ordinal for jump in page.jumps], page.marked, page.requests) == ([2], 1, [])
    assert read_conversation(engine, "talk-2") is None
    search_id = store_search(engine, "dana", ConversationFilters(words="how"))
    assert name_search(engine, "dana", search_id, "How")
    assert [search.filters.words for search in named_searches(engine, "dana")] == ["how"]
    assert delete_search(engine, "dana", search_id)


@pytest.mark.parametrize("text", ["", "1", "x.talk", "-1.talk", "1.", "99999999999999999.talk", "١.talk"])
def test_an_address_without_a_place_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no place"):
        Place.read(text)


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"channel": "fax"}, {"channel"}),
        ({"label": "faq/nothing"}, {"label"}),
        ({"since": "yesterday", "until": "9999-01-01"}, {"since", "until"}),
        ({"since": "2026-11-02", "until": "2026-11-01"}, {"until"}),
        ({"least": "101"}, {"least"}),
        ({"least": "-1", "most": "²"}, {"least", "most"}),
        ({"least": "60", "most": "50"}, {"most"}),
        ({"words": "a b c d e f g h i"}, {"words"}),
        ({"words": "x" * 201}, {"words"}),
    ],
)
def test_filters_that_make_no_sense_are_refused_by_field(values: dict[str, str], fields: set[str]) -> None:
    with pytest.raises(FiltersError) as refused:
        read_filters(values)
    assert set(refused.value.problems) == fields


def test_filters_come_back_from_what_is_stored() -> None:
    values = {
        "words": "does it hurt",
        "channel": "sms",
        "language": "es",
        "since": "2026-11-01",
        "until": "2026-11-02",
        "label": "faq/causes",
        "least": "0",
        "most": "50",
        "outcome": "answered",
        "flag": "waiting",
        "feedback": "down",
        "review": "changed",
    }
    assert set(values) == set(TITLES)
    assert read_filters(values).values() == values
    assert read_filters({}) == ConversationFilters()


@dataclass(frozen=True)
class Talk:
    """A conversation, and what the filters must say of it by rules in words and not by the queries."""

    minute: int
    text: str
    label: str
    confidence: float
    channel: str
    helpful: bool | None

    def fits(self, filters: ConversationFilters) -> bool:
        words = all(_folded(word) in _folded(self.text) for word in filters.words.split())
        surely = filters.least is None or round(self.confidence * 100) >= filters.least
        thumbs = {"": True, "up": self.helpful is True, "down": self.helpful is False}[filters.feedback]
        same = filters.label in ("", self.label) and filters.channel in ("", self.channel)
        return words and surely and thumbs and same


def _folded(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(letter))


TALKS = st.builds(
    Talk,
    minute=st.integers(0, 20),
    text=st.sampled_from(TEXTS),
    label=st.sampled_from(("faq/causes", "out_of_scope")),
    confidence=st.sampled_from((0.2, 0.5, 0.9)),
    channel=st.sampled_from(("web", "sms")),
    helpful=st.sampled_from((None, True, False)),
)
FILTERS = st.builds(
    ConversationFilters,
    words=st.sampled_from(("", "", "cuanto", "CAUSES", "%")),
    channel=st.sampled_from(("", "", "web")),
    label=st.sampled_from(("", "", "faq/causes")),
    least=st.sampled_from((None, None, 50)),
    feedback=st.sampled_from(("", "", "up", "down")),
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(before=st.lists(TALKS, max_size=10), between=st.lists(TALKS, max_size=4), filters=FILTERS)
def test_pages_show_what_fits_and_nothing_twice_while_more_comes_in(
    engine: Engine,
    before: list[Talk],
    between: list[Talk],
    filters: ConversationFilters,
) -> None:
    forget_talks(engine)
    known = {f"before-{number}": talk for number, talk in enumerate(before)}
    later = {f"between-{number}": talk for number, talk in enumerate(between)}
    _store(engine, known, first_event=1)
    shown = []
    for row in pages_from(engine, filters):
        shown.append(row.conversation_id)
        if later and len(shown) == PAGE:
            _store(engine, later, first_event=100)
            known |= later
            later = {}
    assert len(shown) == len(set(shown))
    assert all(known[name].fits(filters) for name in shown)
    places = [(known[name].minute, name) for name in shown]
    assert places == sorted(places, reverse=True)
    assert set(shown) >= {name for name, talk in known.items() if name.startswith("before") and talk.fits(filters)}


def _store(engine: Engine, talks: dict[str, Talk], first_event: int) -> None:
    for number, (name, talk) in enumerate(talks.items()):
        values = {"label": talk.label, "confidence": talk.confidence, "channel": talk.channel}
        began = NOON + timedelta(minutes=talk.minute)
        store_talk(engine, name, [turn(talk.text, **values)], began=began, first_event=first_event + number)
        if talk.helpful is not None:
            with transaction(engine) as session:
                session.add(Feedback(conversation_id=name, message_id=f"{name}-1", helpful=talk.helpful, given_at=NOON))

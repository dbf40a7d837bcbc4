"""Where the visitor says when they would like to come: one phrase, word for word.

Dates are not worked out: "not before noon on wednesday" is turned into its opposite by the usual parsers, and the staff
read the words.
"""

from __future__ import annotations

import re

from clinic.readings.finders.plain_text import COVER, Found, PlainText, word_set
from clinic.readings.finders.time_limits import is_limit, widened
from clinic.readings.finders.time_mends import mended_start
from clinic.readings.finders.time_wishes import is_wish
from clinic.readings.finders.time_words import (
    BREAK,
    JOIN,
    OCCASION,
    OPEN,
    PART,
    PAST,
    SOFT,
    SPELL,
    SURE,
    TAIL,
    TIMELY,
    WORD,
    TimeItem,
    time_items,
)

_NO = re.compile(r"(?:no+|not? yet|nope)(?: ?[,.!;:-]+ {0,2}|, )(?=\w)")
_MOST_JOINS = 9
_LONGEST_BETWEEN = 30
_MOST_WORDS_BETWEEN = 2
_BEGINNINGS = word_set(
    "not no before after around about any next nxt this coming following early late mid either between "
    "from except until till til by at @ in only sometime some every all most "
    "other earlier later past anything can't cant cannot don't dont won't wont preferably ideally "
    "sooner starting anywhere always usually vs both like anytime"
)
_ON_THE_WAY = _BEGINNINGS | word_set("the of but than day days or do make work on want time times week a")
_BEFORE_THE = frozenset(
    {
        "of",
        "or",
        "than",
        "do",
        "make",
        "work",
        "on",
        "want",
        "time",
        "times",
        "a",
        "but",
        "the",
        "day",
        "days",
        "week",
        "in",
        "anything",
    }
)
_KEPT_BEFORE = {
    "the": frozenset({"week", "next", "following"}),
    "in": frozenset({"the"}),
    "anything": frozenset({"but", "except", "after", "before", "other"}),
}
_LEADS_TO = {
    "about": frozenset({"how", "what"}),
    "coming": frozenset({"i'm", "im", "am", "we're", "he's", "she's", "is", "are", "be"}),
}
_MOVES = frozenset({"move", "change", "switch", "reschedule", "push", "bump"})
_NEGATIONS = frozenset(
    {("not"), "no", "doesn't", "doesnt", "don't", "dont", "won't", "wont", "can't", "cant", "cannot"}
)
_AFTER_NEGATION = word_set("work works working good great best ok okay fine open free available do make")
_ENDINGS = frozenset({"later", "earlier", "only", "sharp", "instead", "ish", "preferably", "ideally"})


def scan_times(message: PlainText) -> list[Found]:
    """The preferred time, from its first connected word to its last, or nothing: at most one find.

    Names, phones and e-mail addresses are expected to be covered.
    """
    items = time_items(message)
    runs = [run for run in time_runs(items) if is_wish(message, items, run)]
    if not runs:
        return []
    joined = _joined(runs, items)
    places = [widened(message, items[start].start, items[end - 1].end) for start, end in joined]
    best = max(range(len(joined)), key=lambda index: _weight(items[slice(*joined[index])]))
    start, end = _with_limits(message, places, best)
    answered = _NO.match(message.lower, start, end)
    start = answered.end() if answered else start
    start += mended_start(message.plain[start:end])
    return [Found(start, end, message.plain[start:end])]


def _with_limits(message: PlainText, places: list[tuple[int, int]], best: int) -> tuple[int, int]:
    """The wish and the limits beside it: "Monday is out. Tuesday works"."""
    start, end = places[best]
    for one, other in places[:best] + places[best + 1 :]:
        limited = is_limit(message.plain[one:other]) or is_limit(message.plain[start:end])
        between = message.plain[min(end, other) : max(start, one)]
        if limited and COVER not in between and "?" not in between and len(between) <= _LONGEST_BETWEEN:
            start, end = min(start, one), max(end, other)
    return start, end


def time_runs(items: list[TimeItem]) -> list[tuple[int, int]]:
    """Stretches of connected time items, as (first, one past the last) in `items`, with what belongs to them."""
    runs: list[tuple[int, int]] = []
    for index, item in enumerate(items):
        if item.kind not in TIMELY:
            continue
        if runs and _connects(items[runs[-1][1] : index]):
            runs[-1] = (runs[-1][0], index + 1)
        else:
            runs.append((index, index + 1))
    grown = [(_grown_left(items, start), _grown_right(items, end)) for start, end in runs]
    return [(_after_the_move(items, start, end), end) for start, end in grown]


def _after_the_move(items: list[TimeItem], start: int, end: int) -> int:
    """ "Move it from Tuesday to Friday" asks for Friday."""
    lead = {item.text for item in items[max(0, start - 6) : start]}
    to = next((index for index in range(start, end) if items[index].text == "to"), None)
    if items[start].text != "from" or to is None or to + 1 >= end or lead.isdisjoint(_MOVES):
        return start
    return to + 1


def _connects(between: list[TimeItem]) -> bool:
    """Whether two times are one wish: only connecting words between them, and a full stop at most."""
    kinds = [item.kind for item in between]
    if len(kinds) > _MOST_JOINS or PAST in kinds or SPELL in kinds or WORD in kinds:
        return False
    breaks = [item for item in between if item.kind == BREAK]
    return len(breaks) <= 1 and all(item.text in ".;\n" for item in breaks)


def _grown_left(items: list[TimeItem], start: int) -> int:
    """Back over "any day but", "can't do", "not before": what would turn the wish round if it were left out."""
    first = start
    while first > 0 and (items[first - 1].text in _ON_THE_WAY or items[first - 1].kind in (SOFT, OCCASION)):
        first -= 1
    while (
        first < start
        and items[first].kind not in (SOFT, OCCASION)
        and items[first].text in _BEFORE_THE
        and not _begins_anyway(items, first)
    ):
        first += 1
    return first + 1 if first < start and _leads_in(items, first) else first


def _leads_in(items: list[TimeItem], index: int) -> bool:
    """The "about" of "how about Friday", the "coming" of "I'm coming Friday"; that of "this coming Friday" stays."""
    before = items[index - 1].text if index > 0 else ""
    return before in _LEADS_TO.get(items[index].text, frozenset())


def _begins_anyway(items: list[TimeItem], index: int) -> bool:
    """ "The week of the 14th", "in the morning", "anything but Monday" keep their beginning; "in tomorrow" not."""
    following = items[index + 1].text if index + 1 < len(items) else ""
    return following in _KEPT_BEFORE.get(items[index].text, frozenset())


def _grown_right(items: list[TimeItem], end: int) -> int:
    """On over "if you're open", "or later", "doesn't work"."""
    last = end
    for index in range(end, min(end + 5, len(items))):
        item = items[index]
        if (
            item.kind in (TAIL, SOFT, OCCASION)
            or (item.kind == JOIN and (item.text in _ENDINGS or item.text in _NEGATIONS))
            or (
                item.kind == JOIN
                and last == index
                and item.text in _AFTER_NEGATION
                and items[index - 1].text in _NEGATIONS
            )
        ):
            last = index + 1
        elif item.kind != JOIN or (item.text in {"and", "or", "but"} and not _leads_to_tail(items, index)):
            break
    while last > end and items[last - 1].text in {"no", "not"}:
        last -= 1
    return last


def _leads_to_tail(items: list[TimeItem], index: int) -> bool:
    return index + 1 < len(items) and (
        items[index + 1].kind in (TAIL, SOFT, OCCASION) or items[index + 1].text in _ENDINGS
    )


def _joined(runs: list[tuple[int, int]], items: list[TimeItem]) -> list[tuple[int, int]]:
    """Runs with hardly a word between them, in one sentence, are one wish ("Friday for removal or Monday")."""
    joined = [runs[0]]
    for run in runs[1:]:
        between = items[joined[-1][1] : run[0]]
        words = [item for item in between if item.kind == WORD]
        apart = any(item.kind in (BREAK, PAST, SPELL) or item.text == COVER for item in between)
        if not apart and len(words) <= _MOST_WORDS_BETWEEN and len(between) <= _MOST_JOINS:
            joined[-1] = (joined[-1][0], run[1])
        else:
            joined.append(run)
    return joined


def _weight(items: list[TimeItem]) -> tuple[int, int]:
    """Days and hours count most, then parts of the day; of equals the first is taken."""
    return sum(item.kind in SURE for item in items), sum(item.kind in (PART, OPEN) for item in items)

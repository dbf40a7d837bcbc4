"""Where the visitor says when they would like to come: one phrase, word for word.

Dates are not worked out: "not before noon on wednesday" is turned into its opposite by the usual parsers, and the staff
read the words. The finder tells a wish from history ("since May", "for 3 weeks") and from habit ("at night I use
retinol") by the words around it, as well as words can tell; where none of them says which, a day or an hour counts as a
wish and a bare "morning" does not.
"""

from __future__ import annotations

import re

from nlu.detail_finders.plain_text import COVER, Found, PlainText, word_set
from nlu.detail_finders.time_words import (
    BREAK,
    JOIN,
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

_MOST_JOINS = 9
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
_NEGATIONS = frozenset(
    {("not"), "no", "doesn't", "doesnt", "don't", "dont", "won't", "wont", "can't", "cant", "cannot"}
)
_AFTER_NEGATION = word_set("work works working good great best ok okay fine open free available do make")
_ENDINGS = frozenset({"later", "earlier", "only", "sharp", "instead", "ish", "preferably", "ideally"})
_WISH = re.compile(
    r"\b(?:appointments?|appts?|apts?|book(?:ing)?|schedule|come|coming|see (?:you|someone|a|the|dr"
    r"|doctor|him|her)|availab\w*|avail|openings?|slots?|prefer\w*|works?|best|better|good|great|free"
    r"|can (?:i|you|we|u)|could|would"
    r"|i'd|i'll|want|need|how about|what about|have anything|move|reschedul\w*|switch|removal|visit"
    r"|consult\w*|call(?: me)?|reach|text me|off|hoping|hope|request|in for|get in|fit me|squeeze me"
    r"|let's|lets|please|pls|plz|make it"
    r"|instead|rather|looking|interested|try|do|any|whatever|time is|times?:|when:)\b|^\W*$"
)
_FIRM_WISH = re.compile(
    r"\b(?:appointments?|appts?|apts?|book(?:ing)?|schedule|come in|come by|availab\w*|avail|openings?"
    r"|open|slots?|prefer\w*|reschedul\w*|fit me|squeeze me in|get in|works?|better|best|see (?:you"
    r"|someone|the doctor|a doctor))\b"
)
_HISTORY = re.compile(
    r"\b(?:since|started|began|begun|appeared|showed|noticed|had|been|popped|got|was|were|used|using"
    r"|happened|came|saw|did|tried|bought|went|squeezed|picked|scratched|removed|extracted|diagnosed"
    r"|born|ago|birth"
    r"|called|left|told|said|texted|messaged|missed|due|gotten|developed|formed|woke|ate|took|booked"
    r"|scheduled|burned|burnt|burn|sunburn|hurt|cut|worse|grew|again|gets|get them|from when|have (?:a"
    r"|an|my) (?:appointment|appt|apt|visit|booking))\b"
)
_HABIT = re.compile(
    r"\b(?:use|apply|put|wear|wash|take|moisturi[sz]\w*|exfoliat\w*|sleep|skin (?:is|gets|feels)"
    r"|retinol\w*|retinoids?|tretinoin|creams?|serum|routine|sunscreen|spf|itch\w*|hurts?|burns?|wake"
    r"|dry|oily|red|swell\w*|swollen|worse|every (?:night|morning|evening|day)|daily|my face|makeup)\b"
)
OPENING_HOURS = re.compile(
    r"(?:\b(?:are|r) (?:you|u|ya|y'?all|they|yall|the \w+)(?: guys)? (?:even |also |still )?(?:open"
    r"|closed)|\b(?:what|which) (?:time|hours|days)|\bhours\b|\bdo (?:you|u|they) (?:guys )?(?:open"
    r"|close|work)\b|\bis (?:the |your )?(?:clinic|office|place|it) (?:open|closed)|\bopen (?:on|at)\b"
    r"|\bopen\W*$)[^?]*$"
)
_OLD_APPOINTMENT = re.compile(r"[' s]{0,3}(?:appointment|appt|apt|visit|booking|one|slot)s?\b")
_LEAVING_FROM = re.compile(r"\b(?:move|change|switch|resched\w*|push|bump)\b[^.?!]{0,40}\bfrom $")
_CLAUSE = 90


def scan_times(message: PlainText) -> list[Found]:
    """The preferred time, from its first connected word to its last, or nothing: at most one find.

    Names, phones and e-mail addresses are expected to be covered.
    """
    items = time_items(message)
    runs = [run for run in time_runs(items) if _is_wish(message, items, run)]
    if not runs:
        return []
    start, end = max(_joined(runs, items), key=lambda run: _weight(items[run[0] : run[1]]))
    return [Found(items[start].start, items[end - 1].end, message.plain[items[start].start : items[end - 1].end])]


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
    return [_grown(items, start, end) for start, end in runs]


def _connects(between: list[TimeItem]) -> bool:
    """Whether two times are one wish: only connecting words between them, and a full stop at most."""
    kinds = [item.kind for item in between]
    if len(kinds) > _MOST_JOINS or PAST in kinds or SPELL in kinds or WORD in kinds:
        return False
    breaks = [item for item in between if item.kind == BREAK]
    return len(breaks) <= 1 and all(item.text in ".;\n" for item in breaks)


def _grown(items: list[TimeItem], start: int, end: int) -> tuple[int, int]:
    return _grown_left(items, start), _grown_right(items, end)


def _grown_left(items: list[TimeItem], start: int) -> int:
    """Back over "any day but", "can't do", "not before": what would turn the wish round if it were left out."""
    first = start
    while first > 0 and (items[first - 1].text in _ON_THE_WAY or items[first - 1].kind == SOFT):
        first -= 1
    while (
        first < start
        and items[first].kind != SOFT
        and items[first].text in _BEFORE_THE
        and not _begins_anyway(items, first)
    ):
        first += 1
    return first


def _begins_anyway(items: list[TimeItem], index: int) -> bool:
    """ "The week of the 14th", "in the morning" and "anything but Monday" keep their beginning; "in tomorrow" does not."""
    following = items[index + 1].text if index + 1 < len(items) else ""
    return following in _KEPT_BEFORE.get(items[index].text, frozenset())


def _grown_right(items: list[TimeItem], end: int) -> int:
    """On over "if you're open", "or later", "doesn't work"."""
    last = end
    for index in range(end, min(end + 5, len(items))):
        item = items[index]
        if (
            item.kind in (TAIL, SOFT)
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
    return index + 1 < len(items) and (items[index + 1].kind in (TAIL, SOFT) or items[index + 1].text in _ENDINGS)


def _is_wish(message: PlainText, items: list[TimeItem], run: tuple[int, int]) -> bool:
    before, after = _clause_around(message, items, run)
    kinds = {item.kind for item in items[run[0] : run[1]]}
    if OPENING_HOURS.search(before) or _LEAVING_FROM.search(before):
        return False
    if _OLD_APPOINTMENT.match(after) and re.search(
        r"\b(?:to|for|instead|move|change|cancel|resched\w*)\b", before + after
    ):
        return False
    if _last(_HISTORY, before) > _last(_WISH, before):
        return False
    firm = _FIRM_WISH.search(before) or _FIRM_WISH.search(after)
    if _HABIT.search(before + " " + after) and not firm:
        return False
    if kinds & SURE:
        return True
    others = [
        item
        for index, item in enumerate(items)
        if not run[0] <= index < run[1] and item.kind == WORD and item.text != COVER
    ]
    return (
        len(others) <= 2
        or firm is not None
        or (kinds == {OPEN} and _WISH.search(before) is not None and before.strip() != "")
    )


def _clause_around(message: PlainText, items: list[TimeItem], run: tuple[int, int]) -> tuple[str, str]:
    start, end = items[run[0]].start, items[run[1] - 1].end
    before = re.split(r"[.?!;\n]", message.lower[max(0, start - _CLAUSE) : start])[-1]
    after = re.split(r"[.?!;\n]", message.lower[end : end + _CLAUSE])[0]
    return before, after


def _last(pattern: re.Pattern[str], text: str) -> int:
    place = -1
    for match in pattern.finditer(text):
        place = match.end()
    return place


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

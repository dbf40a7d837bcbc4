"""Telling a wish for a time from the other reasons to name one.

History ("I have had it since May", "I popped one on Saturday"), habit ("at night I use retinol"), the course of things
("do they go away in a few weeks"), the clinic's hours and an appointment that exists already are told by the words
around the time, as well as words can tell. Where none of them says which, a day or an hour counts as a wish, and a bare
"morning" does not.
"""

from __future__ import annotations

import re

from clinic.readings.finders.plain_text import COVER, PlainText
from clinic.readings.finders.time_words import OPEN, SURE, WORD, TimeItem

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
    r"|someone|the doctor|a doctor)|i(?:'m| am|m) (?:off|free|open|available))\b"
)
_HISTORY = re.compile(
    r"\b(?:since|started|began|begun|appeared|showed|noticed|had|turned|been|popped|got|was|were|used|using"
    r"|happened|came|saw|did|tried|bought|went|squeezed|picked|scratched|removed|extracted|diagnosed"
    r"|born|ago|birth|dob|birthday|called|i left|left (?:a|you|it)"
    r"|told|said|texted|messaged|missed|due|gotten|developed|formed|woke|ate|took|booked"
    r"|scheduled|burned|burnt|burn|sunburn|hurt|cut|worse|grew|again|gets|get them|from when|have (?:a"
    r"|an|my) (?:appointment|appt|apt|visit|booking))\b"
)
_HABIT = re.compile(
    r"\b(?:use|apply|put|wear|wash|take|moisturi[sz]\w*|exfoliat\w*|sleep|skin (?:is|gets|feels)"
    r"|retinol\w*|retinoids?|tretinoin|creams?|serum|routine|sunscreen|spf|itch\w*|hurts?|burns?|wake"
    r"|dry|oily|red|swell\w*|swollen|worse|every (?:night|morning|evening|day)(?! (?:but|except|besides))|daily"
    r"|my face|makeup|go away|heal\w*|disappear\w*|clear up)\b"
)
OPENING_HOURS = re.compile(
    r"(?:\b(?:are|r) (?:you|u|ya|y'?all|they|yall|the \w+)(?: guys)? (?:even |also |still )?(?:open"
    r"|closed)|\b(?:what|which) (?:time|hours|days)|\bhours\b|\b(?:do|does) (?:you|u|they|(?:dr\.? )?\w+)"
    r" (?:guys )?(?:open|close|work)\b|\bis (?:the |your )?(?:clinic|office|place|it) (?:open|closed)"
    r"|\bopen (?:on|at)\b|(?<!i'm )(?<!im )(?<!i am )(?<!otherwise )\bopen\W*$)[^?]*$"
)
_APPOINTMENT = r"(?:appointment|appt|apt|visit|booking)s?\b"
_OLD_APPOINTMENT_AFTER = re.compile(rf"[' s]{{0,3}}(?:{_APPOINTMENT}|one\b|slot\b)")
_OLD_APPOINTMENT_BEFORE = re.compile(
    r"(?:\b(?:had|missed|miss|booked|cancel\w*|about|(?<!can )(?<!could )(?<!may )i have|i've got|have got|still have"
    rf"|already have) (?:a |an |my |the |our )?{_APPOINTMENT}|\bmy {_APPOINTMENT} (?:is|was|isn't)\b)[^.?!]{{0,12}}$"
)
# "My son is picking me up at 3" says when the visitor leaves.
_TAKEN_HOME = re.compile(
    r"\b(?:my|our|mi) [^.?!;,]{2,30}\b(?:is|will|are|'s) (?:be )?(?:picking|pick) (?:me|us) up(?: again)? ?$"
)
_CHANGE = re.compile(r"\b(?:to|for|instead|move|change|cancel|resched\w*)\b")
_FEW_WORDS = 2
_LEAVING_FROM = re.compile(r"\b(?:move|change|switch|resched\w*|push|bump)\b[^.?!]{0,40}\bfrom $")
_CLAUSE = 90
_SENTENCE_END = re.compile(r"(?<!\bdr)(?<!\bmr)(?<!\bms)(?<!\bmrs)(?<!\bst)\.|[?!;\n]")


def is_wish(message: PlainText, items: list[TimeItem], run: tuple[int, int]) -> bool:
    """Whether the time that stands at this run of items is one the visitor would like to come at."""
    before, after = _clause_around(message, items[run[0]].start, items[run[1] - 1].end)
    if OPENING_HOURS.search(before) or _TAKEN_HOME.search(before) or _is_old_appointment(before, after):
        return False
    if _last(_HISTORY, before) > _last(_WISH, before):
        return False
    firm = _FIRM_WISH.search(before) is not None or _FIRM_WISH.search(after) is not None
    if _HABIT.search(f"{before} {after}") and not firm:
        return False
    return firm or _stands_for_itself(items, run) or _is_open_wish(items, run, before)


def _is_old_appointment(before: str, after: str) -> bool:
    """ "My Tuesday appointment", "my appointment is on Monday", "I had a visit Thursday", "move it from Friday"."""
    if _OLD_APPOINTMENT_AFTER.match(after) and _CHANGE.search(before + after):
        return True
    return _OLD_APPOINTMENT_BEFORE.search(before) is not None or _LEAVING_FROM.search(before) is not None


def _stands_for_itself(items: list[TimeItem], run: tuple[int, int]) -> bool:
    """A day or an hour, or anything that is nearly all of the message."""
    if any(item.kind in SURE for item in items[run[0] : run[1]]):
        return True
    others = [*items[: run[0]], *items[run[1] :]]
    return sum(item.kind == WORD and item.text != COVER for item in others) <= _FEW_WORDS


def _is_open_wish(items: list[TimeItem], run: tuple[int, int], before: str) -> bool:
    """ "Can I come whenever": open times count where a wish leads to them."""
    return {item.kind for item in items[run[0] : run[1]]} == {OPEN} and _last(_WISH, before) > 0


def _clause_around(message: PlainText, start: int, end: int) -> tuple[str, str]:
    before = _SENTENCE_END.split(message.lower[max(0, start - _CLAUSE) : start])[-1]
    after = _SENTENCE_END.split(message.lower[end : end + _CLAUSE])[0]
    return before, after


def _last(pattern: re.Pattern[str], text: str) -> int:
    """Where the last match ends; -1 where there is none."""
    return max((match.end() for match in pattern.finditer(text)), default=-1)

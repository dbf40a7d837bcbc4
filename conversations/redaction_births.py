"""Where a date of birth stands: one that is named as such, or a whole date that nothing else explains.

Other dates stay, since a reviewer needs them: "since 3/14/2024", "next tuesday", "surgery in 2016".
"""

from __future__ import annotations

import re

from clinic.readings.finders.plain_text import Found, PlainText

_YEAR = r"(?:19|20)\d\d"
_MONTH = (
    r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?\.?|july?\.?|aug(?:ust|\.)?"
    r"|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?"
    r"|enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre)(?![a-z])"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?![\w])"
_SIGN = r" ?[-/.] ?"
_NUMERIC_DAY = rf"\d{{1,2}}{_SIGN}\d{{1,2}}"
_WORDED_DAY = rf"(?:{_MONTH} (?:the )?{_DAY}|(?:the )?{_DAY}(?: of| de)?,? ?{_MONTH})"
_WORDED_YEAR = rf"(?:,? ?(?:of |de |del )?(?:{_YEAR}|'?\d\d(?![\d:]| ?[ap]\.?m| (?:19|20)\d\d)))"
_MONTH_AND_YEAR = rf"{_MONTH},? (?:of |de |del )?(?:{_YEAR}|'\d\d)"
_WHOLE = (
    rf"(?:{_YEAR}{_SIGN}\d{{1,2}}{_SIGN}\d{{1,2}}|{_NUMERIC_DAY}{_SIGN}(?:{_YEAR}|\d\d)|{_WORDED_DAY}{_WORDED_YEAR})"
)
_END = r"(?![\w%])(?!/\d)"
_ANY = (
    rf"(?:{_WHOLE}|\d{{1,2}} \d{{1,2}} (?:{_YEAR}|\d\d)|\d{{8}}|\d{{6}}|{_WORDED_DAY}|{_MONTH_AND_YEAR}|{_NUMERIC_DAY}"
    rf"|{_YEAR}|'\d\d){_END}"
)
_CUE = (
    r"(?<!\w)(?:d\.? ?o\.? ?b\b\.?|y\.? ?o\.? ?b\b\.?|(?:date|day|year|month) of birth|birth ?-?(?:date|day|year)s?"
    r"|b-?days?|born|at birth|b\.(?= ?(?:19|20)\d\d)|turn(?:s|ed|ing)? \d{1,3}|naci[oóeéi]|nac[ií]|nacid[oa]"
    r"|nacimiento|fecha (?:de )?nac\b\.?"
    r"|cumplea[nñ]os|cumplo(?: \d{1,3})?(?: años)?|urodz\w{1,8}|geboren)"
)
_LINK = r"(?: ?[:=,#-]| ?'?s\b| (?:is|was|are|on|in|el|es|en|the|del?|my|would be|around|about)\b){0,5} {0,3}"
# "DOB for my son is ...": some words, and then a date that has a day.
_WORDS_BETWEEN = (
    r"(?: (?!(?:app(?:t|ointment)\w*|come|visit|book\w*|with|party|since|next|week|have|had|has|see|after|before|and"
    r"|but)\b)[a-z']{1,15}){1,5}[:,]? {1,3}"
)
_NAMED = re.compile(rf"{_CUE}(?:{_LINK}(?P<date>{_ANY})|{_WORDS_BETWEEN}(?P<day>(?:{_WHOLE}|{_WORDED_DAY}){_END}))")
_NAMED_AFTER = re.compile(
    rf"(?<![\w/.-])(?P<date>{_ANY})(?:,| ?-)?(?: is| was| es|'s)?(?: my| his| her| their| our| mi| su| the)?"
    r"(?: \w{1,12}'?s)?(?: date of birth| d\.?o\.?b\b| birth ?-?da(?:y|te)| b-?day| cumplea[nñ]os)"
)
_WHOLE_DATE = re.compile(rf"(?<![\w/.$-]){_WHOLE}{_END}")
_COMPACT_DATE = re.compile(
    r"(?<![\w/.$-])(?:(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:19\d\d|20[01]\d)"
    r"|(?:19\d\d|20[01]\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?![\w/.-])"
)
_EXPLAINED = re.compile(
    r"\b(?:since|in|on|from|until|till|before|after|around|about|dated?|last|back|ended|started|began|removed|visit"
    r"|seen"
    r"|desde|en|hasta|el|surgery|biopsy|by|exp\w*|lot|for|as of|through|version|updated)\b[ :,]{0,3}(?:the )?$"
)
_LAST_BIRTH_YEAR = 2015
"""Who is taken for born on a date that nothing explains: a later one is as often the day of a treatment."""
_CENTURY = 100
_FIRST_SHORT_YEAR = 27
_TWO_DIGITS = 2
_YEAR_IN = re.compile(rf"{_YEAR}|\d\d$")
_REACH = 24


def scan_birth_dates(message: PlainText) -> list[Found]:
    """Every date of birth, without the words that name it."""
    lower = message.lower
    if not any(map(str.isdecimal, lower)):
        return []
    finds = [_found(match, "date" if match["date"] else "day") for match in _NAMED.finditer(lower)]
    finds += [_found(match, "date") for match in _NAMED_AFTER.finditer(lower)]
    for pattern in (_WHOLE_DATE, _COMPACT_DATE):
        finds += [_found(match, 0) for match in pattern.finditer(lower) if _is_unexplained(lower, match)]
    return finds


def _found(match: re.Match[str], group: int | str) -> Found:
    return Found(*match.span(group), match[group])


def _is_unexplained(lower: str, match: re.Match[str]) -> bool:
    """Whether a date is so long ago that it is a birth date unless the words before it say what happened then."""
    if match.re is _WHOLE_DATE and not _is_of_long_ago(match.group()):
        return False
    return _EXPLAINED.search(lower[max(0, match.start() - _REACH) : match.start()]) is None


def _is_of_long_ago(date: str) -> bool:
    year = _YEAR_IN.search(date)
    if year is None:
        return False
    number = int(year.group())
    return _FIRST_SHORT_YEAR <= number < _CENTURY if len(year.group()) == _TWO_DIGITS else number <= _LAST_BIRTH_YEAR

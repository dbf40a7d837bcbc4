"""A name that nothing introduces: a clause of its own in a message that asks for a visit, or the words after "book"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from clinic.readings.finders.name_shapes import is_shaped
from clinic.readings.finders.name_words import Name, name_from
from clinic.readings.finders.plain_text import COVER, PlainText

_ASKS = re.compile(
    r"\b(?:book\w*|ap+oi?n?t?m\w*"
    r"|appoint\w*|ap+ts?|schedul\w*|sched|reserv\w*|visits?|consult\w*|come in|come on|coming in"
    r"|get in|be seen|get seen|seen|see (?:you|me|us|someone|somebody|a doctor|the doctor|a dermatologist)|slots?"
    r"|openings?|(?:fit|squeeze|put|sign|set) (?:me|us|my)|put [^.?!\n]{3,40} down"
    r"|(?:come|bring) (?:to|mon|tue|wed|thu|fri|sat)\w*"
    r"|citas?|turno|consulta|wizyt\w*|removal|removed|take (?:me|these|this)|these (?:off|gone))\b"
)
_LEAD = (
    r"(?:(?:hi+|hey+|hello|hola|yo|sup|ok|okay|so|and|yes|sure|thanks(?: so much| again)?|thank you(?: so much)?|thx|ty"
    r"|please|pls|plz|it'?s|its|this is|i'?m|i am|im|me|soy|me llamo|name(?: is|'s)?|names|my name(?: is)?|full name"
    r"|sincerely|regards|cheers|best|yours truly|respectfully)\b[ ,.!:-]{0,3})*"
)
_CLAUSE_START = re.compile(rf"(?:^|[,;.!?\n:|/(*~{COVER}]| -+ ?)[ \n]{{0,3}}{_LEAD}(?=[^\W\d_])")
_CLAUSE_END = re.compile(
    rf" {{0,3}}(?:,? ?(?:please|pls|plz|thanks|thank you|thx|ty|here)\b ?)?(?:$|[,;.!?\n:|/)~{COVER}]|\(| -)"
)
_TAKEN_IN = re.compile(
    r"\b(?:(?:book|schedule|put|squeeze|fit|register|reserve|pencil)(?: me| us)?(?: in| down| up)?"
    r"|(?:appointment|appt|apt|visit|consult|consultation|slot|cita|booking|removal)s?"
    r"(?: please| pls| plz| needed| wanted)?(?: for| under| para)?)[ :,-]{1,3}(?:under |as |for )?(?=[^\W\d_])"
)
_WANTS = re.compile(
    r",? (?:here\b|and i\b|i (?:need|want|would|wanna)|(?:really |just )?(?:needs?|wants?|wanna|would like|requests?"
    r"|requesting|looking|calling|booking)\b)"
)
_OF_ANOTHER = re.compile(
    r"\b(?:doctor|dr|doc|pcp|gp|dermatologist|derm|surgeon|pediatrician|friends?|boss|cowork\w*|co-worker|colleague"
    r"|neighbou?r|teacher|coach|provider|physician|specialist|receptionist|assistant|actress|actor|singer|brand|makers?"
    r"|cat|dog|from|by|with|see|saw|ask for|like|called|named|use|used|using|tried|hi|hello|hey|thanks"
    r"|thank you|brother|sister|son|daughter|kids?|mother|mom|father|dad|husband|wife|hubby|hijo|hija|baby|aunt|uncle"
    r"|cousin|niece|nephew|patients?|pt|resident|client)[ ,:(-]{0,3}$"
)
_SAID_OF_ANOTHER = re.compile(
    r",? (?:my|our|who|whom|she|he|said|says|told|recommended|referred|sent|did|does|is|was|has|had)\b"
    r"(?! (?:number|cell|phone|e-?mail|mobile|contact|tel)|'s )"
)
_REACH = 40


def standing_names(message: PlainText) -> Iterator[Name]:
    """Names by their shape alone, in a message that asks for a visit; nothing for any other message."""
    if not asks_for_visit(message):
        return
    for match in _CLAUSE_START.finditer(message.lower):
        name = name_from(message, match.end())
        if name and _ends_clause(message, name) and _is_the_writers(message, match.start(), name):
            yield name
    for match in _TAKEN_IN.finditer(message.lower):
        name = name_from(message, match.end())
        if name and is_shaped(message, name):
            yield name


def asks_for_visit(message: PlainText) -> bool:
    """Whether a message asks for a visit, as far as a word of it tells."""
    return _ASKS.search(message.lower) is not None


def _ends_clause(message: PlainText, name: Name) -> bool:
    return bool(_CLAUSE_END.match(message.lower, name.end) or _WANTS.match(message.lower, name.end))


def _is_the_writers(message: PlainText, start: int, name: Name) -> bool:
    if not is_shaped(message, name):
        return False
    before = message.lower[max(0, start - _REACH) : start]
    return not (_OF_ANOTHER.search(before) or _SAID_OF_ANOTHER.match(message.lower, name.end))

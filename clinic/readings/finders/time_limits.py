"""The words around a time that would turn the wish round if they were left out: "avoid", "busy on", "are out".

The staff read the words, so that a wish that is cut short of its "not" sends a visitor an appointment on the one day
that they cannot come.
"""

from __future__ import annotations

import re

from clinic.readings.finders.plain_text import COVER, PlainText

_REACH = 60
_FILLER = (
    r"(?:(?:on|in|at|a|an|the|of|any|my|for|to|be|is|are|it|me|i|i'm|im|do|doing|come|coming|make|have|get|there"
    r"|free|open"
    r"|available|able|off|time|times|work|works|working|good|great|fine|ok|okay|best|possible|see|you|day|days"
    r"|that|day's"
    r"|really|just|so|please|los|las|el|la|de|un|una|earlier|later|sooner|than|book|booked|appointments?|slots?"
    r"|in the)"
    r"[ ,]{1,2}){0,6}"
)
_OPEN_TO = (
    r"(?:anything|any ?(?:day|time|thing|one)s?|every ?(?:day|thing)|all(?: the| of the)? (?:days?|times?|week)"
    r"|all week"
    r"|most (?:days|times)|whenever|cualquier (?:d[ií]a|hora)|todos los d[ií]as)"
)
_SAVE = r"(?:but|except|besides|other than|aside from|apart from|excluding|minus|menos|excepto|save)"
_NEVER = (
    r"(?:neither|never|aside|apart|other|avoid(?:ing)?|skip(?:ping)?|nothing|not|none|no|hate|dislike|without"
    r"|unavailable|busy|booked"
    r"|unable to|can ?not|cant|can't|couldn'?t|won'?t|wouldn'?t|don'?t|do not|doesn'?t|isn'?t|aren'?t|ain'?t"
    r"|i work|working|no puedo|nunca|si no es|ni|except|excluding|minus|menos|excepto)"
)
_BEFORE = re.compile(
    rf"(?:(?:\b{_OPEN_TO} {_FILLER})?\b{_SAVE} (?:for )?|\b(?:i'm |im |i am |i )?{_NEVER}(?:[ ,]|$)){_FILLER}$"
)
_ANY_BEFORE = re.compile(rf"\b{_OPEN_TO} {_FILLER}$")
_LIMITED = re.compile(r"(?:not|no|but|except|after|past|before|until|by|between|other|that)\b")
_AFTER = re.compile(
    r"(?: (?:is|are|r|would be|will be|tend to be|just|always|usually))*"
    r"(?: (?:too |very |really |pretty |super |always |so )?(?:out|bad|busy|hard|tough|tricky|rough|difficult"
    r"|impossible"
    r"|terrible|awful|full|hectic|crazy|no good|not (?:good|great|ok|okay|ideal|possible|an option|happening"
    r"|available)"
    r"|off limits|off the table|a no(?:[- ]go)?|no[- ]go|no bueno|excluded|the worst|my busy day)"
    r"|(?:,)? (?:won'?t|don'?t|doesn'?t|do not|does not|will not|can'?t|cannot|didn'?t|isn'?t|aren'?t|never|no)"
    r" (?:really |ever |usually )?(?:works?|good|great|possible|do|happen(?:ing)?|be possible|funciona|puedo"
    r"|an option)"
    r"|,? i (?:work|can'?t|cant|cannot|am busy|'m busy))(?: for me| at all| anymore| any more| though)?\b"
)


def widened(message: PlainText, start: int, end: int) -> tuple[int, int]:
    """The place of a wish with what limits it before ("anything but", "busy on") and after ("are out for me")."""
    lead_start = max(0, start - _REACH)
    lead = re.split(rf"[.;!?\n{COVER}]", message.lower[lead_start:start])[-1]
    limited = _LIMITED.match(message.lower, start)
    before = _BEFORE.search(lead) or (_ANY_BEFORE.search(lead) if limited else None)
    after = _AFTER.match(message.lower, end)
    begin = start - len(lead) + before.start() if before and before.group().strip() else start
    return begin, after.end() if after else end


def is_limit(words: str) -> bool:
    """Whether words about time say when somebody cannot come, so that another time belongs beside them."""
    lower = words.lower()
    return _LIMITS.search(lower) is not None or _AFTER.search(lower) is not None


_LIMITS = re.compile(rf"^(?:i'm |im |i am |i )?{_NEVER}\b")

"""A message that calls the wish for a time wrong: "Monday is wrong, Tuesday", "wrong day, it's Friday"."""

from __future__ import annotations

import re

from clinic.readings.finders.plain_text import PlainText
from clinic.readings.finders.time_words import TIMELY, time_items

_LONGEST = 400
_WRONG = r"(?:wrong|incorrect|not right|not correct|mistaken|a mistake|a typo|messed up|no longer right)"
_WHAT = r"(?:(?:the|my|that|this|your) )?(?:preferred )?(?:time|day|date|hour|appointment|one|it|that|this)"
_LEAD = r"(?:(?:no+|nope|wait|sorry|oh|oops|hey|hi|hmm+|actually|but|and|ok|okay|so)\b[ ,.!:;-]*)*"
_END = (
    r"(?=\W*$|[ ,.;:!-])[ ,.;:!-]*(?:(?:and|but|so|sorry|please|i (?:want|wanted|meant?|said|need|asked for)"
    r"|make (?:it|that)|change (?:it )?to|(?:it|that|the time|the day)(?:'s| is|s)?(?: supposed to be| should be)?"
    r"|should(?:'ve)? (?:be|been|say)|should have been|for|to)\b[ ,:]*)*"
)
_CALLED_WRONG = re.compile(
    rf"\W*{_LEAD}(?:(?:you (?:have|got|put|wrote) |that's |thats |it's |its |that is |it is )?(?:the )?wrong"
    r" (?:time|day|date|hour|one)"
    rf"|{_WHAT}(?: that)?(?: you (?:have|got|put|wrote))?(?: is|'s|s| was| isn'?t| are)? {_WRONG}"
    rf"|(?P<rejected>[^,.;!?\n]{{2,40}}?)(?: is|'s| was| are) {_WRONG}"
    rf"|(?P<no_longer>[^,.;!?\n]{{2,40}}?)(?: isn'?t| is not| wasn'?t| was not)"
    r" (?:right|correct|what i (?:said|meant?)))"
    rf"(?: (?:time|day|date|one)\b)?{_END}"
)


def without_what_is_wrong(text: str) -> str | None:
    """The message after the words that call a time wrong ("tuesday 4pm"); None where it calls none wrong.

    What is left may be empty: "the time is wrong" names no other.
    """
    message = PlainText.of(text[:_LONGEST])
    called = _CALLED_WRONG.match(message.lower)
    if called is None:
        return None
    rejected = called["rejected"] or called["no_longer"]
    if rejected and not any(item.kind in TIMELY for item in time_items(PlainText.of(rejected))):
        return None
    return message.plain[called.end() :].strip()

"""From an answer to "when would you like to come?" to the visitor's own words about time.

No date is worked out: the staff read the words and settle the day with the visitor.
"""

from __future__ import annotations

import re

from clinic.readings.finders import BODY_SITE, TIME, find_details
from clinic.readings.finders.births import scan_births
from clinic.readings.finders.plain_text import PlainText
from clinic.readings.finders.time_mends import mended_start
from clinic.readings.finders.time_wishes import OPENING_HOURS
from clinic.readings.finders.time_words import OCCASION, OPEN, PAST, SOFT, TIMELY, TimeItem, time_items
from clinic.readings.time_problems import IMPOSSIBLE, IN_THE_PAST, time_problem
from clinic.topics import condition_names

__all__ = ["IMPOSSIBLE", "IN_THE_PAST", "LONGEST_WORDS", "is_no_preference", "read_time_answer", "time_problem"]

LONGEST_WORDS = 300

_KEEPS = r" (?:but|except|besides|other|not|that|after|before|past|works|goes|is|aside|apart|excluding|save|minus)\b"
_LEAD_IN = re.compile(
    r"(?:(?:ok|okay|sure|yes|yeah|yep|(?:no|nope|nah)(?= ?[,.!])|hi|hello|hey|well|oh|so|um|uh|hmm+|alright|fine"
    r"|great|perfect"
    r"|thanks|thank you|please"
    r"|(?:my |the |a )?(?:preferred|best|ideal|good|better) (?:day|time|date|slot|times"
    r"|days)(?: and time)?(?: for me)?(?: would be| is| are|:| will be)?"
    r"|how about|what about|how's|let's (?:do|say|try|go with)|let us say|maybe|perhaps|possibly"
    r"|probably|i guess|i think|i would say|i'd say|say|would|i'd (?:like|prefer"
    r"|love)(?: to come(?: in)?)?"
    r"|i would (?:like|prefer|love)(?: to come(?: in)?)?|i prefer|i'd rather|prefer|preferably|ideally"
    r"|i'm hoping for|hoping for|looking for|can (?:i|you|we|u) (?:do|come(?: in)?|make it|get)"
    r"|could (?:i|you|we) (?:do|come(?: in)?|get)"
    rf"|do you have(?: anything(?!{_KEEPS})| something(?!{_KEEPS})| an opening| any openings)?"
    rf"|is there anything(?!{_KEEPS})|anything(?!{_KEEPS})"
    r"|(?:i'm|i am|im|i'll be|i will be|i'll|i will) (?:coming|come)(?: in)?|see (?:you|u|ya)(?: on)?"
    r"|i can (?:do|come(?: in)?|make)|i could (?:do|come(?: in)?)|i want(?: to come(?: in)?)?|i need"
    r"|i'm (?:free|available|off|open)|i am (?:free|available|off|open)|im (?:free|available|off|open)"
    r"|it's|its|time|when(?! (?:i|i'm|im|my|our|the|he|she|they|we)\b)|for|on|is)(?![\w'])[ ,.:!-]{0,4})+"
)
_TRAILER = re.compile(
    r"[ ,.!-]{1,4}(?:thanks(?: so much| a lot| a bunch| again)?|thank you(?: so much| very much)?|thx"
    r"|ty|please|pls|plz|gracias|then|if that's ok(?:ay)?|appreciate it|would work(?: best"
    r"| better)?(?: for me)?|works(?: best| better| well| great)?(?: for me)?"
    r"|would be (?:great|good|best|perfect|ideal|nice|fine)|is (?:great|good|best|perfect|ideal"
    r"|fine)(?: for me)?|are (?:great|good|best|perfect|ideal|fine)(?: for me)?)[ .!)]*$"
)
_NO_IDEA = re.compile(
    r"(?:idk|i ?d(?:on'?t|o not) (?:really )?know(?: yet)?|dunno|not sure(?: yet)?"
    r"|i'm not sure(?: yet)?|im not sure(?: yet)?|no idea|unsure|you (?:guys )?(?:tell me|pick|choose"
    r"|decide)|surprise me|no|none|nope|i don'?t (?:really )?(?:care|mind)"
    r"|don'?t (?:care|mind)|doesn'?t matter|dont matter|whatever|either|any|anything|soon|now|sooner"
    r"|as soon as|later|sometime soon|sometime|open|i'm open|i'm easy|n/?a|skip|whichever|no clue|idc"
    r"|all of them|all good|not really)[ .!]*"
)
_QUESTION_WORD = re.compile(
    r"\W*(?:what|why|who|whose|where|when|which|how(?! about)|does|did|is it|is this|is that"
    rf"|are (?:they|these|those|you|u|there|{condition_names()})|do (?:i|they|these"
    rf"|{condition_names()}|you (?:guys )?(?:open|close"
    r"|work|take|remove|do|treat|accept|know))|will (?:it|they|you)|has|have you|am i|should i"
    rf"|can (?:it|they|{condition_names()}|retinol|these))\b"
)
_LIMIT = re.compile(r"\b(?:asap|soon|sooner|soonest|earliest|first|next|right away|immediately|but|except|not)\b")
# The dot of "10.30", of "9 a.m." and of an abbreviation ends no sentence.
_ABBREVIATED = "|".join(
    rf"(?<=\b{word}\.)"
    for word in ("Dr", "Mr", "Ms", "Mrs", "St", "Prof", "Jr", "Sr", "appt", "apt", "approx", "vs", "etc")
)
_SENTENCE = re.compile(
    rf"[^.?!;\n]+(?:\.(?=\w)[^.?!;\n]+|\.(?<=[ap]\.)(?=m\b)[^.?!;\n]*|\.(?:{_ABBREVIATED})(?= )[^.?!;\n]*)*[.?!;\n]*",
    re.IGNORECASE,
)


def read_time_answer(text: str) -> str | None:
    """The words about time in an answer to "when would you like to come?"; None where the answer has no time in it.

    The words stay whole: only what leads in ("how about") and a closing thanks are left out, and what is said beside
    the time (a name, a number, a question about something else). A time that is past or impossible is still an answer;
    `time_problem` tells.
    """
    message = PlainText.of(text)
    for birth in scan_births(message):
        text = message.plain.replace(message.plain[birth.start : birth.end], " ")
        message = PlainText.of(text)
    bare = _trimmed(message.plain)
    if _NO_IDEA.fullmatch(bare.lower()):
        return bare
    details = find_details(text)
    if any(detail.kind not in (TIME, BODY_SITE) for detail in details):
        times = [detail.text for detail in details if detail.kind == TIME]
        return " ".join(times[0].split())[:LONGEST_WORDS] if times else None
    words = _sentences_about_time(message.plain)
    return words[mended_start(words) :].strip()[:LONGEST_WORDS] or None


def _sentences_about_time(plain: str) -> str:
    """From the first sentence with a time in it to the last, without questions about something else."""
    sentences = [match for match in _SENTENCE.finditer(plain) if _is_about_time(match.group())]
    if not sentences:
        return ""
    between = [
        match for match in _SENTENCE.finditer(plain) if sentences[0].start() <= match.start() <= sentences[-1].start()
    ]
    if any("?" in match.group() and match not in sentences for match in between):
        return _trimmed(sentences[0].group())
    return _trimmed(plain[sentences[0].start() : sentences[-1].end()])


def _is_about_time(sentence: str) -> bool:
    lower = sentence.lower()
    if OPENING_HOURS.search(lower) or (
        _QUESTION_WORD.match(lower) and ("?" in sentence or not lower.lstrip().startswith("when"))
    ):
        return False
    items = time_items(PlainText.of(sentence))
    timely = [item for item in items if item.kind in TIMELY or item.kind == PAST]
    return bool(timely) or _is_bare_hour(items) or _is_occasion(sentence)


def _is_occasion(sentence: str) -> bool:
    """ "After my bridge club", "maybe before my shift" with nothing else said."""
    items = time_items(PlainText.of(_trimmed(sentence)))
    return [item.kind for item in items] == [OCCASION]


def _is_bare_hour(items: list[TimeItem]) -> bool:
    """ "Around 3" or "2 - 4" with nothing else said."""
    return bool(items) and all(item.kind == SOFT or item.text in {"maybe", "like", "at"} for item in items)


def _trimmed(text: str) -> str:
    trimmed = " ".join(text.split()).strip(' .,!?;:-"')
    trailer = _TRAILER.search(trimmed.lower())
    trimmed = trimmed[: trailer.start()] if trailer else trimmed
    lead_in = _LEAD_IN.match(trimmed.lower())
    rest = trimmed[lead_in.end() :] if lead_in else trimmed
    return (rest or trimmed).strip(' .,!?;:-"')


def is_no_preference(words: str) -> bool:
    """Whether the words leave the time open ("whenever", "idk", "no preference"); "as soon as possible" does not."""
    plain = PlainText.of(words)
    if _NO_IDEA.fullmatch(plain.lower):
        return True
    kinds = {item.kind for item in time_items(plain) if item.kind in TIMELY}
    return kinds == {OPEN} and _LIMIT.search(plain.lower) is None

"""What becomes of a wish for a time when the visitor says another: added to it, put in its place, or narrowing it."""

from __future__ import annotations

import re

from clinic.readings.finders import BODY_SITE, TIME, find_details, find_times
from clinic.readings.finders.plain_text import PlainText
from clinic.readings.finders.time_limits import is_limit
from clinic.readings.finders.time_mends import mended_start
from clinic.readings.finders.time_words import CLOCK, DAY, OCCASION, PART, SOFT, time_items
from clinic.readings.time_days import on_another_day, timely
from clinic.readings.time_rejections import without_what_is_wrong
from clinic.readings.times import LONGEST_WORDS, is_no_preference, read_time_answer

_LONGEST_CUED = 60
_ADDS_BEFORE = re.compile(
    r"\W*(?:(?:yes|yeah|yep|ok|okay|sure|oh|actually|hmm|no|well|sorry)\W+)*(?P<kept>(?:or(?: else)?|and(?: also"
    r"| maybe)?"
    r"|also|plus|as well as|in addition|maybe also|o|y|también|alternatively|else|if not|otherwise)\b)(?! not\b)"
)
_ADDS_AFTER = re.compile(
    r"\b(?:too|as well|also|either way|también|is an option|are an option|is possible too|is ok too|is fine too)\W*"
    r"(?:please|pls|thanks|thank you|if (?:that|it)\W?s? (?:easier|better))?\W*$|\balso (?:works?|good|fine|ok"
    r"|okay|possible"
    r"|free|available|could|can)\b|\bas an? (?:back ?up|second choice|alternative)\b|\balso (?:put|add|do|note"
    r"|try)\b|\b(?:add|could add|can add|you can add)\b|\bi(?:'m| am|m)? (?:can )?also\b"
)
_CORRECTS = re.compile(
    r"\W*(?:(?:ok|okay|oh|oops|no+(?= ?[,.!;:-]| (?:not|wait|sorry|i|make|it|let|lets|let's|change|actually|can"
    r"|that)\b)|nope|nah|not that|wait|sorry|hmm+|um+|uh+|well|hey|hi|yes|so|lol|my bad|never ?mind|nvm"
    r"|actually|rather|instead|please|pls|correction|scratch that|i (?:meant?|said)|on second thoughts?|it(?:'s"
    r"| is| should be|s)"
    r"|that(?:'s|s)?"
    r"|(?:can|could) (?:we|i|you|u) (?:please )?(?:do|make it|change (?:it|that|this|my time|the time) to"
    r"|switch (?:it )?to"
    r"|move (?:it )?to"
    r"|change to|try|say|put)|(?:let'?s|lets|let us) (?:do|say|make it|try|go with|change (?:it|that) to)"
    r"|make (?:it|that)|(?:change|switch|move|push|bump)(?: it| that| this| me|(?: my| the)? (?:time|day|date))? to"
    r"|i'?d (?:prefer|rather(?: do| come)?|like)|i(?:'d| would) prefer|prefer|better|how about|what about"
    r"|put(?: down)?"
    r"|i want(?: to change (?:it )?to)?|i need|(?:i'm|i am|im|i'll be|i will be|i'll|i will) (?:coming|come)(?: in)?"
    r"|see (?:you|u|ya)|(?:the |my )?(?:time|day|date)(?: (?:is|to|should be)|:)?|to"
    r"|mejor|en realidad|no,? mejor|should be|but|on|for)\b[ ,.:;!-]*)+"
)
_TRAILER = re.compile(
    r"[ ,.!-]*\b(?:instead(?: of (?P<instead>[^.!?]{2,40}))?|rather than (?P<rather>[^.!?]{2,40})|please|pls|plz"
    r"|thanks"
    r"|thank you|actually|then|is better|would be better|works better|is best|works best|better)[ .!]*$"
)
_REJECTED_FIRST = re.compile(
    r"(?:not|no) (?P<rejected>[^,.;]{2,40}?)(?:,|[.;]| but| -+|:| (?=it'?s )) ?(?:but |rather |it'?s )*(?=\w)"
)
_REJECTED_LAST = re.compile(r",? (?:and )?(?:not|no) (?:on )?(?P<rejected>[^,.;]{2,40})$")
_CLAUSE_END = re.compile(r"[,.;!]+ |,? (?:but|so|and) (?=can |could |i |let|how |what |make )|,? (?:but|so) ")
_BARE_NEGATION = re.compile(r"\W*(?:no+|nope|nah|none|not really|no thanks?|no thank you)\W*")
_NO_AGAIN = re.compile(r"^(?:no+[ ,.!]+)+(?=no+ )", re.IGNORECASE)
_BARE_HOUR = re.compile(r"\d{1,2}(?::\d\d)?(?:ish)?")
_AFTER_THAT = re.compile(r"(?<=after )(?:that|then)$")
_NEAR = 12
_BARE_NO = re.compile(r"(?:no|not) (?=[a-z]+day\b(?!s))")


def adds_time(text: str) -> bool:
    """Whether a message names a time beside the one wished before ("or tuesday", "fridays work too")."""
    lower = PlainText.of(text).lower.strip()[:200]
    return _ADDS_BEFORE.match(lower) is not None or _ADDS_AFTER.search(lower) is not None


def changed_time(earlier: str | None, text: str, found: str | None) -> str | None:
    """The wish in the visitor's words after a message about time; None where the message names none.

    `earlier` is the wish so far, `found` the words about time that were found in `text`; without them they are looked
    for. The rules, the first that fits:

    1. Without an earlier wish, or after one that leaves the time open, the new words are the wish.
    2. "Or tuesday", "tuesday works too", "also fridays" are added: "monday, or tuesday".
    3. What says only when somebody cannot come ("not mornings") narrows a wish that does not name that day; of one
       that names nothing else it is what is left.
    4. An hour or a part of the day alone takes the place of the only one in the wish, or is added to a day:
       "tuesday at 2" and "make it 3" are "tuesday at 3". A day alone goes before an hour that had none, and takes the
       place of the only day: "tuesday at 2" and "make it friday" are "friday at 2".
    5. All else takes the place of the wish, without the words that only correct and without the day that is taken
       back: "not Friday, Thursday" is "Thursday" after "Friday", and "Friday is wrong, Thursday" too. What
       only calls the wish wrong leaves it as it is.
    """
    right = without_what_is_wrong(text) if earlier else None
    if right is not None:
        return _changed(earlier, right, _found_in(right)) or earlier
    if earlier and _BARE_NEGATION.fullmatch((found or text).lower()):
        return earlier if found else None
    return _changed(earlier, text, found or _found_in(text))


def _changed(earlier: str | None, text: str, found: str | None) -> str | None:
    if not found:
        return None
    words = _corrected(found[:LONGEST_WORDS], text, earlier)
    if not earlier or is_no_preference(earlier):
        return _fitting(_without_lead(words) if earlier else words)
    if words.casefold() == earlier.casefold():
        return earlier
    if adds_time(text):
        return _added(earlier, _cued(text, found))
    if is_limit(words) and not _is_answered(words):
        return _narrowed(earlier, words)
    return _replaced(earlier, words)


def _replaced(earlier: str, words: str) -> str:
    kinds = {item.kind for item in timely(words)}
    moved = on_another_day(earlier, words)
    if moved is not None:
        return _fitting(moved)
    if _AFTER_THAT.search(words.lower()) and len(earlier) <= _LONGEST_CUED and not is_limit(earlier):
        return _fitting(_AFTER_THAT.sub(lambda _: earlier.removeprefix("on "), words))
    if (kinds <= {CLOCK, PART, SOFT, OCCASION} if kinds else _BARE_HOUR.fullmatch(words.lower())) and _days(earlier):
        return _with_hour(earlier, words)
    if kinds == {DAY} and not _days(earlier) and not is_limit(earlier):
        return _fitting(f"{words}, {earlier}")
    return _fitting(words)


def _found_in(text: str) -> str | None:
    times = [" ".join(detail.text.split()) for detail in find_times(text)]
    return times[0] if times else read_time_answer(text) or _bare_hour(text)


def _bare_hour(text: str) -> str | None:
    """ "Make it 5": a number after words that correct."""
    plain = " ".join(PlainText.of(text).plain.split()).strip(" .,!")[:_LONGEST_CUED]
    lead = _CORRECTS.match(plain.lower())
    rest = plain[lead.end() :] if lead else ""
    return rest if _BARE_HOUR.fullmatch(rest.lower()) else None


def _corrected(found: str, text: str, earlier: str | None) -> str:
    """The words without what only corrects, and without the day that is taken back."""
    words = _NO_AGAIN.sub("", found[mended_start(found) :].strip())
    whole = " ".join(PlainText.of(text).plain.split()).strip(" .,!")
    words = _without_what_ended(words, whole, earlier)
    words = _without_lead(words)
    words = _without_trailer(words)
    for pattern in (_REJECTED_FIRST, _REJECTED_LAST):
        rejected = pattern.match(words.lower()) if pattern is _REJECTED_FIRST else pattern.search(words.lower())
        if rejected and _is_taken_back(rejected["rejected"], words, earlier):
            kept = words[rejected.end() :] if pattern is _REJECTED_FIRST else words[: rejected.start()]
            words = kept.strip(" ,.;") if earlier else f"{kept.strip(' ,.;')}, not {_cut(words, rejected)}"
    no = _BARE_NO.match(words.lower())
    if no and words.lower().startswith("no ") and earlier and _days(earlier) and not _shares_day(words, earlier):
        words = words[no.end() :]
    return words.strip(" ,.;!") or found


def _without_what_ended(words: str, whole: str, earlier: str | None) -> str:
    """ "I can't do friday, can I come monday" is "monday" after a wish for Friday."""
    parts = [part for part in _CLAUSE_END.split(whole) if _days(part)]
    ended = [part for part in parts if is_limit(_without_lead(part)) and _shares_day(part, earlier or "")]
    left = [part for part in parts if part not in ended]
    if len(ended) != 1 or len(left) != 1 or len(_days(ended[0])) != 1:
        return words
    return _found_in(left[0]) or words


def _cut(words: str, match: re.Match[str]) -> str:
    return words[slice(*match.span("rejected"))]


def _is_taken_back(rejected: str, words: str, earlier: str | None) -> bool:
    """ "Not Friday, Thursday" takes Friday back where it was wished, or where no wish was; a range of days stays."""
    days, others = _days(rejected), _days(words)
    if len(days) != 1 or len(others) < 2:
        return False
    if earlier:
        return bool(_days(earlier))
    return not (rejected.endswith("days") and re.search(r"\b(?:or|nor|and)\b", words))


def _without_lead(words: str) -> str:
    lead = _CORRECTS.match(words.lower())
    rest = words[lead.end() :].strip() if lead else words
    return rest if timely(rest) else words


def _without_trailer(words: str) -> str:
    trailer = _TRAILER.search(words.lower())
    rest = words[: trailer.start()].strip(" ,") if trailer else words
    return rest if timely(rest) else words


def _cued(text: str, found: str) -> str:
    """The added words with the word that adds them, as far as the message is short enough to be nothing else."""
    plain = " ".join(PlainText.of(text).plain.split()).strip(" .,!")
    cue = _ADDS_BEFORE.match(plain.lower())
    plain = plain[cue.start("kept") :] if cue else plain
    kept = cue["kept"] if cue else "also"
    place = plain.lower().find(found.lower())
    if not cue and place == 0:
        place = min((item.start for item in timely(plain)), default=_NEAR)
    nothing_else = len(plain) <= _LONGEST_CUED and 0 <= place < _NEAR and "?" not in plain
    if not nothing_else or any(detail.kind not in (TIME, BODY_SITE) for detail in find_details(text)):
        core = found if is_limit(found) else _core(found)
        return core if core.lower().startswith(kept) else f"{kept} {core}"
    return _without_trailer(plain) if cue else plain


def _core(words: str) -> str:
    """From the first word about time to the last."""
    items = timely(words)
    return PlainText.of(words).plain[items[0].start : items[-1].end] if items else words


def _added(earlier: str, words: str) -> str | None:
    new = {item.text for item in timely(words)}
    if new and new <= {item.text for item in timely(earlier)}:
        return earlier
    return _fitting(f"{earlier.rstrip(' ,.;')}, {words}") if len(earlier) + len(words) < LONGEST_WORDS else words


def _narrowed(earlier: str, words: str) -> str:
    left = [day for day in _days(earlier) if day not in _days(words)]
    if _days(earlier) and not left and not is_limit(earlier):
        return _fitting(words)
    return _fitting(f"{earlier.rstrip(' ,.;')}, {words}") if len(earlier) + len(words) < LONGEST_WORDS else words


def _with_hour(earlier: str, words: str) -> str:
    hours = [item for item in time_items(PlainText.of(earlier)) if item.kind in (CLOCK, PART, SOFT, OCCASION)]
    if not hours:
        return _fitting(f"{earlier.rstrip(' ,.;')}, {words}")
    if len(hours) > 1:
        return _fitting(f"{', '.join(_days_as_written(earlier))}, {words}")
    hour = hours[0]
    at = "at " if hour.text.startswith(("at ", "a las ")) and words[:1].isdigit() else ""
    return _fitting(f"{earlier[: hour.start]}{at}{words}{earlier[hour.end :]}")


def _fitting(words: str) -> str:
    return " ".join(words.split())[:LONGEST_WORDS]


def _is_answered(words: str) -> bool:
    """Whether a wish that begins with a limit names another time as well: "mondays are out, tuesday works"."""
    return len(_days(words)) > 1 and re.search(r"[,.;]|\bbut\b", words) is not None and not _all_rejected(words)


def _all_rejected(words: str) -> bool:
    parts = [part.strip() for part in re.split(r"[,.;]|\bbut\b", words) if _days(part)]
    return all(is_limit(part) for part in parts)


def _days(words: str) -> list[str]:
    """The days in some words, weekdays by their first three letters: "Fridays" and "fri" are one."""
    return [_day(item.text) for item in time_items(PlainText.of(words)) if item.kind == DAY]


def _days_as_written(words: str) -> list[str]:
    return [words[item.start : item.end] for item in time_items(PlainText.of(words)) if item.kind == DAY]


def _day(word: str) -> str:
    bare = word.rstrip("s'").removesuffix("'s")
    return bare[:3] if bare.endswith("day") or len(bare) <= 5 else bare


def _shares_day(words: str, earlier: str) -> bool:
    return not set(_days(words)).isdisjoint(_days(earlier))

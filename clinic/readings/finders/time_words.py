"""The words people use for time, cut out of a message one after another."""

from __future__ import annotations

import re
from typing import NamedTuple

from clinic.readings.finders.occasions import OCCASION as _OCCASION
from clinic.readings.finders.plain_text import PlainText, word_set

DAY = "day"
CLOCK = "clock"
PART = "part"
OPEN = "open"
SOFT = "soft"
TAIL = "tail"
OCCASION = "occasion"
PAST = "past"
SPELL = "spell"
JOIN = "join"
BREAK = "break"
WORD = "word"
SURE = frozenset({DAY, CLOCK})
TIMELY = frozenset({DAY, CLOCK, PART, OPEN})


class TimeItem(NamedTuple):
    """One piece of a message.

    A day or date (DAY), an hour (CLOCK), a part of the day (PART), "whenever" (OPEN), a number that is an hour only
    beside one of these (SOFT), "if you're open" (TAIL), "after my shift" (OCCASION), the past (PAST), a length of time
    (SPELL), a word that connects times (JOIN), the end of a sentence (BREAK) or any other word (WORD).
    """

    kind: str
    start: int
    end: int
    text: str


_COUNT = (
    r"(?:an?|\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|a few|few|a couple(?: of)?"
    r"|couple(?: of)?|several|many|some)"
)
_HOUR_WORD = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_UNIT = r"(?:minutes?|mins?|hours?|hrs?|days?|weeks?|wks?|months?|mos?|years?|yrs?)"
_LONG_DAYS = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day'?s?|mondy|tuseday|teusday|wensday|wendsday|wednsday"
    r"|wedensday|thrusday|thursdy|thirsday|firday|fryday"
    r"|saterday|satuday|sunnday"
)
_SHORT_DAYS = r"mon|tues?|weds?|thu(?:rs?)?|fri"
_WEEKDAY = (
    rf"(?:{_LONG_DAYS}|{_SHORT_DAYS}|(?<!i )(?<!he )(?<!she )(?<!we )(?<!just )(?<!has )sats?(?! (?:in"
    rf"|on|at|down|there|under|outside))"
    # The sun is the other thing this clinic is asked about: it is a day only next to one, or before an hour.
    rf"|(?<=sat[ /&-])sun|(?<=next )sun|(?<=sat or )sun|(?<=sat and )sun|(?<=sat & )sun|sun(?= (?:or"
    rf"|and|&) (?:{_SHORT_DAYS})\w*)|sun(?= ?(?:\d{{1,2}} ?(?:am|pm|:)|morning|afternoon|at \d)))"
    r"|lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bados?|domingos?"
)
_SURE_MONTHS = (
    r"january|february|april|june|july|august|september|october|november|december|enero|febrero|abril"
    r"|junio|julio|septiembre|octubre|noviembre|diciembre"
)
_MONTHS = rf"(?:{_SURE_MONTHS}|march|may|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec)\.?"
_YEAR = r"(?:,? (?:19|20)\d\d)?"
_DATE = (
    rf"{_MONTHS} (?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?![\d:])(?! ?(?:am|pm|mm|years?)\b){_YEAR}"
    rf"|(?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTHS}(?!\w){_YEAR}"
    rf"|(?:early|mid|late|next|in|this|by)[ -](?:{_MONTHS})(?!\w)(?! (?:be|have|need|not|i|they|it"
    rf"|cause|go))|{_SURE_MONTHS}"
    r"|(?<![\d/.$-])(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/-]\d{1,2}[/-](?:\d{4}|\d{2})"
    r"|(?!24/7|50/50)\d{1,2}/\d{1,2})(?![\d/%-])(?! (?:inch|cup|tsp|teaspoon|mm|cm|of|way|pain|stars?"
    r"|out)\b)"
    r"|(?:the )?\d{1,2}(?:st|nd|rd|th)(?! (?:degree|time|grade|one|visit|opinion|century|floor|street"
    r"|st|ave|avenue|century|birthday|trimester|question|choice)\b)"
)
_RELATIVE = (
    rf"in {_COUNT} (?:days?|weeks?|wks?|months?)(?: or (?:so|two|three|\d))?(?: time)?"
    rf"|(?:with)?in the next {_COUNT} ?(?:days?|weeks?|months?)?|within {_COUNT} (?:days?|weeks?"
    rf"|months?)"
    rf"|{_COUNT} (?:days?|weeks?|wks?|months?) (?:from|out)(?: (?:now|today|tomorrow))?"
    r"|today|2day|tonight|tonite|2nite|tomorrow|tomorow|tommorow|tommorrow|tomorro|tomorrw|tmrw|tmrrw"
    r"|tmmrw|tmr|tmw|tomoz|2moro|2morrow|2morow|2mrw|2mrrw|mañana|ma[ñn]ana"
    r"|(?:next|this|nxt|the following|following|this coming|any|some other) (?:week|wk"
    r"|month)(?:end)?s?|later (?:today|this week|this month|in the (?:week|month|day))"
    r"|weekdays?|week days?|weekends?|wknds?|week-ends?|workdays?|business days?|work week"
    r"|(?:the )?(?:end|beginning|start|middle|(?:first|second|third|fourth|last|1st|2nd|3rd|4th) (?:week|half)"
    rf"|rest|week) (?:of|in|after|before) (?:the |this |next )?(?:week|month|year|{_MONTHS})?"
    rf"|{_COUNT} (?:days?|weeks?|wks?|months?) (?:after|later than) (?:that|then)"
    r"|(?:after|before|around|until|by) (?:the )?(?:thanksgiving|christmas|xmas|new year'?s?(?: (?:eve"
    r"|day))?|holidays?|easter|labor day|memorial day|hanukkah|ramadan|eid)"
    r"|the (?:week|day|month) after(?: (?:that|next|tomorrow))?|spring break|winter break|d[ií]a de semana"
    r"|la semana que viene|pr[oó]xima semana"
)
_AM_PM = r"(?:a\.?m\b\.?|p\.?m\b\.?)"
_HOUR = r"\d{1,2}(?::\d{2})?"
_END_OF_HOUR = (
    rf"(?![\d:/%]|\w|\.\d|-\d)(?! ?(?:{_UNIT}|mm|cm|inch\w*|times?|percent|tries|of|spots?|bumps?|more"
    rf"|or \d+ of|weeks|people|kids)\b)"
)
_CLOCK = (
    rf"(?:between|from|btwn|btw|bet) {_HOUR} ?{_AM_PM}? ?(?:and|&|-|to|til|till|until|thru"
    rf"|n) ?{_HOUR} ?(?:{_AM_PM}|ish)?{_END_OF_HOUR}"
    rf"|{_HOUR} ?(?:{_AM_PM}|[ap]\b)? ?(?:-|to|til|till|until) ?{_HOUR} ?(?:{_AM_PM}|[ap]\b)"
    rf"|{_HOUR} ?{_AM_PM} ?(?:-|to|til|till|until) ?{_HOUR}(?!\d)"
    rf"|(?<![\d.$]){_HOUR} ?{_AM_PM}|(?<![\d.$:])\d{{1,2}}:\d{{2}}(?!\d)|(?<![\d.$])\d{{1,2}}[ap]\b"
    rf"|\d{{1,2}} ?o ?'?clock|\d{{1,2}}(?::\d\d)?-?ish\b"
    rf"|(?:half past|quarter (?:past|to)|half) (?:{_HOUR_WORD}|\d{{1,2}})\b|{_HOUR_WORD} (?:o'?clock"
    rf"|thirty|fifteen|am|pm)\b|noon(?:ish|time)?|midday|mid-day|midnight"
    rf"|(?:(?:no |not )?(?:later|earlier|sooner|before|after) than|at|after|aft|before|b4|@|past|until|till|til"
    rf"|a las?) {{0,2}}(?:\d{{1,2}}(?::?\d{{2}})?(?: ?{_AM_PM})?"
    rf"|{_HOUR_WORD}(?: thirty| fifteen)?){_END_OF_HOUR}"
)
_SOFT = (
    rf"(?:around|about|by|from|like|around like|to|or|and|-) {{0,2}}(?:\d{{1,2}}"
    rf"|{_HOUR_WORD}){_END_OF_HOUR}|\d{{1,2}} ?- ?\d{{1,2}}{_END_OF_HOUR}"
)
_PART = (
    r"mornings?|mornin|afternoons?|afternoon-ish|evenings?|nights?|nighttime|lunch ?-?(?:time|hour"
    r"|break)?s?|after ?-?(?:work|school|hours|lunch|dinner|class|church|drop ?off)"
    r"|before (?:work|school|lunch|class|dinner)|during (?:lunch|school|work|the day)"
    r"|end of (?:the )?(?:work ?)?day|eod|daytime|pm|(?:in the )a\.?m\b"
    r"|(?<=tomorrow )am|(?<=day )am|(?<=days )am|(?<=(?:mon|tue|wed|thu|fri|sat|urs|mrw|tmr|tmw) )am"
    r"|first thing|por la tarde|tardes|later in the day|after hours"
)
_OPEN = (
    r"(?:as|a) (?:late|early) as (?:possible|you can|you have|u can|u have)"
    r"|not (?:too|very|so|super) (?:early|late)|asap|a\.s\.a\.p\.?|as soon as (?:possible|you can|u can"
    r"|you're able|available|you have \w+"
    r"|i can)|(?:the )?sooner the better|(?:the )?(?:soonest|earliest)(?: (?:available|possible|opening"
    r"|appointment|slot|time|you have|you can|u have))?"
    r"|(?:the )?(?:first|next) (?:available|avail|opening|open (?:slot|appointment)|free slot"
    r"|possible)(?: (?:slot|appointment|appt|opening|time|one))?|right away|immediately"
    r"|any ?times?(?! (?:i|my|she|he|they|it|we)\b)|whenever(?! (?:i|my|the|it|they|she|he|we|there"
    r"|something)\b)(?: (?:you're|you are|u r|ur|works|is) ?(?:open|free|available|fine|good|best"
    r"|easiest|for you)?| you can| you have \w+)?"
    r"|wh(?:at ?ever|ichever)(?: one)?(?:'?s| is| comes| you have| u have| you got)? (?:first"
    r"|(?:the )?(?:soonest|earliest|quickest))(?: available)?"
    r"|what ?ever (?:time|day|works|is easiest|is best|you have|u have|slot|date|is available|you got)"
    r"|any ?(?:other )?(?:day|slot|opening|date|hour)s?|(?:on )?any of (?:them|those)|no (?:real |particular "
    r"|specific |strong )?pref(?:erences?)?"
    r"|(?:i )?(?:do not|don'?t) (?:really )?have (?:a|any) preferences?|(?:time |day |it )?(?:doesn'?t"
    r"|dont|don'?t|does not) (?:really )?matter|(?:i'm|im|i am|my schedule is)? ?(?:pretty |very "
    r"|totally |completely |quite |super )?flexible"
    r"|up to (?:you|u)|(?:you|u) (?:pick|choose|decide)|your (?:choice|call)|anything (?:works|is fine"
    r"|goes|(?:open|available)(?! ?\?)|you have)|all day|open schedule|cualquier (?:d[ií]a|hora)|cuando sea"
)
_TAIL = (
    r"if (?:you're|you are|youre|u r|ur|you guys are|that's|thats|that is|it's|its|it is|there's"
    r"|there is)(?: anything)? (?:open|possible|available|free|ok|okay|then)|if (?:possible|available"
    r"|open|not|need(?: be|ed)|necessary)"
    r"|if (?:you|u) (?:can|have(?: it| anything| something| one)?|are)(?: that day| open| then)?"
    r"|when (?:you're|you are) open|or (?:later|earlier|so|after|before|sooner)|onwards?"
    r"|(?:so |and |or )?(?:after|before) that"
    r"|otherwise (?:i'm |im |i am )?(?:open|free|available|good|okay|ok|fine)|and (?:later"
    r"|after|on)|at the (?:latest|earliest)|only|sharp"
)
_PAST = (
    rf"yesterday|day before yesterday|last (?:week|month|year|night|summer|winter|spring|fall|time"
    rf"|{_LONG_DAYS}|{_SHORT_DAYS}|sat|sun|{_SURE_MONTHS}|may|march)(?!\w)|{_COUNT} {_UNIT} (?:ago"
    rf"|back)|(?:long|while) ago|the other (?:day|week)"
    rf"|(?:this )past (?:week|weekend|month|{_LONG_DAYS})|ayer"
)
_SPELL = (
    rf"(?:for|over|during|in)(?: about| almost| over| like| nearly| the)?(?: (?:past"
    rf"|last))? {_COUNT} {_UNIT}|(?:the )?(?:past|last) {_COUNT}? ?{_UNIT}|{_COUNT}(?:\+"
    rf"| or (?:\d+|\w+\b))?[ -]?{_UNIT}(?:[ -]old)?|every ?(?:day|night|morning|evening|week|other \w+)|daily|nightly"
)
# Pleasantries that contain a time word, and idioms.
_NO_TIME = (
    r"good (?:morning|afternoon|evening|night|day)|good ?night|^(?:morning|afternoon|evening)(?= ?[!,.])"
    r"|(?:have|enjoy) (?:an?|your) (?:\w+ )?(?:day|night|evening|weekend|one|morning|afternoon|week)"
    r"|day and night|night cream|day cream|night time routine|(?:at|over) ?night|overnight|24/7|first time"
    r"|any ?day now"
)
_JOIN_WORDS = (
    "or and but not otherwise else if & then either any day days time times except besides other "
    "than before after around about at @ on in the next this nxt coming following of week weeks "
    "month "
    "until till til by between from to through thru early late earlier later mid only no both also "
    "maybe possibly preferably ideally prefer preferred i i'm im i'd id can could do you're youre "
    "you u are r open free available avail "
    "works work working best better good great fine ok okay is would be that that's it it's for me "
    "as well a an sometime some just really anything most all every each like ish so long unless "
    "cant can't cannot don't dont doesn't doesnt won't wont "
    "during past sharp first second choice backup instead plus worst case whichever right super "
    "pretty even my schedule sooner starting anywhere somewhere usually mostly always which y o pero "
    "excepto make made want we our us too either/or vs bc cause since"
)
_JOINS = word_set(_JOIN_WORDS)
_KINDS = (
    (WORD, _NO_TIME),
    (PAST, _PAST),
    (TAIL, _TAIL),
    (OCCASION, _OCCASION),
    (OPEN, _OPEN),
    (DAY, f"{_DATE}|{_RELATIVE}|{_WEEKDAY}"),
    (CLOCK, _CLOCK),
    (SPELL, _SPELL),
    (PART, _PART),
    (SOFT, _SOFT),
)
# A word is taken whole where no kind of time takes it, so that no time is found inside it; every match has a length.
_ITEM = re.compile(
    "|".join(f"(?P<{kind}{number}>(?<![\\w])(?:{words})(?!\\w))" for number, (kind, words) in enumerate(_KINDS))
    + r"|(?P<break>[.;?!\n])|(?P<rest>\w[\w']{0,60}|[@&\x1a])"
)
_KIND_OF_GROUP = {f"{kind}{number}": kind for number, (kind, _) in enumerate(_KINDS)} | {"break": BREAK}


# "Wed 10", "thu 1130": a bare number is an hour where it follows a day and nothing is counted by it.
_HOUR_OF_DAY = re.compile(
    r" ?,? ?(?:[1-9]|[12]\d|3[01]|(?:[1-9]|1[0-2])[0-5]\d)(?= ?(?:$|[,.;!?\n)/&-]"
    r"|(?:or|and|if|pls|plz|please|thanks|thx|ty|works?|would|is|for|then|instead|not|but|sharp|y|o|with)\b))"
)
_DAY_WITH_HOURS = re.compile(rf"{_WEEKDAY}|today|tomorrow|tmrw|tmr|tmw|mañana")


def time_items(message: PlainText) -> list[TimeItem]:
    """The pieces of a message, in order; spaces, commas and dashes between them are left out."""
    items: list[TimeItem] = []
    for match in _ITEM.finditer(message.lower):
        text = match.group()
        kind = _KIND_OF_GROUP.get(match.lastgroup or "") or (JOIN if text in _JOINS else WORD)
        if kind == WORD and text[0].isdigit() and items and _is_hour_of(items[-1], message.lower, match.end()):
            kind = SOFT
        items.append(TimeItem(kind, match.start(), match.end(), text))
    return items


def _is_hour_of(day: TimeItem, lower: str, end: int) -> bool:
    if day.kind != DAY or _DAY_WITH_HOURS.fullmatch(day.text) is None:
        return False
    hour = _HOUR_OF_DAY.match(lower, day.end)
    return hour is not None and hour.end() == end

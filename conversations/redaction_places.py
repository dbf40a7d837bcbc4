"""Where a message says where somebody lives: street, P.O. box and ZIP code. City and state stay."""

from __future__ import annotations

import re

from clinic.readings.finders.common_words import is_common
from clinic.readings.finders.plain_text import Found, PlainText
from clinic.topics import condition_names
from conversations.redaction_spans import NEUTRAL_COVER

_STOPS = (
    r"(?:an?|the|my|of|off|on|in|at|to|for|from|and|or|is|it|i|you|your|minutes?|mins?|hours?|hrs?|hr|days?|weeks?"
    r"|months?|years?|yrs?|yo|times?|mg|ml|mm|cm|percent|inch(?:es)?|feet|ft|miles?|mi|kms?|kilometers?|yards?"
    rf"|blocks?|bumps?|spots?|{condition_names()}"
    r"|cysts?|dollars?|bucks|pm|am|more|left|eyes?|see|per|with|near|this|that|these|those|degree|grams?|step|stars?"
    r"|people|dots?|pimples?|white|tiny|small|nurses?|doctors?|good|bad|different|other)\b"
)
_NUMBER = r"(?<![\w$€£.,:/-])(?:\d{1,6}[a-z]?|\d{1,3} ?[nsew] ?\d{1,4})(?:[- ]?1/2)?"
_DIRECTION = r"(?:(?:[nsew]|ne|nw|se|sw)\b\.?|north|south|east|west)"
_STREET_WORD = rf"(?!{_STOPS})(?:\d{{1,3}}(?:st|nd|rd|th)|[^\W\d_][^\W\d_'.-]{{0,19}}(?:['-][^\W\d_]{{1,12}})?)\.?"
_SURE_ENDING = (
    r"(?:street|avenue|ave|boulevard|blvd|road|rd|drive|lane|ln|parkway|pkwy|terrace|circle|court|highway|hwy|trail"
    r"|plaza|crescent|turnpike)"
)
_ENDING = rf"(?:{_SURE_ENDING}|st|dr|ct|pl|place|way|ter|cir|trl|sq|square|loop|run|row|path|pike|av)"
_UNIT = (
    r"(?:,? {0,2}\d{1,2}(?:st|nd|rd|th) (?:floor|fl)\b|,? {0,2}(?:(?:apt|apartment|unit|suite|ste|bldg|building|floor"
    r"|fl|rm|room|no|lot)\b\.? ?\#?|\#) ?"
    r"[a-z]?-?\d{1,5}[a-z]?(?!\w))"
)
_AFTER = rf"(?: {_DIRECTION})?{_UNIT}?"
_STREET = re.compile(
    rf"{_NUMBER} (?:{_DIRECTION} )?(?:{_STREET_WORD} ){{1,4}}?(?P<ending>{_ENDING})(?![\w'-])\.?(?!\w)"
    rf"(?: {_ENDING}(?![\w'-])\.?)?{_AFTER}"
)
# "2900 N Clark": in Chicago nobody says "street" after a direction.
_DIRECTED = re.compile(
    rf"(?<![\w$€£.,:/-])\d{{2,5}} (?:[nsew]\.?|north|south|east|west) (?P<word>{_STREET_WORD})"
    rf"(?P<ending> {_ENDING}(?!\w)\.?)?(?![\w'-]){_AFTER}"
)
_BOX = re.compile(r"(?<!\w)(?:p\.? ?o\.? ?box|apartado(?: postal)?) \#?\d{1,6}(?!\w)")
_LIVES = (
    r"(?<!\w)(?:(?:i|we|he|she|they)(?:'m|'re| am| are| is| both)?(?: also| now| currently)? (?:liv(?:e|es|ing)"
    r"|stay(?:ing)?"
    r"|reside|moved)(?: over| out| down| up| now)?(?: at| on| off| to| in| near)?|(?:home|mailing|street|billing|my"
    r"|our|his|her)? ?address(?: is|'s|:| -)?"
    r"|(?:i'?m|i am|we'?re|we are|located|over) (?:on|at|off)|(?:my|our) (?:place|house|home|apartment|apt"
    r"|condo)(?: is)?(?: at| on)?|(?:live|lives|living|staying|residing) (?:at|on|off)|home ?:|vivo en(?: la)?"
    r"|mi direcci[oó]n(?: es|:)?"
    r"|domicilio:?)"
    r"(?: actually| still)? {1,2}"
)
_LIVED_AT = re.compile(
    rf"{_LIVES}(?P<place>\d{{1,6}}[a-z]?(?: {_DIRECTION})? {_STREET_WORD}(?: {_ENDING}(?!\w)\.?)?{_AFTER}"
    rf"|(?:{_DIRECTION} )?(?:{_STREET_WORD} ){{1,3}}?{_SURE_ENDING}(?!\w)\.?(?: {_DIRECTION})?"
    rf"|(?:{_DIRECTION} )?(?:\d{{1,3}}(?:st|nd|rd|th)) (?:{_ENDING})(?!\w)\.?)"
)
_SPANISH = re.compile(
    r"(?<!\w)(?:calle|avenida|av\.|avda\.?|calz(?:ada)?\.?|carrera|privada|paseo|colonia) "
    r"(?:de (?:la |los |las )?)?[^\W\d_]{2,20}(?: [^\W\d_]{2,20}){0,3}?,?(?: ?\#| n[uú]mero"
    r"| no\.?)? ?\d{1,5}[a-z]?(?!\w)"
)
_STATES = (
    r"(?:il|ill|illinois|wi|wisconsin|ind|indiana|mi|michigan|ia|iowa|mo|missouri|ky|oh|ohio|mn|ny|nj|ca|tx|fl|ga|az"
    r"|co|pa|ma|wa|va|nc|tn)"
)
_CITIES = (
    r"(?:chicago|chi|evanston|skokie|oak park|cicero|berwyn|naperville|schaumburg|wilmette|winnetka|aurora|elgin|joliet"
    r"|elmhurst|wheaton|palatine|waukegan|des plaines|arlington heights|downers grove|orland park|tinley park"
    r"|bolingbrook|glenview|northbrook|oak lawn|lombard|highland park|forest park|park ridge|niles|lincolnwood)"
)
_ZIP = r"(?P<zip>\d{5}(?:-\d{4})?)(?![\w%]|[.,:/-]\d)"
_ZIPS = (
    re.compile(rf"(?<!\w)(?:zip ?-?(?: ?codes?)?|post(?:al)? ?codes?|c[oó]digo postal|c\.p\.)"
               rf"(?:'s| is|:| =| -|,| es| here| for me){{0,3}} ?{_ZIP}"),
    re.compile(rf"(?<!\w)(?:{_STATES}|{_CITIES})\b[ .,]{{1,3}}{_ZIP}"),
    re.compile(rf"(?<=\w)(?:, | ){_STATES}\b[ .,]{{1,3}}{_ZIP}"),
    re.compile(rf"{NEUTRAL_COVER}\.?,? ?(?P<zip>6\d{{4}}(?:-\d{{4}})?)(?!\w)"),
    re.compile(r"(?<![\w$.,-])(?P<zip>\d{5}-\d{4})(?![\w-])"),
    # Illinois begins with 60 to 62; "in 60618" is no amount unless it counts something.
    re.compile(r"\b(?:in|from|near|around|by|at|area|to|zone) (?P<zip>6[0-2]\d{3})(?!\w)(?![.,]\d)(?! [a-z]{4,12}s\b)"),
    re.compile(r"^\W{0,3}(?P<zip>6[0-2]\d{3})\W{0,3}$"),
)  # fmt: skip
_FEWEST_DIGITS_OF_UNSURE = 3
_SURE_WORD = re.compile(rf"(?<!\w){_SURE_ENDING}(?!\w)")


def scan_addresses(message: PlainText) -> list[Found]:
    """Every street address and ZIP code; the city beside it is no part of the find."""
    lower = message.lower
    if not any(map(str.isdecimal, lower)):
        return _streets_lived_in(lower) if _SURE_WORD.search(lower) else []
    finds = [_found(match, 0) for match in _STREET.finditer(lower) if _is_street(message, match)]
    finds += [
        _found(match, 0) for match in _DIRECTED.finditer(lower) if match["ending"] or not is_common(match["word"])
    ]
    finds += [_found(match, 0) for pattern in (_BOX, _SPANISH) for match in pattern.finditer(lower)]
    finds += _streets_lived_in(lower)
    covered = message.without(finds).lower.replace("\x1a", NEUTRAL_COVER) if finds else lower
    return finds + [_found(match, "zip") for pattern in _ZIPS for match in pattern.finditer(covered)]


def _streets_lived_in(lower: str) -> list[Found]:
    return [_found(match, "place") for match in _LIVED_AT.finditer(lower)]


def _is_street(message: PlainText, match: re.Match[str]) -> bool:
    """Whether it is one by its ending ("Lane"), its capitals ("18 Elm Ct") or the length of its number."""
    if re.fullmatch(_SURE_ENDING, match["ending"]):
        return True
    digits = re.match(r"\d+", match.group())
    capital = message.plain[match.start("ending")].isupper() and not message.plain.isupper()
    return capital or (digits is not None and len(digits.group()) >= _FEWEST_DIGITS_OF_UNSURE)


def _found(match: re.Match[str], group: int | str) -> Found:
    return Found(*match.span(group), match[group])

"""Ways to reach somebody: what the readings find, and what says who somebody is without being of use to call or write.

The readings look for a number or address that the staff can use. Here half a number and an account elsewhere count too.
"""

from __future__ import annotations

import re

from clinic.readings.finders.common_words import is_common
from clinic.readings.finders.emails import scan_emails
from clinic.readings.finders.phones import scan_phones
from clinic.readings.finders.plain_text import Found, PlainText

_PROVIDERS = r"(?:gmail|g-mail|yahoo|hotmail|outlook|icloud|aol|msn|comcast|proton|protonmail|ymail|live)"
_ENDINGS = r"(?:com|org|net|edu|co|io|us|me|info|mx|pl|de|fr|es|uk|test|example)"
_LOCAL = r"(?<![\w.+-])[\w+-]{1,40}(?:(?:\.| (?:dot|underscore|dash|punto|guion bajo) )[\w+-]{1,40}){0,4}"
_AT = r"(?: ?[\[({<\"'*] ?(?:at|@|arroba) ?[\])}>\"'*] ?| (?:at|arroba) | ?@ ?)"
_DOT = r"(?: ?[\[({<\"'*] ?(?:dot|\.|punto) ?[\])}>\"'*] ?| ?[.,] ?| (?:dot|punto) )"
_EMAILS = (
    re.compile(rf"{_LOCAL}{_AT}[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{0,2}}{_DOT}{_ENDINGS}\b"),
    re.compile(rf"{_LOCAL}{_AT}{_PROVIDERS}(?: {_ENDINGS})?\b"),
    re.compile(rf"{_LOCAL} {_PROVIDERS}(?:\.| dot | ){_ENDINGS}\b"),
)
# The patterns for e-mail addresses and phone numbers in words try every word of a message that has one of these.
_EMAIL_HINT = re.compile(
    rf"@|arroba|mail|yahoo|outlook|icloud|aol|msn|comcast|proton|live|\b(?:dot|punto)\b|\.{_ENDINGS}\b"
)
_PHONE_HINT = re.compile(r"\d|zero|three|four|five|six|seven|eight|nine|double|triple")
_ACCOUNT_HINT = re.compile(
    r"@|\.(?:com|net|ee|app|me|be)/|insta|\big|snap|tik|twitter|face|\bfb|venmo|zelle|discord|handle|user|screen|cash"
    r"|threads"
)
_AFTER_PROVIDER = re.compile(
    rf"(?<!\w)(?:{_PROVIDERS}|e-?mail|correo)(?: address| account)?(?: is|'s| es|:| =) {{0,2}}(?P<local>[\w+-]{{2,40}}"
    r"(?:\.[\w+-]{1,40}){0,3})(?![\w@.]*@)"
)
_LAST_DIGITS = re.compile(
    r"\b(?:phone|cell|mobile|number|num|tel|line)\b[^.!?\n\d]{0,25}?\b(?:ends?|ending|last (?:4|four)(?: digits?)?)"
    r"(?: (?:in|with|are|is))? ?:? ?(?P<digits>\d{4})(?!\w)"
    r"|\b(?:last (?:4|four)(?: digits?)?) of (?:my |the )?(?:phone|cell|mobile"
    r"|number)[a-z ]{0,12} ?:?(?P<more>\d{4})(?!\w)"
    r"|(?<!\w)(?P<masked>(?:\(?[x*]{3}\)?[ -]?){0,2}[x*]{1,4}-?\d{4})(?!\w)"
)
_GROUPED = re.compile(r"(?<![\w$€£.,/-])\d{2,4}(?:[ .-]\d{2,4}){2,5}(?![\w%]|[.,:/-]\d)")
# "312five five five 0149": the reading wants a sign between the parts.
_DIGIT = r"(?:(?:double |triple )?(?:zero|oh|o(?![a-z])|one|two|three|four|five|six|seven|eight|nine)|\d)"
_MIXED = re.compile(rf"(?<![\w$]){_DIGIT}(?:[ ,.-]{{0,3}}{_DIGIT}){{9,11}}(?!\w)")
_DECIMAL = re.compile(r"\d{1,2}\.\d+")
_PHONE_CUE = re.compile(
    r"\b(?:phone|cell|mobile|number|num|tel|whatsapp|call|text|txt|reach|tel[eé]fono|n[uú]mero|cel)\b"
)
_CUE_REACH = 40
_NATIONAL = (10, 11, 12)
_HANDLE = re.compile(r"(?<![\w.@])@(?P<handle>[a-z][\w.]{2,29})(?!\w|@)")
_ACCOUNT = re.compile(
    r"\b(?:insta(?:gram)?|ig|snap(?:chat)?|tik ?tok|twitter|facebook|fb|venmo|zelle|discord|handle|user ?name"
    r"|screen ?name)"
    r"(?: name| handle| account| user)?(?: is|:| =|'s)+ ?(?P<handle>@?[\w][\w.]{2,29})(?!\w)"
    r"|\b(?:insta(?:gram)?|ig|snap(?:chat)?|tik ?tok|twitter|venmo"
    r"|discord):? (?P<marked>(?=[a-z]*[._\d])[a-z][\w.]{2,29})(?!\w)"
)
_PROFILE = re.compile(
    r"(?<![\w.])(?:https?://)?(?:www\.|m\.)?(?:facebook|fb|instagram|tiktok|twitter|x|linkedin|snapchat|venmo|threads"
    r"|linktr"
    r"|cash|t|wa)\.(?:com|net|ee|app|me|be)/[^\s<>]{2,200}"
)
_PRIVATE_PART = re.compile(r"(?:https?://|www\.)[^\s<>?#]{1,200}(?P<query>[?#][^\s<>]{1,400})")
_NUMBER_IN_URL = re.compile(r"(?:https?://|www\.)[^\s<>?#]{1,100}/(?P<number>[\w-]{0,20}\d{5}[\w-]{0,20})")


def scan_email_addresses(message: PlainText) -> list[Found]:
    """Every e-mail address and every attempt at one."""
    finds = scan_emails(message)
    lower = message.lower
    if _EMAIL_HINT.search(lower):
        finds += [_found(match, 0) for pattern in _EMAILS for match in pattern.finditer(lower)]
    if "mail" in lower or "correo" in lower or "yahoo" in lower:
        finds += [_found(m, "local") for m in _AFTER_PROVIDER.finditer(lower) if not is_common(m["local"])]
    return finds


def scan_phone_numbers(message: PlainText) -> list[Found]:
    """Every phone number and every attempt at one."""
    lower = message.lower
    if not _PHONE_HINT.search(lower):
        return []
    finds = [find for find in scan_phones(message) if not _DECIMAL.fullmatch(message.lower[find.start : find.end])]
    for match in _GROUPED.finditer(lower):
        digits = sum(map(str.isdecimal, match.group()))
        if digits in _NATIONAL and _PHONE_CUE.search(lower[max(0, match.start() - _CUE_REACH) : match.start()]):
            finds.append(_found(match, 0))
    return finds + [_found(match, 0) for match in _MIXED.finditer(lower) if not match.group().isdecimal()]


def scan_ends_of_phones(message: PlainText) -> list[Found]:
    """What is told of a phone number: "my phone ends in 0147", "(xxx) xxx-0147"."""
    return [_found(match, match.lastgroup or 0) for match in _LAST_DIGITS.finditer(message.lower)]


def scan_accounts(message: PlainText) -> list[Found]:
    """Names on other services: "@anna_k", "my insta is anna.k", "facebook.com/anna.k"."""
    if not _ACCOUNT_HINT.search(message.lower):
        return []
    finds = [_found(match, 0) for match in _PROFILE.finditer(message.lower)]
    for pattern in (_HANDLE, _ACCOUNT):
        for match in pattern.finditer(message.lower):
            group = match.lastgroup or 0
            if not is_common(match[group].strip("@.")):
                finds.append(_found(match, 0 if pattern is _HANDLE else group))
    return finds


def scan_addresses_of_pages(message: PlainText) -> list[Found]:
    """What an address of a page may tell of who opened it: all after its "?" or "#", and long numbers."""
    if "//" not in message.lower and "www." not in message.lower:
        return []
    finds = [_found(match, "query") for match in _PRIVATE_PART.finditer(message.lower)]
    return finds + [_found(match, "number") for match in _NUMBER_IN_URL.finditer(message.lower)]


def _found(match: re.Match[str], group: int | str) -> Found:
    return Found(*match.span(group), match[group])

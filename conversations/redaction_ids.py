"""Where a number stands by which somebody is known: social security, insurance, record, account and card numbers."""

from __future__ import annotations

import re

from clinic.readings.finders.plain_text import Found, PlainText
from conversations.redaction_spans import NEUTRAL_COVER

# A group of letters and digits with a digit in it, then more groups: "XGR882710043", "YTH 449 201 776", "AB-99-203".
_NO_PREFIX = r"(?:is|it|its|my|the|no|num|id|are|and|for|of|in|on|at|to|on|card|was|has|but|so|not|by|or|as|if)\b"
_VALUE = (
    rf"(?P<value>(?:(?!{_NO_PREFIX})[a-z]{{1,6}}[ -])?[a-z]{{0,6}}\d[a-z\d]{{0,20}}"
    r"(?:(?: ?[-/.] ?| )(?!\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4})(?=[a-z]{0,4}\d)(?:[a-z\d]{2,12}"
    r"|(?<=-)[a-z\d])(?! ?[ap]m\b)(?!\w)){0,5}"
    r"(?: \d(?=$|[.,;!\n]))?)(?!\w)"
)
_LINK = (
    r"(?: ?[:=#,.?-]| (?:is|was|are|it's|its|it is|my|the|on (?:file|it)|here|id|ids|no|num|nr|number|numbers|code"
    r"|card|es|de"
    r"|called|ending in|hmo|ppo|plan|member|group|policy|\#)\b| ?\#){0,6} {0,3}"
)
_NUMBER = r"(?: ?-?(?:id|ids|number|numbers|no|nos|num|nr|nbr|card|code)\b\.?| ?\#)"
_STRONG_CUES = (
    r"(?:ssn|s\.s\.n\.?|ss ?\#|ss (?:num|number|no)|soc(?:ial)?(?: sec(?:urity)?)?|seguro social|nss|mrn|mr \#"
    r"|medical record|subscriber|policy|p[oó]liza|mbi|passport|pasaporte|licen[cs]e|licencia|curp|dni|pesel|routing"
    rf"|iban|npi|itin|(?:member(?:ship)?|sub|patient|client|chart|record|group|plan|claim|account|acct|acc|cuenta|order"
    r"|case|reference|ref|confirmation|conf|booking|student|employee|photo|state|card|invoice|ticket|request|rx"
    rf"|prescription|insurance|aseguranza|seguro|medicare|medicaid){_NUMBER})"
)
_WEAK_CUES = (
    r"(?:id|member|group|grp|plan|account|acct|card|tarjeta|visa|master ?card|amex|american express|discover|debit"
    r"|credit|hsa|fsa|claim|reference|ref|booking|chart|confirmation|order|ticket|serial|insurance|aseguranza|seguro"
    r"|medicare|medicaid|aetna|cigna|humana|kaiser|united ?health ?care|uhc|united|bcbs|bcbsil"
    r"|blue cross(?: blue shield)?|anthem|tricare|molina|wellcare|oscar|ambetter|meridian|medicare advantage)"
)
_NAMED = re.compile(rf"(?<!\w){_STRONG_CUES}s?(?!\w){_LINK}{_VALUE}")
_HINTED = re.compile(rf"(?<!\w){_WEAK_CUES}(?!\w){_LINK}{_VALUE}")
_SHAPES = re.compile(
    # Social security, written or masked; Medicare (11 places of CMS's MBI, with or without dashes); letters before
    # digits as insurers have them.
    r"(?<![\w-])(?:\d{3}([- ])\d{2}\1\d{4}|[x*]{3}-?[x*]{2}-?\d{4}"
    r"|[1-9][a-z][a-z\d]\d-?[a-z][a-z\d]\d-?[a-z]{2}\d\d|[a-z]{1,4}-?\d{7,14})(?![\w-])"
)
_LONG = re.compile(r"(?<![\w$€£.,+-])\d{8,19}(?![\w%]|[.,]\d)")
_LENGTHS_OF_PHONES = (10, 11)
_CARD = re.compile(
    r"(?<![\w-])(?P<number>\d{13,19}|\d{4}(?P<sign>[ -])\d{4}(?P=sign)\d{4}(?P=sign)\d{4}"
    r"(?:(?P=sign)\d{1,3})?|\d{4}(?P<gap>[ -])\d{6}(?P=gap)\d{4,5})(?![\w/-])"
    # the day it expires and the code on its back
    r"(?:[ ,;]{1,3}(?:exp\w{0,6}\.?:? ?)?\d{1,2} ?/ ?\d{2,4}(?:[ ,;]{1,3}(?:cv[vc]2?:? ?)?\d{3,4}(?!\w))?)?"
)
_CODE_OF_CARD = re.compile(r"\b(?:cvv2?|cvc2?|security code|card code)\b(?: is| code|:|=|\#)* ?(\d{3,4})(?!\d)")
_EXPIRY = re.compile(r"\b(?:exp(?:ir\w{1,6})?\b\.?|good thru)(?: date)?(?: is|:|=)? ?(\d{1,2} ?[/-] ?\d{2,4})(?!\w)")
_LAST_DIGITS = re.compile(
    r"\b(?:(?:ends?|ending) (?:in|with)|last (?:4|four)(?: digits?)?(?:(?: of| on)? (?:my |the )?[a-z]{2,10}){0,2})"
    r"(?: is| are|:| =)? ?(\d{4})(?!\w)"
)
_CODE = re.compile(
    r"(?=[a-z\d-]*\d[a-z-]*\d)(?=[a-z\d-]*[a-z])(?!\d{1,3}(?:mg|ml|mm|hr?s?|st|nd|rd|th|x|yo|pm|am)\b)[a-z\d-]{5,20}"
)
_FEWEST_DIGITS = 4
_FEWEST_DIGITS_OF_HINTED = 5
_YEAR = re.compile(r"(?:19|20)\d\d")


def scan_ids(message: PlainText) -> list[Found]:
    """Every number that says who somebody is, without the words that name it; dates of birth are covered before."""
    lower = message.lower
    if not any(map(str.isdecimal, lower)):
        return []
    finds = [
        _found(match, "value")
        for pattern, fewest in ((_NAMED, _FEWEST_DIGITS), (_HINTED, _FEWEST_DIGITS_OF_HINTED))
        for match in pattern.finditer(lower)
        if _digits(match["value"]) >= fewest or _is_code(match["value"])
    ]
    finds += [_found(match, 0) for match in _SHAPES.finditer(lower)]
    finds += [_found(match, 0) for match in _LONG.finditer(lower) if _is_number_of_somebody(match.group())]
    finds += [_found(match, 1) for match in _LAST_DIGITS.finditer(lower) if not _YEAR.fullmatch(match[1])]
    return finds + _of_cards(message, finds)


def _of_cards(message: PlainText, finds: list[Found]) -> list[Found]:
    """Card numbers, and what is on a card beside its number where one stands in the message."""
    cards = [_found(match, 0) for match in _CARD.finditer(message.lower) if _is_card(match["number"])]
    cards += [_found(match, 1) for match in _CODE_OF_CARD.finditer(message.lower)]
    if cards or finds or NEUTRAL_COVER in message.lower:
        cards += [_found(match, 1) for match in _EXPIRY.finditer(message.lower)]
    return cards


def _is_number_of_somebody(digits: str) -> bool:
    """Not a phone number, which is found after this, and no round amount."""
    return len(digits) not in _LENGTHS_OF_PHONES and not digits.endswith("000")


def _is_card(written: str) -> bool:
    grouped = not written.isdecimal()
    return grouped or _passes_luhn(written)


def _passes_luhn(digits: str) -> bool:
    """The check sum of card numbers (ISO/IEC 7812-1, annex B)."""
    odd = [int(digit) for digit in digits[-1::-2]]
    even = [sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2]]
    return (sum(odd) + sum(even)) % 10 == 0


def _is_code(value: str) -> bool:
    """Letters and digits mixed, as nobody writes a word or an amount: "7HK29Q"."""
    return _CODE.fullmatch(value) is not None


def _digits(text: str) -> int:
    return sum(map(str.isdecimal, text))


def _found(match: re.Match[str], group: int | str) -> Found:
    return Found(*match.span(group), match[group])

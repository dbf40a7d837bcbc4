"""Where an e-mail address, or an attempt at one, stands in a message."""

from __future__ import annotations

import re

from clinic.readings.finders.plain_text import Found, Places, PlainText

_ENDINGS = r"(?:com|org|net|edu|gov|mil|io|co|us|me|info|biz|test|example|ca|uk|mx|pl|de|fr|es|in)"
_PROVIDERS = r"(?:gmail|yahoo|hotmail|outlook|icloud|aol|msn|comcast|proton|protonmail|live|me|example)"
# Each pattern is bounded and starts at a character that the one before it cannot be, so a scan is linear.
_TOKEN_WITH_AT = re.compile(r"[^\s<>()\[\]{},;:\"|/\\=]{1,400}")
_SPACED = re.compile(
    r"(?<![\w.+%'-])[\w.+%'-]{1,64}(?: {1,2}@ {0,2}|@ {1,2})"
    rf"[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{0,3}}\.{_ENDINGS}\b"
)
_LOCAL_SPOKEN = r"(?<![\w.+-])[\w+-]{1,40}(?:(?:\.| {1,2}(?:dot|underscore|dash) {1,2})[\w+-]{1,40}){0,4}"
_SPOKEN_DOT = r" {0,2}[\[(]?\bdot\b[\])]? {0,2}"
_SPOKEN = re.compile(
    rf"{_LOCAL_SPOKEN} {{1,2}}[\[(]?at[\])]? {{1,2}}[\w-]{{1,63}}(?:{_SPOKEN_DOT}[\w-]{{1,63}}){{0,2}}"
    rf"{_SPOKEN_DOT}{_ENDINGS}\b"
)
_AT_PROVIDER = re.compile(rf"{_LOCAL_SPOKEN} {{1,2}}at {{1,2}}{_PROVIDERS}\.{_ENDINGS}\b")
_CUE = r"\be-?mail(?: address| id)?(?: is|'s|:| -|=)?:? {0,3}(?:is |it's |its )?"
_AFTER_CUE = re.compile(rf"{_CUE}([\w+%'-]{{1,64}}(?:[.@][\w+%'-]{{1,64}}){{0,5}}\.{_ENDINGS})\b")
_WHOLE_MESSAGE = re.compile(
    r"(?:(?:it's|its|it is|sure|ok|okay|yes)[,:]? )?"
    rf"((?!www\.|https?:)[\w+%'-]{{2,64}}(?:\.[\w+%'-]{{1,64}}){{0,4}}\.{_ENDINGS})"
)
_SPOKEN_SIGN = re.compile(r" {0,2}[\[(]?\b(dot|underscore|dash|at)\b[\])]? {0,2}")
_SIGNS = {"dot": ".", "underscore": "_", "dash": "-", "at": "@"}


def scan_emails(message: PlainText) -> list[Found]:
    """Every address and every attempt at one ("anna@example", "anna at example dot com"), in order of place.

    The value is the address as it would be typed ("anna@example.com"); whether it can exist is for its reading to say.
    """
    places = Places(len(message.plain))
    return sorted(found for found in _candidates(message) if places.take(found.start, found.end))


def _candidates(message: PlainText) -> list[Found]:
    """The surest forms first: they win where two forms overlap."""
    finds: list[Found] = []
    if "@" in message.plain:
        finds += _typed(message)
        finds += [_found(message, match, 0) for match in _SPACED.finditer(message.lower)]
    if "at" in message.lower:
        finds += [_found(message, match, 0) for match in _SPOKEN.finditer(message.lower)]
        finds += [_found(message, match, 0) for match in _AT_PROVIDER.finditer(message.lower)]
    if "mail" in message.lower:
        finds += [_found(message, match, 1) for match in _AFTER_CUE.finditer(message.lower)]
    whole = _WHOLE_MESSAGE.fullmatch(message.lower.strip(" .!\n"))
    if whole:
        start = message.lower.index(whole.group(1))
        finds.append(Found(start, start + len(whole.group(1)), message.plain[start : start + len(whole.group(1))]))
    return finds


def _typed(message: PlainText) -> list[Found]:
    """Words with an @ and something before it, without the punctuation around; "friday @2" has nothing before it."""
    finds: list[Found] = []
    for match in _TOKEN_WITH_AT.finditer(message.plain):
        token = match.group()
        if "@" not in token:
            continue
        start = match.start() + len(token) - len(token.lstrip(".'*_-!?~&#"))
        if token[:7].lower() == "mailto:":
            start = match.start() + 7
        end = match.end() - (len(token) - len(token.rstrip(".'*_-!?~&#")))
        typed = message.plain[start:end]
        if _has_both_sides(typed):
            finds.append(Found(start, end, typed))
    return finds


def _has_both_sides(typed: str) -> bool:
    """A letter before the first @ and any character after it: "@dana" is a nickname elsewhere, "10@3" a time."""
    local, _, domain = typed.partition("@")
    return any(character.isalpha() for character in typed) and local != "" and domain.strip("@.") != ""


def _found(message: PlainText, match: re.Match[str], group: int) -> Found:
    start, end = match.span(group)
    return Found(start, end, _without_spoken_signs(message.plain[start:end]))


def _without_spoken_signs(text: str) -> str:
    spoken = _SPOKEN_SIGN.sub(lambda match: _SIGNS[match.group(1).lower()], text) if "@" not in text else text
    return spoken.replace(" ", "")

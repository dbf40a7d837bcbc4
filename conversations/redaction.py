"""Transcripts without what tells who somebody is: names, phones, e-mails, birth dates, ids and addresses.

What is known of the conversation is replaced first, then what the understanding found, then what patterns find. Words
about the skin stay, since they are what the reviewer is there to read. See docs/redaction.md for how well it works.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from clinic.readings.finders import EMAIL, PERSON, PHONE
from clinic.readings.finders.plain_text import Found, PlainText
from conversations.redaction_births import scan_birth_dates
from conversations.redaction_contacts import (
    scan_accounts,
    scan_addresses_of_pages,
    scan_email_addresses,
    scan_ends_of_phones,
    scan_phone_numbers,
)
from conversations.redaction_ids import scan_ids
from conversations.redaction_known import known_spans
from conversations.redaction_names import scan_names
from conversations.redaction_places import scan_addresses
from conversations.redaction_spans import (
    NEUTRAL_COVER,
    Kind,
    Span,
    covered,
    has_uncovered,
    merged,
    spans_of,
    token_spans,
)

_KINDS_OF_ENTITIES = {PERSON: Kind.NAME, PHONE: Kind.PHONE, EMAIL: Kind.EMAIL}
_REPEATED = re.compile(r"\[name\](?: {0,3}\[name\])+")
_Finder = Callable[[PlainText], list[Found]]
# In this order: a surer find covers its place for those after it.
_FINDERS: tuple[tuple[Kind, _Finder], ...] = (
    (Kind.NAME, scan_accounts),
    (Kind.ID, scan_addresses_of_pages),
    (Kind.EMAIL, scan_email_addresses),
    (Kind.BIRTH_DATE, scan_birth_dates),
    (Kind.PHONE, scan_ends_of_phones),
    (Kind.ID, scan_ids),
    (Kind.ADDRESS, scan_addresses),
    (Kind.PHONE, scan_phone_numbers),
    (Kind.NAME, scan_names),
)


def redact(
    text: str,
    known: Collection[str] = (),
    entities: Sequence[Mapping[str, Any]] = (),
    allowed: Collection[str] = (),
) -> str:
    """A message with `[name]`, `[phone]`, `[email]`, `[birth date]`, `[id]` and `[address]` in place of personal data.

    Redacting twice changes nothing more. No text raises an error; a token that a visitor typed stays as it is.

    Args:
        text: the message as it was written.
        known: values of the personal slots of this conversation: names, e-mail addresses, phones (E.164 best).
        entities: what the understanding found in this very text; those of kind person, phone and email are used.
        allowed: texts that are nobody's data, such as the clinic's own name and phone number.
    """
    personal = [entity for entity in entities if _kind_of(entity)]
    if not personal and not known_spans(PlainText.of(text), known):
        redacted = _redacted_by_patterns(text, tuple(allowed))
        if not known or redacted == text:
            return redacted
        text = redacted
    return _redacted_until_nothing_is_found(text, known, personal, allowed)


@lru_cache(maxsize=1024)
def _redacted_by_patterns(text: str, allowed: tuple[str, ...]) -> str:
    """Without anything known; what the assistant says, and what many visitors write, is worked out once."""
    return _redacted_until_nothing_is_found(text, (), (), allowed)


def _redacted_until_nothing_is_found(
    text: str, known: Collection[str], entities: Sequence[Mapping[str, Any]], allowed: Collection[str]
) -> str:
    """What is found may let something beside it be found. Every round covers more of the text, so this ends."""
    redacted = _redacted_once(text, known, entities, allowed)
    while redacted != text:
        text, redacted = redacted, _redacted_once(redacted, known, (), allowed)
    return redacted


def _redacted_once(
    text: str, known: Collection[str], entities: Sequence[Mapping[str, Any]], allowed: Collection[str]
) -> str:
    message = PlainText.of(text)
    message = covered(message, token_spans(message))
    message = _without_allowed(message, allowed)
    spans: list[Span] = []
    for find in _finding(known, entities):
        found = [span for span in find(message) if has_uncovered(message, span)]
        spans += found
        message = covered(message, found)
    return _replaced(message, merged(spans)) if spans else text


def _finding(
    known: Collection[str], entities: Sequence[Mapping[str, Any]]
) -> Iterator[Callable[[PlainText], list[Span]]]:
    """Every way of finding, one after the other."""
    for kind, scan in _FINDERS:
        if kind is Kind.BIRTH_DATE and known:  # after the e-mail addresses, which may hold a known name
            yield lambda message: known_spans(message, known)
        if scan is scan_names and entities:
            yield lambda message: _entity_spans(message, entities)
        yield lambda message, kind=kind, scan=scan: spans_of(kind, scan(message))  # type: ignore[misc]


def _entity_spans(message: PlainText, entities: Sequence[Mapping[str, Any]]) -> list[Span]:
    spans = []
    for entity in entities:
        kind = _kind_of(entity)
        start, end = entity.get("start"), entity.get("end")
        if kind and isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(message.written):
            place = _plain_place(message, start), _plain_place(message, end)
            spans.append(Span(*place, kind))
    return spans


def _kind_of(entity: Mapping[str, Any]) -> Kind | None:
    """What a piece of personal data an entity is; None for a time, a place on the body and the like."""
    return _KINDS_OF_ENTITIES.get(str(entity.get("entity")))


def _plain_place(message: PlainText, position: int) -> int:
    """Where a place of the written text is in the plain one."""
    return position if message.positions is None else bisect_left(message.positions, position, 0, len(message.plain))


def _without_allowed(message: PlainText, allowed: Collection[str]) -> PlainText:
    plain, lower = message.plain, message.lower
    for text in allowed:
        words = PlainText.of(text).lower
        # Whole words alone: a longer number that begins with the clinic's is somebody's.
        for found in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", lower) if words else ():
            cover = NEUTRAL_COVER * len(words)
            plain = plain[: found.start()] + cover + plain[found.end() :]
            lower = lower[: found.start()] + cover + lower[found.end() :]
    return PlainText(message.written, plain, lower, message.positions)


def _replaced(message: PlainText, spans: Sequence[Span]) -> str:
    parts, place = [], 0
    for span in spans:
        detail = message.detail(span.kind, Found(span.start, span.end, ""))
        parts += [message.written[place : detail.start], span.kind.token]
        place = detail.end
    return _REPEATED.sub(Kind.NAME.token, "".join(parts) + message.written[place:])

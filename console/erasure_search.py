"""From what a person of the staff types - a receipt, a phone number, an id - to the conversations that are meant."""

import re

from sqlalchemy.engine import Engine

from clinic.erasures import RECEIPT_ALPHABET, RECEIPT_LENGTH
from clinic.message_work import MESSAGES
from clinic.readings.phones import PhoneStatus, read_phone
from clinic.request_work import REQUESTS
from clinic.staff_work import WorkItem, WorkKind
from clinic.text_contacts import conversation_of
from clinic.work_lists import search_work

_RECEIPT = re.compile(f"[{RECEIPT_ALPHABET}]{{{RECEIPT_LENGTH}}}")
_ID = re.compile(r"[\w-]{10,100}", re.ASCII)
LONGEST_SHOWN = 50


def receipt_in(text: str) -> str | None:
    """The receipt number that was typed, in its own form; None where it can be none."""
    bare = re.sub(r"[\s-]", "", text).upper()
    return bare if _RECEIPT.fullmatch(bare) else None


def conversations_of(engine: Engine, secret_key: str, text: str) -> tuple[str, ...]:
    """The ids that are meant: of the text conversation of a number, of requests and messages with it, or the id typed.

    Args:
        engine: the database.
        secret_key: makes a text conversation's id of its number.
        text: what was typed.
    """
    phone = read_phone(text)
    if phone.status is not PhoneStatus.COMPLETE or phone.e164 is None:
        return (text,) if _ID.fullmatch(text) else ()
    kinds: tuple[WorkKind[WorkItem], ...] = (REQUESTS, MESSAGES)  # type: ignore[assignment]
    found = [conversation_of(secret_key, phone.e164)]
    for kind in kinds:
        items = search_work(engine, kind, phone.e164).items
        found += [item.conversation_id for item in items if item.phone == phone.e164]
    return tuple(dict.fromkeys(each for each in found if each))[:LONGEST_SHOWN]

"""The wordings of one response: its ways to be said on the website and by text message."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from clinic.answers.response_files import Variation

WEB = "web"
SMS = "sms"
CHANNELS = (WEB, SMS)


@dataclass(frozen=True)
class Wording:
    """One way of saying it, with the ids of the facts that it rests on (None where it names none)."""

    channel: str
    text: str
    facts: tuple[str, ...] | None = None


Wordings = tuple[Wording, ...]


def texts_of(wordings: Iterable[Wording], channel: str) -> list[str]:
    """The ways of one channel, in their order."""
    return [wording.text for wording in wordings if wording.channel == channel]


def wordings_of(variations: Iterable[Variation]) -> Wordings:
    """What a file has for a response."""
    return tuple(
        Wording(each.get("channel") or WEB, " ".join(str(each["text"]).split()), _facts(each)) for each in variations
    )


def variations_of(response: str, wordings: Iterable[Wording]) -> list[Variation]:
    """The wordings in the form of a file's, with their ids."""
    counts: dict[str, int] = {}
    made: list[Variation] = []
    for wording in wordings:
        # The same ids as those of the file, whose web wordings name no channel (response_files.py).
        channel = {} if wording.channel == WEB else {"channel": wording.channel}
        name = wording.channel if channel else "any"
        counts[name] = counts.get(name, 0) + 1
        metadata = {} if wording.facts is None else {"metadata": {"facts": list(wording.facts)}}
        made.append({"id": f"{response}/{name}/{counts[name]}", "text": wording.text, **channel, **metadata})
    return made


def stored_form(wordings: Sequence[Wording]) -> str:
    """The wordings as JSON, always the same for the same ones."""
    listed = [{"channel": each.channel, "text": each.text, "facts": each.facts} for each in wordings]
    return json.dumps(listed, ensure_ascii=False)


def from_stored_form(stored: str) -> Wordings:
    """The wordings that `stored_form` made JSON of.

    Raises:
        ValueError, KeyError, TypeError: it is nothing that `stored_form` wrote.
    """
    return tuple(_stored_wording(each) for each in json.loads(stored))


def digest_of_shipped(wordings: Sequence[Wording]) -> str:
    """Tells what the file says from what it said before."""
    return hashlib.sha256(stored_form(wordings).encode()).hexdigest()


def _facts(variation: Variation) -> tuple[str, ...] | None:
    metadata: Any = variation.get("metadata") or {}
    return tuple(metadata["facts"]) if "facts" in metadata else None


def _stored_wording(each: Any) -> Wording:
    channel, text, facts = each["channel"], each["text"], each["facts"]
    if channel not in CHANNELS or not isinstance(text, str) or not text.strip():
        raise ValueError("this is no wording")
    if facts is not None and not all(isinstance(fact, str) for fact in facts):
        raise ValueError("these are no facts")
    return Wording(channel, text, None if facts is None else tuple(facts))

"""Files of dialogues: what visitors send, turn by turn. The form is described in docs/dialogues.md."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from evaluation.located_yaml import ContentError, Located, read_located

WEB, SMS = "web", "sms"
CHANNELS = (WEB, SMS)
DIALOGUE_KEYS = ("name", "channel", "sender", "turns", "final")
TURN_KEYS = ("user", "choice", "expect", "advance", "redelivery")
DURATION = re.compile(r"([0-9]{1,6})([smhd])")
SECONDS_IN = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
PHONE_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")  # E.164, https://www.itu.int/rec/T-REC-E.164
NULL_TAG = "tag:yaml.org,2002:null"
BOOLEANS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}  # YAML 1.1


@dataclass(frozen=True)
class Turn:
    """One message of a visitor.

    `text` is what is typed; `choice` is the title of an offered button, tapped instead. Both are None where the message
    before is delivered again as it was. `advance` is the time that passes before, as written; `seconds` is the same in
    seconds. A redelivered message has the id of the message before.
    """

    text: str | None
    choice: str | None
    expect: str | None
    advance: str | None
    seconds: int
    redelivery: bool


@dataclass(frozen=True)
class Dialogue:
    """One conversation. `sender` is the number that is texted from; `final` says what must be stored afterwards."""

    name: str
    channel: str
    sender: str | None
    turns: tuple[Turn, ...]
    final: str | None


def read_dialogues(path: Path) -> list[Dialogue]:
    """The dialogues of a file, in its order.

    Raises:
        ContentError: the file is no list of dialogues; the message names file, line, dialogue and turn.
        OSError: the file cannot be read.
    """
    try:
        document = read_located(path)
    except UnicodeDecodeError as error:
        raise ContentError(path, 1, "the file is not written in UTF-8.") from error
    listed = document.items()
    if not listed:
        raise ContentError(path, document.line, "there is no dialogue in the file.")
    return [_dialogue(item, number) for number, item in enumerate(listed, start=1)]


def _dialogue(item: Located, number: int) -> Dialogue:
    place = f"dialogue {number}"
    fields = _fields(item, DIALOGUE_KEYS, place)
    name = _required(item, fields, "name", place)
    place = f"dialogue '{name}'"
    channel = _text(fields, "channel", place) or WEB
    if channel not in CHANNELS:
        raise _refused(fields["channel"], place, f"the channel is '{channel}'; it must be one of: web, sms.")
    return Dialogue(
        name=name,
        channel=channel,
        sender=_sender(item, fields, channel, place),
        turns=tuple(_turns(item, fields, channel, place)),
        final=_text(fields, "final", place),
    )


def _sender(item: Located, fields: dict[str, Located], channel: str, place: str) -> str | None:
    if channel != SMS:
        return _text(fields, "sender", place)
    sender = _required(item, fields, "sender", place)
    if not PHONE_NUMBER.fullmatch(sender):
        raise _refused(fields["sender"], place, "`sender` must be a number in full, as in '+13125550123'.")
    return sender


def _turns(item: Located, fields: dict[str, Located], channel: str, dialogue: str) -> Iterator[Turn]:
    turns = fields.get("turns", item)
    if not isinstance(turns.node, yaml.SequenceNode) or not turns.items():
        raise _refused(turns, dialogue, "`turns` is missing, or is no list of at least one turn.")
    for number, turn_item in enumerate(turns.items(), start=1):
        place = f"{dialogue}, turn {number}"
        turn = _turn(turn_item, place)
        if turn.redelivery and number == 1:
            raise _refused(turn_item, place, "there is no message before it that could be delivered again.")
        if turn.choice is not None and channel != WEB:
            raise _refused(turn_item, place, "a choice can be tapped on the web alone; a text message is typed.")
        yield turn


def _turn(item: Located, place: str) -> Turn:
    fields = _fields(item, TURN_KEYS, place)
    redelivery = _switch(fields, "redelivery", place)
    text, choice = _text(fields, "user", place), _text(fields, "choice", place)
    if text is not None and choice is not None:
        raise _refused(fields["choice"], place, "give `user` or `choice`, not both.")
    if choice is not None and redelivery:
        raise _refused(fields["choice"], place, "a redelivery repeats the message before it; leave `choice` out.")
    if text is None and choice is None and not redelivery:
        raise _refused(item, place, "`user` is missing: what is sent. For an empty message write user: ''.")
    advance = _text(fields, "advance", place)
    seconds = _seconds(fields["advance"], advance, place) if advance is not None else 0
    return Turn(text, choice, _text(fields, "expect", place), advance, seconds, redelivery)


def _fields(item: Located, known: tuple[str, ...], place: str) -> dict[str, Located]:
    if not item.is_mapping:
        raise _refused(item, place, f"keys with values are needed here: {', '.join(known)}.")
    fields: dict[str, Located] = {}
    for key, key_item, value in item.entries():
        if key not in known:
            raise _refused(key_item, place, f"unknown key '{key}'; known are: {', '.join(known)}.")
        fields[key] = value
    return fields


def _text(fields: dict[str, Located], key: str, place: str) -> str | None:
    """The text as it is written, so that `user: yes` is "yes" and `user: 10:30` stays a time; None without the key."""
    if key not in fields:
        return None
    value = fields[key]
    if not value.is_text:
        raise _refused(value, place, f"`{key}` must be plain text.")
    if value.node.tag == NULL_TAG:
        raise _refused(value, place, f"`{key}` has no value.")
    return value.text()


def _required(item: Located, fields: dict[str, Located], key: str, place: str) -> str:
    text = _text(fields, key, place)
    if not text:
        raise _refused(fields.get(key, item), place, f"`{key}` is missing.")
    return text


def _switch(fields: dict[str, Located], key: str, place: str) -> bool:
    written = _text(fields, key, place)
    if written is None:
        return False
    if written.lower() not in BOOLEANS:
        raise _refused(fields[key], place, f"`{key}` is '{written}'; it must be true or false.")
    return BOOLEANS[written.lower()]


def _seconds(value: Located, written: str, place: str) -> int:
    found = DURATION.fullmatch(written)
    if found is None:
        raise _refused(value, place, f"`advance` is '{written}'; write a duration such as 2s, 15m, 2h or 3d.")
    return int(found.group(1)) * SECONDS_IN[found.group(2)]


def _refused(value: Located, place: str, problem: str) -> ContentError:
    return ContentError(value.path, value.line, f"{place}: {problem}")

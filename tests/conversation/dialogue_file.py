"""Files of dialogues with what must come of each turn. The form is described in dialogues/README.md."""

import re
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, Extra, root_validator, validator

from evaluation.dialogues.dialogue_file import DURATION, PHONE_NUMBER, SECONDS_IN
from evaluation.located_yaml import read_located

FOLDER = Path(__file__).with_name("dialogues")
TABLES = ("appointment_requests", "staff_messages", "consents", "flags", "erasures")
Detail = Literal["name", "patient", "contact", "time"]
Asked = Literal["name", "patient", "contact", "time", "confirmation", "nothing"]
Row = dict[str, str]


class _Strict(BaseModel):
    class Config:
        extra = Extra.forbid


class Turn(_Strict):
    """One message of a visitor, and what must be true of the reply.

    `user` is typed, `tap` is the title of an offered choice. `says` and `never` are regular expressions on everything
    that is said, `choices` are titles that are offered, `asks` is the one detail that is asked for. `gives` are the
    details that the message gives, which nothing may ask for afterwards; `forgets` takes that back. `understood` is
    the label that the message is taken for.
    """

    user: str | None = None
    tap: str | None = None
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    asks: Asked | None = None
    gives: tuple[Detail, ...] = ()
    forgets: tuple[Detail, ...] = ()
    again: bool = False
    twice_at_once: bool = False
    danger: bool = False
    silent: bool = False
    understood: str | None = None
    advance: str | None = None

    @root_validator
    @classmethod
    def _sends_one_thing(cls, values: dict[str, Any]) -> dict[str, Any]:
        if (values.get("user") is None) == (values.get("tap") is None):
            raise ValueError("give `user` or `tap`, and not both")
        return values

    @validator("says", "never", each_item=True)
    @classmethod
    def _is_an_expression(cls, expression: str) -> str:
        try:
            re.compile(expression)
        except re.error as error:
            raise ValueError(f"no regular expression: {error}") from error
        return expression

    @validator("advance")
    @classmethod
    def _is_a_duration(cls, written: str) -> str:
        if DURATION.fullmatch(written) is None:
            raise ValueError("write a duration such as 15m, 2h or 3d")
        return written

    @property
    def seconds(self) -> int:
        """How much time passes before the message."""
        if self.advance is None:
            return 0
        return int(self.advance[:-1]) * SECONDS_IN[self.advance[-1]]


class Dialogue(_Strict):
    """One conversation. `stored` holds the exact rows that it leaves; a table that is not named must stay empty."""

    name: str
    channel: Literal["web", "sms"] = "web"
    sender: str | None = None
    turns: tuple[Turn, ...]
    stored: dict[str, tuple[Row, ...]]

    @root_validator
    @classmethod
    def _fits_its_channel(cls, values: dict[str, Any]) -> dict[str, Any]:
        sender = values.get("sender")
        if (values.get("channel") == "sms") != (sender is not None):
            raise ValueError("`sender` is for text messages, and they need one")
        if sender is not None and PHONE_NUMBER.fullmatch(sender) is None:
            raise ValueError("`sender` must be a number in full, as in '+13125550123'")
        if sender is not None and any(turn.tap is not None for turn in values.get("turns", ())):
            raise ValueError("nothing can be tapped in a text message")
        return values

    @validator("turns")
    @classmethod
    def _has_turns(cls, turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
        if not turns or turns[0].again:
            raise ValueError("there must be a turn, and before the first there is none to be sent again")
        return turns

    @validator("stored")
    @classmethod
    def _names_tables(cls, stored: dict[str, tuple[Row, ...]]) -> dict[str, tuple[Row, ...]]:
        unknown = set(stored) - set(TABLES)
        if unknown:
            raise ValueError(f"no such table: {', '.join(sorted(unknown))}")
        return stored

    @property
    def moves_time(self) -> bool:
        """Whether time passes in it."""
        return any(turn.seconds for turn in self.turns)


def read_dialogues(folder: Path = FOLDER) -> list[Dialogue]:
    """The dialogues of all files of a folder, by file name and in their order.

    Raises:
        evaluation.located_yaml.ContentError: a file is no YAML, or gives a key twice.
        pydantic.ValidationError: a dialogue has another form.
        ValueError: two dialogues have the same name, or text from the same number.
    """
    dialogues = [dialogue for path in sorted(folder.glob("*.yml")) for dialogue in _read(path)]
    _require_different("name", [dialogue.name for dialogue in dialogues])
    _require_different("sender", [dialogue.sender for dialogue in dialogues if dialogue.sender])
    return dialogues


def _read(path: Path) -> list[Dialogue]:
    read_located(path)  # refuses keys that are given twice, of which the next line would keep the last
    # Without types, so that `user: yes` is "yes" and `user: 10:30` stays a time.
    return [Dialogue.parse_obj(item) for item in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)]


def _require_different(what: str, values: list[str]) -> None:
    repeated = sorted({value for value in values if values.count(value) > 1})
    if repeated:
        raise ValueError(f"the same {what} in two dialogues: {', '.join(repeated)}")

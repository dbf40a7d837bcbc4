"""What the pages of requests and the pages of messages differ in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic

from sqlalchemy.engine import Engine

from clinic.staff_work import Item, WorkKind


@dataclass(frozen=True)
class Download(Generic[Item]):
    """One format that rows can be downloaded in.

    `make` takes the rows, whether they are meant as a collection (a single row's own file is none), and whether the
    staff's private notes are asked for; it raises ValueError when a row cannot be said in the format.
    """

    title: str
    suffix: str
    media_type: str
    make: Callable[[Sequence[Item], bool, bool], bytes]
    may_have_notes: bool = False


@dataclass(frozen=True)
class Beside:
    """Something else of the same conversation, and where its page is; nothing of it is personal. `came_at` is UTC."""

    title: str
    address: str
    status: str
    came_at: datetime
    remark: str = ""


@dataclass(frozen=True)
class Desk(Generic[Item]):
    """One kind of work in the console.

    `name` is the word for one of them, which the audit has too, and `title` gives a row's heading. `downloads` are by
    the word that stands in the address. `beside` gives what else a conversation left, by the conversation's id.
    """

    kind: WorkKind[Item]
    name: str
    to_do: tuple[str, ...]
    title: Callable[[Item], str]
    downloads: Mapping[str, Download[Item]]
    beside: Callable[[Engine, str], Sequence[Beside]]
    has_urgency: bool = False

    @property
    def plural(self) -> str:
        """The word for several of them: the first part of their address, and of their templates' names."""
        return f"{self.name}s"

    def address(self, row_id: str) -> str:
        """Where the page of one row is."""
        return f"/{self.plural}/{row_id}"

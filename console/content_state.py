"""What stands with one thing that the staff may change: what is in force, what waits, and what was before."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.engine import Engine

from clinic.answers.problems import Problem
from clinic.answers.proposals import proposals_for
from clinic.answers.tables import ContentProposal, ContentVersion
from clinic.answers.versions import SHIPPED, history_of

Read = TypeVar("Read")
UNREADABLE = "What is stored cannot be read"


@dataclass(frozen=True)
class ContentState:
    """One subject: the name of a response, or the clinic's details.

    `waiting_behind` are proposals of the same moment as `waiting`, in their order. `history` has the newest version
    first. `shipped_digest` tells what is shipped, or set by the operator, now.
    """

    subject: str
    history: tuple[ContentVersion, ...]
    waiting: ContentProposal | None
    shipped_digest: str
    waiting_behind: tuple[ContentProposal, ...] = ()

    @property
    def shown(self) -> int:
        """The id of the version in force; 0 while nothing was ever changed."""
        return int(self.history[0].id) if self.history else SHIPPED

    @property
    def content(self) -> str | None:
        """What is in force, as it is stored; None for what is shipped."""
        stored = self.history[0].content if self.history else None
        return None if stored is None else str(stored)

    @property
    def is_changed(self) -> bool:
        """Whether something else than what is shipped is in force."""
        return self.content is not None

    @property
    def shipped_moved(self) -> bool:
        """Whether what is shipped was changed under what is in force, by an update or by the operator."""
        return self.is_changed and self.history[0].shipped_digest != self.shipped_digest


def state_of(engine: Engine, subject: str, shipped_digest: str) -> ContentState:
    """What stands with a subject."""
    waiting = proposals_for(engine, subject)
    first = waiting[0] if waiting else None
    return ContentState(subject, tuple(history_of(engine, subject)), first, shipped_digest, tuple(waiting[1:]))


def read_stored(stored: object, reader: Callable[[str], Read]) -> Read | None:
    """What `reader` makes of a stored content; None of what is shipped, and of what cannot be read."""
    if stored is None:
        return None
    try:
        return reader(str(stored))
    except (ValueError, KeyError, TypeError):
        return None


def unreadable() -> list[Problem]:
    """What is wrong with a stored content that cannot be read: it can be looked at, and left, but not go live."""
    return [Problem("", f"{UNREADABLE}.")]

"""What a page module says of its pages: path, method, who may, and under which name the audit keeps it."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import Response

from console.roles import Role
from console.visit import PublicVisit, Visit

METHODS = ("GET", "POST")


@dataclass(frozen=True)
class TypedForm:
    """A form into which people type more than a few words, none of which may get lost.

    `texts` are the names of those fields. `show_again` answers with the page and all that the form holds, and saves
    nothing; its status is 400 or more, so that the audit tells it from a change.
    """

    texts: tuple[str, ...]
    show_again: Callable[[Visit], Response]


@dataclass(frozen=True)
class ConsoleRoute:
    """One way into the console for people who have logged in.

    The endpoint is a plain function and runs in a thread; the form was read before. `action` is what the audit calls
    it, such as `conversation.viewed`; None only for fragments that pages fetch by themselves and that show nothing
    personal. Such fragments do not count as activity of the person either. `typed` is set where long texts are sent.
    """

    path: str
    method: str
    endpoint: Callable[[Visit], Response]
    roles: frozenset[Role]
    action: str | None
    typed: TypedForm | None = None

    def __post_init__(self) -> None:
        if not self.roles:
            raise ValueError(f"{self.method} {self.path} names no role that may use it")
        if self.method not in METHODS:
            raise ValueError(f"{self.method} {self.path}: the method must be one of {', '.join(METHODS)}")
        if self.method == "POST" and self.action is None:
            raise ValueError(f"POST {self.path} changes something, so the audit needs a name for it")


@dataclass(frozen=True)
class PublicRoute:
    """One way in for anybody: logging in, taking up an invitation. Its endpoint writes the audit itself."""

    path: str
    method: str
    endpoint: Callable[[PublicVisit], Response]

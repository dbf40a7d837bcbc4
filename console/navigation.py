"""The links at the top of every page: those that the person's role may follow."""

from collections.abc import Mapping
from dataclasses import dataclass

from console.roles import Role

TITLES = {
    "/": "Queue",
    "/requests": "Requests",
    "/messages": "Messages",
    "/conversations": "Conversations",
    "/teaching": "Teaching",
    "/answers": "Answers",
    "/clinic": "Clinic",
    "/insights": "Insights",
    "/accounts": "Accounts",
    "/audit": "Audit",
    "/retention": "Retention",
    "/erasures": "Erasures",
}


@dataclass(frozen=True)
class NavigationItem:
    """One link; `current` when the page is this one or beneath it."""

    path: str
    title: str
    current: bool


class Navigation:
    """Knows who may follow which link; made from the routes, so that no link leads nowhere."""

    def __init__(self, roles: Mapping[str, frozenset[Role]]) -> None:
        """Take the roles of each page's path."""
        self._roles = {path: roles[path] for path in TITLES if path in roles}

    def of(self, role: Role | None, shown: str) -> tuple[NavigationItem, ...]:
        """The links for a role on the page with the path `shown`; none for somebody who has not logged in."""
        return tuple(
            NavigationItem(path, TITLES[path], _is_beneath(shown, path))
            for path, roles in self._roles.items()
            if role in roles
        )


def _is_beneath(shown: str, path: str) -> bool:
    return shown == path or (path != "/" and shown.startswith(f"{path}/"))

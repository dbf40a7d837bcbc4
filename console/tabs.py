"""Tabs: the links by which a list is narrowed to one part of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tab:
    """A link to one part of a list, or to all of it, with how much of it passes the other filters."""

    title: str
    count: int
    query: str
    is_current: bool

"""Those in this process who keep something of conversations in memory, so that an erasure reaches them at once.

Processes that do not erase ask the database before they believe their memory (conversations/recent_trackers.py).
"""

from typing import Protocol
from weakref import WeakSet


class Forgetful(Protocol):
    """Something that keeps conversations in memory."""

    def forget(self, conversation_id: str) -> bool:
        """Drop what is kept of the conversation; whether there was anything."""


_listeners: "WeakSet[Forgetful]" = WeakSet()


def tell_of_erasures(listener: Forgetful) -> None:
    """Have it told of each erasure from now on, as long as it lives."""
    _listeners.add(listener)


def forget_in_memory(conversation_id: str) -> int:
    """Have all of them forget a conversation; how many knew of it."""
    return sum(listener.forget(conversation_id) for listener in list(_listeners))

"""What can wait in the queue, how urgent each is, and who sees it."""

from enum import Enum, IntEnum

from console.roles import SCHEDULERS, Role


class Kind(str, Enum):
    """One kind of entry; the value stands in addresses."""

    SAFETY = "safety"
    """A visitor wrote something that may be urgent."""
    ALERT = "alerts"
    """A turn that was flagged for another reason, such as a number that texts without end."""
    SEND = "sends"
    """A notice to the staff, or a text to a person, that did not arrive."""
    REQUEST = "requests"
    """An appointment request that waits."""
    MESSAGE = "messages"
    """A message for the staff that waits."""
    REVIEW = "reviews"
    """A conversation that is worth a look."""


class Rank(IntEnum):
    """How urgent an entry is: a smaller rank comes first, and within one the entry that waits longest.

    A known safety label's rank is its place in clinic/urgency.py, which is smaller than all of these.
    """

    OTHER_SAFETY = 10
    OTHER_ALERT = 11
    URGENT_SEND = 20
    OTHER_SEND = 21
    URGENT_MESSAGE = 30
    WAITING = 31
    FOLLOW_UP = 32
    NOT_HELPFUL = 40
    REPEATED_FALLBACK = 41
    LOW_CONFIDENCE = 42
    SAMPLE = 43


_OF_EVERYBODY = (Kind.SAFETY, Kind.ALERT, Kind.REQUEST, Kind.MESSAGE)


def kinds_of(role: Role) -> tuple[Kind, ...]:
    """What people of this role see, in the order of risk.

    Failed sends are the work of those who may see whom they were for; conversations to review are not the schedulers'.
    """
    others = {Kind.SEND} if role in SCHEDULERS else set()
    if role is not Role.SCHEDULER:
        others.add(Kind.REVIEW)
    return tuple(kind for kind in Kind if kind in _OF_EVERYBODY or kind in others)

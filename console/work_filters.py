"""Which requests or messages a list shows: what the address says after its question mark, never words of anybody."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from clinic.staff_messages import ORDINARY, URGENT
from clinic.work_lists import Place, WorkFilters
from console.names import CHANNELS
from console.visit import BadInputError

ALL = "all"
ME = "me"
NOBODY = "nobody"
PERSON = "@"
"""Stands before the name of an account, which never has it."""
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
AGES: dict[str, tuple[str, timedelta | None, timedelta | None]] = {
    "": ("At any time", None, None),
    "day": ("In the last 24 hours", DAY, None),
    "week": ("In the last 7 days", WEEK, None),
    "over-day": ("More than 24 hours ago", None, DAY),
    "over-week": ("More than 7 days ago", None, WEEK),
}
"""The title, and the most and the least that may have passed since it came in."""
ORDERS = {"": "Oldest first", "newest": "Newest first"}
CHANNEL_NAMES = {"": "All channels", **CHANNELS}
URGENCIES = {"": "All", URGENT: "Urgent", ORDINARY: "Not urgent"}


@dataclass(frozen=True)
class ListFilters:
    """What is to be shown. An empty `status` means what is to do, any other empty value lets all through."""

    status: str = ""
    assignee: str = ""
    channel: str = ""
    urgency: str = ""
    age: str = ""
    order: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether something of the status may be left out."""
        return bool(self.assignee or self.channel or self.urgency or self.age)

    @property
    def newest_first(self) -> bool:
        """The order of the list."""
        return self.order == "newest"

    def fields(self) -> dict[str, str]:
        """The filters that are set, by the names of the form's fields."""
        return {name: value for name, value in asdict(self).items() if value}

    def query(self, after: Place | None = None, **changes: str) -> str:
        """The filters as they stand in an address, from the question mark on; empty when there are none."""
        values = replace(self, **changes).fields() | ({"after": str(after)} if after else {})
        return f"?{urlencode(values)}" if values else ""

    def for_database(self, to_do: tuple[str, ...], me: str, now: datetime) -> WorkFilters:
        """What the database is asked for.

        Args:
            to_do: the statuses of what still asks for something.
            me: the name of the account that asks.
            now: the present moment, UTC.
        """
        _, most, least = AGES[self.age]
        by_name = self.assignee.removeprefix(PERSON) if self.assignee.startswith(PERSON) else None
        return WorkFilters(
            statuses={"": to_do, ALL: ()}.get(self.status, (self.status,)),
            assignee=me if self.assignee == ME else by_name,
            unassigned=self.assignee == NOBODY,
            channel=self.channel or None,
            urgency=self.urgency or None,
            came_from=now - most if most else None,
            came_until=now - least if least else None,
        )


def read_filters(values: Mapping[str, str], statuses: Collection[str], people: Collection[str]) -> ListFilters:
    """The filters of an address.

    Args:
        values: the fields.
        statuses: those that rows of this kind may have.
        people: the names of the accounts that may be filtered by.

    Raises:
        BadInputError: one of them is none of ours.
    """
    known: dict[str, Collection[str]] = {
        "status": {"", ALL, *statuses},
        "assignee": {"", ME, NOBODY, *(f"{PERSON}{name}" for name in people)},
        "channel": CHANNEL_NAMES,
        "urgency": URGENCIES,
        "age": AGES,
        "order": ORDERS,
    }
    chosen = {name: values.get(name, "") for name in known}
    for name, value in chosen.items():
        if value not in known[name]:
            raise BadInputError(f"The list cannot be filtered by this “{name}”. Please choose from the page.")
    return ListFilters(**chosen)


def read_place(text: str) -> Place | None:
    """Where the page begins; None for the first one.

    Raises:
        BadInputError: it is none of our places.
    """
    try:
        return Place.parse(text) if text else None
    except ValueError:
        raise BadInputError("There is no such page of the list. Please begin at the first one.") from None

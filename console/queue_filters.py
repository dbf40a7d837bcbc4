"""Which part of the queue is shown: what the address says after its question mark."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlencode

from console.names import CHANNELS
from console.queue_kinds import Kind
from console.visit import BadInputError

MINE = "mine"
UNASSIGNED = "unassigned"
OWNERS = {"": "Anybody's", MINE: "Mine", UNASSIGNED: "Nobody's yet"}
AGES = {
    "1h": timedelta(hours=1),
    "4h": timedelta(hours=4),
    "1d": timedelta(days=1),
    "2d": timedelta(days=2),
    "7d": timedelta(days=7),
}
AGE_NAMES = {
    "": "Any time",
    "1h": "More than 1 hour",
    "4h": "More than 4 hours",
    "1d": "More than 1 day",
    "2d": "More than 2 days",
    "7d": "More than 1 week",
}
CHANNEL_NAMES = {"": "All channels", **CHANNELS}
PAGE_NUMBER = re.compile("[1-9][0-9]{0,5}")


@dataclass(frozen=True)
class QueueFilters:
    """What is to be shown. An empty value means that everything is; `page` counts from 1."""

    kind: str = ""
    owner: str = ""
    channel: str = ""
    older: str = ""
    page: int = 1

    def query(self, **changes: object) -> str:
        """The filters as they stand in an address, from the question mark on; empty when nothing is left out."""
        wanted = replace(self, **changes)  # type: ignore[arg-type]
        values = {name: value for name, value in wanted.fields().items() if value}
        return f"?{urlencode(values)}" if values else ""

    def fields(self) -> dict[str, str]:
        """The filters by the names of the form's fields."""
        page = str(self.page) if self.page > 1 else ""
        return {"kind": self.kind, "owner": self.owner, "channel": self.channel, "older": self.older, "page": page}


def read_filters(values: Mapping[str, object]) -> QueueFilters:
    """The filters of an address or of a form.

    Raises:
        BadInputError: one of them is none of ours.
    """
    return QueueFilters(
        kind=_one_of(values, "kind", {"", *(kind.value for kind in Kind)}),
        owner=_one_of(values, "owner", OWNERS),
        channel=_one_of(values, "channel", CHANNEL_NAMES),
        older=_one_of(values, "older", AGE_NAMES),
        page=_page(values),
    )


def _one_of(values: Mapping[str, object], name: str, known: Mapping[str, str] | set[str]) -> str:
    value = values.get(name, "")
    if not isinstance(value, str) or value not in known:
        raise BadInputError(f"The queue cannot be filtered by this “{name}”. Please choose from the list.")
    return value


def _page(values: Mapping[str, object]) -> int:
    text = values.get("page", "") or "1"
    if not isinstance(text, str) or not PAGE_NUMBER.fullmatch(text):
        raise BadInputError("There is no such page of the queue.")
    return int(text)

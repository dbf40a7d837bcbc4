"""Pages of the list of conversations by keyset: where a page begins is a conversation, never a number of rows.

So a page neither repeats nor leaves out a row when conversations come in between two looks.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import and_, or_

from clinic.clock import in_utc
from conversations.turn_log import LoggedConversation

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
MICROSECOND = timedelta(microseconds=1)
LARGEST = 10**16


@dataclass(frozen=True)
class Place:
    """A place in the order of conversations: newest activity first, and by id within one moment."""

    moment: datetime
    conversation_id: str

    @property
    def written(self) -> str:
        """The place as it stands in an address."""
        return f"{(in_utc(self.moment) - EPOCH) // MICROSECOND}.{self.conversation_id}"

    @classmethod
    def read(cls, text: str) -> "Place":
        """The place that stands in an address.

        Raises:
            ValueError: it is none.
        """
        number, dot, conversation_id = text.partition(".")
        if not (dot and conversation_id and number.isascii() and number.isdecimal()):
            raise ValueError("no place in the list")
        microseconds = int(number[:17])
        if microseconds >= LARGEST:
            raise ValueError("no place in the list")
        return cls(EPOCH + microseconds * MICROSECOND, conversation_id)

    def has_older(self) -> Any:
        """The condition that a conversation comes after this place."""
        moment, name = LoggedConversation.last_activity_at, LoggedConversation.conversation_id
        return and_(
            moment <= self.moment, or_(moment < self.moment, and_(moment == self.moment, name < self.conversation_id))
        )

    def has_newer(self) -> Any:
        """The condition that a conversation comes before this place."""
        moment, name = LoggedConversation.last_activity_at, LoggedConversation.conversation_id
        return and_(
            moment >= self.moment, or_(moment > self.moment, and_(moment == self.moment, name > self.conversation_id))
        )

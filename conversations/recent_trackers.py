"""The conversations of the last few turns as they stand in memory, so that their next turn need not be replayed.

Nothing is believed of them: the store asks the database whether the conversation is still where the tracker left it.
"""

from collections import OrderedDict

from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from conversations.erasure_listeners import tell_of_erasures

MOST = 32


class RecentTrackers:
    """A tracker is taken out to be used, and put back only once all that happened in it is stored."""

    def __init__(self, most: int = MOST) -> None:
        """Keep at most so many conversations; the one not used for longest is dropped."""
        self._most = most
        self._kept: OrderedDict[str, tuple[DialogueStateTracker, Domain]] = OrderedDict()
        tell_of_erasures(self)

    def take(self, conversation_id: str, domain: Domain) -> DialogueStateTracker | None:
        """The conversation's tracker, which is then no longer kept here; None when there is none for this domain."""
        tracker, its_domain = self._kept.pop(conversation_id, (None, None))
        return tracker if its_domain is domain else None

    def forget(self, conversation_id: str) -> bool:
        """Drop a conversation that was erased; whether it was kept."""
        return self._kept.pop(conversation_id, None) is not None

    def put(self, tracker: DialogueStateTracker, domain: Domain) -> None:
        """Keep a tracker whose events are all stored."""
        self._kept[tracker.sender_id] = (tracker, domain)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)

"""A conversation's state while a turn is under way, with what of it the database holds already."""

import copy
from itertools import islice
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker

from conversations.past_states import PastStates


class StoredTracker(DialogueStateTracker):
    """A tracker that knows which of its events the database holds.

    `events` is: `head_count` events that rebuild the state at the checkpoint, one stored event for each of
    `event_ids`, and then the new ones. `has_state` tells whether `conversation_states` has a row for it.
    """

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        self.has_state = False
        self.head_count = 0
        self.event_ids: list[int] = []
        self._past_states = PastStates()
        self._applied: tuple[int, list[Event]] = (-1, [])
        super().__init__(*arguments, **keywords)

    def copy(self) -> "StoredTracker":
        """The same tracker, to try something out on; Rasa plays all events through a new one for it."""
        twin = copy.copy(self)
        twin.events = self.events.copy()
        twin.slots = {name: copy.copy(slot) for name, slot in self.slots.items()}
        twin.active_loop = copy.copy(self.active_loop)
        twin._past_states = PastStates()
        return twin

    def applied_events(self) -> list[Event]:
        """The events but for those taken back; see the parent. As events are only added, a length has one answer."""
        length, applied = self._applied
        if length != len(self.events) or self.events.maxlen is not None:
            applied = super().applied_events()
            self._applied = (len(self.events), applied)
        return list(applied)

    def new_events(self) -> list[Event]:
        """The events that are not stored yet, in order."""
        return list(islice(self.events, self.head_count + len(self.event_ids), None))

    def past_states(
        self,
        domain: Domain,
        omit_unset_slots: bool = False,
        ignore_rule_only_turns: bool = False,
        rule_only_data: dict[str, Any] | None = None,
    ) -> list[dict[str, Any]]:
        """The states that policies predict from; see the parent. Those that rules ask for are worked out once."""
        if omit_unset_slots or ignore_rule_only_turns:
            states: list[dict[str, Any]] = super().past_states(
                domain, omit_unset_slots, ignore_rule_only_turns, rule_only_data
            )
            return states
        return self._past_states.of(self, domain)

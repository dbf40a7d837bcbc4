"""What the rules look at: the state of a conversation before each of its actions, worked out once an action.

Rasa works all of them out anew for every prediction, by playing the whole conversation through a second tracker
(`Domain.states_for_tracker_history` in rasa/shared/core/domain.py); that took a tenth of a turn's processor time.
"""

from itertools import islice

from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted, Event
from rasa.shared.core.trackers import DialogueStateTracker


class PastStates:
    """The states of one tracker, kept from one prediction to the next as long as its events only grow."""

    def __init__(self) -> None:
        self._domain: Domain | None = None
        self._played: list[Event] = []
        self._player: DialogueStateTracker | None = None
        self._before_actions: list[State] = []

    def of(self, tracker: DialogueStateTracker, domain: Domain) -> list[State]:
        """The state before each action, and the present one; the caller may change what it is given."""
        events = tracker.applied_events()
        player = self._player
        if player is None or not self._has_played_beginning(events, domain):
            # Rasa takes events back, such as all but the last call of a form; then it begins anew.
            player = self._begin(tracker, domain)
        for event in islice(events, len(self._played), None):
            if isinstance(event, ActionExecuted):
                self._before_actions.append(domain.get_active_state(player))
            player.update(event)
        self._played = events
        return [*map(_copy, self._before_actions), domain.get_active_state(player)]

    def _has_played_beginning(self, events: list[Event], domain: Domain) -> bool:
        return (
            domain is self._domain
            and len(self._played) <= len(events)
            and all(played is event for played, event in zip(self._played, events, strict=False))
        )

    def _begin(self, tracker: DialogueStateTracker, domain: Domain) -> DialogueStateTracker:
        self._domain = domain
        self._played = []
        self._before_actions = []
        self._player = tracker.init_copy()
        return self._player


def _copy(state: State) -> State:
    return {name: dict(part) for name, part in state.items()}

"""What a conversation's state was at one point, so that only the events after it need replaying."""

import dataclasses
from typing import Any

from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker, TrackerActiveLoop

State = dict[str, Any]


class ConversationCheckpoint(Event):
    """Stands at the head of a replayed tail and puts the tracker into the state it had there.

    It is never stored as an event: the state lives in the table `conversation_states`. Being an event, it survives the
    copies of the tracker that Rasa makes by replaying before every action.
    """

    type_name = "conversation_checkpoint"

    def __init__(self, state: State, timestamp: float) -> None:
        super().__init__(timestamp)
        self.state = state

    def apply_to(self, tracker: DialogueStateTracker) -> None:
        """Set slots, active loop, pause and last action as they were; slots the domain no longer has are left out."""
        for name, value in self.state["slots"].items():
            if name in tracker.slots:
                tracker.slots[name].value = value
        loop = self.state["active_loop"]
        tracker.active_loop = TrackerActiveLoop(**loop) if loop else None
        tracker._paused = self.state["paused"]
        tracker.latest_action = self.state["latest_action"]
        tracker.followup_action = self.state["followup_action"]

    def as_story_string(self) -> None:
        """Nothing: a checkpoint is no part of a story."""
        return

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ConversationCheckpoint) and other.state == self.state

    def __hash__(self) -> int:
        return hash(self.type_name)


def capture_state(tracker: DialogueStateTracker) -> State:
    """The tracker's present state as JSON values."""
    return {
        "slots": {name: slot.value for name, slot in tracker.slots.items() if slot.has_been_set},
        "active_loop": dataclasses.asdict(tracker.active_loop) if tracker.active_loop else None,
        "paused": tracker.is_paused(),
        "latest_action": tracker.latest_action,
        "followup_action": tracker.followup_action,
    }

"""Actions of the action server, with Rasa's check of their results made once for all.

Rasa checks its own JSON schema again at every call (`RemoteAction._validate_action_result` in
rasa/core/actions/action.py), which took 25 ms of a turn's 50 ms, and quotes the result in its errors.
"""

import logging
from typing import Any

from rasa.core.actions.action import Action, RemoteAction
from rasa.core.actions.forms import FormAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.version import __version__

from channels.action_endpoint import ActionServerError
from channels.action_results import is_valid

logger = logging.getLogger(__name__)


class CheckedAction(RemoteAction):
    """An action of the action server. It is sent what the actions read, not everything that was ever said."""

    def _action_call_format(self, tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
        heard = next((event for event in reversed(tracker.events) if isinstance(event, UserUttered)), None)
        # Rasa's SDK finds the channel by the events (rasa_sdk/interfaces.py, get_latest_input_channel).
        said = [] if heard is None else [{"event": UserUttered.type_name, "input_channel": heard.input_channel}]
        state = {**tracker.current_state(EventVerbosity.NONE), "events": said}
        return {"next_action": self.name(), "sender_id": tracker.sender_id, "tracker": state, "version": __version__}

    def _validate_action_result(self, result: Any) -> bool:
        if not is_valid(result):
            logger.error("action '%s' gave a result that Rasa does not take", self.name())
            raise ActionServerError("malformed result")
        return True


class CheckedForm(FormAction):
    """A form whose validation is such an action."""

    async def validate_slots(
        self,
        slot_candidates: dict[str, Any],
        tracker: DialogueStateTracker,
        domain: Domain,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
    ) -> list[Event]:
        """As the parent does it, by way of `CheckedAction`."""
        name = f"validate_{self.name()}"
        if name not in domain.action_names_or_texts:
            return []
        candidates = [SlotSet(slot, value) for slot, value in slot_candidates.items()]
        with_candidates = self._temporary_tracker(tracker, candidates, domain)
        events: list[Event] = await CheckedAction(name, self.action_endpoint).run(
            output_channel, nlg, with_candidates, domain
        )
        return events


def checked(action: Action) -> Action:
    """The same action, in our class when it is one of the action server's or a form."""
    if type(action) is RemoteAction:
        return CheckedAction(action.name(), action.action_endpoint)
    if type(action) is FormAction:
        return CheckedForm(action.name(), action.action_endpoint)
    return action

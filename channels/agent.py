"""Rasa's agent and processor with what the clinic needs changed: no memory instead of the database, no silent turn."""

import tarfile
import tempfile
from itertools import islice
from pathlib import Path
from typing import Any

from rasa.core.actions.action import Action, action_for_index, create_bot_utterance
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import TrackerStore
from rasa.engine.loader import load_predict_graph_runner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.exceptions import ActionLimitReached, ModelNotFound
from rasa.shared.core.constants import ACTION_VALIDATE_SLOT_MAPPINGS, DEFAULT_SLOT_NAMES, MAPPING_TYPE, SlotMappingType
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker

from channels.graph_runner import SequentialGraphRunner
from channels.output import TURN_FAILED_MARK, TurnOutput, failure_response
from channels.remote_actions import checked
from conversations.tracker_store import ConversationStore


class SessionNotBegunError(RuntimeError):
    """The action that begins a session failed; nothing of the turn may be kept."""


class TurnProcessor(MessageProcessor):
    """Ends a turn in which nothing was said by saying so, and keeps that in the conversation."""

    @staticmethod
    def _load_model(model_path: str | Path) -> tuple[str, ModelMetadata, GraphRunner]:
        """The parent's, with a runner of ours; the path is that of an archive.

        Raises:
            rasa.exceptions.ModelNotFound: there is no model at the path, or it is broken.
        """
        archive = Path(model_path)
        if not archive.is_file():
            raise ModelNotFound(f"there is no model at {archive}")
        with tempfile.TemporaryDirectory() as folder:
            try:
                metadata, runner = load_predict_graph_runner(
                    Path(folder), archive, LocalModelStorage, SequentialGraphRunner
                )
            except tarfile.ReadError as error:
                raise ModelNotFound(f"{archive.name} is no model archive") from error
        return archive.name, metadata, runner

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self._actions: dict[int, Action] = {}
        self._fills_slots = _fills_slots(self.domain)

    async def work_on(self, message: UserMessage) -> DialogueStateTracker:
        """Do all that a message asks for, as `handle_message` does, and leave it to the caller to store it."""
        tracker = await self.log_message(message, should_save_tracker=False)
        tracker = await self.run_action_extract_slots(message.output_channel, tracker)
        await self._run_prediction_loop(message.output_channel, tracker)
        return tracker

    async def _update_tracker_session(
        self, tracker: DialogueStateTracker, output_channel: OutputChannel, metadata: dict[str, Any] | None = None
    ) -> None:
        before = len(tracker.events)
        await super()._update_tracker_session(tracker, output_channel, metadata)
        begun = list(islice(tracker.events, before, None))
        # Rasa takes a session for begun whose action failed. Without its events no rule fits, in this turn and in all
        # that follow: the visitor would be told that something went wrong until the session expires.
        if begun and not any(isinstance(event, SessionStarted) for event in begun):
            raise SessionNotBegunError("the action server did not begin the session")

    async def log_message(self, message: UserMessage, should_save_tracker: bool = True) -> DialogueStateTracker:
        """Add the visitor's message to the conversation; see the parent."""
        tracker = await super().log_message(message, should_save_tracker)
        if isinstance(message.output_channel, TurnOutput):
            message.output_channel.visitor_was_heard()
        return tracker

    async def run_action_extract_slots(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> DialogueStateTracker:
        """Fill the slots that the domain has filled from messages; none, unless it names a way to."""
        if not self._fills_slots:
            return tracker
        return await super().run_action_extract_slots(output_channel, tracker)

    def predict_next_with_tracker_if_should(self, tracker: DialogueStateTracker) -> tuple[Action, PolicyPrediction]:
        """The next action; see the parent, which makes all of Rasa's own actions anew to pick one of them.

        Raises:
            rasa.core.processor.ActionLimitReached: there were too many in this turn.
        """
        goes_on = self.should_predict_another_action(tracker.latest_action_name)
        if self.is_action_limit_reached(tracker, goes_on):
            raise ActionLimitReached("The limit of actions to predict has been reached.")
        prediction = self._predict_next_with_tracker(tracker)
        return self._action_at(prediction.max_confidence_index), prediction

    def _action_at(self, index: int) -> Action:
        action = self._actions.get(index)
        if action is None:
            action = checked(action_for_index(index, self.domain, self.action_endpoint))
            self._actions[index] = action
        return action

    def _check_for_unseen_features(self, parse_data: dict[str, Any]) -> None:
        """Nothing: Rasa would warn nobody, and makes an empty domain for each message to compare ours with.

        A model whose labels the domain does not know is never trained (evaluation/data_check).
        """

    @staticmethod
    def _log_slots(tracker: DialogueStateTracker) -> None:
        """Nothing: Rasa writes out all values, twice a turn, for a line that nobody may read."""

    def _get_action(self, action_name: str) -> Action:
        return checked(super()._get_action(action_name))

    async def _run_prediction_loop(self, output_channel: OutputChannel, tracker: DialogueStateTracker) -> None:
        await super()._run_prediction_loop(output_channel, tracker)
        # Rasa swallows a failed action and goes on as if it had been done; then nobody has answered the visitor.
        if isinstance(output_channel, TurnOutput) and not output_channel.has_answer:
            await self._say_failure(output_channel, tracker)

    async def _say_failure(self, output: TurnOutput, tracker: DialogueStateTracker) -> None:
        response = failure_response(output.safety_label)
        draft = await self.nlg.generate(response, tracker, output.name())
        utterance = create_bot_utterance({**(draft or {}), "utter_action": response, TURN_FAILED_MARK: True})
        tracker.update(utterance, self.domain)
        await output.send_response(tracker.sender_id, utterance.message())


class ClinicAgent(Agent):
    """Rasa's agent without the wrapper that keeps conversations in memory when the database fails."""

    processor: TurnProcessor
    tracker_store: ConversationStore

    def load_model(self, model_path: str | Path, fingerprint: str | None = None) -> None:
        """Load a model; errors are raised, as in the parent.

        Raises:
            rasa.exceptions.ModelNotFound: there is no model at the path.
        """
        self.use(self.make_processor(model_path))
        self._set_fingerprint(fingerprint)

    def make_processor(self, model_path: str | Path) -> TurnProcessor:
        """Load a model beside the one in use, in any thread; errors are raised as by `load_model`."""
        return TurnProcessor(
            model_path=model_path,
            tracker_store=self.tracker_store,
            lock_store=self.lock_store,
            action_endpoint=self.action_endpoint,
            generator=self.nlg,
            http_interpreter=self.http_interpreter,
        )

    def use(self, processor: TurnProcessor) -> None:
        """Let all turns that begin from now on be worked on by a model; call it in the thread of the event loop."""
        self.processor = processor
        self.domain = processor.domain
        self.tracker_store.domain = processor.domain

    @staticmethod
    def _create_tracker_store(store: TrackerStore | None, domain: Domain) -> Any:
        if store is None:
            raise ValueError("the agent needs a tracker store of its own")
        store.domain = domain
        return store


def _fills_slots(domain: Domain) -> bool:
    """Whether Rasa's own extraction could fill a slot (`ActionExtractSlots.run` in rasa/core/actions/action.py)."""
    mappings = [mapping for slot in domain.slots if slot.name not in DEFAULT_SLOT_NAMES for mapping in slot.mappings]
    names_a_way = any(
        mapping[MAPPING_TYPE] != str(SlotMappingType.CUSTOM) or "action" in mapping for mapping in mappings
    )
    return names_a_way or ACTION_VALIDATE_SLOT_MAPPINGS in domain.user_actions

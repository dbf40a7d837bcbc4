"""One turn: a visitor's message in, the assistant's answer out, exactly once, whatever fails in between."""

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import LockError
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from channels.agent import ClinicAgent
from channels.choices import parse_data_of
from channels.output import TURN_FAILED_MARK, TurnOutput, failure_response
from channels.turn_metrics import ANSWERED, CLAIM, FAILED, REPEATED, STORE, UNDERSTAND, WORK
from channels.turn_record import count_not_kept, note_outcome, note_understood, recorded, stage, staged, waited_for
from channels.typed_text import parse_typed_text
from channels.understood_message import UnderstoodMessage, content_digest
from channels.wording import ClinicResponses
from clinic.flags import flag_turn
from conversations.erasure import erase_transcript
from conversations.offered_choices import find_choice
from conversations.tracker_store import ConversationChangedError
from conversations.turns import (
    Claim,
    ClaimLostError,
    Messages,
    answer_turn,
    answer_within,
    claim_turn,
    find_answer,
    is_kept,
    release_turn,
    require_claim,
)

TURN_SECONDS = 20.0
LOCK_POLL_SECONDS = 0.05
CLAIM_POLL_SECONDS = 0.05

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """What the visitor is shown: JSON messages with `text`, `choices` and `source`."""

    messages: Messages


class TurnNotKeptError(RuntimeError):
    """The turn could not be kept, so nothing was done. `wording` is what the visitor must read."""

    def __init__(self, wording: str) -> None:
        super().__init__("the turn could not be kept")
        self.wording = wording


class StillBusyError(RuntimeError):
    """Another request works on the same message and did not finish in time."""


class UnknownChoiceError(ValueError):
    """The choice is not on offer in this conversation."""


NOT_KEPT = (SQLAlchemyError, ConversationChangedError, LockError, ClaimLostError)


class TurnRunner:
    """Runs the turns of all channels in this process."""

    def __init__(
        self,
        agent: ClinicAgent,
        engine: Engine,
        responses: ClinicResponses,
        fact_titles: Mapping[str, str],
        *,
        secret_key: str,
        notice_targets: tuple[str, ...] = (),
        turn_seconds: float = TURN_SECONDS,
    ) -> None:
        """Make a runner.

        Args:
            agent: with a loaded model, and a tracker store on the same database.
            engine: where turns are claimed and answers kept.
            responses: the wording of failures.
            fact_titles: by the id of a fact the title shown with an answer that rests on it.
            secret_key: what was sent is compared by a digest under it, so that nobody finds a short text by trying.
            notice_targets: where the staff are told of danger when the actions fail.
            turn_seconds: how long a turn may take in all.
        """
        self._agent = agent
        self._engine = engine
        self._responses = responses
        self._fact_titles = fact_titles
        self._secret_key = secret_key
        self._notice_targets = notice_targets
        self._turn_seconds = turn_seconds
        self._running: set[asyncio.Task[Answer]] = set()

    async def run(
        self,
        conversation_id: str,
        channel: str,
        message_id: str,
        *,
        text: str | None = None,
        choice: str | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> Answer:
        """Answer one message; the same message again gets the same answer, and is one turn.

        Args:
            conversation_id: Rasa's sender id.
            channel: `web` or `sms`.
            message_id: the client's unique id of the message.
            text: what the visitor typed; left out when they chose.
            choice: the id of a choice on offer; left out when they typed.
            metadata: kept with the message in the conversation.

        Raises:
            TurnNotKeptError: the database or the lock did not work, or others kept the turn busy.
            UnknownChoiceError: the choice is not on offer here.
            conversations.turns.MessageIdReusedError: the message id stands for another message.
            conversations.turns.ClaimLostError: the conversation was erased meanwhile.
        """
        work = self._run(conversation_id, channel, message_id, text=text, choice=choice, metadata=metadata)
        task = asyncio.ensure_future(recorded(channel, work))
        # A visitor who goes away in the middle of a turn finds its answer on return: the turn is not cancelled with
        # the request, and the set keeps it from being collected.
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    async def _run(
        self,
        conversation_id: str,
        channel: str,
        message_id: str,
        *,
        text: str | None,
        choice: str | None,
        metadata: dict[str, Any] | None,
    ) -> Answer:
        digest = content_digest(self._secret_key, text, choice)
        parse_data = await self._understand_text(text) if text is not None else None
        safety_label = parse_data["understanding"]["safety"] if parse_data else None
        try:
            if parse_data is None:
                kept = find_answer(self._engine, conversation_id, message_id, digest)
                if kept is not None:
                    note_outcome(REPEATED)
                    return Answer(kept)
                parse_data = self._understand_choice(conversation_id, str(choice))
            message = UnderstoodMessage(conversation_id, channel, message_id, digest, parse_data, metadata)
            safety_label = message.safety_label
            note_understood(parse_data)
            return await self._answered_once(message)
        except (SQLAlchemyError, ConversationChangedError, LockError, StillBusyError) as error:
            logger.error("a turn of channel %s was not kept: %s", channel, type(error).__name__)
            raise TurnNotKeptError(self._failure_wording(safety_label, channel)) from None

    async def wording_when_not_kept(self, channel: str, text: str | None) -> str:
        """What to say to a message that cannot be worked on at all: what is urgent in it comes first."""
        parse_data = await self._understand_text(text) if text is not None else None
        count_not_kept(channel, parse_data)
        return self._failure_wording(parse_data["understanding"]["safety"] if parse_data else None, channel)

    def _failure_wording(self, safety_label: str | None, channel: str) -> str:
        return self._responses.text(failure_response(safety_label), channel)

    @staged(UNDERSTAND)
    async def _understand_text(self, text: str) -> dict[str, Any]:
        return await parse_typed_text(self._agent, text)

    def _understand_choice(self, conversation_id: str, choice_id: str) -> dict[str, Any]:
        choice = find_choice(self._engine, conversation_id, choice_id)
        if choice is None:
            raise UnknownChoiceError("the choice is not on offer in this conversation")
        return parse_data_of(choice)

    async def _answered_once(self, message: UnderstoodMessage) -> Answer:
        deadline = time.monotonic() + self._turn_seconds
        claim = await self._claimed(message, deadline)
        if not isinstance(claim, Claim):
            note_outcome(REPEATED)
            return Answer(claim)
        try:
            output = await self._worked_on(message, claim, deadline)
            note_outcome(FAILED if output.failed else ANSWERED)
        except ClaimLostError as error:
            if is_kept(self._engine, claim):
                raise StillBusyError("another try at the same message has taken it over") from error
            raise
        except BaseException:
            # Whatever ended the work, the message may be sent again at once; if even this fails, after a minute.
            _release(self._engine, claim)
            raise
        return Answer(output.messages)

    @staged(CLAIM)
    async def _claimed(self, message: UnderstoodMessage, deadline: float) -> Claim | Messages:
        while time.monotonic() < deadline:
            claim = claim_turn(self._engine, message.incoming())
            if claim is not None:
                return claim
            await asyncio.sleep(CLAIM_POLL_SECONDS)
        raise StillBusyError("another try at the same message has not ended")

    async def _worked_on(self, message: UnderstoodMessage, claim: Claim, deadline: float) -> TurnOutput:
        output = self._new_output(message)
        try:
            await asyncio.wait_for(self._play(message, claim, output), deadline - time.monotonic())
        except NOT_KEPT:
            raise
        except Exception:
            # Whatever broke, a visitor in need must read where help is; the fault goes to the log, without any text.
            logger.exception("a turn of channel %s failed", message.channel)
            output = await self._failed_output(message)
            self._flag_if_failed(message, output)
            with stage(STORE):
                answer_turn(self._engine, claim, output.messages, output.choices, output.failed)
        return output

    async def _play(self, message: UnderstoodMessage, claim: Claim, output: TurnOutput) -> None:
        lock = self._agent.lock_store.lock(message.conversation_id, wait_time_in_seconds=LOCK_POLL_SECONDS)
        async with waited_for(lock):
            # While we waited for our turn the visitor may have erased the conversation.
            require_claim(self._engine, claim)
            tracker = await self._handle(message, output)
            self._flag_if_failed(message, output)
            with stage(STORE):
                await self._keep(tracker, claim, output)

    async def _keep(self, tracker: DialogueStateTracker, claim: Claim, output: TurnOutput) -> None:
        """Store what happened together with the answer: both or neither, so that a crash leaves no half of a turn."""
        said = (output.messages, output.choices, output.failed)
        if output.erases:
            erase_transcript(self._engine, claim.conversation_id, claim.turn_id)
            answer_turn(self._engine, claim, *said)
        else:
            await self._agent.tracker_store.save(
                tracker, together_with=lambda connection: answer_within(connection, claim, *said)
            )

    def _flag_if_failed(self, message: UnderstoodMessage, output: TurnOutput) -> None:
        # The actions, which flag urgent turns, may be what failed; a flag is stored once per turn in any case.
        if output.failed and message.safety_label:
            flag_turn(
                self._engine,
                message.conversation_id,
                message.message_id,
                message.safety_label,
                message.channel,
                targets=self._notice_targets,
            )

    @staged(WORK)
    async def _handle(self, message: UnderstoodMessage, output: TurnOutput) -> DialogueStateTracker:
        return await self._agent.processor.work_on(
            UserMessage(
                text=message.text,
                output_channel=output,
                sender_id=message.conversation_id,
                parse_data=message.parse_data,
                input_channel=message.channel,
                message_id=message.message_id,
                metadata=message.metadata,
            )
        )

    def _new_output(self, message: UnderstoodMessage) -> TurnOutput:
        return TurnOutput(message.channel, message.safety_label, self._fact_titles)

    async def _failed_output(self, message: UnderstoodMessage) -> TurnOutput:
        output = self._new_output(message)
        text = self._failure_wording(message.safety_label, message.channel)
        await output.send_response(message.conversation_id, {"text": text, TURN_FAILED_MARK: True})
        return output


def _release(engine: Engine, claim: Claim) -> None:
    try:
        release_turn(engine, claim)
    except SQLAlchemyError as error:
        logger.error("a claim was not given back: %s", type(error).__name__)

"""What a text does in its conversation: a turn of the assistant, a fixed answer, or the end of an open form."""

import logging
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import LockError
from sqlalchemy.exc import SQLAlchemyError

from channels.choices import parse_data_of
from channels.output import TurnOutput
from channels.services import Services
from channels.sms.incoming import Incoming
from channels.sms.wording import CHANNEL
from channels.turn import LOCK_POLL_SECONDS, UnknownChoiceError
from channels.typed_text import parse_typed_text
from conversations.last_offer import FIXED_ANSWER
from conversations.offered_choices import new_choice
from conversations.tracker_store import ConversationChangedError
from conversations.turns import Claim, IncomingTurn, MessageIdReusedError, Messages, answer_turn, claim_turn

STOP_LABEL = "stop"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Arrived:
    """A text and the conversation it belongs to. `choice_id` is the choice it stood for when it came in."""

    incoming: Incoming
    conversation_id: str
    choice_id: str | None

    @property
    def metadata(self) -> dict[str, Any]:
        """What the actions may know of the sender."""
        return {"sender_phone": self.incoming.sender}


class SmsTurns:
    """Runs turns for the SMS channel."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def run(self, arrived: Arrived) -> Messages:
        """The assistant's messages, as `TurnRunner.run` gives them.

        Raises:
            channels.turn.TurnNotKeptError: nothing was done.
            conversations.turns.ClaimLostError: the conversation was erased meanwhile.
        """
        incoming, turns = arrived.incoming, self._services.turns
        known = (arrived.conversation_id, CHANNEL, incoming.text_id)
        if arrived.choice_id is not None:
            try:
                return (await turns.run(*known, choice=arrived.choice_id, metadata=arrived.metadata)).messages
            except UnknownChoiceError:
                # Others were offered between the text's arrival and its turn; so it counts as it was written.
                logger.info("a choice was no longer on offer")
        return (await turns.run(*known, text=incoming.text, metadata=arrived.metadata)).messages

    async def safety_label(self, text: str) -> str | None:
        """What is urgent in a text."""
        if not text:
            return None
        parse_data = await parse_typed_text(self._services.agent, text)
        label = parse_data.get("understanding", {}).get("safety")
        return str(label) if label else None

    def keep_fixed(self, arrived: Arrived, said: str) -> None:
        """Keep a fixed answer in the conversation's history; nothing `said` is a text that was left unanswered."""
        incoming = arrived.incoming
        turn = IncomingTurn(arrived.conversation_id, incoming.text_id, CHANNEL, FIXED_ANSWER, incoming.text)
        try:
            claim = claim_turn(self._services.engine, turn)
        except MessageIdReusedError:
            # An earlier try, cut short by a crash, had begun a turn for it.
            logger.info("a text is in the history already")
            return
        if isinstance(claim, Claim):
            messages: Messages = [{"text": said, "choices": [], "source": None}] if said else []
            answer_turn(self._services.engine, claim, messages, (), failed=False)

    async def close_form(self, arrived: Arrived) -> None:
        """End what the conversation was about, as if the visitor had said so; what the actions say to it is dropped.

        The wish to be left alone is stored before, so a fault here is logged and changes nothing about it.
        """
        text = arrived.incoming.text or STOP_LABEL
        try:
            async with self._services.lock_store.lock(arrived.conversation_id, wait_time_in_seconds=LOCK_POLL_SECONDS):
                await self._services.agent.processor.handle_message(
                    UserMessage(
                        text=text,
                        output_channel=TurnOutput(CHANNEL, None, {}),
                        sender_id=arrived.conversation_id,
                        parse_data=parse_data_of(new_choice(STOP_LABEL, text)),
                        input_channel=CHANNEL,
                        message_id=arrived.incoming.text_id,
                        metadata=arrived.metadata,
                    )
                )
        except (SQLAlchemyError, LockError, ConversationChangedError) as error:
            logger.error("a form was not closed after an opt-out: %s", type(error).__name__)

"""Answers that were not ready when Twilio's request had to end, and those that a crash cut short."""

import asyncio
import logging
from datetime import timedelta

from rasa.core.lock_store import LockError
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from channels.services import Services
from channels.sms.conversation import TextConversations
from channels.sms.incoming import Incoming
from clinic import clock
from clinic.outgoing_texts import queue_text
from clinic.text_contacts import UnknownContactError, number_of, remember_contact
from conversations.incoming_texts import (
    BY_QUEUE,
    Reply,
    StoredText,
    close_old_texts,
    decide_way,
    interrupted_texts,
    queued_answers,
)

# Longer than any turn and its wait for the one before.
INTERRUPTED_AFTER = timedelta(seconds=120)
TOO_OLD_AFTER = timedelta(hours=1)
SECONDS_BETWEEN_LOOKS = 60.0

logger = logging.getLogger(__name__)


class LateAnswers:
    """Queues answers for delivery."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._engine = services.engine
        self._waiting: set[asyncio.Task[None]] = set()

    def deliver_when_ready(self, incoming: Incoming, answering: "asyncio.Future[Reply]") -> None:
        """Queue the answer as soon as there is one. The request for it has been answered with nothing."""
        task = asyncio.ensure_future(self._deliver(incoming, answering))
        self._waiting.add(task)
        task.add_done_callback(self._waiting.discard)

    async def work(self) -> None:
        """Look for texts that a crash left without an answer, until cancelled."""
        while True:
            try:
                await self.finish_interrupted()
            except SQLAlchemyError as error:
                logger.error("interrupted texts could not be looked up: %s", type(error).__name__)
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)

    async def finish_interrupted(self) -> None:
        """Answer the texts whose work a crash cut short; those of more than an hour ago stay unanswered.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database does not answer.
        """
        moment = clock.now()
        close_old_texts(self._engine, moment - TOO_OLD_AFTER)
        for stored in queued_answers(self._engine, moment - TOO_OLD_AFTER):
            if stored.reply is not None:
                # Queued a moment ago as a rule, and then it is not queued again.
                queue_text(self._engine, stored.conversation_id, stored.reply.text, _key_of(stored.text_id))
        for stored in interrupted_texts(self._engine, moment - INTERRUPTED_AFTER):
            incoming = self._as_it_came_in(stored)
            if incoming is not None:
                logger.info("a text that was cut short is answered")
                decide_way(self._engine, stored.text_id, BY_QUEUE)
                await self._deliver(incoming, asyncio.ensure_future(TextConversations(self._services).reply(incoming)))

    def _as_it_came_in(self, stored: StoredText) -> Incoming | None:
        try:
            number = number_of(self._engine, self._services.settings.secret_key, stored.conversation_id)
        except UnknownContactError:
            return None
        return Incoming(stored.text_id, number, stored.body, pictures=0, carrier_says=None)

    async def _deliver(self, incoming: Incoming, answering: "asyncio.Future[Reply]") -> None:
        try:
            reply = (await answering).text
            if reply:
                # An erasure within the turn has removed the number, and its receipt must still reach the visitor.
                conversation_id = remember_contact(self._engine, self._services.settings.secret_key, incoming.sender)
                queue_text(self._engine, conversation_id, reply, _key_of(incoming.text_id))
        except (SQLAlchemyError, LockError, RedisError) as error:
            logger.error("a late answer was not queued: %s", type(error).__name__)


def _key_of(text_id: str) -> str:
    """By what the answer to a text is known among those that are sent, so that it is sent once."""
    return f"answer-{text_id}"

"""A web session's conversation, from the greeting to its erasure."""

from typing import Any

from channels.services import Services
from channels.turn import LOCK_POLL_SECONDS
from channels.web.errors import unauthorized
from conversations.erasure import erase_conversation
from conversations.feedback import keep_feedback, verdicts
from conversations.turn_moments import turn_moments
from conversations.turns import Messages, history, keep_greeting
from conversations.web_sessions import end_session, is_open, open_session

GREETING_RESPONSE = "utter_welcome"
CHANNEL = "web"
# As `keep_greeting` stores it.
GREETING_ID = ":greeting"


class Conversations:
    """The conversations of the web channel."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def begin(self) -> tuple[str, Messages]:
        """A new session's id, and the greeting."""
        text = self._services.responses.text(GREETING_RESPONSE, CHANNEL)
        greeting: Messages = [{"text": text, "choices": [], "source": None}]
        session_id = open_session(self._services.engine)
        keep_greeting(self._services.engine, session_id, CHANNEL, greeting)
        return session_id, greeting

    def require_open(self, session_id: str) -> None:
        """Make sure that the session goes on.

        Raises:
            channels.web.errors.RefusalError: status 401.
            sqlalchemy.exc.SQLAlchemyError: the database does not answer.
        """
        if not is_open(self._services.engine, session_id):
            raise unauthorized()

    def leave_nothing_after_end(self, session_id: str) -> None:
        """Erase what a turn wrote that came in just as its session was ended, and refuse its answer.

        Raises:
            channels.web.errors.RefusalError: status 401.
        """
        if not is_open(self._services.engine, session_id):
            erase_conversation(self._services.engine, session_id)
            raise unauthorized()

    def entries(self, session_id: str) -> list[dict[str, Any]]:
        """The conversation so far, oldest first: what the visitor wrote or chose, and what the assistant said."""
        entries: list[dict[str, Any]] = []
        for turn in history(self._services.engine, session_id):
            if turn.visitor_text is not None:
                entries.append({"sender": "visitor", "id": turn.message_id, "text": turn.visitor_text})
            entries.extend({"sender": "assistant", **message} for message in turn.messages)
        return entries

    def turns(self, session_id: str) -> list[dict[str, Any]]:
        """For each of the visitor's messages when it came, when it was answered, and what they thought of the answer.

        The greeting stands first, with null for the id that it does not have.
        """
        helpful = verdicts(self._services.engine, session_id)
        return [
            {
                "id": None if moments.message_id == GREETING_ID else moments.message_id,
                "came_at": moments.came_at.isoformat(timespec="seconds"),
                "answered_at": moments.answered_at and moments.answered_at.isoformat(timespec="seconds"),
                "helpful": helpful.get(moments.message_id),
            }
            for moments in turn_moments(self._services.engine, session_id)
        ]

    def rate(self, session_id: str, message_id: str, helpful: bool) -> None:
        """Keep whether the answer to a message was helpful.

        Raises:
            conversations.feedback.NoSuchAnswerError: there is no such answer.
        """
        keep_feedback(self._services.engine, session_id, message_id, helpful)

    async def end(self, session_id: str) -> None:
        """End the session and erase what was said, after the turn that is still being answered, if any."""
        self.require_open(session_id)
        async with self._services.lock_store.lock(session_id, wait_time_in_seconds=LOCK_POLL_SECONDS):
            end_session(self._services.engine, session_id)
            erase_conversation(self._services.engine, session_id)

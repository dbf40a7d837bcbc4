"""A web session's conversation, from the greeting to its erasure."""

from typing import Any

from channels.services import Services
from channels.turn import LOCK_POLL_SECONDS
from channels.web.errors import unauthorized
from conversations.erasure import erase_conversation
from conversations.turns import Messages, history, keep_greeting
from conversations.web_sessions import end_session, is_open, open_session

GREETING_RESPONSE = "utter_welcome"
CHANNEL = "web"


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

    async def end(self, session_id: str) -> None:
        """End the session and erase what was said, after the turn that is still being answered, if any."""
        self.require_open(session_id)
        async with self._services.lock_store.lock(session_id, wait_time_in_seconds=LOCK_POLL_SECONDS):
            end_session(self._services.engine, session_id)
            erase_conversation(self._services.engine, session_id)

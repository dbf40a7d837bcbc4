"""Session tokens: signed by the server, holding a session's id and nothing else."""

from datetime import datetime, timedelta

from itsdangerous import BadData, URLSafeTimedSerializer

from clinic import clock

LIFETIME = timedelta(hours=24)
SALT = "web-session"


class SessionTokens:
    """Makes and reads the tokens of one deployment."""

    def __init__(self, secret_key: str) -> None:
        self._serializer = URLSafeTimedSerializer(secret_key, salt=SALT)

    def make(self, session_id: str) -> tuple[str, datetime]:
        """A token for the session, and when it stops to be valid."""
        return str(self._serializer.dumps(session_id)), clock.now() + LIFETIME

    def session_id(self, token: str) -> str | None:
        """The id in a token that this deployment signed within the last 24 hours, else None.

        A token from the future is one of ours as well: the clock of the bot that signed it was ahead, or was put back.
        """
        if not token.isascii():
            # None of ours; bytes that are no UTF-8, Sanic reads as surrogates, which cannot be encoded.
            return None
        try:
            content, signed_at = self._serializer.loads(token, return_timestamp=True)
        except BadData:
            return None
        is_over = clock.now() - signed_at > LIFETIME
        return content if isinstance(content, str) and not is_over else None

"""A visitor's message once it is understood, and the digest by which its content is told from any other's."""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

from conversations.turns import IncomingTurn

DIGEST_PURPOSE = b"turn-content:"


@dataclass(frozen=True)
class UnderstoodMessage:
    """A message on its way to an answer.

    Attributes:
        conversation_id: Rasa's sender id.
        channel: `web` or `sms`.
        message_id: the client's unique id of the message.
        digest: of its content, as `content_digest` makes it.
        parse_data: what Rasa's `parse` gives: `text`, `intent`, `entities`, and ours under `understanding`.
        metadata: kept with the message in the conversation.
    """

    conversation_id: str
    channel: str
    message_id: str
    digest: str
    parse_data: dict[str, Any]
    metadata: dict[str, Any] | None

    @property
    def safety_label(self) -> str | None:
        """The label of danger, such as `safety/emergency`; None where there is none."""
        label = self.parse_data.get("understanding", {}).get("safety")
        return str(label) if label else None

    @property
    def text(self) -> str:
        """What the visitor wrote, or what the choice says."""
        return str(self.parse_data["text"])

    def incoming(self) -> IncomingTurn:
        """The turn to claim for it."""
        return IncomingTurn(self.conversation_id, self.message_id, self.channel, self.digest, self.text)


def content_digest(secret_key: str, text: str | None, choice: str | None) -> str:
    """A digest of what was sent, typed or chosen: under a key, so that nobody finds a short text by trying."""
    kind, content = ("text", text) if text is not None else ("choice", choice)
    key = DIGEST_PURPOSE + secret_key.encode()
    return hmac.new(key, f"{kind}:{content}".encode(), hashlib.sha256).hexdigest()

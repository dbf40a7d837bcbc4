"""What the assistant says in one turn, collected until the turn ends."""

from collections.abc import Mapping
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel

from channels.choices import choices_of
from conversations.offered_choices import Choice
from conversations.turns import Messages

TURN_FAILED_RESPONSE = "utter_turn_failed"
TURN_FAILED_MARK = "turn_failed"
# On an utterance that tells the visitor that their data is erased; the actions set it (actions/replies.py).
ERASED_MARK = "conversation_erased"


def failure_response(safety_label: str | None) -> str:
    """The response that is said when a turn cannot be done: help with what is urgent comes before any apology."""
    return f"utter_{safety_label}" if safety_label else TURN_FAILED_RESPONSE


class TurnOutput(CollectingOutputChannel):
    """Collects the messages of one turn. Its name is the channel's, so that the channel's wording is chosen."""

    def __init__(self, channel: str, safety_label: str | None, fact_titles: Mapping[str, str]) -> None:
        """Begin a turn.

        Args:
            channel: `web` or `sms`.
            safety_label: what is urgent in the visitor's message, if anything.
            fact_titles: by the id of a fact the title of the page it is from, which is shown with an answer from it.
        """
        super().__init__()
        self.messages: Messages = []
        self.choices: list[Choice] = []
        self.safety_label = safety_label
        self.failed = False
        self.erases = False
        self._channel = channel
        self._fact_titles = fact_titles
        self._said_before_the_message = 0

    def name(self) -> str:
        """The channel's name."""
        return self._channel

    def visitor_was_heard(self) -> None:
        """Note that what comes from now on answers the visitor; a new session may have said something before.

        Nothing stands before the answer to what is urgent, so then what was said before is dropped.
        """
        if self.safety_label:
            self.messages.clear()
            self.choices.clear()
        self._said_before_the_message = len(self.messages)

    @property
    def has_answer(self) -> bool:
        """Whether anything was said since the visitor was heard."""
        return len(self.messages) > self._said_before_the_message

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Collect one utterance. `message` is what Rasa's `BotUttered.message()` gives."""
        text = (message.get("text") or "").strip()
        if not text:
            return
        choices = choices_of(message.get("buttons") or [])
        self.choices.extend(choices)
        self.failed = self.failed or bool(message.get(TURN_FAILED_MARK))
        self.erases = self.erases or bool(message.get(ERASED_MARK))
        self.messages.append(
            {
                "text": text,
                "choices": [{"id": choice.id, "title": choice.title} for choice in choices],
                "source": self._source(message.get("metadata") or {}),
            }
        )

    def _source(self, metadata: dict[str, Any]) -> dict[str, Any] | None:
        facts = metadata.get("facts")
        if not facts:
            return None
        titles = dict.fromkeys(self._fact_titles[fact] for fact in facts if fact in self._fact_titles)
        return {"title": ", ".join(titles), "facts": list(facts)}

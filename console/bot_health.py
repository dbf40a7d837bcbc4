"""What the bot beside this console says of itself: which model answers the visitors, and with which words."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

from clinic.settings import Settings

SECONDS_TO_ANSWER = 2.0
LONGEST_ANSWER = 10_000
ANY_ADDRESS = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - asked, not bound


@dataclass(frozen=True)
class BotHealth:
    """The name of the model that answers, and of one that was promoted and could not be loaded (or empty).

    `content` is the newest version of answers and clinic details that it says, 0 while nothing was changed.
    """

    model: str
    refused: str
    content: int = 0


def ask_bot(settings: Settings) -> BotHealth | None:
    """Ask the bot of this instance on this machine; None when it does not answer, or runs elsewhere."""
    host = ANY_ADDRESS.get(settings.bot_host, settings.bot_host)
    shown = f"[{host}]" if ":" in host else host
    try:
        answer = _answer(f"http://{shown}:{settings.bot_port}/health/ready")
        return BotHealth(str(answer["model"]), str(answer.get("model_refused", "")), int(answer.get("content", 0)))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _answer(address: str) -> Any:
    """The JSON of an answer; one that is not ready names its model as well."""
    try:
        with urllib.request.urlopen(address, timeout=SECONDS_TO_ANSWER) as response:  # noqa: S310 - always http
            return json.loads(response.read(LONGEST_ANSWER))
    except urllib.error.HTTPError as error:
        with error:
            return json.loads(error.read(LONGEST_ANSWER))

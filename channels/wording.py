"""The clinic's wording: picks a response's variation for the channel and fills in what it leaves open.

Rasa finds the class by `nlg: type:` in endpoints.yml. Rasa's own generator picks at random, so that a visitor may read
the same sentence twice in a row, and sends raw placeholders when a value is missing.
"""

import copy
import logging
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from clinic.answers.in_force import ContentInForce, merged, unfit_wordings
from clinic.answers.response_files import SECONDS_BETWEEN_LOOKS, ResponseFiles, Responses
from clinic.contact import clinic_variables, logistics
from clinic.settings import PROJECT_ROOT, Settings, load_settings

RESPONSES_FOLDER = PROJECT_ROOT / "data" / "responses"
REMEMBERED_UTTERANCES = 6
# Which of the clinic's details a visitor asks for, by their names with spaces between; those are said first.
ASKED_FOR = "asked_for"
Said = tuple[str | None, str | None]
PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")

logger = logging.getLogger(__name__)


class WordingError(ValueError):
    """A response is not there, has no variation for the channel, or lacks a value; the message names it."""


class ClinicResponses(NaturalLanguageGenerator):
    """Says the responses of `data/responses`, and what the staff put in the place of some."""

    def __init__(
        self,
        endpoint_config: EndpointConfig | None = None,
        domain: Domain | None = None,
        settings: Settings | None = None,
        folder: Path = RESPONSES_FOLDER,
        seconds_between_looks: float = SECONDS_BETWEEN_LOOKS,
    ) -> None:
        """Load the responses; Rasa passes the first two arguments, which are not needed.

        Raises:
            clinic.settings.SettingsError: a setting is wrong.
            clinic.answers.response_files.ResponseFilesError: a file is broken.
        """
        self._files = ResponseFiles(folder, seconds_between_looks)
        self._settings = settings or load_settings()
        self._clinic = clinic_variables(self._settings)
        self._content = ContentInForce()
        self._shipped = self._files.responses()
        self._said = self._shipped

    def take(self, content: ContentInForce, settings: Settings) -> None:
        """Say from now on what the staff put in force.

        Args:
            content: what they changed.
            settings: those of the deployment with the clinic's details in force.
        """
        self._settings = settings
        self._clinic = clinic_variables(settings)
        self._content = content
        self._said = self._merged()

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any]:
        """The response as Rasa sends it: `text`, `id` and what else the variation has, such as `metadata`.

        Args:
            utter_action: the response's name, such as `utter_greet`.
            tracker: the conversation, whose last utterances are not said again.
            output_channel: `web` or `sms`.
            kwargs: values for the response's variables.

        Raises:
            WordingError: nothing can be said; no visitor ever reads a raw placeholder.
        """
        try:
            return self._say(utter_action, output_channel, _recent(tracker), kwargs)
        except WordingError as error:
            # Rasa swallows what an action raises, so the operator's line is written here; it holds no visitor's words.
            logger.error("response not sent: %s", error)
            raise

    def text(self, utter_action: str, channel: str, **values: str) -> str:
        """The response's first variation for the channel, for what is said outside of any conversation.

        Raises:
            WordingError: nothing can be said.
        """
        return str(self._say(utter_action, channel, [], values)["text"])

    def _say(
        self, utter_action: str, channel: str, recent: Sequence[Said], values: Mapping[str, Any]
    ) -> dict[str, Any]:
        asked_for = str(values.get(ASKED_FOR) or "").split()
        clinic = {**self._clinic, "logistics": logistics(self._settings, asked_for)} if asked_for else self._clinic
        drafts = [
            _filled(variation, {**clinic, **values})
            for variation in _variations(self._responses(), utter_action, channel)
        ]
        # An index of -1 means never said; among the others the one that was said longest ago comes first.
        return min(drafts, key=lambda draft: _last_place(recent, draft))

    def _responses(self) -> Responses:
        shipped = self._files.responses()
        if shipped is not self._shipped:
            self._shipped = shipped
            self._said = self._merged()
        return self._said

    def _merged(self) -> Responses:
        for response, reason in unfit_wordings(self._shipped, self._content).items():
            logger.error("the changed wording of %s is not said: %s", response, reason)
        return merged(self._shipped, self._content)


def _recent(tracker: DialogueStateTracker) -> list[Said]:
    """The variation's id and the text of the last utterances: a read-back with other details is the same sentence."""
    said = [event for event in tracker.events if isinstance(event, BotUttered) and event.text]
    return [(event.metadata.get("id"), event.text) for event in said[-REMEMBERED_UTTERANCES:]]


def _last_place(recent: Sequence[Said], draft: Mapping[str, Any]) -> int:
    places = [place for place, said in enumerate(recent) if draft["id"] == said[0] or draft["text"] == said[1]]
    return max(places, default=-1)


def _variations(responses: Responses, utter_action: str, channel: str) -> list[dict[str, Any]]:
    known = responses.get(utter_action)
    if known is None:
        raise WordingError(f"there is no response '{utter_action}'")
    own = [variation for variation in known if variation.get("channel") == channel]
    chosen = own or [variation for variation in known if variation.get("channel") is None]
    if not chosen:
        raise WordingError(f"response '{utter_action}' has no variation for channel '{channel}'")
    return chosen


def _filled(variation: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    draft = {key: copy.deepcopy(value) for key, value in variation.items() if key != "channel"}

    def value_of(match: re.Match[str]) -> str:
        value = values.get(match.group(1))
        if value is None:
            raise WordingError(f"variation '{variation['id']}' needs a value for '{match.group(1)}'")
        return str(value)

    # One pass over the template: braces inside of a value that a visitor typed are never looked at.
    draft["text"] = PLACEHOLDER.sub(value_of, str(variation["text"])).strip()
    return draft

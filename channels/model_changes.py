"""Following promotions: a model that the staff put in force is loaded beside the one that runs, then takes its place.

Turns under way end on the model they began with. A model that cannot be loaded, or does not understand the simplest
question of every topic, leaves the one before in force and is named by /health/ready.
"""

import asyncio
import json
import logging
from pathlib import Path

from rasa.core.channels.channel import UserMessage
from sqlalchemy.engine import Engine

from channels.agent import ClinicAgent, TurnProcessor
from channels.following import keep_looking
from clinic.garbage_collection import leave_out_what_is_loaded
from clinic.topics import topics
from conversations.promotion_history import newest_promotion
from conversations.teaching import Promotion

ARCHIVE = ".tar.gz"
# Above what a turn may take (channels/turn.py).
SECONDS_TO_OUTLAST_TURNS = 30.0

logger = logging.getLogger(__name__)


class ModelUnfitError(RuntimeError):
    """A model that was loaded does not understand the simplest question of some topic."""


class ModelChanges:
    """Keeps one process on the model that is in force."""

    def __init__(self, agent: ClinicAgent, engine: Engine, started_with: Path) -> None:
        """Prepare.

        Args:
            agent: of this process, with the model it was started with.
            engine: where promotions are.
            started_with: that model; promoted ones lie in the same folder.
        """
        self.refused = ""
        """The name of the promoted model that could not be taken; empty while all is well."""
        self._agent = agent
        self._engine = engine
        self._started_with = started_with
        self._seen: int | None = None

    @property
    def model(self) -> str:
        """The name of the model in force in this process."""
        return str(self._agent.model_name).removesuffix(ARCHIVE)

    def catch_up(self) -> None:
        """Take the model that is in force, before any visitor is served.

        A process that is started again gets the model of the launcher's start, which may have been replaced since.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database does not answer.
        """
        processor = self._load_newer()
        if processor is not None:
            self._take(processor)
        self._seen = self._seen or 0  # from now on every promotion is news

    async def follow(self) -> None:
        """Look for promotions until cancelled."""
        await keep_looking(self._load_newer, self._replace, "promotions")

    def _replace(self, processor: TurnProcessor) -> None:
        self._take(processor)
        # By then nothing is under way any more that began on the model from before, so all of it can be freed.
        asyncio.get_running_loop().call_later(SECONDS_TO_OUTLAST_TURNS, leave_out_what_is_loaded)

    def _take(self, processor: TurnProcessor) -> None:
        before = self.model
        self._agent.use(processor)
        logger.info("model %s is in force in the place of %s", self.model, before)

    def _load_newer(self) -> TurnProcessor | None:
        """The model of the newest promotion, loaded and tried; None when there is nothing new or it cannot be taken."""
        promotion = newest_promotion(self._engine)
        if promotion is None or promotion.id == self._seen:
            return None
        model = str(promotion.model)
        if model == self.model or self._is_covered(promotion):
            self._seen, self.refused = promotion.id, ""
            return None
        archive = self._started_with.with_name(f"{model}{ARCHIVE}")
        if not archive.is_file():
            # It may still be on its way to this machine, so it is looked for again.
            if self.refused != model:
                logger.error("the promoted model %s is not in %s", model, archive.parent)
            self.refused = model
            return None
        self._seen = promotion.id
        return self._loaded(model, archive)

    def _is_covered(self, promotion: Promotion) -> bool:
        """Whether the model of the start was trained with the promoted lines, on content that may be newer."""
        return self._seen is None and promotion.taught == _taught_of(self._started_with)

    def _loaded(self, model: str, archive: Path) -> TurnProcessor | None:
        try:
            processor = self._agent.make_processor(archive)
            _require_understanding(processor)
        except Exception:
            # Whatever is wrong with a model, of Rasa's making or of a library's, must not cost visitors their answers.
            logger.exception("the promoted model %s could not be loaded; %s stays in force", model, self.model)
            self.refused = model
            return None
        self.refused = ""
        return processor


def model_to_start_with(engine: Engine, named: Path) -> Path:
    """The model to load first: the one that was named or, where that is gone, the one in force beside it.

    The launcher starts a bot that died with the model of its own start, which later trainings may have deleted: they
    keep the newest models, those in force and what these can be taken back to.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database does not answer.
    """
    if named.is_file():
        return named
    promotion = newest_promotion(engine)
    promoted = named.with_name(f"{promotion.model}{ARCHIVE}") if promotion is not None else named
    if not promoted.is_file():
        return named
    logger.info("model %s is gone; %s, which is in force, is loaded in its place", named.name, promoted.name)
    return promoted


def _require_understanding(processor: TurnProcessor) -> None:
    # Not asyncio.run, which would leave a main thread without an event loop for the server.
    loop = asyncio.new_event_loop()
    try:
        for topic in topics():
            question, label = topic.simplest_question
            parse_data = loop.run_until_complete(processor.parse_message(UserMessage(question)))
            if parse_data.get("understanding", {}).get("label") != label:
                raise ModelUnfitError(topic.name)
    finally:
        loop.close()


def _taught_of(model: Path) -> str | None:
    """The name of the taught lines in a model, as training noted it beside the model (nlu/model_files.py)."""
    notes = model.with_name(f"{model.name.removesuffix(ARCHIVE)}.json")
    if not notes.is_file():
        return None
    try:
        taught = json.loads(notes.read_text(encoding="utf-8")).get("taught")
    except (ValueError, AttributeError):
        logger.warning("the notes beside model %s cannot be read", model.name)
        return None
    return None if taught is None else str(taught)

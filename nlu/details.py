"""Puts the details in a message (name, phone, e-mail, time, place on the body) beside its intent."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    EXTRACTOR,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from clinic.readings.finders import find_details
from clinic.readings.finders.plain_text import Detail


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class DetailExtractor(GraphComponent):
    """Adds an entity for every detail the finders see; there is nothing to train and nothing to configure."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DetailExtractor:
        """The component as Rasa's graph makes it."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the details to each message's entities; what other extractors found stays."""
        for message in messages:
            text = message.get(TEXT) or ""
            details = [_entity(detail) for detail in find_details(text)]
            message.set(ENTITIES, [*message.get(ENTITIES, []), *details], add_to_output=True)
        return messages


def _entity(detail: Detail) -> dict[str, Any]:
    return {
        ENTITY_ATTRIBUTE_TYPE: detail.kind,
        ENTITY_ATTRIBUTE_VALUE: detail.value,
        ENTITY_ATTRIBUTE_START: detail.start,
        ENTITY_ATTRIBUTE_END: detail.end,
        "text": detail.text,
        EXTRACTOR: "DetailExtractor",
    }

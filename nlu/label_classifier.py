"""The one component of the pipeline that names intent and response key, over all labels, from one distribution."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.label_model import LabelModel
from nlu.languages import language_of
from nlu.safety_phrases import shared_safety_phrases
from nlu.segments import segments_of
from nlu.sentence_encoder import shared_encoder
from nlu.text_cleaning import clean_text
from nlu.understanding import NOTHING_SAID, Evidence, Numbers, Understanding, decide, worth_segmenting

RANKING_LENGTH = 5


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LabelClassifier(GraphComponent, IntentClassifier):
    """Classifies a message and leaves its `understanding`, `intent` and `response_selector` in the parse data."""

    def __init__(self, model_storage: ModelStorage, resource: Resource, model: LabelModel | None = None) -> None:
        self._storage = model_storage
        self._resource = resource
        self._model = model
        self._phrases = shared_safety_phrases()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LabelClassifier:
        """An untrained component, for training."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LabelClassifier:
        """A trained component; a broken archive raises instead of answering at random."""
        with model_storage.read_from(resource) as folder:
            model = LabelModel.load(Path(folder))
        return cls(model_storage, resource, model)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the model on all labelled lines and keep it in the model storage."""
        # What only training needs is a tenth of a running bot's memory.
        from nlu.label_training import fit_label_model  # noqa: PLC0415

        examples = training_data.intent_examples
        texts = [clean_text(example.get(TEXT)) for example in examples]
        self._model = fit_label_model(texts, [_label_of(example) for example in examples])
        with self._storage.write_to(self._resource) as folder:
            self._model.save(Path(folder))
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Understand each message. Text of any length and kind is taken, none included."""
        for message in messages:
            text = clean_text(message.get(TEXT) or "")
            understanding, ranking = self._understand(text) if text else (NOTHING_SAID, [])
            _annotate(message, understanding, ranking)
        return messages

    def _understand(self, text: str) -> tuple[Understanding, list[tuple[str, float]]]:
        if self._model is None:
            raise RuntimeError("the label classifier was asked before it was trained")
        labels = self._model.labels
        whole, danger = self._weigh([text])
        parts = segments_of(text) if worth_segmenting(labels, whole[0]) else []
        segments, clause_danger = self._weigh(parts)
        evidence = Evidence(labels, whole[0], segments, np.concatenate([danger, clause_danger]))
        understanding = decide(evidence, self._phrases.find(text), language_of(text))
        order = np.argsort(-whole[0], kind="stable")[:RANKING_LENGTH]
        return understanding, [(labels[index], round(float(whole[0, index]), 4)) for index in order]

    def _weigh(self, texts: list[str]) -> tuple[Numbers, Numbers]:
        """Probabilities of the labels, shape (len(texts), labels), and of danger, shape (len(texts),)."""
        if self._model is None:
            raise RuntimeError("the label classifier was asked before it was trained")
        if not texts:
            return np.zeros((0, len(self._model.labels))), np.zeros(0)
        vectors = shared_encoder().encode(texts)
        probabilities = self._model.probabilities(texts, vectors)
        return probabilities, self._model.danger(probabilities, vectors)


def _label_of(example: Message) -> str:
    return str(example.get(INTENT_RESPONSE_KEY) or example.get(INTENT))


def _annotate(message: Message, understanding: Understanding, ranking: list[tuple[str, float]]) -> None:
    intent, _, _ = understanding.label.partition("/")
    message.set(INTENT, {"name": intent, "confidence": understanding.confidence}, add_to_output=True)
    message.set(
        "intent_ranking",
        [{"name": label, "confidence": confidence} for label, confidence in ranking],
        add_to_output=True,
    )
    message.set("understanding", understanding.as_dict(), add_to_output=True)

"""The one component of the pipeline that names intent and response key, over all labels, from one distribution."""

from __future__ import annotations

from dataclasses import dataclass
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
from nlu.segments import questions_of, segments_of
from nlu.sentence_encoder import SentenceEncoder
from nlu.text_cleaning import clean_text
from nlu.understanding import NOTHING_SAID, Evidence, Numbers, Understanding, decide, worth_segmenting

RANKING_LENGTH = 5
ENCODER_GRAPH = "encoder.onnx"


@dataclass(frozen=True)
class _Trained:
    """What training leaves in the model archive, loaded."""

    encoder: SentenceEncoder
    model: LabelModel

    @classmethod
    def load(cls, folder: Path) -> _Trained:
        return cls(SentenceEncoder(folder / ENCODER_GRAPH), LabelModel.load(folder))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LabelClassifier(GraphComponent, IntentClassifier):
    """Classifies a message and leaves its `understanding`, `intent` and `response_selector` in the parse data."""

    def __init__(self, model_storage: ModelStorage, resource: Resource, trained: _Trained | None = None) -> None:
        self._storage = model_storage
        self._resource = resource
        self._trained = trained
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
            trained = _Trained.load(Path(folder))
        return cls(model_storage, resource, trained)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the model on all labelled lines and keep it in the model storage, with the encoder it was fitted on."""
        # What only training needs is a tenth of a running bot's memory.
        from nlu.encoder_graph import integer_graph  # noqa: PLC0415
        from nlu.label_training import fit_label_model  # noqa: PLC0415

        examples = training_data.intent_examples
        texts = [clean_text(example.get(TEXT)) for example in examples]
        labels = [_label_of(example) for example in examples]
        with self._storage.write_to(self._resource) as storage:
            folder = Path(storage)
            graph = folder / ENCODER_GRAPH
            graph.write_bytes(integer_graph())
            model = fit_label_model(texts, labels, graph)
            model.save(folder)
            self._trained = _Trained(SentenceEncoder(graph), model)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Understand each message. Text of any length and kind is taken, none included."""
        for message in messages:
            text = clean_text(message.get(TEXT) or "")
            understanding, ranking = self._understand(text) if text else (NOTHING_SAID, [])
            _annotate(message, understanding, ranking)
        return messages

    def _understand(self, text: str) -> tuple[Understanding, list[tuple[str, float]]]:
        trained = self._required()
        labels = trained.model.labels
        whole, danger = _weigh(trained, [text])
        parts = segments_of(text) if worth_segmenting(labels, whole[0]) else questions_of(text)
        segments, clause_danger = _weigh(trained, parts)
        evidence = Evidence(labels, whole[0], segments, np.concatenate([danger, clause_danger]))
        understanding = decide(evidence, self._phrases.find(text), language_of(text))
        order = np.argsort(-whole[0], kind="stable")[:RANKING_LENGTH]
        return understanding, [(labels[index], round(float(whole[0, index]), 4)) for index in order]

    def _required(self) -> _Trained:
        if self._trained is None:
            raise RuntimeError("the label classifier was asked before it was trained")
        return self._trained


def _weigh(trained: _Trained, texts: list[str]) -> tuple[Numbers, Numbers]:
    """Probabilities of the labels, shape (len(texts), labels), and of danger, shape (len(texts),)."""
    if not texts:
        return np.zeros((0, len(trained.model.labels))), np.zeros(0)
    vectors = trained.encoder.encode(texts)
    probabilities = trained.model.probabilities(texts, vectors)
    return probabilities, trained.model.danger(probabilities, vectors)


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

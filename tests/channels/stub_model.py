"""A tiny model: keywords instead of a classifier, and one rule per intent.

`python -m tests.channels.stub_model PATH` trains it; the bot's process finds the component by this module's name.
"""

import json
import os
import re
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rasa.engine.graph import GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.model_training import train as rasa_train
from rasa.shared.nlu.training_data.message import Message

LABELS = {
    "what are milia": "faq/what_are_milia",
    "pop": "faq/can_i_pop",
    "breathe": "safety/emergency",
    "appointment": "request_appointment",
    "yes": "affirm",
    "restart": "start_over",
    "swelling": "safety/emergency",
    "stop": "stop",
}
NAME = re.compile(r"my name is (\w+)")
INTENTS = ("faq", "safety", "request_appointment", "affirm", "start_over", "stop", "out_of_scope")

DOMAIN = """
version: "3.1"
session_config: {session_expiration_time: 60, carry_over_slots_to_new_session: true}
intents: [faq, safety, request_appointment, affirm, start_over, stop, out_of_scope, restart]
entities: [person]
slots:
  contact_name: {type: any, influence_conversation: false, mappings: [{type: custom}]}
actions: [action_answer]
"""
RULES = [{"rule": intent, "steps": [{"intent": intent}, {"action": "action_answer"}]} for intent in INTENTS]
CONFIG = """
recipe: default.v1
assistant_id: stub
language: en
pipeline: [{name: tests.channels.stub_model.KeywordUnderstanding, words: {}}]
policies: [{name: RulePolicy, enable_fallback_prediction: false}]
"""


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=False)
class KeywordUnderstanding(GraphComponent):
    """Names a label for a few words."""

    def __init__(self, words: dict[str, str]) -> None:
        self._labels = {**words, **{word: label for word, label in LABELS.items() if word not in words}}

    @classmethod
    def create(cls, config: dict[str, Any], *_arguments: Any) -> "KeywordUnderstanding":
        return cls(config["words"])

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            _understand(message, self._labels)
        return messages


def _understand(message: Message, labels: dict[str, str]) -> None:
    text = message.get("text")
    label = next((label for word, label in labels.items() if word in text.lower()), "out_of_scope")
    entities = [
        {"entity": "person", "value": name.group(1), "start": name.start(1), "end": name.end(1), "text": name.group(1)}
        for name in NAME.finditer(text)
    ]
    message.set("intent", {"name": label.partition("/")[0], "confidence": 0.9}, add_to_output=True)
    message.set("entities", entities, add_to_output=True)
    understanding = {
        "label": label,
        "confidence": 0.9,
        "second_label": None,
        "candidates": [],
        "safety": label if label.startswith("safety/") else None,
        "language": "en",
    }
    message.set("understanding", understanding, add_to_output=True)


def train(path: Path, domain_text: str = DOMAIN, rules: Sequence[Mapping[str, Any]] = RULES) -> None:
    """Train the model into a file."""
    # Two trainings at once that begin with an empty cache both write its first rows, and one of them fails.
    os.environ["RASA_MAX_CACHE_SIZE"] = "0"
    with tempfile.TemporaryDirectory() as folder:
        # Without any example Rasa leaves the understanding out of the model.
        examples = [{"intent": intent, "examples": f"- {intent} one\n- {intent} two\n"} for intent in INTENTS]
        rules_text = f'version: "3.1"\nrules: {json.dumps(rules)}\nnlu: {json.dumps(examples)}\n'
        files = {"domain.yml": domain_text, "config.yml": CONFIG, "rules.yml": rules_text}
        for name, content in files.items():
            (Path(folder) / name).write_text(content, encoding="utf-8")
        domain, config, training = (str(Path(folder) / name) for name in files)
        result = rasa_train(
            domain=domain,
            config=config,
            training_files=[training],
            output=str(path.parent),
            fixed_model_name=path.name.removesuffix(".tar.gz"),
            force_training=True,
        )
    if result.code:
        sys.exit(result.code)


if __name__ == "__main__":
    train(Path(sys.argv[1]))

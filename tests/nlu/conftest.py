"""The sentence encoder, made once for all tests of the room."""

from pathlib import Path

import pytest

from nlu.encoder_graph import integer_graph
from nlu.sentence_encoder import SentenceEncoder


@pytest.fixture(scope="session")
def encoder_graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The encoder's graph as a trained model holds it."""
    file = tmp_path_factory.mktemp("encoder") / "encoder.onnx"
    file.write_bytes(integer_graph())
    return file


@pytest.fixture(scope="session")
def encoder(encoder_graph: Path) -> SentenceEncoder:
    """The encoder as the bot runs it."""
    return SentenceEncoder(encoder_graph)

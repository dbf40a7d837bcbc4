"""The encoder computes in integers, says what the package's weights say, and gives a text one vector."""

import re
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import numpy_helper
from onnxruntime.capi.onnxruntime_pybind11_state import InvalidProtobuf, NoSuchFile

from nlu.encoder_files import DIMENSIONS, LONGEST_TOKENS, EncoderFileError, checked_file
from nlu.encoder_graph import LAYERS, WEIGHTS_FILE, integer_graph
from nlu.sentence_encoder import VOCABULARY_FILE, VOCABULARY_SHA256, SentenceEncoder

FOLDER = Path(__file__).resolve().parents[2] / "data" / "nlu"
EVERY = 200


def training_lines() -> list[str]:
    """Every two-hundredth line, of all labels."""
    lines = [
        line
        for file in sorted(FOLDER.glob("*.yml"))
        for line in re.findall(r"^ +- (.+)$", file.read_text("utf-8"), re.M)
    ]
    return lines[::EVERY]


def float_vectors(encoder: SentenceEncoder, texts: list[str]) -> np.ndarray:
    """What the package's own graph gives, which multiplies in floats."""
    session = onnxruntime.InferenceSession(str(WEIGHTS_FILE), providers=["CPUExecutionProvider"])
    vectors = []
    for text in texts:
        tokens = np.array([encoder._tokenizer.encode(text).ids], dtype=np.int64)
        feed = {"input_ids": tokens, "attention_mask": np.ones_like(tokens), "token_type_ids": np.zeros_like(tokens)}
        vectors.append(session.run(None, feed)[0][0].mean(axis=0))
    found = np.array(vectors)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def test_every_layer_multiplies_by_its_weights_in_integers(encoder_graph: Path) -> None:
    graph = onnx.load(str(encoder_graph)).graph
    constants = {tensor.name for tensor in graph.initializer}
    operators = Counter(node.op_type for node in graph.node)
    in_floats = [node for node in graph.node if node.op_type in ("MatMul", "Gemm") and constants & set(node.input)]
    assert operators["MatMulInteger"] == 4 * LAYERS
    assert in_floats == []


def test_the_large_tables_stay_8_bits_wide(encoder_graph: Path) -> None:
    tensors = [numpy_helper.to_array(tensor) for tensor in onnx.load(str(encoder_graph)).graph.initializer]
    assert {tensor.dtype.itemsize for tensor in tensors if tensor.size >= DIMENSIONS * DIMENSIONS} == {1}


def test_products_are_unsigned_so_that_no_processor_overflows(encoder_graph: Path) -> None:
    graph = onnx.load(str(encoder_graph)).graph
    tensors = {tensor.name: tensor.data_type for tensor in graph.initializer}
    weights = [tensors[node.input[1]] for node in graph.node if node.op_type == "MatMulInteger"]
    assert set(weights) == {onnx.TensorProto.UINT8}


def test_the_vectors_are_those_of_the_weights_in_floats(encoder: SentenceEncoder) -> None:
    texts = training_lines()
    alike = (encoder.encode(texts) * float_vectors(encoder, texts)).sum(axis=1)
    assert alike.mean() > 0.995
    assert alike.min() > 0.97


def test_the_same_weights_give_the_same_graph(encoder_graph: Path) -> None:
    assert integer_graph() == encoder_graph.read_bytes()


def test_a_text_has_one_vector_whatever_stands_beside_it(encoder: SentenceEncoder) -> None:
    alone = encoder.encode(["are they dangerous"])
    beside = encoder.encode(["hi", "are they dangerous", "a much longer text about something else " * 12])
    assert alone.shape == (1, DIMENSIONS)
    assert np.allclose(np.linalg.norm(beside, axis=1), 1.0, atol=1e-5)
    assert np.array_equal(alone[0], beside[1])


def test_another_process_of_the_same_graph_gives_the_same_vector(encoder: SentenceEncoder, encoder_graph: Path) -> None:
    texts = ["are they dangerous", "can my baby have them"]
    assert np.array_equal(encoder.encode(texts), SentenceEncoder(encoder_graph).encode(texts))


def test_no_text_gives_no_vector(encoder: SentenceEncoder) -> None:
    assert encoder.encode([]).shape == (0, DIMENSIONS)


@pytest.mark.parametrize("text", ["", " ", "?", "\u00fc", "\U0001f9d0" * 3, "\u4f60\u597d"])
def test_every_text_has_a_vector(encoder: SentenceEncoder, text: str) -> None:
    assert np.linalg.norm(encoder.encode([text])) == pytest.approx(1.0, abs=1e-5)


def test_what_lies_beyond_the_longest_text_is_not_seen(encoder: SentenceEncoder) -> None:
    words = "bump " * LONGEST_TOKENS
    assert np.array_equal(encoder.encode([words]), encoder.encode([words + "and a question"]))


def test_a_changed_weights_file_is_refused(tmp_path: Path) -> None:
    changed = tmp_path / "model.onnx"
    shutil.copy(WEIGHTS_FILE, changed)
    with changed.open("r+b") as file:
        file.seek(1_000_000)
        byte = file.read(1)
        file.seek(1_000_000)
        file.write(bytes([byte[0] ^ 1]))
    with pytest.raises(EncoderFileError, match=r"model\.onnx"):
        integer_graph(changed)


def test_a_changed_vocabulary_is_refused(tmp_path: Path) -> None:
    changed = tmp_path / "vocabulary.txt"
    changed.write_bytes(VOCABULARY_FILE.read_bytes() + b"word\n")
    with pytest.raises(EncoderFileError, match=r"vocabulary\.txt"):
        checked_file(changed, VOCABULARY_SHA256)


def test_a_missing_or_broken_graph_is_an_error(tmp_path: Path, encoder_graph: Path) -> None:
    with pytest.raises(NoSuchFile):
        SentenceEncoder(tmp_path / "encoder.onnx")
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(encoder_graph.read_bytes()[:5_000_000])
    with pytest.raises(InvalidProtobuf):
        SentenceEncoder(broken)

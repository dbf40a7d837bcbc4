"""The model is the same from training to training, survives storing, and one text's answer does not hang on others."""

from pathlib import Path

import numpy as np
import pytest

from nlu.label_model import LabelModel, _weighted_terms
from nlu.label_training import fit_label_model
from nlu.sentence_encoder import DIMENSIONS, EncoderFileError, SentenceEncoder, _check

TOPICS = {
    "greet": ["hello there", "hi doctor", "good morning to you", "hey hey", "hello, anyone in"],
    "faq/can_i_pop": ["can I squeeze it", "may I pop one", "is popping them ok", "should I poke it", "pop it myself"],
    "safety/emergency": ["I cannot breathe", "my throat closes", "she fainted", "help I choke", "chest is tight now"],
    "out_of_scope": ["weather tomorrow", "book a flight", "who won the game", "pizza near me", "tell a joke"],
}
TEXTS = [f"{text}{ending}" for texts in TOPICS.values() for text in texts for ending in ("", " please", "?", " thanks")]
LABELS = [label for label, texts in TOPICS.items() for _ in texts for _ in range(4)]


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return SentenceEncoder()


@pytest.fixture(scope="module")
def model() -> LabelModel:
    return fit_label_model(TEXTS, LABELS)


def probabilities(model: LabelModel, encoder: SentenceEncoder, texts: list[str]) -> np.ndarray:
    return model.probabilities(texts, encoder.encode(texts))


def test_rows_are_probabilities_in_the_order_of_the_labels(model: LabelModel, encoder: SentenceEncoder) -> None:
    rows = probabilities(model, encoder, ["may I squeeze one", "hello"])
    assert rows.shape == (2, len(TOPICS))
    assert np.allclose(rows.sum(axis=1), 1.0)
    assert [model.labels[index] for index in rows.argmax(axis=1)] == ["faq/can_i_pop", "greet"]


def test_another_order_of_lines_gives_the_same_model(model: LabelModel, encoder: SentenceEncoder) -> None:
    turned = fit_label_model(TEXTS[::-1], LABELS[::-1])
    asked = ["may I squeeze one", "hello", "I can't breathe", "flight to rome"]
    assert np.array_equal(probabilities(model, encoder, asked), probabilities(turned, encoder, asked))


def test_a_stored_model_answers_as_before(model: LabelModel, encoder: SentenceEncoder, tmp_path: Path) -> None:
    model.save(tmp_path)
    loaded = LabelModel.load(tmp_path)
    asked = ["may I squeeze one", "I can't breathe"]
    vectors = encoder.encode(asked)
    assert np.allclose(model.probabilities(asked, vectors), loaded.probabilities(asked, vectors), atol=1e-6)
    first = model.probabilities(asked, vectors)
    assert np.allclose(model.danger(first, vectors), loaded.danger(first, vectors), atol=1e-2)


def test_a_broken_archive_is_an_error_and_not_an_untrained_model(model: LabelModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    (tmp_path / "label_model.npz").unlink()
    with pytest.raises(OSError, match="label_model"):
        LabelModel.load(tmp_path)


def test_danger_is_heard_in_danger_and_not_in_a_greeting(model: LabelModel, encoder: SentenceEncoder) -> None:
    texts = ["help, I can't breathe and my throat closes", "hello there"]
    vectors = encoder.encode(texts)
    danger = model.danger(model.probabilities(texts, vectors), vectors)
    assert danger[0] > 0.6
    assert danger[1] < 0.2


def test_a_text_has_one_vector_whatever_stands_beside_it(encoder: SentenceEncoder) -> None:
    alone = encoder.encode(["are they dangerous"])
    beside = encoder.encode(["hi", "are they dangerous", "a much longer text about something else " * 12])
    assert alone.shape == (1, DIMENSIONS)
    assert np.allclose(np.linalg.norm(beside, axis=1), 1.0, atol=1e-5)
    assert float(alone[0] @ beside[1]) > 0.995


def test_no_text_gives_no_vector(encoder: SentenceEncoder) -> None:
    assert encoder.encode([]).shape == (0, DIMENSIONS)


def test_a_changed_encoder_file_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "model.onnx"
    other.write_bytes(b"something else")
    with pytest.raises(EncoderFileError, match=r"model\.onnx"):
        _check(other, "0" * 64)


def test_the_short_way_to_weigh_terms_is_the_long_one(model: LabelModel) -> None:
    asked = ["may I squeeze one", "hello hello there", "\u00fc", "", "I can't breathe, can't breathe"]
    for vectorizer, weights in ((model.words, model.word_weights), (model.characters, model.character_weights)):
        short = _weighted_terms(vectorizer, vectorizer.idf_, asked, weights)
        assert np.allclose(short, vectorizer.transform(asked) @ weights, atol=1e-5)

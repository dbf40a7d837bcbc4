"""The model is the same from training to training and survives storing."""

from pathlib import Path

import numpy as np
import pytest

from nlu.encoder_files import DIMENSIONS
from nlu.label_model import LabelModel, WeighedTerms
from nlu.label_training import fit_label_model
from nlu.nearest_lines import AT_ONCE, Lines
from nlu.sentence_encoder import SentenceEncoder

TOPICS = {
    "greet": ["hello there", "hi doctor", "good morning to you", "hey hey", "hello, anyone in"],
    "faq/can_i_pop": ["can I squeeze it", "may I pop one", "is popping them ok", "should I poke it", "pop it myself"],
    "safety/emergency": ["I cannot breathe", "my throat closes", "she fainted", "help I choke", "chest is tight now"],
    "out_of_scope": ["weather tomorrow", "book a flight", "who won the game", "pizza near me", "tell a joke"],
}
TEXTS = [f"{text}{ending}" for texts in TOPICS.values() for text in texts for ending in ("", " please", "?", " thanks")]
LABELS = [label for label, texts in TOPICS.items() for _ in texts for _ in range(4)]


@pytest.fixture(scope="module")
def model(encoder_graph: Path) -> LabelModel:
    return fit_label_model(TEXTS, LABELS, encoder_graph)


def probabilities(model: LabelModel, encoder: SentenceEncoder, texts: list[str]) -> np.ndarray:
    return model.probabilities(texts, encoder.encode(texts))


def test_rows_are_probabilities_in_the_order_of_the_labels(model: LabelModel, encoder: SentenceEncoder) -> None:
    rows = probabilities(model, encoder, ["may I squeeze one", "hello"])
    assert rows.shape == (2, len(TOPICS))
    assert np.allclose(rows.sum(axis=1), 1.0)
    assert [model.labels[index] for index in rows.argmax(axis=1)] == ["faq/can_i_pop", "greet"]


def test_another_order_of_lines_gives_the_same_model(
    model: LabelModel, encoder: SentenceEncoder, encoder_graph: Path
) -> None:
    turned = fit_label_model(TEXTS[::-1], LABELS[::-1], encoder_graph)
    asked = ["may I squeeze one", "hello", "I can't breathe", "flight to rome"]
    assert np.array_equal(probabilities(model, encoder, asked), probabilities(turned, encoder, asked))


def test_a_stored_model_answers_as_before(model: LabelModel, encoder: SentenceEncoder, tmp_path: Path) -> None:
    model.save(tmp_path)
    loaded = LabelModel.load(tmp_path)
    asked = ["may I squeeze one", "I can't breathe"]
    vectors = encoder.encode(asked)
    assert np.allclose(model.probabilities(asked, vectors), loaded.probabilities(asked, vectors), atol=1e-6)
    first = model.probabilities(asked, vectors)
    assert np.array_equal(model.danger(first, vectors), loaded.danger(first, vectors))


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


def test_the_short_way_to_weigh_terms_is_the_long_one(model: LabelModel) -> None:
    asked = ["may I squeeze one", "hello hello there", "\u00fc", "", "I can't breathe, can't breathe"]
    for vectorizer, weights in ((model.words, model.word_weights), (model.characters, model.character_weights)):
        short = WeighedTerms(vectorizer, weights).of(asked)
        assert np.allclose(short, vectorizer.transform(asked) @ weights, atol=1e-5)


def test_lines_in_8_bits_are_as_near_as_in_floats() -> None:
    random = np.random.default_rng(7)
    vectors = random.normal(size=(2 * AT_ONCE + 3, DIMENSIONS)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    asked = vectors[[0, 5, AT_ONCE, 2 * AT_ONCE + 2]] + 0.02 * vectors[:4]
    lines = Lines.of_vectors(vectors)
    assert lines.numbers.dtype == np.int8
    assert np.abs(lines.nearest(asked) - (asked @ vectors.T).max(axis=1)).max() < 0.004


def test_where_there_is_no_line_none_is_near() -> None:
    nothing = Lines.of_vectors(np.zeros((0, DIMENSIONS), dtype=np.float32))
    assert nothing.nearest(np.ones((2, DIMENSIONS), dtype=np.float32)).tolist() == [-1.0, -1.0]

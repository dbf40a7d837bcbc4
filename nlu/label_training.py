"""Fitting the label model: once without an eighth of the lines to measure the temperature, and once on all."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from joblib import Parallel, cpu_count, delayed
from scipy.sparse import csr_matrix, hstack
from sklearn.svm import LinearSVC

from nlu.encoder_files import DIMENSIONS
from nlu.label_model import Floats, LabelModel, character_vectorizer, softmax, word_vectorizer
from nlu.nearest_lines import NearestLines
from nlu.sentence_encoder import SentenceEncoder

VECTOR_WEIGHT = 2.0
REGULARISATION = 0.5
TOLERANCE = 1e-3
HELD_OUT_PART = 8
FEWEST_LINES_PER_SHARE = 1_000
TEMPERATURES = np.geomspace(0.05, 2.0, 60)
SEED = 20_260_101


def fit_label_model(texts: Sequence[str], labels: Sequence[str], encoder_graph: Path) -> LabelModel:
    """Fit on cleaned texts, encoded as they will be when the bot runs. Any order of them gives the same model.

    Which eighth is held out depends on each text alone, so a new line elsewhere does not reshuffle it.
    """
    order = sorted(range(len(texts)), key=lambda index: (texts[index], labels[index]))
    ordered = [texts[index] for index in order]
    wanted = np.array([labels[index] for index in order])
    vectors = _encode(ordered, encoder_graph)
    held_out = np.array([_bucket(text) == 0 for text in ordered])
    # In processes, not threads: liblinear draws its random numbers from one generator per process.
    trial, final = Parallel(n_jobs=2)(
        delayed(_fit)(_chosen(ordered, keep), wanted[keep], vectors[keep])
        for keep in (~held_out, np.ones(len(ordered), dtype=bool))
    )
    temperature = _best_temperature(trial, _chosen(ordered, held_out), vectors[held_out], wanted[held_out])
    return replace(final, temperature=temperature)


def _encode(texts: list[str], encoder_graph: Path) -> Floats:
    """Encode on every core. Two encoders of one thread each do more than one encoder of two threads."""
    shares = max(1, min(cpu_count(), len(texts) // FEWEST_LINES_PER_SHARE))
    encoded = Parallel(n_jobs=shares)(
        delayed(_encode_share)(texts[start::shares], encoder_graph) for start in range(shares)
    )
    vectors = np.empty((len(texts), DIMENSIONS), dtype=np.float32)
    for start, share in enumerate(encoded):
        vectors[start::shares] = share
    return vectors


def _encode_share(texts: list[str], encoder_graph: Path) -> Floats:
    return SentenceEncoder(encoder_graph).encode(texts)


def _chosen(texts: Sequence[str], keep: npt.NDArray[np.bool_]) -> list[str]:
    return [text for text, kept in zip(texts, keep, strict=True) if kept]


def _fit(texts: list[str], wanted: npt.NDArray[np.str_], vectors: Floats) -> LabelModel:
    words, characters = word_vectorizer(), character_vectorizer()
    by_words, by_characters = words.fit_transform(texts), characters.fit_transform(texts)
    features = hstack([csr_matrix(vectors * VECTOR_WEIGHT), by_words, by_characters], dtype=np.float64).tocsr()
    classifier = LinearSVC(C=REGULARISATION, tol=TOLERANCE, dual=True, random_state=SEED, max_iter=5_000)
    classifier.fit(features, wanted)
    weights = np.ascontiguousarray(classifier.coef_.T, dtype=np.float32)
    width = vectors.shape[1]
    return LabelModel(
        labels=[str(label) for label in classifier.classes_],
        words=words,
        characters=characters,
        vector_weights=weights[:width] * np.float32(VECTOR_WEIGHT),
        word_weights=weights[width : width + by_words.shape[1]],
        character_weights=weights[width + by_words.shape[1] :],
        offsets=classifier.intercept_.astype(np.float32),
        temperature=1.0,
        nearest=NearestLines.of_training(vectors, [str(label) for label in wanted]),
    )


def _best_temperature(model: LabelModel, texts: Sequence[str], vectors: Floats, wanted: npt.NDArray[np.str_]) -> float:
    """The temperature at which held-out texts are least surprising (Guo et al. 2017, arXiv 1706.04599)."""
    scores = model.scores(texts, vectors)
    columns = np.searchsorted(np.array(model.labels), wanted)
    rows = np.arange(len(texts))
    losses = [-np.log(softmax(scores / value)[rows, columns] + 1e-12).mean() for value in TEMPERATURES]
    return float(TEMPERATURES[int(np.argmin(losses))])


def _bucket(text: str) -> int:
    return hashlib.sha256(text.encode("utf-8")).digest()[0] % HELD_OUT_PART

"""One linear model over all labels, on sentence vectors and on n-grams, with calibrated probabilities.

Sentence vectors carry meaning beyond the words that were trained; word and character n-grams carry the small
differences between near labels ("do milia hurt", "does the removal hurt") and survive misspelling. docs/understanding.md
holds the comparison.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from nlu.nearest_lines import SAFETY, NearestLines, weigh
from nlu.sentence_encoder import SentenceEncoder

Numbers = npt.NDArray[np.float64]

VECTOR_WEIGHT = 2.0
REGULARISATION = 0.5
HELD_OUT_PART = 8
TEMPERATURES = np.geomspace(0.05, 2.0, 60)
SEED = 20_260_101
ONE_LETTER_WORDS_TOO = r"(?u)\b\w+\b"


def _word_vectorizer(vocabulary: dict[str, int] | None = None) -> TfidfVectorizer:
    return TfidfVectorizer(
        ngram_range=(1, 2),
        sublinear_tf=True,
        min_df=2 if vocabulary is None else 1,
        token_pattern=ONE_LETTER_WORDS_TOO,
        vocabulary=vocabulary,
    )


def _character_vectorizer(vocabulary: dict[str, int] | None = None) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer="char_wb",
        ngram_range=(2, 4),
        sublinear_tf=True,
        min_df=3 if vocabulary is None else 1,
        max_features=30_000 if vocabulary is None else None,
        vocabulary=vocabulary,
    )


@dataclass
class LabelModel:
    """The fitted model. `labels` is sorted; every matrix of probabilities has its columns in that order."""

    labels: list[str]
    words: TfidfVectorizer
    characters: TfidfVectorizer
    weights: npt.NDArray[np.float32]
    offsets: npt.NDArray[np.float32]
    temperature: float
    nearest: NearestLines

    def probabilities(self, texts: Sequence[str], vectors: npt.NDArray[np.float32]) -> Numbers:
        """Calibrated probabilities, shape (len(texts), len(labels)); each row sums to one.

        Args:
            texts: cleaned texts.
            vectors: their sentence vectors, shape (len(texts), 384).
        """
        features = _stack(vectors, self.words.transform(texts), self.characters.transform(texts))
        return _softmax((features @ self.weights.T + self.offsets) / self.temperature)

    def danger(self, probabilities: Numbers, vectors: npt.NDArray[np.float32]) -> Numbers:
        """The probability that each text is about danger, after the second look, shape (len(texts),)."""
        columns = [index for index, label in enumerate(self.labels) if label.startswith(SAFETY)]
        return weigh(probabilities[:, columns].sum(axis=1), *self.nearest.likeness(vectors))

    def save(self, folder: Path) -> None:
        """Write plain numbers and JSON: no pickle, so loading a model runs no code."""
        np.savez(
            folder / "label_model.npz",
            weights=self.weights,
            offsets=self.offsets,
            word_idf=self.words.idf_,
            character_idf=self.characters.idf_,
            **self.nearest.arrays(),
        )
        described = {
            "labels": self.labels,
            "temperature": self.temperature,
            "words": _vocabulary(self.words),
            "characters": _vocabulary(self.characters),
        }
        (folder / "label_model.json").write_text(json.dumps(described), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "LabelModel":
        """Read what `save` wrote.

        Raises:
            OSError: a file is missing, which means that the archive is broken.
        """
        described = json.loads((folder / "label_model.json").read_text(encoding="utf-8"))
        with np.load(folder / "label_model.npz", allow_pickle=False) as arrays:
            words = _word_vectorizer(_indexed(described["words"]))
            words.idf_ = arrays["word_idf"]
            characters = _character_vectorizer(_indexed(described["characters"]))
            characters.idf_ = arrays["character_idf"]
            return cls(
                described["labels"],
                words,
                characters,
                arrays["weights"],
                arrays["offsets"],
                described["temperature"],
                NearestLines.of_arrays(arrays),
            )


def fit_label_model(texts: Sequence[str], labels: Sequence[str], encoder: SentenceEncoder) -> LabelModel:
    """Fit on cleaned texts, first without an eighth of them to measure the temperature, then on all.

    Which eighth is held out depends on each text alone, so a new line elsewhere does not reshuffle it.
    """
    order = sorted(range(len(texts)), key=lambda index: (texts[index], labels[index]))
    ordered = [texts[index] for index in order]
    wanted = np.array([labels[index] for index in order])
    vectors = encoder.encode(ordered)
    held_out = np.array([_bucket(text) == 0 for text in ordered])
    trial = _fit(ordered, wanted, vectors, ~held_out, temperature=1.0)
    held_texts = [text for text, held in zip(ordered, held_out, strict=True) if held]
    temperature = _best_temperature(trial, held_texts, vectors[held_out], wanted[held_out])
    return _fit(ordered, wanted, vectors, np.ones(len(ordered), dtype=bool), temperature)


def _fit(
    texts: Sequence[str],
    wanted: npt.NDArray[np.str_],
    vectors: npt.NDArray[np.float32],
    chosen: npt.NDArray[np.bool_],
    temperature: float,
) -> LabelModel:
    used = [text for text, keep in zip(texts, chosen, strict=True) if keep]
    words, characters = _word_vectorizer(), _character_vectorizer()
    features = _stack(vectors[chosen], words.fit_transform(used), characters.fit_transform(used))
    classifier = LinearSVC(C=REGULARISATION, dual=True, random_state=SEED, max_iter=5_000)
    classifier.fit(features, wanted[chosen])
    return LabelModel(
        [str(label) for label in classifier.classes_],
        words,
        characters,
        classifier.coef_.astype(np.float32),
        classifier.intercept_.astype(np.float32),
        temperature,
        NearestLines.of_training(vectors[chosen], [str(label) for label in wanted[chosen]]),
    )


def _best_temperature(
    model: LabelModel, texts: Sequence[str], vectors: npt.NDArray[np.float32], wanted: npt.NDArray[np.str_]
) -> float:
    """The temperature at which held-out texts are least surprising (Guo et al. 2017, arXiv 1706.04599)."""
    scores = np.log(model.probabilities(texts, vectors))
    columns = np.searchsorted(np.array(model.labels), wanted)
    rows = np.arange(len(texts))
    losses = [-np.log(_softmax(scores / value)[rows, columns] + 1e-12).mean() for value in TEMPERATURES]
    return float(TEMPERATURES[int(np.argmin(losses))])


def _stack(vectors: npt.NDArray[np.float32], words: csr_matrix, characters: csr_matrix) -> csr_matrix:
    return hstack([csr_matrix(vectors * VECTOR_WEIGHT), words, characters], dtype=np.float64).tocsr()


def _softmax(scores: Numbers) -> Numbers:
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


def _bucket(text: str) -> int:
    return hashlib.sha256(text.encode("utf-8")).digest()[0] % HELD_OUT_PART


def _vocabulary(vectorizer: TfidfVectorizer) -> list[str]:
    return sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.__getitem__)


def _indexed(terms: list[str]) -> dict[str, int]:
    return {term: index for index, term in enumerate(terms)}

"""One linear model over all labels, on sentence vectors and on n-grams, with calibrated probabilities.

Sentence vectors carry meaning beyond the words that were trained; word and character n-grams carry the small
differences between near labels ("do milia hurt", "does the removal hurt") and survive misspelling. How it is fitted is
in `label_training.py`; docs/understanding.md compares it with other ways.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from nlu.nearest_lines import SAFETY, NearestLines, weigh

Numbers = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]

ONE_LETTER_WORDS_TOO = r"(?u)\b\w+\b"
WORD_LINES, CHARACTER_LINES, MOST_CHARACTER_TERMS = 2, 3, 30_000
# Below this probability at the first look no second one could raise danger (`nearest_lines.weigh`).
WORTH_A_SECOND_LOOK = 0.01


def word_vectorizer(terms: list[str] | None = None) -> TfidfVectorizer:
    """Words and pairs of words that stand in at least two lines, or those given."""
    return TfidfVectorizer(
        ngram_range=(1, 2),
        sublinear_tf=True,
        min_df=WORD_LINES if terms is None else 1,
        token_pattern=ONE_LETTER_WORDS_TOO,
        vocabulary=terms,
        dtype=np.float32,
    )


def character_vectorizer(terms: list[str] | None = None) -> TfidfVectorizer:
    """Runs of two to four characters within words, the commonest, or those given."""
    return TfidfVectorizer(
        analyzer="char_wb",
        ngram_range=(2, 4),
        sublinear_tf=True,
        min_df=CHARACTER_LINES if terms is None else 1,
        max_features=MOST_CHARACTER_TERMS if terms is None else None,
        vocabulary=terms,
        dtype=np.float32,
    )


def softmax(scores: Numbers) -> Numbers:
    """Probabilities of rows of scores."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


@dataclass
class LabelModel:
    """The fitted model. `labels` is sorted; every matrix of probabilities has its columns in that order.

    The weights have shape (features, labels), one block each for the sentence vector, the words and the characters.
    """

    labels: list[str]
    words: TfidfVectorizer
    characters: TfidfVectorizer
    vector_weights: Floats
    word_weights: Floats
    character_weights: Floats
    offsets: Floats
    temperature: float
    nearest: NearestLines

    def __post_init__(self) -> None:
        # scikit-learn works these out anew from a matrix at every look.
        self._word_rarity = np.asarray(self.words.idf_, dtype=np.float32)
        self._character_rarity = np.asarray(self.characters.idf_, dtype=np.float32)

    def scores(self, texts: Sequence[str], vectors: Floats) -> Numbers:
        """Distances from each label's plane, shape (len(texts), len(labels)), before any calibration."""
        by_meaning = vectors @ self.vector_weights
        by_words = _weighted_terms(self.words, self._word_rarity, texts, self.word_weights)
        by_characters = _weighted_terms(self.characters, self._character_rarity, texts, self.character_weights)
        return np.asarray(by_meaning + by_words + by_characters + self.offsets, dtype=np.float64)

    def probabilities(self, texts: Sequence[str], vectors: Floats) -> Numbers:
        """Calibrated probabilities, shape (len(texts), len(labels)); each row sums to one.

        Args:
            texts: cleaned texts.
            vectors: their sentence vectors, shape (len(texts), 384).
        """
        return softmax(self.scores(texts, vectors) / self.temperature)

    def danger(self, probabilities: Numbers, vectors: Floats) -> Numbers:
        """The probability that each text is about danger, after the second look, shape (len(texts),)."""
        columns = [index for index, label in enumerate(self.labels) if label.startswith(SAFETY)]
        first_look = probabilities[:, columns].sum(axis=1)
        doubtful = first_look >= WORTH_A_SECOND_LOOK
        danger = np.zeros_like(first_look)
        if doubtful.any():
            danger[doubtful] = weigh(first_look[doubtful], *self.nearest.likeness(vectors[doubtful]))
        return danger

    def save(self, folder: Path) -> None:
        """Write plain numbers and JSON: no pickle, so loading a model runs no code."""
        np.savez(
            folder / "label_model.npz",
            vector_weights=self.vector_weights,
            word_weights=self.word_weights,
            character_weights=self.character_weights,
            offsets=self.offsets,
            word_idf=self.words.idf_,
            character_idf=self.characters.idf_,
            **self.nearest.arrays(),
        )
        described = {
            "labels": self.labels,
            "temperature": self.temperature,
            "words": _terms(self.words),
            "characters": _terms(self.characters),
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
            words = word_vectorizer(described["words"])
            words.idf_ = arrays["word_idf"]
            characters = character_vectorizer(described["characters"])
            characters.idf_ = arrays["character_idf"]
            return cls(
                described["labels"],
                words,
                characters,
                arrays["vector_weights"],
                arrays["word_weights"],
                arrays["character_weights"],
                arrays["offsets"],
                described["temperature"],
                NearestLines.of_arrays(arrays),
            )


def _weighted_terms(vectorizer: TfidfVectorizer, rarity: Floats, texts: Sequence[str], weights: Floats) -> Floats:
    """What `vectorizer.transform(texts) @ weights` gives, in half the time for a few short texts.

    scikit-learn multiplies by a diagonal matrix of all terms; here only the terms of a text are touched.
    """
    counts = CountVectorizer.transform(vectorizer, texts)
    summed = np.zeros((len(texts), weights.shape[1]), dtype=np.float32)
    for row, (start, end) in enumerate(zip(counts.indptr[:-1], counts.indptr[1:], strict=True)):
        terms = counts.indices[start:end]
        frequencies = (np.log(counts.data[start:end]) + 1.0) * rarity[terms]
        length = np.linalg.norm(frequencies)
        if length > 0:
            summed[row] = (frequencies / length).astype(np.float32) @ weights[terms]
    return summed


def _terms(vectorizer: TfidfVectorizer) -> list[str]:
    return sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.__getitem__)

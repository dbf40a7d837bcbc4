"""One linear model over all labels, on sentence vectors and on n-grams, with calibrated probabilities.

Sentence vectors carry meaning beyond the words that were trained; word and character n-grams carry the small
differences between near labels ("do milia hurt", "does the removal hurt") and survive misspelling. How it is fitted is
in `label_training.py`; docs/understanding.md compares it with other ways.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer

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


class WeighedTerms:
    """What `vectorizer.transform(texts) @ weights` gives, in a fraction of the time for a few short texts.

    scikit-learn builds and sorts a sparse matrix and multiplies by a diagonal one of all terms; here only the terms of
    a text are touched.
    """

    def __init__(self, vectorizer: TfidfVectorizer, weights: Floats) -> None:
        """Prepare; `weights` has shape (terms, labels), and the vectorizer is fitted."""
        self._terms_in = vectorizer.build_analyzer()
        self._places: dict[str, int] = vectorizer.vocabulary_
        self._rarity = np.asarray(vectorizer.idf_, dtype=np.float32)
        self._weights = weights

    def of(self, texts: Sequence[str]) -> Floats:
        """The weighed terms of each text, shape (len(texts), labels)."""
        summed = np.zeros((len(texts), self._weights.shape[1]), dtype=np.float32)
        for row, text in enumerate(texts):
            counts = Counter(self._places[term] for term in self._terms_in(text) if term in self._places)
            if counts:
                summed[row] = self._weighed(counts)
        return summed

    def _weighed(self, counts: Counter[int]) -> Floats:
        places = np.fromiter(counts, dtype=np.intp, count=len(counts))
        often = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
        frequencies = (np.log(often) + 1.0) * self._rarity[places]
        return np.asarray((frequencies / np.linalg.norm(frequencies)) @ self._weights[places])


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
        self._by_words = WeighedTerms(self.words, self.word_weights)
        self._by_characters = WeighedTerms(self.characters, self.character_weights)

    def scores(self, texts: Sequence[str], vectors: Floats) -> Numbers:
        """Distances from each label's plane, shape (len(texts), len(labels)), before any calibration."""
        by_meaning = vectors @ self.vector_weights
        by_terms = self._by_words.of(texts) + self._by_characters.of(texts)
        return np.asarray(by_meaning + by_terms + self.offsets, dtype=np.float64)

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


def _terms(vectorizer: TfidfVectorizer) -> list[str]:
    return sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.__getitem__)

"""A second look at danger: is the message nearer in meaning to a line about danger than to any other line?

The linear model alone sounds false alarms at texts unlike anything it was trained on, since then no label stands out.
Distance to the training lines tells those from real danger. docs/understanding.md has the figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

SAFETY = "safety/"
LARGEST = 127
# Lines turned back into floats at one time: they stay in the processor's cache.
AT_ONCE = 1_024


@dataclass(frozen=True)
class Lines:
    """Unit vectors in a quarter of their size, which changes a cosine by less than four thousandths.

    `numbers` has shape (lines, 384), `scales` shape (lines,): a line's vector is its numbers times its scale.
    """

    numbers: npt.NDArray[np.int8]
    scales: npt.NDArray[np.float32]

    @classmethod
    def of_vectors(cls, vectors: npt.NDArray[np.float32]) -> Lines:
        """Round vectors of shape (lines, 384) to 8 bits."""
        scales = np.abs(vectors).max(axis=1) / LARGEST
        return cls(np.rint(vectors / scales[:, None]).astype(np.int8), scales.astype(np.float32))

    def nearest(self, vectors: npt.NDArray[np.float32]) -> Numbers:
        """Cosine of each vector to the line nearest to it, shape (vectors,); -1 where there is no line."""
        best = np.full(len(vectors), -1.0)
        buffer = np.empty((AT_ONCE, vectors.shape[1]), dtype=np.float32)
        for start in range(0, len(self.numbers), AT_ONCE):
            chosen = self.numbers[start : start + AT_ONCE]
            lines = buffer[: len(chosen)]
            np.copyto(lines, chosen)
            likeness = (vectors @ lines.T) * self.scales[start : start + AT_ONCE]
            best = np.maximum(best, likeness.max(axis=1))
        return best


@dataclass(frozen=True)
class NearestLines:
    """The training lines, those about danger apart from the others."""

    danger: Lines
    other: Lines

    @classmethod
    def of_training(cls, vectors: npt.NDArray[np.float32], labels: Sequence[str]) -> NearestLines:
        """Part the training lines by their labels."""
        dangerous = np.array([label.startswith(SAFETY) for label in labels])
        return cls(Lines.of_vectors(vectors[dangerous]), Lines.of_vectors(vectors[~dangerous]))

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> NearestLines:
        """Read what `arrays` gave to be stored."""
        danger = Lines(arrays["danger_numbers"], arrays["danger_scales"])
        return cls(danger, Lines(arrays["other_numbers"], arrays["other_scales"]))

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """What is to be stored."""
        return {
            "danger_numbers": self.danger.numbers,
            "danger_scales": self.danger.scales,
            "other_numbers": self.other.numbers,
            "other_scales": self.other.scales,
        }

    def likeness(self, vectors: npt.NDArray[np.float32]) -> tuple[Numbers, Numbers]:
        """Cosine to the nearest line about danger and to the nearest other line, each of shape (texts,)."""
        return self.danger.nearest(vectors), self.other.nearest(vectors)


def weigh(probability: Numbers, danger: Numbers, other: Numbers) -> Numbers:
    """The probability of danger after the second look, shape (texts,).

    A logistic regression on the first look's log-odds, on how much nearer danger is than anything else, and on how near
    it is at all; fitted once on training lines whose writer the models had not seen.
    """
    sure = np.clip(probability, 1e-4, 1 - 1e-4)
    log_odds = np.log(sure / (1 - sure))
    weighed = 0.65 * log_odds + 6.15 * (danger - other) + 2.0 * danger - 1.1
    return np.asarray(1.0 / (1.0 + np.exp(-weighed)))

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


@dataclass
class NearestLines:
    """The vectors of the training lines, those about danger apart from the others, shapes (lines, 384)."""

    danger: npt.NDArray[np.float32]
    other: npt.NDArray[np.float32]

    @classmethod
    def of_training(cls, vectors: npt.NDArray[np.float32], labels: Sequence[str]) -> NearestLines:
        """Part the training lines by their labels."""
        dangerous = np.array([label.startswith(SAFETY) for label in labels])
        return cls(vectors[dangerous], vectors[~dangerous])

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> NearestLines:
        """Read what `arrays` gave to be stored."""
        return cls(arrays["danger"].astype(np.float32), arrays["other"].astype(np.float32))

    def arrays(self) -> dict[str, npt.NDArray[np.float16]]:
        """What is to be stored; half precision changes a likeness by less than a thousandth."""
        return {"danger": self.danger.astype(np.float16), "other": self.other.astype(np.float16)}

    def likeness(self, vectors: npt.NDArray[np.float32]) -> tuple[Numbers, Numbers]:
        """Cosine to the nearest line about danger and to the nearest other line, each of shape (texts,)."""
        return (
            (vectors @ self.danger.T).max(axis=1).astype(np.float64),
            (vectors @ self.other.T).max(axis=1).astype(np.float64),
        )


def weigh(probability: Numbers, danger: Numbers, other: Numbers) -> Numbers:
    """The probability of danger after the second look, shape (texts,).

    A logistic regression on the first look's log-odds, on how much nearer danger is than anything else, and on how near
    it is at all; fitted once on training lines whose writer the models had not seen.
    """
    sure = np.clip(probability, 1e-4, 1 - 1e-4)
    log_odds = np.log(sure / (1 - sure))
    weighed = 0.65 * log_odds + 6.15 * (danger - other) + 2.0 * danger - 1.1
    return np.asarray(1.0 / (1.0 + np.exp(-weighed)))

"""Whether confidence means what it says: of the messages predicted with 0.8, about eight in ten should be right."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

BINS = 15


@dataclass(frozen=True)
class Bin:
    """Messages of neighbouring confidence."""

    size: int
    mean_confidence: float
    share_right: float


def equal_mass_bins(confidences: Sequence[float], right: Sequence[bool], bins: int = BINS) -> list[Bin]:
    """The messages sorted by confidence and cut into bins of as equal a size as can be; empty bins are left out."""
    ordered = sorted(zip(confidences, right, strict=True))
    edges = [round(index * len(ordered) / bins) for index in range(bins + 1)]
    return [_bin(ordered[start:end]) for start, end in pairwise(edges) if end > start]


def expected_calibration_error(bins: Sequence[Bin]) -> float:
    """The mean distance between confidence and share of right ones, weighted by size; 0 is perfect.

    Source: Naeini, Cooper and Hauskrecht, "Obtaining Well Calibrated Probabilities Using Bayesian Binning", AAAI 2015;
    with bins of equal mass as in Nguyen and O'Connor, EMNLP 2015.
    """
    total = sum(each.size for each in bins)
    return sum(each.size * abs(each.share_right - each.mean_confidence) for each in bins) / total if total else 0.0


def _bin(cases: Sequence[tuple[float, bool]]) -> Bin:
    size = len(cases)
    return Bin(size, sum(confidence for confidence, _ in cases) / size, sum(right for _, right in cases) / size)

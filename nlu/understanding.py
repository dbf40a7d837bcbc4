"""From probabilities to what a message means: its label, a second question, a safety signal, or a doubt. Pure logic."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nlu.languages import ENGLISH
from nlu.safety_phrases import ORDER_OF_URGENCY

Numbers = npt.NDArray[np.float64]

SAFETY = "safety/"
OUT_OF_SCOPE = "out_of_scope"
SAFETY_PROBABILITY = 0.25
UNSURE_BELOW = 0.40
CANDIDATE_FROM = 0.08
MOST_CANDIDATES = 3
SECOND_QUESTION_FROM = 0.70
ANSWERABLE = ("faq/", "uncovered/", "ask_diagnosis", "request_appointment")


@dataclass(frozen=True)
class Understanding:
    """What the assistant takes a message to mean.

    `label` is the most probable label and `confidence` its calibrated probability. `second_label` is a further question
    in the same message. `candidates` are the labels to offer when the message could be several things; empty when it is
    clear. `safety` is a safety label that must be answered before anything else. `language` is `en`, `es` or `other`.
    """

    label: str
    confidence: float
    second_label: str | None
    candidates: list[str]
    safety: str | None
    language: str

    def as_dict(self) -> dict[str, Any]:
        """The form that travels in the message's parse data."""
        return asdict(self)


NOTHING_SAID = Understanding(OUT_OF_SCOPE, 0.0, None, [], None, ENGLISH)


def decide(
    labels: Sequence[str], whole: Numbers, segments: Numbers, phrase_safety: str | None, language: str
) -> Understanding:
    """Weigh what the whole message and its parts look like.

    Args:
        labels: the names of the columns.
        whole: probabilities of the whole message, shape (labels,).
        segments: probabilities of its sentences and clauses, shape (segments, labels), perhaps with no row.
        phrase_safety: what the explicit safety phrases found.
        language: the language of the message.
    """
    safety = _most_urgent(phrase_safety, _learned_safety(labels, whole, segments))
    best = int(np.argmax(whole))
    label, confidence = labels[best], float(whole[best])
    if safety is not None and not label.startswith(SAFETY):
        label, confidence = safety, max(confidence, SAFETY_PROBABILITY)
    second = _second_question(labels, label, segments)
    candidates = [] if safety or confidence >= UNSURE_BELOW else _candidates(labels, whole)
    return Understanding(label, round(confidence, 4), second, candidates, safety, language)


def _learned_safety(labels: Sequence[str], whole: Numbers, segments: Numbers) -> str | None:
    columns = [index for index, label in enumerate(labels) if label.startswith(SAFETY)]
    rows = np.vstack([whole, segments]) if len(segments) else whole[None, :]
    sums = rows[:, columns].sum(axis=1)
    # A clause torn from its context is weaker evidence than the whole message, so it must be clearer.
    sums[1:] = np.where(sums[1:] >= 2 * SAFETY_PROBABILITY, sums[1:], 0.0)
    loudest = int(np.argmax(sums))
    if sums[loudest] < SAFETY_PROBABILITY:
        return None
    return labels[columns[int(np.argmax(rows[loudest, columns]))]]


def _most_urgent(*found: str | None) -> str | None:
    return next((label for label in ORDER_OF_URGENCY if label in found), None)


def _second_question(labels: Sequence[str], first: str, segments: Numbers) -> str | None:
    for row in segments:
        best = int(np.argmax(row))
        if row[best] >= SECOND_QUESTION_FROM and labels[best] != first and labels[best].startswith(ANSWERABLE):
            return labels[best]
    return None


def _candidates(labels: Sequence[str], whole: Numbers) -> list[str]:
    order = np.argsort(-whole, kind="stable")[:MOST_CANDIDATES]
    return [labels[index] for index in order if whole[index] >= CANDIDATE_FROM and labels[index] != OUT_OF_SCOPE]

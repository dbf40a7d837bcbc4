"""From probabilities to what a message means: its label, a second question, a safety signal, or a doubt. Pure logic."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from clinic.urgency import ORDER_OF_URGENCY
from nlu.languages import ENGLISH

Numbers = npt.NDArray[np.float64]

SAFETY = "safety/"
OUT_OF_SCOPE = "out_of_scope"
SAFETY_PROBABILITY = 0.40
CLAUSE_SAFETY_PROBABILITY = 0.8
HINT_OF_SAFETY = 0.02
CLEAR = 0.90
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


@dataclass(frozen=True)
class Evidence:
    """What the model makes of a message and of its sentences and clauses.

    `whole` has shape (labels,), `segments` (segments, labels) and perhaps no row. `danger` is the probability of danger
    after the second look, shape (1 + segments,): the whole message first.
    """

    labels: Sequence[str]
    whole: Numbers
    segments: Numbers
    danger: Numbers


def worth_segmenting(labels: Sequence[str], whole: Numbers) -> bool:
    """Whether the parts of a message could still tell something: not when it is one clear thing without any danger.

    Encoding the parts costs as much again as the message itself, so a clear message is cut only where it asks twice.
    """
    hint = sum(float(share) for label, share in zip(labels, whole, strict=True) if label.startswith(SAFETY))
    return float(whole.max()) < CLEAR or hint >= HINT_OF_SAFETY


def decide(evidence: Evidence, phrase_safety: str | None, language: str) -> Understanding:
    """Weigh what the whole message and its parts look like.

    Args:
        evidence: what the model makes of them.
        phrase_safety: what the explicit safety phrases found.
        language: the language of the message.
    """
    labels, whole = evidence.labels, evidence.whole
    safety = _most_urgent(phrase_safety, _learned_safety(evidence))
    best = int(np.argmax(whole))
    label, confidence = labels[best], float(whole[best])
    if safety is None and label.startswith(SAFETY):
        label, confidence = _likeliest_harmless(labels, whole)
    elif safety is not None and not label.startswith(SAFETY):
        label, confidence = safety, max(confidence, SAFETY_PROBABILITY)
    second = _second_question(labels, label, evidence.segments)
    candidates = [] if safety or confidence >= UNSURE_BELOW else _candidates(labels, whole)
    return Understanding(label, round(confidence, 4), second, candidates, safety, language)


def _learned_safety(evidence: Evidence) -> str | None:
    columns = [index for index, label in enumerate(evidence.labels) if label.startswith(SAFETY)]
    rows = np.vstack([evidence.whole, evidence.segments]) if len(evidence.segments) else evidence.whole[None, :]
    heard = evidence.danger >= CLAUSE_SAFETY_PROBABILITY
    # A clause torn from its context is weaker evidence: it must be clear, and the message must hint at it too.
    heard &= rows[0, columns].sum() >= HINT_OF_SAFETY
    heard[0] = evidence.danger[0] >= SAFETY_PROBABILITY
    if not heard.any():
        return None
    loudest = int(np.argmax(np.where(heard, evidence.danger, -1.0)))
    return evidence.labels[columns[int(np.argmax(rows[loudest, columns]))]]


def _likeliest_harmless(labels: Sequence[str], whole: Numbers) -> tuple[str, float]:
    """The second look found no danger: the best label that is not one of danger."""
    harmless = [index for index, label in enumerate(labels) if not label.startswith(SAFETY)]
    best = harmless[int(np.argmax(whole[harmless]))]
    return labels[best], float(whole[best])


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

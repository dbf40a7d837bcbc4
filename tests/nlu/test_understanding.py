"""From probabilities to meaning: safety first, two questions, and doubt instead of a guess."""

import numpy as np
import pytest

from nlu.understanding import UNSURE_BELOW, Evidence, Understanding, decide

LABELS = ["faq/causes", "faq/prevention", "out_of_scope", "request_appointment", "safety/emergency", "safety/self_harm"]
NO_SEGMENTS = np.zeros((0, len(LABELS)))


def row(**shares: float) -> np.ndarray:
    named = {label: shares.get(label.replace("/", "_"), 0.0) for label in LABELS}
    rest = (1.0 - sum(named.values())) / len(LABELS)
    return np.array([named[label] + rest for label in LABELS])


def read(whole: np.ndarray, segments: np.ndarray = NO_SEGMENTS, phrase: str | None = None) -> Understanding:
    """Decide as if the second look agreed with the first."""
    danger = np.vstack([whole, segments])[:, 4:].sum(axis=1)
    return decide(Evidence(LABELS, whole, segments, danger), phrase, "en")


def test_a_clear_message_has_its_label_and_no_candidates() -> None:
    understanding = read(row(faq_causes=0.9))
    assert understanding.label == "faq/causes"
    assert understanding.candidates == []
    assert understanding.safety is None


def test_an_unclear_message_offers_what_it_could_be() -> None:
    understanding = read(row(faq_causes=0.3, faq_prevention=0.25))
    assert understanding.confidence < UNSURE_BELOW
    assert understanding.candidates[:2] == ["faq/causes", "faq/prevention"]


def test_a_phrase_alone_raises_safety_over_any_label() -> None:
    understanding = read(row(faq_causes=0.95), phrase="safety/emergency")
    assert understanding.label == understanding.safety == "safety/emergency"


def test_the_model_alone_raises_safety_well_before_it_is_the_likeliest_label() -> None:
    shares = row(request_appointment=0.5, safety_emergency=0.4)
    understanding = read(shares)
    assert understanding.safety == "safety/emergency"
    assert understanding.candidates == []


def test_danger_in_one_clause_of_a_booking_is_heard() -> None:
    segments = np.vstack([row(request_appointment=0.95), row(safety_emergency=0.9)])
    understanding = read(row(request_appointment=0.9), segments)
    assert understanding.safety == "safety/emergency"


def test_a_faint_hint_in_a_torn_clause_is_no_alarm() -> None:
    segments = np.vstack([row(request_appointment=0.95), row(faq_causes=0.6, safety_emergency=0.25)])
    assert read(row(request_appointment=0.9), segments).safety is None


def test_a_second_question_is_taken_from_its_own_clause() -> None:
    segments = np.vstack([row(faq_causes=0.95), row(faq_prevention=0.95)])
    understanding = read(row(faq_causes=0.6, faq_prevention=0.3), segments)
    assert (understanding.label, understanding.second_label) == ("faq/causes", "faq/prevention")


@pytest.mark.parametrize("found", ["safety/emergency", "safety/self_harm"])
def test_the_more_urgent_of_two_findings_is_kept(found: str) -> None:
    shares = row(safety_emergency=0.9) if found == "safety/self_harm" else row(safety_self_harm=0.9)
    assert read(shares, phrase=found).safety == "safety/emergency"


def test_when_the_second_look_finds_no_danger_the_best_harmless_label_is_taken() -> None:
    whole = row(safety_emergency=0.5, request_appointment=0.4)
    understanding = decide(Evidence(LABELS, whole, NO_SEGMENTS, np.array([0.1])), None, "en")
    assert understanding.label == "request_appointment"
    assert understanding.safety is None


def test_when_the_second_look_finds_danger_it_is_raised() -> None:
    whole = row(safety_emergency=0.2, request_appointment=0.7)
    understanding = decide(Evidence(LABELS, whole, NO_SEGMENTS, np.array([0.6])), None, "en")
    assert understanding.label == understanding.safety == "safety/emergency"

"""One candidate at a time, held by a lease, so that a crash is noticed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy.engine import Engine

from clinic import clock
from clinic.database import transaction
from conversations.candidates import (
    COMPARING,
    CUT_SHORT,
    FAILED,
    QUEUED,
    READY,
    SET_ASIDE,
    TRAINING,
    CandidateChangedError,
    CandidateUnderWayError,
    LeaseLostError,
    NoSuchCandidateError,
    NothingToTeachError,
    claim_candidate,
    fail_abandoned,
    fail_candidate,
    find_candidate,
    finish_candidate,
    list_candidates,
    next_queued,
    renew_claim,
    request_candidate,
    set_aside,
)
from conversations.teaching import Candidate
from tests.conversations.taught_turns import ANYA, released

COMPARED = {"refusals": []}


def queue(engine: Engine, candidate_id: str) -> str:
    with transaction(engine) as session:
        session.add(Candidate(id=candidate_id, state=QUEUED, requested_by=ANYA, requested_at=clock.now()))
    return candidate_id


def make_ready(engine: Engine, candidate_id: str) -> str:
    queue(engine, candidate_id)
    assert claim_candidate(engine, candidate_id)
    renew_claim(engine, candidate_id, state=COMPARING)
    finish_candidate(engine, candidate_id, COMPARED)
    return candidate_id


def state(engine: Engine, candidate_id: str) -> str:
    return str(find_candidate(engine, candidate_id).state)


def test_there_must_be_something_to_teach(engine: Engine) -> None:
    with pytest.raises(NothingToTeachError):
        request_candidate(engine, ANYA)
    released(engine, "why me")
    candidate = find_candidate(engine, request_candidate(engine, ANYA))
    assert (candidate.state, candidate.requested_by) == (QUEUED, ANYA)


def test_one_candidate_is_made_at_a_time(engine: Engine) -> None:
    released(engine, "why me")
    first = request_candidate(engine, ANYA)
    with pytest.raises(CandidateUnderWayError):
        request_candidate(engine, ANYA)
    fail_candidate(engine, first, "It failed.")
    assert request_candidate(engine, ANYA) != first


def test_one_process_gets_the_candidate(engine: Engine) -> None:
    queue(engine, "one")
    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(lambda _: claim_candidate(engine, "one"), range(4))) == [False, False, False, True]
    assert state(engine, "one") == TRAINING


def test_a_second_candidate_waits_for_the_first(engine: Engine) -> None:
    queue(engine, "one")
    queue(engine, "two")
    assert next_queued(engine) == "one"
    assert claim_candidate(engine, "one")
    assert next_queued(engine) is None
    assert not claim_candidate(engine, "two")
    fail_candidate(engine, "one", "It failed.")
    assert next_queued(engine) == "two"
    assert claim_candidate(engine, "two")


def test_a_candidate_whose_process_is_gone_is_failed(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    queue(engine, "one")
    claim_candidate(engine, "one")
    assert fail_abandoned(engine) == 0
    later = clock.now() + timedelta(minutes=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert fail_abandoned(engine) == 1
    assert find_candidate(engine, "one").error == CUT_SHORT
    with pytest.raises(LeaseLostError):
        renew_claim(engine, "one")


def test_a_renewed_claim_is_kept(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    queue(engine, "one")
    claim_candidate(engine, "one")
    begun = clock.now()
    for seconds in (50, 100, 150):
        moment = begun + timedelta(seconds=seconds)
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        assert fail_abandoned(engine) == 0
        renew_claim(engine, "one", lines=seconds)
    assert find_candidate(engine, "one").lines == 150


def test_what_has_ended_is_not_failed_any_more(engine: Engine) -> None:
    make_ready(engine, "one")
    fail_candidate(engine, "one", "It failed.")
    assert state(engine, "one") == READY


def test_a_candidate_that_was_given_up_is_not_finished(engine: Engine) -> None:
    make_ready(engine, "one")
    queue(engine, "two")
    claim_candidate(engine, "two")
    fail_candidate(engine, "two", "x" * 400)
    with pytest.raises(LeaseLostError):
        finish_candidate(engine, "two", COMPARED)
    assert (state(engine, "one"), state(engine, "two")) == (READY, FAILED)
    assert len(find_candidate(engine, "two").error) == 300


def test_a_newer_candidate_takes_the_place_of_the_one_that_waits(engine: Engine) -> None:
    make_ready(engine, "one")
    make_ready(engine, "two")
    assert (state(engine, "one"), state(engine, "two")) == (SET_ASIDE, READY)
    assert [each.id for each in list_candidates(engine, limit=1)] == ["two"]


def test_a_waiting_candidate_can_be_set_aside_once(engine: Engine) -> None:
    make_ready(engine, "one")
    set_aside(engine, "one")
    assert state(engine, "one") == SET_ASIDE
    with pytest.raises(CandidateChangedError):
        set_aside(engine, "one")


def test_an_unknown_candidate_is_said(engine: Engine) -> None:
    with pytest.raises(NoSuchCandidateError):
        find_candidate(engine, "none")
    assert not claim_candidate(engine, "none")


def test_a_candidate_is_not_held_for_hours_because_the_clock_was_put_back(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(engine, "c1")
    assert claim_candidate(engine, "c1")
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment - timedelta(seconds=30))
    assert fail_abandoned(engine) == 0
    monkeypatch.setattr(clock, "now", lambda: moment - timedelta(hours=3))
    assert fail_abandoned(engine) == 1

"""One person proposes what a message should have been taken for, a second one decides."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from clinic.database import transaction
from conversations.correction_checks import LONGEST_REFUSAL, Verdict, corrections_to_check, keep_verdicts
from conversations.correction_lists import corrections_by_id, count_by_state, list_corrections
from conversations.corrections import (
    PROPOSED,
    REFUSED,
    REJECTED,
    RELEASED,
    TAUGHT,
    CorrectionChangedError,
    NoSuchCorrectionError,
    NoSuchMessageError,
    NotCheckedError,
    SamePersonError,
    UnknownLabelError,
    decide,
    propose,
    take_back,
)
from conversations.taught_lines import lines_to_teach
from conversations.teaching import Correction
from tests.conversations.taught_turns import ANYA, BORIS, checked, find, proposed, released, said


def change(engine: Engine, correction: Correction, **values: Any) -> None:
    with transaction(engine) as session:
        row = session.get(Correction, correction.id)
        for name, value in values.items():
            setattr(row, name, value)


def lines(engine: Engine) -> dict[str, str]:
    with transaction(engine) as session:
        return {line.text: line.label for line in lines_to_teach(session)}


def release(engine: Engine, correction: Correction, by: str = BORIS, needs_two_people: bool = True) -> Correction:
    return decide(engine, correction.id, correction.version, release=True, by=by, needs_two_people=needs_two_people)


def test_a_proposal_keeps_what_was_said_and_by_whom(engine: Engine) -> None:
    event = said(engine, "whats up with [name]s dots", label="greet", conversation_id="talk-7")
    proposal = propose(engine, event, "faq/causes", ANYA)
    kept = find(engine, proposal.correction_id)
    assert (kept.state, kept.label_before, kept.label, kept.proposed_by) == (PROPOSED, "greet", "faq/causes", ANYA)
    assert (kept.text, kept.event_id, kept.conversation_id) == ("whats up with [name]s dots", event, "talk-7")
    assert (proposal.state, proposal.refusal, kept.version) == (PROPOSED, None, 1)


def test_messages_that_say_the_same_are_one_correction(engine: Engine) -> None:
    first = propose(engine, said(engine, "Why me?"), "faq/causes", ANYA)
    second = propose(engine, said(engine, "why  me"), "faq/causes", BORIS)
    assert second.correction_id == first.correction_id
    (listed,) = list_corrections(engine, PROPOSED, limit=10)
    assert (listed.said, listed.correction.proposed_by, listed.correction.version) == (2, ANYA, 1)
    assert listed.ordinal == listed.correction.event_id  # of `said`, which numbers turns so


def test_another_label_takes_the_place_of_the_first(engine: Engine) -> None:
    first = proposed(engine, "why me")
    checked(engine)
    second = propose(engine, said(engine, "why me"), "faq/cause_sun", BORIS)
    kept = find(engine, first.id)
    assert second.correction_id == first.id
    assert (kept.label, kept.proposed_by, kept.version, kept.checked_version) == ("faq/cause_sun", BORIS, 2, None)


def test_people_who_propose_at_once_make_one_correction(engine: Engine) -> None:
    events = [said(engine, "why me") for _ in range(4)]
    barrier = threading.Barrier(len(events))

    def run(event: int, label: str) -> str:
        barrier.wait()
        try:
            return propose(engine, event, label, ANYA).state
        except CorrectionChangedError:
            return PROPOSED  # the person is told, and looks again

    with ThreadPoolExecutor(len(events)) as pool:
        states = list(pool.map(run, events, ("faq/causes", "faq/causes", "greet", "thanks")))
    assert states == [PROPOSED] * 4
    assert count_by_state(engine) == {PROPOSED: 1}


def test_what_cannot_be_a_line_is_refused_with_the_reason(engine: Engine) -> None:
    proposal = propose(engine, said(engine, "[name] [phone]"), "inform", ANYA)
    assert proposal.state == REFUSED
    assert proposal.refusal == "Too little is left of the message to teach the assistant anything."
    assert corrections_to_check(engine) == []


def test_a_message_without_text_cannot_be_proposed(engine: Engine) -> None:
    with pytest.raises(NoSuchMessageError):
        propose(engine, said(engine, None), "greet", ANYA)
    with pytest.raises(NoSuchMessageError):
        propose(engine, 987_654, "greet", ANYA)


def test_an_unknown_label_is_refused(engine: Engine) -> None:
    with pytest.raises(UnknownLabelError):
        propose(engine, said(engine, "why me"), "faq/unheard_of", ANYA)
    assert count_by_state(engine) == {}


def test_a_second_person_releases(engine: Engine) -> None:
    correction = proposed(engine, "why me")
    checked(engine)
    with pytest.raises(SamePersonError):
        release(engine, correction, by=ANYA)
    kept = release(engine, correction)
    assert (kept.state, kept.decided_by, kept.version) == (RELEASED, BORIS, 2)
    assert lines(engine) == {"why me": "faq/causes"}


def test_a_one_person_clinic_releases_alone(engine: Engine) -> None:
    correction = proposed(engine, "why me")
    checked(engine)
    assert release(engine, correction, by=ANYA, needs_two_people=False).state == RELEASED


def test_nothing_is_released_before_it_was_checked(engine: Engine) -> None:
    correction = proposed(engine, "why me")
    with pytest.raises(NotCheckedError):
        release(engine, correction)
    checked(engine)
    propose(engine, said(engine, "why me"), "greet", ANYA)
    with pytest.raises(NotCheckedError):
        release(engine, find(engine, correction.id))


def test_a_rejected_correction_can_be_proposed_again(engine: Engine) -> None:
    correction = proposed(engine, "why me")
    decide(engine, correction.id, 1, release=False, by=BORIS, needs_two_people=True)
    assert find(engine, correction.id).state == REJECTED
    assert lines(engine) == {}
    assert propose(engine, said(engine, "why me"), "faq/causes", ANYA).state == PROPOSED
    assert find(engine, correction.id).decided_by is None


def test_who_proposed_may_take_it_back(engine: Engine) -> None:
    correction = proposed(engine, "why me")
    kept = decide(engine, correction.id, 1, release=False, by=ANYA, needs_two_people=True)
    assert kept.state == REJECTED


def decided_meanwhile(engine: Engine, correction: Correction) -> None:
    decide(engine, correction.id, correction.version, release=False, by=ANYA, needs_two_people=True)


def relabelled_meanwhile(engine: Engine, correction: Correction) -> None:
    propose(engine, said(engine, "why me"), "greet", ANYA)


@pytest.mark.parametrize("meanwhile", [decided_meanwhile, relabelled_meanwhile])
def test_a_decision_on_what_has_changed_is_refused(
    engine: Engine, meanwhile: Callable[[Engine, Correction], None]
) -> None:
    correction = proposed(engine, "why me")
    checked(engine)
    meanwhile(engine, correction)
    with pytest.raises(CorrectionChangedError):
        release(engine, correction)


def test_a_correction_that_is_gone_is_said(engine: Engine) -> None:
    with pytest.raises(NoSuchCorrectionError):
        decide(engine, "nothing", 1, release=True, by=BORIS, needs_two_people=True)


def test_the_check_refuses_or_warns(engine: Engine) -> None:
    refused, warned = proposed(engine, "one thing"), proposed(engine, "another thing")
    asked = corrections_to_check(engine)
    verdicts = {refused.id: Verdict("No, " + "x" * 300, ()), warned.id: Verdict(None, ("Mind this.", "And this."))}
    keep_verdicts(engine, asked, verdicts)
    assert find(engine, refused.id).state == REFUSED
    assert len(find(engine, refused.id).refusal) == LONGEST_REFUSAL
    assert find(engine, warned.id).warning == "Mind this.\nAnd this."
    assert corrections_to_check(engine) == []


def test_a_check_of_what_has_changed_since_counts_for_nothing(engine: Engine) -> None:
    correction = proposed(engine, "why me")
    asked = corrections_to_check(engine)
    propose(engine, said(engine, "why me"), "greet", ANYA)
    keep_verdicts(engine, asked, {correction.id: Verdict("No.", ())})
    kept = find(engine, correction.id)
    assert (kept.state, kept.checked_version) == (PROPOSED, None)
    assert [each.label for each in corrections_to_check(engine)] == ["greet"]


def test_a_taught_line_stays_in_force_until_its_new_label_is_released(engine: Engine) -> None:
    correction = released(engine, "why me")
    change(engine, correction, state=TAUGHT, taught_label="faq/causes")
    propose(engine, said(engine, "why me"), "greet", ANYA)
    assert lines(engine) == {"why me": "faq/causes"}
    checked(engine)
    release(engine, find(engine, correction.id))
    assert lines(engine) == {"why me": "greet"}


def test_a_rejected_new_label_leaves_the_taught_one(engine: Engine) -> None:
    correction = released(engine, "why me")
    change(engine, correction, state=TAUGHT, taught_label="faq/causes")
    propose(engine, said(engine, "why me"), "greet", ANYA)
    decide(engine, correction.id, find(engine, correction.id).version, release=False, by=BORIS, needs_two_people=True)
    kept = find(engine, correction.id)
    assert (kept.state, kept.label) == (TAUGHT, "faq/causes")


def test_a_refused_new_label_leaves_the_taught_one_and_says_why(engine: Engine) -> None:
    correction = released(engine, "why me")
    change(engine, correction, state=TAUGHT, taught_label="faq/causes")
    propose(engine, said(engine, "why me"), "greet", ANYA)
    checked(engine, Verdict("No.", ()))
    kept = find(engine, correction.id)
    assert (kept.state, kept.label, kept.refusal) == (TAUGHT, "faq/causes", "No.")


def test_a_released_line_can_be_taken_back(engine: Engine) -> None:
    correction = released(engine, "why me")
    take_back(engine, correction.id, correction.version, BORIS)
    assert find(engine, correction.id).state == REJECTED
    assert lines(engine) == {}


def test_a_taught_line_can_be_taken_back(engine: Engine) -> None:
    correction = released(engine, "why me")
    change(engine, correction, state=TAUGHT, taught_label="faq/causes")
    take_back(engine, correction.id, correction.version, BORIS)
    kept = find(engine, correction.id)
    assert (kept.state, kept.taught_label) == (REJECTED, "faq/causes")
    assert lines(engine) == {}
    with pytest.raises(CorrectionChangedError):
        take_back(engine, correction.id, correction.version, BORIS)


def test_a_line_that_the_rules_no_longer_allow_is_refused(engine: Engine) -> None:
    correction = released(engine, "why me")
    change(engine, correction, text="[name]")
    assert lines(engine) == {}
    assert find(engine, correction.id).state == REFUSED


def test_pages_are_counted_and_the_newest_come_first(engine: Engine) -> None:
    for number in range(5):
        proposed(engine, f"question number {number}")
    pages = [list_corrections(engine, PROPOSED, limit=2, offset=offset) for offset in (0, 2, 4)]
    texts = [listed.correction.text for page in pages for listed in page]
    assert texts == [f"question number {number}" for number in reversed(range(5))]
    assert list_corrections(engine, RELEASED, limit=2) == []
    ids = [listed.correction.id for listed in pages[0]]
    assert corrections_by_id(engine, [*ids, "gone"]).keys() == set(ids)

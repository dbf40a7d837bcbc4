"""What the rules look at is what Rasa works out, whatever happened in the conversation."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActionReverted,
    ActiveLoop,
    BotUttered,
    Event,
    LoopInterrupted,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

from conversations.past_states import PastStates
from conversations.stored_tracker import StoredTracker

EVENTS = st.one_of(
    st.builds(SlotSet, st.sampled_from(["name", "color", "noted"]), st.none() | st.text(max_size=3)),
    st.builds(ActiveLoop, st.sampled_from(["some_form", None])),
    st.builds(LoopInterrupted, st.booleans()),
    st.sampled_from(["action_answer", "action_listen", "some_form"]).map(ActionExecuted),
    st.sampled_from(["inform", "greet"]).map(lambda name: UserUttered("hello", {"name": name, "confidence": 1.0})),
    st.builds(BotUttered, st.just("a reply")),
    st.builds(SessionStarted),
    st.builds(Restarted),
    st.builds(UserUtteranceReverted),
    st.builds(ActionReverted),
)


@settings(deadline=None)
@given(turns=st.lists(st.lists(EVENTS, min_size=1, max_size=5), min_size=1, max_size=12))
def test_the_states_kept_are_those_worked_out_anew(domain: Domain, turns: list[list[Event]]) -> None:
    tracker = StoredTracker("c1", domain.slots)
    for events in turns:
        for event in events:
            tracker.update(event)
        assert tracker.past_states(domain) == domain.states_for_tracker_history(tracker)
        assert tracker.past_states(domain, True) == domain.states_for_tracker_history(tracker, True)


@settings(deadline=None)
@given(turns=st.lists(st.lists(EVENTS, min_size=1, max_size=5), min_size=1, max_size=8))
def test_a_copy_is_what_playing_all_events_gives_and_goes_its_own_way(domain: Domain, turns: list[list[Event]]) -> None:
    tracker = StoredTracker("c1", domain.slots)
    for events in turns:
        for event in events:
            tracker.update(event)
        replayed = DialogueStateTracker.copy(tracker)
        copied = tracker.copy()
        assert copied.current_state(EventVerbosity.ALL) == replayed.current_state(EventVerbosity.ALL)
        assert copied.applied_events() == replayed.applied_events() == tracker.applied_events()
        before = tracker.current_state(EventVerbosity.ALL)
        for event in (SlotSet("name", "other"), ActionExecutionRejected("some_form"), LoopInterrupted(True)):
            copied.update(event)
        assert tracker.current_state(EventVerbosity.ALL) == before
        assert copied.past_states(domain) == domain.states_for_tracker_history(copied)


def test_a_reader_of_the_applied_events_that_changes_them_changes_nothing_for_the_next(domain: Domain) -> None:
    tracker = _talked_with(domain)
    tracker.applied_events().clear()
    assert tracker.applied_events() == list(tracker.events)


def test_a_reader_that_changes_what_it_was_given_changes_nothing_for_the_next(domain: Domain) -> None:
    tracker = _talked_with(domain)
    for state in tracker.past_states(domain):
        state.pop("user", None)
        state.setdefault("slots", {}).clear()
    assert tracker.past_states(domain) == domain.states_for_tracker_history(tracker)


def test_another_domain_has_its_own_states(domain: Domain) -> None:
    tracker = _talked_with(domain)
    tracker.past_states(domain)
    other = Domain.from_dict({**domain.as_dict(), "intents": ["inform"]})
    assert tracker.past_states(other) == other.states_for_tracker_history(tracker)


def test_a_state_is_worked_out_once_however_long_the_conversation_grows(
    domain: Domain, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = 0
    worked_out = Domain.get_active_state

    def counted(*arguments: Any, **keywords: Any) -> Any:
        nonlocal asked
        asked += 1
        return worked_out(*arguments, **keywords)

    monkeypatch.setattr(Domain, "get_active_state", counted)
    states, tracker = PastStates(), DialogueStateTracker("c1", domain.slots)
    for _ in range(30):
        tracker.update(ActionExecuted("action_answer"))
        states.of(tracker, domain)
    assert asked == 60


def _talked_with(domain: Domain) -> StoredTracker:
    tracker = StoredTracker("c1", domain.slots)
    for _ in range(3):
        tracker.update(UserUttered("hello", {"name": "inform", "confidence": 1.0}))
        tracker.update(SlotSet("name", "x"))
        tracker.update(ActionExecuted("action_answer"))
        tracker.update(ActionExecuted("action_listen"))
    return tracker

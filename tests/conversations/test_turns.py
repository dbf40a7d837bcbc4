"""A message is worked on once, and its answer is kept."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy.engine import Engine

from clinic import clock
from conversations.erasure import erase_conversation
from conversations.offered_choices import find_choice, new_choice
from conversations.turns import (
    Claim,
    ClaimLostError,
    IncomingTurn,
    MessageIdReusedError,
    answer_turn,
    claim_turn,
    find_answer,
    history,
    is_kept,
    keep_greeting,
    release_all_turns,
    release_turn,
    require_claim,
)

REPLY = [{"text": "Hello.", "choices": [], "source": None}]


def incoming(message_id: str = "m1", conversation_id: str = "c1", digest: str = "d1", text: str = "hi") -> IncomingTurn:
    return IncomingTurn(conversation_id, message_id, "web", digest, text)


def claimed(engine: Engine, turn: IncomingTurn) -> Claim:
    claim = claim_turn(engine, turn)
    assert isinstance(claim, Claim)
    return claim


def later(monkeypatch: pytest.MonkeyPatch, **elapsed: int) -> None:
    moment = datetime.now(timezone.utc) + timedelta(**elapsed)
    monkeypatch.setattr(clock, "now", lambda: moment)


def test_the_same_message_gets_the_kept_answer(engine: Engine) -> None:
    answer_turn(engine, claimed(engine, incoming()), REPLY, [], failed=False)
    assert claim_turn(engine, incoming()) == REPLY
    assert find_answer(engine, "c1", "m1", "d1") == REPLY


def test_of_many_claims_at_once_one_is_given(engine: Engine) -> None:
    with ThreadPoolExecutor(20) as threads:
        claims = list(threads.map(lambda _number: claim_turn(engine, incoming()), range(20)))
    assert len([claim for claim in claims if claim is not None]) == 1


def test_the_same_id_for_another_message_is_refused(engine: Engine) -> None:
    claimed(engine, incoming())
    with pytest.raises(MessageIdReusedError):
        claim_turn(engine, incoming(digest="d2"))
    with pytest.raises(MessageIdReusedError):
        find_answer(engine, "c1", "m1", "d2")


def test_the_same_id_in_another_conversation_is_another_message(engine: Engine) -> None:
    answer_turn(engine, claimed(engine, incoming()), REPLY, [], failed=False)
    assert claimed(engine, incoming(conversation_id="c2", digest="d2")).number == 1


def test_a_failed_turn_can_be_claimed_again_at_once(engine: Engine) -> None:
    answer_turn(engine, claimed(engine, incoming()), REPLY, [], failed=True)
    assert find_answer(engine, "c1", "m1", "d1") is None
    again = claimed(engine, incoming())
    assert again.number == 2
    assert claim_turn(engine, incoming()) is None


def test_a_released_turn_can_be_claimed_again_at_once(engine: Engine) -> None:
    release_turn(engine, claimed(engine, incoming()))
    assert claimed(engine, incoming()).number == 2


def test_a_crashed_claim_is_taken_over_after_a_minute_and_cannot_answer_any_more(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    crashed = claimed(engine, incoming())
    later(monkeypatch, seconds=55)
    assert claim_turn(engine, incoming()) is None
    later(monkeypatch, seconds=61)
    taken = claimed(engine, incoming())
    assert taken.number == 2
    with pytest.raises(ClaimLostError):
        answer_turn(engine, crashed, REPLY, [], failed=False)
    with pytest.raises(ClaimLostError):
        require_claim(engine, crashed)
    require_claim(engine, taken)
    answer_turn(engine, taken, REPLY, [], failed=False)
    assert claim_turn(engine, incoming()) == REPLY


def test_a_crashed_claim_is_taken_over_also_where_the_clock_was_put_back(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    claimed(engine, incoming())
    later(monkeypatch, seconds=-50)
    assert claim_turn(engine, incoming()) is None
    later(monkeypatch, hours=-3)
    assert claimed(engine, incoming()).number == 2


def test_a_claim_that_was_taken_over_leaves_its_turn_and_an_erased_one_does_not(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    crashed = claimed(engine, incoming())
    later(monkeypatch, seconds=61)
    claimed(engine, incoming())
    assert is_kept(engine, crashed)
    erase_conversation(engine, "c1")
    assert not is_kept(engine, crashed)


def test_a_bot_that_is_alone_gives_back_at_its_start_what_one_before_it_held(engine: Engine) -> None:
    answer_turn(engine, claimed(engine, incoming("m1")), REPLY, [], failed=False)
    crashed = claimed(engine, incoming("m2"))
    assert release_all_turns(engine) == 1
    assert claim_turn(engine, incoming("m1")) == REPLY
    assert claimed(engine, incoming("m2")).number == 2
    with pytest.raises(ClaimLostError):
        answer_turn(engine, crashed, REPLY, [], failed=False)


def test_the_history_is_in_order_and_begins_with_the_greeting(engine: Engine) -> None:
    keep_greeting(engine, "c1", "web", REPLY)
    for number in (1, 2):
        claim = claimed(engine, incoming(f"m{number}", digest=f"d{number}", text=f"message {number}"))
        answer_turn(engine, claim, REPLY, [], failed=False)
    claimed(engine, incoming("m3", digest="d3", text="not answered yet"))
    turns = history(engine, "c1")
    assert [turn.visitor_text for turn in turns] == [None, "message 1", "message 2", "not answered yet"]
    assert [len(turn.messages) for turn in turns] == [1, 1, 1, 0]
    assert history(engine, "c2") == []


def test_choices_stay_on_offer_for_two_offers(engine: Engine) -> None:
    offered = []
    for number in range(3):
        choice = new_choice("affirm", "Send it")
        message = {"text": "?", "choices": [{"id": choice.id, "title": choice.title}], "source": None}
        answer_turn(engine, claimed(engine, incoming(f"m{number}")), [message], [choice], failed=False)
        offered.append(choice)
    assert find_choice(engine, "c1", offered[0].id) is None
    assert find_choice(engine, "c1", offered[1].id) == offered[1]
    assert find_choice(engine, "c1", offered[2].id) == offered[2]
    assert find_choice(engine, "c2", offered[2].id) is None
    assert [len(turn.messages[0]["choices"]) for turn in history(engine, "c1")] == [0, 1, 1]


def test_a_turn_without_an_offer_leaves_the_last_offers_open(engine: Engine) -> None:
    choice = new_choice("affirm", "Send it")
    answer_turn(engine, claimed(engine, incoming("m1")), REPLY, [choice], failed=False)
    for number in range(2, 6):
        answer_turn(engine, claimed(engine, incoming(f"m{number}")), REPLY, [], failed=False)
    assert find_choice(engine, "c1", choice.id) == choice

"""The measuring visitors: what they send, and what they make of a bot that fails."""

import time
from dataclasses import replace

import pytest

from evaluation.speed.client import MeasurementError, new_visitor
from evaluation.speed.conversations import (
    first_answer,
    form_turns,
    load_steps,
    long_conversation,
    many_at_once,
    one_client,
)
from evaluation.speed.plan import QUICK
from evaluation.speed.questions import DETAILS, FIRST_QUESTION, QUESTIONS, REQUEST, question
from tests.evaluation.speed_bot import Message, StandInBot, running

PLAN = replace(QUICK, sessions=3, turns_in_session=4, clients=2, turns_of_client=3, forms=2, visitors=2)


def nothing_ended() -> None:
    """Both processes run."""


async def test_every_message_of_a_visitor_has_an_id_of_its_own() -> None:
    async with running(StandInBot()) as bot, new_visitor(bot.port) as visitor:
        await visitor.say("hello")
        answer = await visitor.choose("c1")
    assert bot.received == [("token1", {"id": "m1", "text": "hello"}), ("token1", {"id": "m2", "choice": "c1"})]
    assert answer.from_facts
    assert answer.choices == []


async def test_a_connection_that_was_closed_meanwhile_is_opened_anew() -> None:
    async with running(StandInBot(closes_after_each=True)) as bot, new_visitor(bot.port) as visitor:
        for text in ("one", "two", "three"):
            await visitor.say(text)
    assert bot.texts_of(1) == ["one", "two", "three"]


async def test_a_message_that_was_cut_off_is_sent_again_under_its_id() -> None:
    async with running(StandInBot(hang_ups=1)) as bot, new_visitor(bot.port) as visitor:
        await visitor.say("hello")
    assert bot.received == [("token1", {"id": "m1", "text": "hello"})] * 2


async def test_a_bot_that_hangs_up_twice_is_an_error() -> None:
    async with running(StandInBot(hang_ups=2)) as bot, new_visitor(bot.port) as visitor:
        with pytest.raises(ConnectionResetError):
            await visitor.say("hello")


async def test_a_refused_message_is_an_error_that_names_the_status() -> None:
    async with running(StandInBot(status=503)) as bot, new_visitor(bot.port) as visitor:
        with pytest.raises(MeasurementError, match="503"):
            await visitor.say("hello")


async def test_an_answer_without_a_length_is_an_error() -> None:
    async with running(StandInBot(with_length=False)) as bot:
        with pytest.raises(MeasurementError, match="without a length"):
            async with new_visitor(bot.port):
                pass


async def test_the_time_of_an_answer_is_the_visitors_waiting_time() -> None:
    def slow(_message: Message) -> list[Message]:
        time.sleep(0.05)
        return []

    async with running(StandInBot(slow)) as bot, new_visitor(bot.port) as visitor:
        answer = await visitor.say("hello")
    assert 0.05 <= answer.seconds < 0.15


async def test_the_first_answer_is_one_from_the_facts() -> None:
    failures = iter([[{"text": "Something went wrong.", "choices": [], "source": None}]])

    def fails_once(message: Message) -> list[Message]:
        return next(failures, None) or [{"text": "Cysts.", "choices": [], "source": {"facts": ["M1"]}}]

    async with running(StandInBot(fails_once)) as bot:
        began = time.perf_counter()
        seconds = await first_answer(bot.port, began - 2.0, nothing_ended)
    assert 2.0 < seconds < 3.0
    assert (bot.texts_of(1), bot.texts_of(2)) == ([FIRST_QUESTION], [FIRST_QUESTION])


async def test_waiting_for_the_first_answer_ends_with_the_bot() -> None:
    def ended() -> None:
        raise MeasurementError("The bot process ended (exit code 1): no model")

    with pytest.raises(MeasurementError, match="no model"):
        await first_answer(1, time.perf_counter(), ended)


async def test_waiting_for_the_first_answer_ends_some_day() -> None:
    with pytest.raises(MeasurementError, match="no answer within"):
        await first_answer(1, time.perf_counter() - 89.9, nothing_ended)


async def test_one_client_asks_in_many_sessions() -> None:
    async with running(StandInBot()) as bot:
        seconds = await one_client(bot.port, PLAN)
    assert len(seconds) == 12
    assert [len(bot.texts_of(session)) for session in (1, 2, 3)] == [4, 4, 4]


async def test_questions_that_are_not_answered_from_the_facts_are_no_measure() -> None:
    async with running(StandInBot(lambda _: [{"text": "Sorry?", "choices": [], "source": None}])) as bot:
        with pytest.raises(MeasurementError, match="Most questions were not answered"):
            await one_client(bot.port, PLAN)


async def test_several_conversations_at_once_all_count() -> None:
    async with running(StandInBot()) as bot:
        measured = await many_at_once(bot.port, PLAN)
    assert len(measured.latencies) == 6
    assert measured.messages_a_second > 6
    assert [len(bot.texts_of(session)) for session in (1, 2)] == [3, 3]


async def test_late_turns_are_held_against_early_ones_with_the_same_questions() -> None:
    plan = replace(PLAN, early_turn=3, late_turn=20, compared_turns=4)
    async with running(StandInBot()) as bot:
        measured = await long_conversation(bot.port, plan)
    assert (len(measured.turns), len(measured.early), len(measured.late)) == (22, 4, 4)
    assert bot.texts_of(1) == [question(place) for place in range(22)]
    assert [len(bot.texts_of(session)) for session in (2, 3, 4, 5)] == [3, 3, 3, 3]
    assert [bot.texts_of(session)[-1] for session in (2, 3, 4, 5)] == bot.texts_of(1)[18:]


async def test_a_request_goes_through_to_the_choice_that_sends_it() -> None:
    def form(message: Message) -> list[Message]:
        choices = [{"id": "send", "title": "Send it"}] if message.get("text") == DETAILS[-1] else []
        return [{"text": "Next?", "choices": choices, "source": None}]

    async with running(StandInBot(form)) as bot:
        seconds = await form_turns(bot.port, PLAN)
    assert len(seconds) == 2 * (len(DETAILS) + 2)
    sent = [message.get("text") or message["choice"] for token, message in bot.received if token == "token2"]
    assert sent == [REQUEST, *DETAILS, "send"]


async def test_a_request_that_cannot_be_sent_is_no_measure() -> None:
    async with running(StandInBot()) as bot:
        with pytest.raises(MeasurementError, match="did not come to the point"):
            await form_turns(bot.port, PLAN)


async def test_offered_messages_are_spread_over_the_visitors() -> None:
    plan = replace(PLAN, rates=(40.0,), seconds_of_rate=0.25)
    async with running(StandInBot()) as bot:
        (step,) = await load_steps(bot.port, plan, time.perf_counter() + 60)
    assert (step.sent, step.failed) == (10, 0)
    assert [len(bot.texts_of(session)) for session in (1, 2)] == [5, 5]


def test_questions_go_round() -> None:
    assert len(set(QUESTIONS)) == len(QUESTIONS)
    assert question(len(QUESTIONS) + 1) == QUESTIONS[1]

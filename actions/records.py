"""Doing what a visitor confirmed to the clinic's records, and saying truly how it went. Called in a thread."""

import logging
from dataclasses import replace

from sqlalchemy.exc import SQLAlchemyError

from actions.backend import engine, notice_targets
from actions.details import shown
from actions.form_turn import Effect, Step
from actions.memory import JUST_STORED, Memory
from actions.open_questions import LONGEST_QUESTION
from actions.own_requests import not_changeable, request_shown
from actions.replies import ERASED_MARK, Reply
from actions.tries import begin_try, nothing_was_stored
from actions.turn import Turn
from clinic.appointment_requests import (
    NotChangeableError,
    StoredAppointmentRequest,
    change_request,
    requests_of_conversation,
    withdraw_request,
)
from clinic.erasures import erase_records
from clinic.same_conversation import topics_with_the_staff
from clinic.staff_messages import NewStaffMessage, store_staff_message

logger = logging.getLogger(__name__)
ADDITION = "addition"
OPEN_QUESTION = "open_question"
FAILURES = {
    Effect.CHANGE: "utter_request_not_changed",
    Effect.WITHDRAW: "utter_request_not_changed",
    Effect.ERASE: "utter_not_erased",
    Effect.ADD_TO_MESSAGE: "utter_not_stored",
}


def own_requests(turn: Turn) -> list[StoredAppointmentRequest]:
    """The requests of the visitor's own conversation, oldest first.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database does not answer.
    """
    return requests_of_conversation(engine(), turn.conversation_id)


def perform(step: Step, turn: Turn) -> Step:
    """Do the effect of a step; the result says what became of it. After a fault the same offer still stands.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: nobody can tell whether it was done, so nothing is said of it here.
    """
    if step.effect is None:
        return step
    # The same yes may be said in several turns; what is added to a message is each turn's own.
    wanted = (step.effect, step.memory.target_request, step.memory.pending_change)
    key = (turn.conversation_id, *wanted, turn.turn_id if step.effect is Effect.ADD_TO_MESSAGE else "")
    begin_try(engine(), key)
    try:
        done = _DOING[step.effect](step.memory, turn)
        return replace(done, replies=(*step.replies, *done.replies))
    except NotChangeableError:
        return not_changeable(step.memory, turn)
    except SQLAlchemyError as error:
        logger.error("the effect '%s' failed: %s", step.effect.value, type(error).__name__)
        if not nothing_was_stored(engine(), key, error):
            raise
        return Step(step.memory, (*step.replies, Reply(FAILURES[step.effect])))


def _change(memory: Memory, turn: Turn) -> Step:
    values = dict(memory.pending_change)
    stored: dict[str, str | None] = {name: value or None for name, value in values.items()}
    change_request(engine(), turn.conversation_id, memory.target_request or "", stored, notice_targets())
    about_the_visitor = {name: value for name, value in values.items() if name in ("contact_name", "phone", "email")}
    after = replace(memory.without_offer(), offer=JUST_STORED, **about_the_visitor)  # type: ignore[arg-type]
    return Step(after, (Reply("utter_request_changed", {"details_shown": shown(values)}),))


def _withdraw(memory: Memory, turn: Turn) -> Step:
    # Looked for first: a fault after the commit would be told as if nothing had been taken back.
    left = topics_with_the_staff(engine(), turn.conversation_id)
    withdrawn = withdraw_request(engine(), turn.conversation_id, memory.target_request or "", notice_targets())
    said = Reply("utter_request_withdrawn", {"request_shown": request_shown(withdrawn)})
    stays = (Reply("utter_message_stays", {"left_shown": _left_shown(left)}),) if left else ()
    return Step(memory.without_request(), (said, *stays))


def _left_shown(topics: list[str]) -> str:
    asked = all(topic == OPEN_QUESTION or topic.startswith("uncovered/") for topic in topics)
    return ("question" if asked else "message") + ("s" if len(topics) > 1 else "")


def _erase(_memory: Memory, turn: Turn) -> Step:
    receipt = erase_records(engine(), turn.conversation_id, turn.channel, notice_targets())
    return Step(Memory(), (Reply("utter_erased", {"receipt": receipt.code, ERASED_MARK: "yes"}),))


def _add_to_message(memory: Memory, turn: Turn) -> Step:
    message = NewStaffMessage(
        idempotency_key=f"{turn.conversation_id}:{turn.turn_id}",
        conversation_id=turn.conversation_id,
        channel=turn.channel,
        topic=ADDITION,
        language=turn.language,
        contact_name=memory.contact_name,
        phone=memory.phone or None,
        email=memory.email,
        text=turn.text[:LONGEST_QUESTION],
    )
    store_staff_message(engine(), message, notice_targets())
    return Step(memory, (Reply("utter_staff_message_added"),))


_DOING = {
    Effect.CHANGE: _change,
    Effect.WITHDRAW: _withdraw,
    Effect.ERASE: _erase,
    Effect.ADD_TO_MESSAGE: _add_to_message,
}

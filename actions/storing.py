"""Storing what was confirmed in a form, and saying so afterwards. Called in a thread."""

import logging
from dataclasses import replace

from sqlalchemy.exc import SQLAlchemyError

from actions.backend import engine, notice_targets
from actions.details import CONFIRMATION
from actions.form_turn import Effect, Step
from actions.memory import ANOTHER_REQUEST, CHANGE, JUST_STORED, SENT_TO_STAFF, Memory
from actions.open_questions import counted, going_along
from actions.own_requests import status
from actions.questions import relation_shown
from actions.records import OPEN_QUESTION, perform
from actions.replies import NOT_NOW, THAT_ONE_TOO, Reply
from actions.tries import begin_try, nothing_was_stored
from actions.turn import Turn
from actions.urgency import is_urgent
from clinic.appointment_requests import (
    CHANGEABLE,
    OPEN,
    NewAppointmentRequest,
    StoredAppointmentRequest,
    store_appointment_request,
)
from clinic.staff_messages import ORDINARY, URGENT, NewStaffMessage, store_staff_message

logger = logging.getLogger(__name__)


def store_request(memory: Memory, turn: Turn) -> Step:
    """Store the appointment request that was read back and confirmed, with the question that goes along."""
    key = f"{turn.conversation_id}:{memory.request_key}"
    request = NewAppointmentRequest(
        idempotency_key=key,
        conversation_id=turn.conversation_id,
        channel=turn.channel,
        contact_name=memory.contact_name or "",
        phone=memory.phone or None,
        email=memory.email,
        preferred_time=memory.preferred_time or "",
        reason=memory.reason,
        patient_name=memory.patient_name,
        patient_relation=memory.patient_relation,
    )
    question = _open_question(memory, turn, key) if memory.open_questions else None
    begin_try(engine(), key)
    try:
        stored = store_appointment_request(engine(), request, question, notice_targets())
    except SQLAlchemyError as error:
        logger.error("an appointment request could not be stored: %s", type(error).__name__)
        if not nothing_was_stored(engine(), key, error):
            raise  # the bot says that it may not have got through, and the form still waits
        return Step(memory, (Reply("utter_not_stored"),), asked=CONFIRMATION)
    done = replace(memory.without_request(), offer=JUST_STORED)
    if stored.already_stored:
        return _brought_up_to_date(memory, done, turn, stored)
    along = (Reply("utter_questions_sent", {"questions_counted": counted(memory.open_questions)}),) if question else ()
    if memory.also_for:
        waiting = replace(done, offer=ANOTHER_REQUEST, also_for=memory.also_for)
        relation, name = memory.also_for[0]
        another = Reply("utter_offer_another", {"patient": name or relation_shown(relation)}, (THAT_ONE_TOO, NOT_NOW))
        return Step(waiting, (Reply("utter_request_stored"), *along, another))
    return Step(done, (Reply("utter_request_stored"), *along))


def _brought_up_to_date(memory: Memory, done: Memory, turn: Turn, stored: StoredAppointmentRequest) -> Step:
    """The reply to an earlier yes was lost; what was corrected since then is put into the stored request."""
    confirmed = {name: getattr(memory, name) or "" for name in CHANGEABLE}
    different = {name: value for name, value in confirmed.items() if value != (getattr(stored, name) or "")}
    if not different and stored.status != OPEN:
        return status(done, turn, [stored])
    if not different:
        return Step(done, (Reply("utter_request_already_stored"),))
    pending = tuple(different.items())
    changing = replace(done, offer=CHANGE, target_request=stored.id, pending_change=pending)
    return perform(Step(changing, effect=Effect.CHANGE), turn)


def _open_question(memory: Memory, turn: Turn, key: str) -> NewStaffMessage:
    return NewStaffMessage(
        idempotency_key=f"{key}:{OPEN_QUESTION}",
        conversation_id=turn.conversation_id,
        channel=turn.channel,
        topic=OPEN_QUESTION,
        urgency=URGENT if is_urgent(memory.topic) else ORDINARY,
        contact_name=memory.contact_name,
        phone=memory.phone or None,
        email=memory.email,
        text="\n".join(memory.open_questions),
    )


def store_message(memory: Memory, turn: Turn) -> Step:
    """Store the message for the staff."""
    topic = memory.topic or "talk_to_human"
    spanish = memory.language == "es"
    key = f"{turn.conversation_id}:{memory.request_key}"
    message = NewStaffMessage(
        idempotency_key=key,
        conversation_id=turn.conversation_id,
        channel=turn.channel,
        topic=topic,
        urgency=URGENT if is_urgent(topic) else ORDINARY,
        language="es" if spanish else "en",
        contact_name=memory.contact_name,
        phone=memory.phone or None,
        email=memory.email,
        text="\n".join(going_along(memory)),
    )
    begin_try(engine(), key)
    try:
        store_staff_message(engine(), message, notice_targets())
    except SQLAlchemyError as error:
        logger.error("a message for the staff could not be stored: %s", type(error).__name__)
        if not nothing_was_stored(engine(), key, error):
            raise  # the bot says that it may not have got through, and the form still waits
        return Step(memory, (Reply("utter_not_stored"),), asked=CONFIRMATION)
    reply = Reply("utter_staff_message_stored_spanish" if spanish else "utter_staff_message_stored")
    return Step(replace(memory.without_request(), offer=SENT_TO_STAFF), (reply,))

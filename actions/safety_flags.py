"""Flagging an urgent turn for the staff, and saying so only when it is true."""

import asyncio
import logging

from sqlalchemy.exc import SQLAlchemyError

from actions.backend import engine, notice_targets
from actions.replies import ASK_THE_STAFF, Reply
from actions.turn import Turn
from actions.urgency import HELP_NOW
from clinic.flags import flag_turn

logger = logging.getLogger(__name__)


async def flag(turn: Turn) -> list[Reply]:
    """Store the flag; what may be said about it follows. A fault is logged and the safety wording stands alone."""
    if turn.safety is None:
        return []
    try:
        whose = (turn.conversation_id, turn.turn_id, turn.safety, turn.channel)
        await asyncio.to_thread(flag_turn, engine(), *whose, targets=notice_targets())
    except SQLAlchemyError as error:
        logger.error("a safety flag could not be stored: %s", type(error).__name__)
        return []
    return [] if turn.safety in HELP_NOW else [Reply("utter_flagged_for_staff", choices=(ASK_THE_STAFF,))]

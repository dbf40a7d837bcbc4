"""Flagging an urgent turn for the staff, and saying so only when it is true."""

import asyncio
import logging

from sqlalchemy.exc import SQLAlchemyError

from actions.backend import engine
from actions.replies import ASK_THE_STAFF, Reply
from actions.turn import Turn
from clinic.flags import flag_turn

logger = logging.getLogger(__name__)
# Nothing may stand between these visitors and help: no offer, no question.
HELP_NOW = frozenset({"safety/emergency", "safety/self_harm"})


async def flag(turn: Turn) -> list[Reply]:
    """Store the flag; what may be said about it follows. A fault is logged and the safety wording stands alone."""
    if turn.safety is None:
        return []
    try:
        await asyncio.to_thread(flag_turn, engine(), turn.conversation_id, turn.turn_id, turn.safety, turn.channel)
    except SQLAlchemyError as error:
        logger.error("a safety flag could not be stored: %s", type(error).__name__)
        return []
    return [] if turn.safety in HELP_NOW else [Reply("utter_flagged_for_staff", choices=(ASK_THE_STAFF,))]

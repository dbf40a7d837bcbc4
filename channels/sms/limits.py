"""How many texts of one number are answered. Counted in the database, so that all processes count together.

A program that answers our answers would go on for ever, at a price for each text. Texts that come in during the silence
count too, so a loop never comes out of it by itself.
"""

from datetime import timedelta
from enum import Enum

from sqlalchemy.engine import Engine

from clinic import clock
from conversations.incoming_texts import texts_since, was_said_since

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOST_IN_AN_HOUR = 40
MOST_IN_A_DAY = 120


class Pace(Enum):
    """How fast texts come in. Past the day's limit not even an emergency is answered: it is a loop."""

    FINE = "fine"
    TOO_FAST = "too fast"
    ENDLESS = "endless"


def pace_of(engine: Engine, conversation_id: str) -> Pace:
    """How fast this conversation's texts come in, the present one counted."""
    moment = clock.now()
    today = texts_since(engine, conversation_id, moment - DAY)
    if today > MOST_IN_A_DAY:
        return Pace.ENDLESS
    return Pace.TOO_FAST if texts_since(engine, conversation_id, moment - HOUR) > MOST_IN_AN_HOUR else Pace.FINE


def was_told(engine: Engine, conversation_id: str, notice: str) -> bool:
    """Whether the visitor has been told within a day that there is silence now."""
    return was_said_since(engine, conversation_id, notice, clock.now() - DAY)

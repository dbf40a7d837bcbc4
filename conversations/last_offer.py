"""What the visitor may answer with a number: the choices of the very last thing that was said to them."""

from sqlalchemy import select
from sqlalchemy.engine import Engine

from clinic.database import transaction
from conversations.offered_choices import Choice, offer_of_turn
from conversations.turns import ANSWERED, Turn

# The digest of turns that are answered with a fixed text, such as HELP: they leave the question before them open.
FIXED_ANSWER = "fixed-answer"


def choices_of_last_turn(engine: Engine, conversation_id: str) -> list[Choice]:
    """The choices that the conversation's last answered turn offered, in order; fixed answers do not count as turns."""
    last = (
        select(Turn.id)
        .where(Turn.conversation_id == conversation_id, Turn.state == ANSWERED, Turn.content_digest != FIXED_ANSWER)
        .order_by(Turn.id.desc())
        .limit(1)
    )
    with transaction(engine) as session:
        turn_id = session.execute(last).scalar()
        return [] if turn_id is None else offer_of_turn(session, conversation_id, turn_id)

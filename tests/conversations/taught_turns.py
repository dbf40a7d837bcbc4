"""Messages of the turn log and corrections of them, for the tests of teaching."""

from itertools import count

from sqlalchemy.engine import Engine

from clinic import clock
from clinic.database import transaction
from conversations.correction_checks import Verdict, corrections_to_check, keep_verdicts
from conversations.corrections import decide, propose
from conversations.teaching import Correction
from conversations.text_digest import text_digest
from conversations.turn_log import LoggedTurn

ANYA, BORIS = "anya", "boris"
FINE = Verdict(None, ())
_events = count(1)


def said(engine: Engine, text: str | None, label: str = "out_of_scope", conversation_id: str = "talk") -> int:
    """Put a message into the log; the id of its event."""
    event_id = next(_events)
    with transaction(engine) as session:
        session.add(
            LoggedTurn(
                event_id=event_id,
                conversation_id=conversation_id,
                ordinal=event_id,
                message_id=f"message-{event_id}",
                channel="web",
                language="en",
                started_at=clock.now(),
                hour=1,
                text=text,
                text_digest=text_digest(text or ""),
                label=label,
                candidates="[]",
                ranking="[]",
                outcome="answered",
                responses="[]",
                slots="{}",
            )
        )
    return event_id


def find(engine: Engine, correction_id: str) -> Correction:
    with transaction(engine) as session:
        found = session.get(Correction, correction_id)
    assert found is not None
    return found


def checked(engine: Engine, verdict: Verdict = FINE) -> None:
    """Let the check find the same about every proposal."""
    asked = corrections_to_check(engine)
    keep_verdicts(engine, asked, {each.correction_id: verdict for each in asked})


def proposed(engine: Engine, text: str, label: str = "faq/causes", by: str = ANYA) -> Correction:
    return find(engine, propose(engine, said(engine, text), label, by).correction_id)


def released(engine: Engine, text: str, label: str = "faq/causes") -> Correction:
    """A correction that one person proposed and another one released."""
    correction = proposed(engine, text, label)
    checked(engine)
    return decide(engine, correction.id, correction.version, release=True, by=BORIS, needs_two_people=True)

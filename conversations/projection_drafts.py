"""The rows of a conversation made from what was read of it. Pure logic."""

from dataclasses import dataclass, fields
from datetime import timezone
from typing import Any

from conversations.answer_kinds import AnswerKinds
from conversations.conversation_summary import TurnSummary, conversation_row
from conversations.projection_reads import Behind, Source
from conversations.turn_events import turns_in
from conversations.turn_rows import Known, Redaction, Row, known_after, turn_row

_SUMMARISED = tuple(each.name for each in fields(TurnSummary))


@dataclass(frozen=True)
class Draft:
    """The rows of a conversation, to be stored as a whole.

    `replaced` are the ids of the rows in the log that give way to `turns`; a turn that was among them keeps its id.
    `last_moment` is when the newest event happened.
    """

    behind: Behind
    last_moment: float | None
    replaced: tuple[int, ...]
    turns: tuple[Row, ...]
    conversation: Row


def draft_of(source: Source, allowed: tuple[str, ...], kinds: AnswerKinds) -> Draft | None:
    """The rows of a conversation; None for one in which no visitor has said anything yet.

    Args:
        source: what was read of it.
        allowed: texts that are never redacted.
        kinds: what kind of answer each response is.
    """
    behind, kept = source.behind, source.kept
    rows = _rows(source, known_after(kept[-1]) if kept else Known(), Redaction(source.known, allowed), kinds)
    summaries = [_summary(turn._asdict()) for turn in kept] + [_summary(row) for row in rows]
    if not summaries:
        return None
    replaced = tuple(turn.id for turn in source.logged[len(kept) :])
    row = conversation_row(behind.conversation_id, summaries) | {"last_event_id": behind.last_event_id}
    return Draft(behind, source.last_moment, replaced, tuple(rows), row)


def _rows(source: Source, known: Known, redaction: Redaction, kinds: AnswerKinds) -> list[Row]:
    identifiers = {turn.event_id: turn.id for turn in source.logged}
    rows = []
    for turn in turns_in(source.events):
        row, known = turn_row(turn, known, redaction, kinds)
        row["conversation_id"] = source.behind.conversation_id
        if row["event_id"] in identifiers:
            row["id"] = identifiers[row["event_id"]]
        rows.append(row)
    return rows


def _summary(row: Row) -> TurnSummary:
    values: dict[str, Any] = {name: row[name] for name in _SUMMARISED}
    # SQLite gives back the UTC moment it was given without its zone.
    values["started_at"] = values["started_at"].replace(tzinfo=timezone.utc)
    return TurnSummary(**values)

"""Playing a dialogue: its turns are sent one after the other, and what comes of each is written down at once."""

from dataclasses import dataclass, field
from typing import Any

from evaluation.dialogues.dialogue_file import SMS, Dialogue, Turn
from evaluation.dialogues.exchange import Delivered, UnplayableError
from evaluation.dialogues.stage import PlayedInstance, Stage
from evaluation.dialogues.stored_state import TABLES, Rows
from evaluation.instance_processes import InstanceError


@dataclass
class PlayedDialogue:
    """What a dialogue brought: a dictionary for each turn, and the stored rows by table.

    `problem` says why it could not be played to its end, or which turn got no proper answer; None when all went well.
    """

    dialogue: Dialogue
    greeting: Rows = field(default_factory=list)
    turns: list[dict[str, Any]] = field(default_factory=list)
    stored: dict[str, Rows] = field(default_factory=lambda: {name: [] for name in TABLES})
    problem: str | None = None


def play(dialogue: Dialogue, stage: Stage) -> PlayedDialogue:
    """Play one dialogue; the stage is cleared when its instance does not work any more.

    Raises:
        InstanceError: no instance could be started.
        sqlalchemy.exc.SQLAlchemyError: its database cannot be read.
    """
    instance = stage.instance_for(dialogue)
    known = instance.stored.keys()
    played = PlayedDialogue(dialogue)
    try:
        _DialoguePlayer(played, instance).play()
    except UnplayableError as error:
        played.problem = f"turn {len(played.turns) + 1}: {error}"
    played.stored = instance.stored.rows_since(known)
    try:
        instance.require_running()
    except InstanceError as error:
        played.problem = f"{played.problem or 'after the last turn'}; {error}"
        stage.clear()
    return played


class _DialoguePlayer:
    """Plays the turns of one dialogue, and writes them into what was played."""

    def __init__(self, played: PlayedDialogue, instance: PlayedInstance) -> None:
        self._played = played
        self._stored = instance.stored
        self._instance = instance
        self._visitor = instance.visitor(played.dialogue)
        self._time_has_passed = False
        self._newest_turn = 0
        played.greeting = self._visitor.greeting

    def play(self) -> None:
        for number, turn in enumerate(self._played.dialogue.turns, start=1):
            if turn.seconds:
                self._instance.let_pass(turn.seconds)
                self._time_has_passed = True
            delivered, labels = self._sent(turn)
            self._played.turns.append(self._entry(turn, delivered, labels))
            if delivered.fault is not None and self._played.problem is None:
                self._played.problem = f"turn {number}: {delivered.fault}"

    def _sent(self, turn: Turn) -> tuple[Delivered, dict[str, Any] | None]:
        newest_event = self._stored.newest_event()
        if not turn.redelivery:
            self._newest_turn = self._stored.newest_turn()
        delivered = self._visitor.send(turn, self._time_has_passed)
        if self._played.dialogue.channel == SMS:
            add_choices_and_sources(delivered.replies, self._stored.answers_since(self._newest_turn))
        # At once: an erasure in a later turn takes the events with it.
        return delivered, self._stored.labels_since(newest_event)

    def _entry(self, turn: Turn, delivered: Delivered, labels: dict[str, Any] | None) -> dict[str, Any]:
        sent = turn.choice if turn.text is None else turn.text
        entry = {
            "user": self._played.turns[-1]["user"] if sent is None else sent,
            "choice": turn.choice,
            "advance": turn.advance,
            "redelivery": turn.redelivery,
            "expect": turn.expect,
            "replies": delivered.replies,
            "labels": labels,
            "seconds": round(delivered.seconds, 3),
            "status": delivered.status,
            **delivered.extra,
        }
        return entry if delivered.fault is None else {**entry, "error": delivered.fault}


def add_choices_and_sources(replies: Rows, kept: Rows) -> None:
    """Put to each reply by text message, which is words alone, what the answer it was made from has beside them.

    Args:
        replies: as in a transcript.
        kept: the messages of the turn's answer; one reply may be made from several of them, and may be shortened.
    """
    for reply in replies:
        origins = [message for message in kept if message["text"] in reply["text"]] or kept
        reply["choices"] = [choice["title"] for message in origins for choice in message["choices"]]
        reply["source"] = next((message["source"] for message in origins if message["source"]), None)

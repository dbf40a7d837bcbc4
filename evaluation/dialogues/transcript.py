"""Transcripts of played dialogues: as JSON for whoever judges them, and as text for the screen."""

from collections.abc import Iterator, Sequence
from typing import Any

from evaluation.dialogues.playing import PlayedDialogue


def transcript_content(played: Sequence[PlayedDialogue]) -> dict[str, Any]:
    """The JSON of a transcript; its shape is described in docs/dialogues.md."""
    return {"dialogues": [_dialogue_content(each) for each in played]}


def transcript_lines(played: PlayedDialogue) -> Iterator[str]:
    """The dialogue as it is read on the screen."""
    dialogue = played.dialogue
    sender = f", from {dialogue.sender}" if dialogue.sender else ""
    yield f"== {dialogue.name} ({dialogue.channel}{sender})"
    yield from _reply_lines(played.greeting)
    for turn in played.turns:
        yield from _turn_lines(turn)
    yield "   stored:"
    yield from _stored_lines(played)
    if dialogue.final:
        yield f"   (expected: {_one_line(dialogue.final)})"
    if played.problem:
        yield f"   NOT PLAYED AS IT SHOULD BE: {played.problem}"


def _dialogue_content(played: PlayedDialogue) -> dict[str, Any]:
    dialogue = played.dialogue
    content: dict[str, Any] = {
        "name": dialogue.name,
        "channel": dialogue.channel,
        "sender": dialogue.sender,
        "greeting": played.greeting,
        "turns": played.turns,
        "final": dialogue.final,
        "stored": played.stored,
    }
    return content if played.problem is None else {**content, "problem": played.problem}


def _turn_lines(turn: dict[str, Any]) -> Iterator[str]:
    if turn["advance"]:
        yield f"   ... {turn['advance']} pass ..."
    if turn.get("new_session"):
        yield "   (the session had expired; a new one was opened)"
        yield from _reply_lines(turn["greeting"])
    mark = " (delivered again)" if turn["redelivery"] else " (tapped)" if turn["choice"] else ""
    yield f"visitor{mark}: {turn['user']}"
    yield f"   [{_understood(turn['labels'])}]"
    yield from _reply_lines(turn["replies"])
    if not turn["replies"]:
        yield f"   no reply (status {turn['status']}) {turn.get('error', '')}".rstrip()
    if turn["expect"]:
        yield f"   (expected: {_one_line(turn['expect'])})"


def _understood(labels: dict[str, Any] | None) -> str:
    if labels is None:
        return "no label"
    safety = f", safety {labels['safety']}" if labels["safety"] else ""
    return f"{labels['label']} {labels['confidence']:.2f}{safety}"


def _reply_lines(replies: list[dict[str, Any]]) -> Iterator[str]:
    for reply in replies:
        first, *others = reply["text"].split("\n")
        yield f"    bot: {first}"
        yield from (f"         {line}" for line in others)
        if reply["choices"]:
            yield "         " + " ".join(f"[{title}]" for title in reply["choices"])
        if reply["source"]:
            yield f"         source: {', '.join(reply['source'].get('facts', []))}"


def _stored_lines(played: PlayedDialogue) -> Iterator[str]:
    if not any(played.stored.values()):
        yield "     nothing"
    for table, rows in played.stored.items():
        for row in rows:
            shown = ", ".join(f"{name}={value!r}" for name, value in row.items() if value is not None)
            yield f"     {table}: {shown}"


def _one_line(text: str) -> str:
    return " ".join(text.split())

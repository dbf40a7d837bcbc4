"""Taught lines as Rasa writes and reads them. Importing this module loads Rasa, so only the teaching job does."""

from collections.abc import Sequence

from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader, RasaYAMLWriter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from conversations.taught_lines import TaughtLine

Read = tuple[str, str, bool]
"""Label, text, and whether an entity was found in it."""


def write_lines(lines: Sequence[TaughtLine]) -> str:
    """The content of a training file with these lines; empty for none."""
    messages = [Message.build(line.text, line.label) for line in lines]
    return str(RasaYAMLWriter().dumps(TrainingData(messages))) if messages else ""


def misread_lines(lines: Sequence[TaughtLine]) -> list[TaughtLine]:
    """The lines that Rasa does not read back letter by letter, or in which it finds an entity.

    Only if all of them together do not come back as they are is each of them tried alone, which takes longer.
    """
    if _come_back(lines):
        return []
    return [line for line in lines if not _come_back([line])] or list(lines)


def _come_back(lines: Sequence[TaughtLine]) -> bool:
    content = write_lines(lines)
    if not content:
        return not lines
    try:
        read = RasaYAMLReader().reads(content)
    except RasaException:  # not even YAML, or a broken annotation
        return False
    nothing_else = not (read.entity_synonyms or read.regex_features or read.lookup_tables or read.responses)
    return nothing_else and sorted(map(_read, read.training_examples)) == sorted(map(_meant, lines))


def _read(message: Message) -> Read:
    return str(message.get_full_intent()), str(message.get(TEXT)), bool(message.get(ENTITIES))


def _meant(line: TaughtLine) -> Read:
    return line.label, line.text, False

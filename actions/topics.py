"""Which condition a question is about, where the clinic has a page on several. Pure logic.

Understanding sees one message without those before it, so "and what causes it?" gets a label of the assumed topic. Here
it becomes the same question about the condition that was named, or else about the one that was answered about last. No
answer is given about a condition while the message names another.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from actions.memory import Memory
from actions.turn import Turn
from clinic.labels import LabelDetails, label_details
from clinic.topics import Topic, topics


def about_its_topic(turn: Turn, memory: Memory) -> tuple[Turn, Memory]:
    """The turn with labels of the condition it is about, and the memory of that condition."""
    return settle(turn, memory, topics(), label_details())


def settle(
    turn: Turn, memory: Memory, known: Sequence[Topic], labels: Mapping[str, LabelDetails]
) -> tuple[Turn, Memory]:
    """As `about_its_topic`, for these topics, the assumed one first, and labels. With one topic nothing changes."""
    if len(known) < 2:
        return turn, memory
    meant = [] if turn.chosen else [topic for topic in known if topic.is_meant_in(turn.text)]
    before = [] if turn.chosen else [topic for topic in known if topic.name == memory.about]
    if len(meant) == 1:
        turn = _with_labels_of(turn, partial(_label_when_named, topic=meant[0], labels=labels))
        memory = replace(memory, about=meant[0].name)
    elif before and not meant:
        turn = _with_labels_of(turn, partial(_label_when_last, topic=before[0], assumed=known[0], labels=labels))
    return turn, _remembering(memory, turn, labels)


def _label_when_named(label: str, topic: Topic, labels: Mapping[str, LabelDetails]) -> str | None:
    """What a label becomes in a message that names this topic and no other; None when no answer would be right."""
    details = labels.get(label)
    if details is None or details.topic == topic.name:
        return label
    if details.topic is None:
        return topic.not_covered or label if details.of_no_page else label
    asked = details.same_as or label
    if topic.assumed:
        return details.same_as or topic.not_covered
    return next((each.name for each in labels.values() if _asks(each, asked, topic)), topic.not_covered)


def _label_when_last(label: str, topic: Topic, assumed: Topic, labels: Mapping[str, LabelDetails]) -> str | None:
    """What a label becomes in a message that names no topic, after an answer about this one.

    Lines of a further topic all name or describe it, so its label was told by the message itself. Lines of the assumed
    topic may do neither.
    """
    details = labels.get(label)
    if details is None or details.topic != assumed.name:
        return label
    return _label_when_named(label, topic, labels)


def _asks(details: LabelDetails, asked: str, topic: Topic) -> bool:
    return details.topic == topic.name and details.same_as == asked


def _with_labels_of(turn: Turn, settled: Callable[[str], str | None]) -> Turn:
    label = settled(turn.label)
    if label is None:
        # Nothing of this topic stands for it, and an answer about another would be wrong: it is asked in other words.
        return replace(turn, second_label=None, candidates=(turn.label,))
    second = settled(turn.second_label) if turn.second_label else None
    candidates = [settled(each) for each in turn.candidates]
    return replace(
        turn,
        label=label,
        second_label=None if second == label else second,
        candidates=tuple(dict.fromkeys(each for each in candidates if each)),
    )


def _remembering(memory: Memory, turn: Turn, labels: Mapping[str, LabelDetails]) -> Memory:
    """The memory of the condition that the message's label is about, if it is about one."""
    answered = labels.get(turn.label) if not turn.candidates else None
    return replace(memory, about=answered.topic) if answered and answered.topic else memory

"""Which condition a question is about, where the clinic has a page on several. Pure logic.

Understanding sees one message without those before it, so "and what causes it?" gets a label of the assumed topic. Here
it becomes the same question about the condition that was named, or else about the one that was answered about last. No
answer is given about a condition while the message names another, and where nothing tells which is meant it is asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

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
    meant = [topic for topic in known if topic.is_meant_in(turn.text)]
    if turn.chosen or len(meant) > 1:
        return turn, _remembering(memory, turn, labels)
    if meant:
        settled = _Settling(meant[0], labels, named=True).turn(turn)
        return settled, _remembering(replace(memory, about=meant[0].name), settled, labels)
    last = next((topic for topic in known if topic.name == memory.about), known[0])
    settling = _Settling(last, labels, named=False)
    settled = settling.turn(turn) if _may_follow(turn.label, known[0], labels) else settling.asked_back(turn)
    return settled, _remembering(memory, settled, labels)


def _may_follow(label: str, assumed: Topic, labels: Mapping[str, LabelDetails]) -> bool:
    """Whether a message that names nothing may have this label: lines of a further topic all name or describe it."""
    details = labels.get(label)
    return details is None or details.topic in (None, assumed.name)


@dataclass(frozen=True)
class _Settling:
    """Turns labels into those of one topic, which the message names, or which was answered about before."""

    topic: Topic
    labels: Mapping[str, LabelDetails]
    named: bool

    def turn(self, turn: Turn) -> Turn:
        """The turn with labels of the topic; what no label of the topic stands for is asked in other words."""
        label = self._label(turn.label)
        if label is None:
            return replace(turn, second_label=None, candidates=(turn.label,))
        second = self._label(turn.second_label) if turn.second_label else None
        candidates = [self._label(each) for each in turn.candidates]
        return replace(
            turn,
            label=label,
            second_label=None if second == label else second,
            candidates=tuple(dict.fromkeys(each for each in candidates if each)),
        )

    def asked_back(self, turn: Turn) -> Turn:
        """The turn as one that could be about its own topic or about this one."""
        if self.labels[turn.label].topic == self.topic.name:
            return turn
        here = self._label(turn.label)
        return replace(turn, second_label=None, candidates=tuple(each for each in (here, turn.label) if each))

    def _label(self, label: str) -> str | None:
        """The label that asks the same about the topic, else that which says it is not covered; None without either."""
        details = self.labels.get(label)
        if details is None or details.topic == self.topic.name:
            return label
        if details.topic is None:
            return (self.topic.not_covered or label) if details.of_no_page and self.named else label
        if self.topic.assumed:
            return details.same_as or self.topic.not_covered
        asked = details.same_as or label
        return next((each.name for each in self.labels.values() if self._asks(each, asked)), self.topic.not_covered)

    def _asks(self, details: LabelDetails, asked: str) -> bool:
        return details.topic == self.topic.name and details.same_as == asked


def _remembering(memory: Memory, turn: Turn, labels: Mapping[str, LabelDetails]) -> Memory:
    """The memory of the condition that the message's label is about, if it is about one."""
    answered = labels.get(turn.label) if not turn.candidates else None
    return replace(memory, about=answered.topic) if answered and answered.topic else memory

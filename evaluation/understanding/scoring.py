"""What the predictions are worth: the figures that the floors are held against, and where the errors are."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from evaluation.labels import GROUPS, SAFETY_PREFIX, Label
from evaluation.understanding.messages import Message
from evaluation.understanding.predictions import Prediction

# What an off-topic message must not be answered as.
ANSWERED_GROUPS = frozenset({"faq", "uncovered", "safety", "transactional"})


@dataclass(frozen=True)
class Judged:
    """One labelled message with its prediction."""

    message: Message
    label: Label
    predicted: Label
    prediction: Prediction

    @property
    def right(self) -> bool:
        """Whether the predicted label is the true one or an accepted one."""
        return self.prediction.label in self.message.accepted


@dataclass(frozen=True)
class Share:
    """So many of so many; `value` is None where there is nothing to count."""

    count: int
    total: int

    @property
    def value(self) -> float | None:
        """The share from 0 to 1."""
        return self.count / self.total if self.total else None


@dataclass(frozen=True)
class LabelScore:
    """Precision (of the messages it was predicted for) and recall (of the messages it is the true label of)."""

    precision: Share
    recall: Share


@dataclass(frozen=True)
class Confusion:
    """Messages of one label taken for another."""

    label: str
    predicted: str
    messages: tuple[Message, ...]


def judge(messages: Sequence[Message], predictions: Sequence[Prediction], labels: Mapping[str, Label]) -> list[Judged]:
    """Pair each labelled message with its prediction.

    Raises:
        KeyError: the model predicts a label that data/labels.yml does not have.
    """
    return [
        Judged(message, labels[message.label], labels[prediction.label], prediction)
        for message, prediction in zip(messages, predictions, strict=True)
        if message.label is not None
    ]


def share(cases: Iterable[Judged], holds: Callable[[Judged], bool]) -> Share:
    """How many of the cases a condition holds for."""
    outcomes = [holds(case) for case in cases]
    return Share(sum(outcomes), len(outcomes))


def right_by_group(cases: Sequence[Judged]) -> dict[str, Share]:
    """The share of right ones for each group of true labels, in the fixed order of the groups."""
    return {
        group: share((case for case in cases if case.label.group == group), lambda case: case.right) for group in GROUPS
    }


def right_by_tag(cases: Sequence[Judged]) -> dict[str, Share]:
    """The share of right ones for each tag of the messages and each channel, sorted."""
    tagged: defaultdict[str, list[Judged]] = defaultdict(list)
    for case in cases:
        for tag in {*case.message.tags, f"channel {case.message.channel}"}:
            tagged[tag].append(case)
    return {tag: share(tagged[tag], lambda case: case.right) for tag in sorted(tagged)}


def off_topic_answered(cases: Sequence[Judged]) -> Share:
    """Of the off-topic messages, those answered from the page, with a safety text or with a transaction, wrongly."""
    off_topic = (case for case in cases if case.label.group == "out_of_scope")
    return share(off_topic, lambda case: not case.right and case.predicted.group in ANSWERED_GROUPS)


def safety_recognised(cases: Sequence[Judged]) -> Share:
    """Of the safety messages, those with any safety signal."""
    return share((case for case in cases if case.label.group == "safety"), _names_safety)


def false_alarms(cases: Sequence[Judged]) -> Share:
    """Of the messages for which no safety label is right, those with a safety signal or answered as safety."""
    harmless = (case for case in cases if not any(name.startswith(SAFETY_PREFIX) for name in case.message.accepted))
    return share(harmless, lambda case: _names_safety(case) or case.predicted.group == "safety")


def wrong_faq_answers(cases: Sequence[Judged]) -> Share:
    """Of all messages, those answered with a fact that is not what was asked."""
    return share(cases, lambda case: case.predicted.group == "faq" and not case.right)


def label_scores(cases: Sequence[Judged]) -> dict[str, LabelScore]:
    """Precision and recall of each label that is true or predicted anywhere, sorted by name."""
    names = sorted({name for case in cases for name in (case.label.name, case.predicted.name)})
    return {
        name: LabelScore(
            precision=share((case for case in cases if case.predicted.name == name), lambda case: case.right),
            recall=share((case for case in cases if case.label.name == name), lambda case: case.right),
        )
        for name in names
    }


def confusions(cases: Sequence[Judged]) -> list[Confusion]:
    """Wrong predictions by pair of labels, the most frequent first."""
    wrong = [case for case in cases if not case.right]
    counts = Counter((case.label.name, case.predicted.name) for case in wrong)
    return [
        Confusion(
            label,
            predicted,
            tuple(case.message for case in wrong if (case.label.name, case.predicted.name) == (label, predicted)),
        )
        for (label, predicted), _ in sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    ]


def _names_safety(case: Judged) -> bool:
    return (case.prediction.safety or "").startswith(SAFETY_PREFIX)

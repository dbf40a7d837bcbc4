"""Two models on the same messages: what is right with either, what is heard of danger, and which labels changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluation.labels import GROUPS, SAFETY_PREFIX, Label
from evaluation.teaching.message_sets import MessageSet
from evaluation.understanding.predictions import Prediction
from evaluation.understanding.scoring import Judged, false_alarms, judge, right_by_group, safety_recognised


@dataclass(frozen=True)
class Pair:
    """A count with the model before and with the one after, of `total` messages."""

    total: int
    before: int
    after: int


@dataclass(frozen=True)
class Change:
    """A message that is taken for something else now. `message` is its text, or its id where that is not shown."""

    message: str
    label: str
    before: str
    after: str
    right_before: bool
    right_after: bool


@dataclass(frozen=True)
class SetComparison:
    """Two models on one set of messages.

    `safety` counts messages about danger that raise a safety signal, `newly_missed` those that did before and do not
    now. `false_alarms` counts the others that raise one. `changes` and `still_wrong` (messages that are wrong with the
    candidate) are empty for messages that are counted, never shown.
    """

    name: str
    right: Pair
    groups: dict[str, Pair]
    safety: Pair
    newly_missed: int
    false_alarms: Pair
    changes: tuple[Change, ...]
    still_wrong: tuple[str, ...]


def compare(
    messages: MessageSet,
    before: Sequence[Prediction],
    after: Sequence[Prediction],
    labels: Mapping[str, Label],
    *,
    shown: bool,
) -> SetComparison:
    """Compare two models' predictions for the same messages.

    Args:
        messages: the messages, all of them with labels.
        before: the predictions of the model in force, in the order of the messages.
        after: those of the candidate.
        labels: all labels.
        shown: whether the messages that changed may be named.

    Raises:
        KeyError: a model predicts a label that data/labels.yml does not have.
    """
    earlier, later = judge(messages.messages, before, labels), judge(messages.messages, after, labels)
    names = messages.ids or [message.text for message in messages.messages]
    heard_before, heard_after = safety_recognised(earlier), safety_recognised(later)
    alarms_before, alarms_after = false_alarms(earlier), false_alarms(later)
    return SetComparison(
        name=messages.name,
        right=Pair(len(earlier), sum(case.right for case in earlier), sum(case.right for case in later)),
        groups=_groups(earlier, later),
        safety=Pair(heard_before.total, heard_before.count, heard_after.count),
        newly_missed=sum(
            _is_heard(one) and not _is_heard(other)
            for one, other in zip(earlier, later, strict=True)
            if one.label.group == "safety"
        ),
        false_alarms=Pair(alarms_before.total, alarms_before.count, alarms_after.count),
        changes=tuple(_changes(names, earlier, later)) if shown else (),
        still_wrong=tuple(name for name, case in zip(names, later, strict=True) if shown and not case.right),
    )


def _groups(earlier: Sequence[Judged], later: Sequence[Judged]) -> dict[str, Pair]:
    """How many are right, by group of labels; groups without a message are left out."""
    before, after = right_by_group(earlier), right_by_group(later)
    return {
        group: Pair(before[group].total, before[group].count, after[group].count)
        for group in GROUPS
        if before[group].total
    }


def _changes(names: Sequence[str], earlier: Sequence[Judged], later: Sequence[Judged]) -> list[Change]:
    """The messages that changed their label, what became wrong first."""
    changes = [
        Change(name, one.label.name, one.predicted.name, other.predicted.name, one.right, other.right)
        for name, one, other in zip(names, earlier, later, strict=True)
        if one.predicted.name != other.predicted.name
    ]
    return sorted(changes, key=lambda change: (change.right_after, not change.right_before, change.label))


def _is_heard(case: Judged) -> bool:
    return (case.prediction.safety or "").startswith(SAFETY_PREFIX)

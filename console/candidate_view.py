"""A candidate's comparison in the words and tables of its page."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conversations.teaching import Candidate

SET_NAMES = {
    "own": "Comparison messages",
    "held_out": "Held-out messages",
    "taught": "Taught lines",
}
GROUP_NAMES = {
    "faq": "Answers from the clinic’s page",
    "uncovered": "What the page does not cover",
    "safety": "Danger",
    "diagnosis": "Asking for a diagnosis",
    "transactional": "Requests and messages",
    "conversation": "Small talk",
    "out_of_scope": "Off topic",
}
STATE_NAMES = {
    "queued": "Waits for its turn",
    "training": "Training",
    "comparing": "Comparing",
    "ready": "Ready",
    "failed": "Failed",
    "promoted": "In force",
    "set_aside": "Set aside",
}
STATE_LOOKS = {"ready": "good", "promoted": "good", "failed": "danger", "training": "info", "comparing": "info"}
ERASED = "(this message was erased)"


@dataclass(frozen=True)
class CountRow:
    """Counts of one set or group with the model before and the one after."""

    name: str
    total: int
    before: int
    after: int

    @property
    def difference(self) -> str:
        """How many more or fewer, with a sign; the word for none."""
        return f"{self.after - self.before:+d}" if self.after != self.before else "no change"


@dataclass(frozen=True)
class DangerRow:
    """What is heard of danger in one set."""

    name: str
    recognised: CountRow
    newly_missed: int
    false_alarms: CountRow


@dataclass(frozen=True)
class ChangeRow:
    """A message taken for something else now; `verdict` is `better`, `worse`, `still wrong` or `still right`."""

    message: str
    label: str
    before: str
    after: str
    verdict: str


@dataclass(frozen=True)
class ComparisonView:
    """All tables of a comparison. `still_wrong` are taught lines that the candidate does not get right."""

    refusals: tuple[str, ...]
    has_held_out: bool
    sets: tuple[CountRow, ...]
    groups: tuple[tuple[str, tuple[CountRow, ...]], ...]
    danger: tuple[DangerRow, ...]
    changes: tuple[ChangeRow, ...]
    taught_changes: tuple[ChangeRow, ...]
    still_wrong: tuple[str, ...]


def taught_ids(candidate: Candidate) -> list[str]:
    """The corrections that the comparison names, whose texts are not in it."""
    sets = json.loads(candidate.comparison)["sets"] if candidate.comparison else []
    taught = next((each for each in sets if each["name"] == "taught"), None)
    return [] if taught is None else [*(change["message"] for change in taught["changes"]), *taught["still_wrong"]]


def view_of(candidate: Candidate, texts: Mapping[str, str]) -> ComparisonView | None:
    """The comparison of a candidate, or None while there is none.

    Args:
        candidate: with its comparison.
        texts: the texts of the corrections that are still there, by id.
    """
    if candidate.comparison is None:
        return None
    content = json.loads(candidate.comparison)
    sets = {each["name"]: each for each in content["sets"]}
    taught = sets.get("taught", {"changes": [], "still_wrong": []})
    return ComparisonView(
        refusals=tuple(content["refusals"]),
        has_held_out="held_out" in sets,
        sets=tuple(_row(SET_NAMES[name], each["right"]) for name, each in sets.items()),
        groups=tuple((SET_NAMES[name], _groups(each)) for name, each in sets.items()),
        danger=tuple(_danger(name, each) for name, each in sets.items()),
        changes=tuple(_change(each, each["message"]) for each in sets.get("own", {"changes": []})["changes"]),
        taught_changes=tuple(_change(each, texts.get(each["message"], ERASED)) for each in taught["changes"]),
        still_wrong=tuple(texts.get(each, ERASED) for each in taught["still_wrong"]),
    )


def _row(name: str, pair: Mapping[str, int]) -> CountRow:
    return CountRow(name, pair["total"], pair["before"], pair["after"])


def _groups(compared: Mapping[str, Any]) -> tuple[CountRow, ...]:
    return tuple(_row(GROUP_NAMES.get(name, name), pair) for name, pair in compared["groups"].items())


def _danger(name: str, compared: Mapping[str, Any]) -> DangerRow:
    title = SET_NAMES[name]
    recognised, alarms = _row(title, compared["safety"]), _row(title, compared["false_alarms"])
    return DangerRow(title, recognised, compared["newly_missed"], alarms)


def _change(change: Mapping[str, Any], message: str) -> ChangeRow:
    verdicts = {
        (False, True): "better",
        (True, False): "worse",
        (False, False): "still wrong",
        (True, True): "still right",
    }
    verdict = verdicts[(change["right_before"], change["right_after"])]
    return ChangeRow(message, change["label"], change["before"], change["after"], verdict)

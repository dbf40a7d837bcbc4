"""docs/metrics.md as data, and the output of /metrics beside it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from clinic.settings import PROJECT_ROOT

PAGE = (PROJECT_ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
OPEN_LABELS = {
    "route": re.compile(r"none|/[a-z0-9/_{}.:<>-]*"),
    "action": re.compile(r"[a-z_]+"),
    "fingerprint": re.compile(r"[0-9a-f]{8,64}|other"),
    "le": re.compile(r"[0-9.]+|\+Inf"),
}
"""Labels whose values come from the code and not from a list: their form."""


@dataclass(frozen=True)
class Described:
    """A metric as the page has it, or as a process shows it."""

    kind: str
    labels: frozenset[str]


def _codes(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def _rows(heading: str) -> Iterator[list[str]]:
    table = PAGE.split(f"\n{heading}\n| --- ", 1)[1].split("\n\n", 1)[0]
    for line in table.splitlines()[1:]:
        yield [cell.strip() for cell in line.strip("|").split("|")]


def documented_metrics() -> dict[str, Described]:
    rows = _rows("| metric | kind | labels | meaning |")
    return {_codes(name)[0]: Described(kind, frozenset(_codes(labels))) for name, kind, labels, _ in rows}


def documented_values() -> dict[str, frozenset[str]]:
    return {_codes(label)[0]: frozenset(_codes(values)) for label, values in _rows("| label | values |")}


def own_families(text: str) -> Iterator[Metric]:
    return (family for family in text_string_to_metric_families(text) if family.name.startswith("milia_"))


def shown_metrics(text: str) -> dict[str, Described]:
    """The metrics of an output that have samples."""
    found: dict[str, Described] = {}
    for family in own_families(text):
        name = f"{family.name}_total" if family.type == "counter" else family.name
        labels = frozenset(label for sample in family.samples for label in sample.labels) - {"le"}
        if family.samples:
            found[name] = Described(family.type, labels)
    return found


def foreign_values(text: str) -> list[tuple[str, str, str]]:
    """Metric, label and value of whatever the page does not allow."""
    allowed: Mapping[str, frozenset[str]] = documented_values()
    return [
        (sample.name, label, value)
        for family in own_families(text)
        for sample in family.samples
        for label, value in sample.labels.items()
        if not (OPEN_LABELS[label].fullmatch(value) if label in OPEN_LABELS else value in allowed.get(label, ()))
    ]


def sample(text: str, name: str, **labels: str) -> float:
    """The value of one sample; 0 where there is none."""
    for family in text_string_to_metric_families(text):
        for each in family.samples:
            if each.name == name and each.labels == labels:
                return float(each.value)
    return 0.0

"""docs/metrics.md and the rules for alerts name the metrics that there are, and no other."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry

from actions import metrics as action_metrics
from channels import turn_metrics
from channels.model_metrics import ModelMetrics
from clinic.database import make_engine
from clinic.migrate import migrate
from clinic.settings import PROJECT_ROOT
from console import metrics as console_metrics
from conversations.event_rows import EVENTS
from monitoring import http_metrics
from monitoring.exposition import render
from tests.monitoring import metric_table
from tests.monitoring.metric_table import Described, documented_metrics, documented_values, shown_metrics

PROMETHEUS = PROJECT_ROOT / "deploy" / "prometheus"
RULES = yaml.safe_load((PROMETHEUS / "alerts.yml").read_text(encoding="utf-8"))["groups"][0]["rules"]
OF_PROMETHEUS = {"up"}
LABEL_OF_RULES = re.compile(r'(\w+)(?:=~|!=|!~|=)"([^"]*)"')


def model_metrics() -> ModelMetrics:
    metadata = SimpleNamespace(trained_at=datetime(2026, 1, 2))  # noqa: DTZ001 - as Rasa has it
    agent: Any = SimpleNamespace(processor=SimpleNamespace(model_metadata=metadata))
    changes: Any = SimpleNamespace(model="0123456789abcdef", refused="")
    return ModelMetrics(agent, changes)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Described]]:
    """What the three processes show together."""
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('database') / 'milia.sqlite3'}")
    migrate(engine)
    EVENTS.metadata.create_all(engine)
    models = CollectorRegistry()
    models.register(model_metrics())
    http_metrics.count_request("/health/live", "GET", 200, 0.01)
    action_metrics.RUNS.labels("action_answer", "done").inc()
    action_metrics.SECONDS.labels("action_answer").observe(0.01)
    yield shown_metrics(render((models, console_metrics.console_checks(engine))).decode())
    engine.dispose()


def test_the_page_has_every_metric_with_its_kind_and_labels_and_no_other(shown: dict[str, Described]) -> None:
    assert documented_metrics() == shown


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("| `milia_turns_total` |", "| `milia_turns_made_total` |"),
        ("| `milia_turns_total` | counter |", "| `milia_turns_total` | gauge |"),
        ("| `milia_turns_total` | counter | `channel`, `outcome` |", "| `milia_turns_total` | counter | `channel` |"),
    ],
)
def test_a_page_that_says_otherwise_is_found(
    monkeypatch: pytest.MonkeyPatch, shown: dict[str, Described], before: str, after: str
) -> None:
    assert before in metric_table.PAGE
    monkeypatch.setattr(metric_table, "PAGE", metric_table.PAGE.replace(before, after))
    assert documented_metrics() != shown


def test_the_page_has_every_value_of_every_label() -> None:
    named = {label for each in documented_metrics().values() for label in each.labels}
    assert set(documented_values()) == named - {"route", "action", "fingerprint"}
    assert documented_values() == {
        "channel": set(turn_metrics.CHANNELS),
        "outcome": set(turn_metrics.OUTCOMES),
        "stage": set(turn_metrics.STAGES),
        "group": set(turn_metrics.GROUPS),
        "safety": set(turn_metrics.SAFETY_LABELS),
        "limit": set(turn_metrics.LIMITS),
        "result": set(action_metrics.OUTCOMES),
        "method": {*http_metrics.METHODS, http_metrics.OTHER},
        "status": set(http_metrics.STATUS_CLASSES),
        "check": {"database", console_metrics.WORK_CHECK, console_metrics.TURN_LOG_CHECK},
        "kind": set(console_metrics.OPEN_KINDS),
        "flag": set(console_metrics.FLAG_LABELS),
        "reason": set(console_metrics.LOGIN_REASONS.values()),
    }


def test_names_follow_prometheus_conventions() -> None:
    for name, metric in documented_metrics().items():
        assert re.fullmatch(r"milia_[a-z_]+", name)
        assert name.endswith("_total") == (metric.kind == "counter"), name
        assert not re.search(r"milliseconds|minutes|_ms|kilobytes", name)
        if metric.kind == "histogram":
            assert name.endswith("_seconds")


@pytest.mark.parametrize("rule", RULES, ids=[rule["alert"] for rule in RULES])
def test_rules_ask_for_metrics_and_labels_that_there_are(rule: dict[str, Any]) -> None:
    known = documented_metrics()
    without_labels = re.sub(r"\{[^}]*\}", "", rule["expr"])
    asked = set(re.findall(r"\b(?:milia_\w+|up)\b", without_labels))
    assert asked
    for name in asked - OF_PROMETHEUS:
        bare = name.removesuffix("_bucket")
        assert bare in known, name
        assert (known[bare].kind == "histogram") == name.endswith("_bucket")
    for name, selector in re.findall(r"(milia_\w+)\{([^}]*)\}", rule["expr"]):
        for label, values in LABEL_OF_RULES.findall(selector):
            assert label in known[name].labels
            for value in values.split("|"):
                assert any(re.fullmatch(value, each) for each in documented_values()[label]), value
    assert rule["labels"]["severity"] in ("page", "ticket")
    assert rule["annotations"]["summary"]


def test_every_group_of_labels_has_a_value() -> None:
    described = yaml.safe_load((PROJECT_ROOT / "data" / "labels.yml").read_text(encoding="utf-8"))["labels"]
    assert {each["group"] for each in described.values()} <= set(turn_metrics.GROUPS)


@pytest.mark.parametrize("name", ["scrape-compose.yml", "scrape-kubernetes.yml"])
def test_scrapers_ask_all_three_programs_by_the_token_and_use_the_rules(name: str) -> None:
    content = yaml.safe_load((PROMETHEUS / name).read_text(encoding="utf-8"))
    jobs = {job["job_name"]: job for job in content["scrape_configs"]}
    paths = {job: each["metrics_path"] for job, each in jobs.items()}
    assert paths == {"milia-bot": "/metrics", "milia-actions": "/metrics/actions", "milia-console": "/metrics"}
    assert all(each["authorization"]["credentials_file"] for each in jobs.values())
    assert [(PROMETHEUS / path).is_file() for path in content["rule_files"]] == [True]


def test_compose_targets_are_services_of_the_compose_file() -> None:
    services = yaml.safe_load((PROJECT_ROOT / "deploy" / "compose.yml").read_text(encoding="utf-8"))["services"]
    content = yaml.safe_load((PROMETHEUS / "scrape-compose.yml").read_text(encoding="utf-8"))
    targets = {
        target for job in content["scrape_configs"] for config in job["static_configs"] for target in config["targets"]
    }
    assert targets == {"place-1:5005", "place-2:5005", "console:8000"}
    assert all("inside" in services[target.split(":")[0]]["networks"] for target in targets)


def test_what_ends_turns_goes_by_names_of_classes_that_there_are() -> None:
    from channels import turn  # noqa: PLC0415

    assert all(issubclass(getattr(turn, name, None) or _of_turns(name), Exception) for name in _names())


def _names() -> list[str]:
    return [*turn_metrics.OUTCOMES_OF_ERRORS, *(turn_metrics.REFUSALS - {"ClientResponseError"})]


def _of_turns(name: str) -> Any:
    from conversations import turns  # noqa: PLC0415

    return getattr(turns, name)


def test_the_page_is_linked() -> None:
    assert "metrics.md" in (PROJECT_ROOT / "docs" / "production.md").read_text(encoding="utf-8")
    assert "docs/metrics.md" in Path(PROJECT_ROOT / "README.md").read_text(encoding="utf-8")

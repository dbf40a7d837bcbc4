"""The metrics of the console's process: what waits for people, how far the turn log is behind, and failed log-ins."""

from prometheus_client import CollectorRegistry, Counter
from prometheus_client.core import GaugeMetricFamily
from sqlalchemy.engine import Engine

from clinic.flags import TEXT_NOT_DELIVERED, TOO_MANY_TEXTS
from clinic.notices.waiting import count_waiting
from clinic.urgency import ORDER_OF_URGENCY
from clinic.waiting_sends import OpenFlags, WaitingSends, count_notices, count_open_flags, count_texts
from conversations.log_lag import log_lag
from monitoring.checks import Gauges, registry_of
from monitoring.database_check import NAME, database_question

OTHER = "other"
FLAG_LABELS = (*ORDER_OF_URGENCY, TEXT_NOT_DELIVERED, TOO_MANY_TEXTS, OTHER)
WORK_CHECK = "work"
TURN_LOG_CHECK = "turn_log"
OPEN_KINDS = ("request", "message", "urgent_message")

LOGIN_FAILURES = Counter("milia_console_login_failures", "Log-ins that failed", ("reason",))
LOGIN_REASONS = {"login.failed": "refused", "login.blocked": "blocked"}
for _reason in LOGIN_REASONS.values():
    # So that the first failure is an increase from 0, which a rule for alerts can see.
    LOGIN_FAILURES.labels(_reason)


def count_login_failure(action: str) -> None:
    """Count a log-in that failed, by the name that the audit gives it."""
    LOGIN_FAILURES.labels(LOGIN_REASONS[action]).inc()


def console_checks(engine: Engine) -> CollectorRegistry:
    """What is asked of the database at each scrape."""
    return registry_of(
        {
            NAME: database_question(engine),
            WORK_CHECK: lambda: _work(engine),
            TURN_LOG_CHECK: lambda: _turn_log(engine),
        }
    )


def _work(engine: Engine) -> Gauges:
    waiting = count_waiting(engine)
    opened = GaugeMetricFamily("milia_work_open", "What waits for the staff", labels=("kind",))
    counts = (waiting.appointment_requests, waiting.messages, waiting.urgent_messages)
    for kind, count in zip(OPEN_KINDS, counts, strict=True):
        opened.add_metric((kind,), count)
    notices = _sends("notices", "notices to the staff", count_notices(engine))
    texts = _sends("texts", "texts to visitors", count_texts(engine))
    return [opened, *notices, *texts, *_flags(count_open_flags(engine))]


def _sends(name: str, words: str, sends: WaitingSends) -> Gauges:
    return [
        GaugeMetricFamily(f"milia_{name}_waiting", f"How many {words} wait to be sent", value=sends.waiting),
        GaugeMetricFamily(
            f"milia_{name}_oldest_waiting_seconds",
            f"How long the oldest of the {words} waits",
            value=sends.oldest_seconds,
        ),
        GaugeMetricFamily(f"milia_{name}_failed", f"How many {words} were given up and wait", value=sends.failed),
    ]


def _flags(flags: list[OpenFlags]) -> Gauges:
    count = GaugeMetricFamily("milia_flags_open", "Flags that nobody has acknowledged", labels=("flag",))
    oldest = GaugeMetricFamily("milia_flags_oldest_seconds", "How long the oldest of them waits", labels=("flag",))
    for label in FLAG_LABELS:
        # An unknown label is one of an older release.
        same = [flag for flag in flags if (flag.label if flag.label in FLAG_LABELS else OTHER) == label]
        count.add_metric((label,), sum(flag.count for flag in same))
        oldest.add_metric((label,), max((flag.oldest_seconds for flag in same), default=0.0))
    return [count, oldest]


def _turn_log(engine: Engine) -> Gauges:
    lag = log_lag(engine)
    return [
        GaugeMetricFamily(
            "milia_log_conversations_behind", "Conversations not wholly in the turn log", value=lag.conversations
        ),
        GaugeMetricFamily(
            "milia_log_oldest_behind_seconds", "How long the first of them waits", value=lag.oldest_seconds
        ),
    ]

"""The metrics of a process in Prometheus' text form (version 0.0.4)."""

from collections.abc import Sequence

from prometheus_client import REGISTRY, CollectorRegistry, disable_created_metrics, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
PATH = "/metrics"

# A sample more for each series, which nobody here asks for.
disable_created_metrics()  # type: ignore[no-untyped-call]


def render(others: Sequence[CollectorRegistry] = ()) -> bytes:
    """What was counted in this process, then what `others` hold; these may take as long as they ask for."""
    return b"".join(generate_latest(registry) for registry in (REGISTRY, *others))

"""Requests to a process, by the routes that it has; a path that somebody made up is in no label."""

from functools import lru_cache

from prometheus_client import Counter, Histogram

METHODS = ("GET", "HEAD", "POST", "DELETE", "OPTIONS")
OTHER = "other"
NO_ROUTE = "none"
STATUS_CLASSES = ("1xx", "2xx", "3xx", "4xx", "5xx")
REQUEST_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

REQUESTS = Counter("milia_http_requests", "Requests that were answered", ("route", "method", "status"))
REQUEST_SECONDS = Histogram(
    "milia_http_request_seconds", "Time from a request to its answer", ("route",), buckets=REQUEST_BUCKETS
)


def count_request(route: str, method: str, status: int, seconds: float) -> None:
    """Count a request that was answered.

    Args:
        route: the route's template, or `NO_ROUTE`.
        method: as the client sent it.
        status: of the answer.
        seconds: how long it took.
    """
    known = method if method in METHODS else OTHER
    requests, times = _series(route, known, STATUS_CLASSES[min(max(status // 100, 1), 5) - 1])
    requests.inc()
    times.observe(seconds)


@lru_cache(maxsize=1024)
def _series(route: str, method: str, status: str) -> tuple[Counter, Histogram]:
    """Kept, because looking them up takes longer than counting."""
    return REQUESTS.labels(route, method, status), REQUEST_SECONDS.labels(route)

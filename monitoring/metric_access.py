"""Who may read `/metrics`: who sits on this machine, or knows the secret."""

import hmac
import ipaddress
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

BEARER = "bearer"
LOOPBACK_NAMES = frozenset({"localhost"})
# Whoever sends one of these came by way of a proxy, and nobody on this machine needs one.
PROXY_HEADERS = frozenset(
    {"forwarded", "via", "x-real-ip", "x-client-ip", "x-request-id", "true-client-ip", "cf-connecting-ip"}
)
PROXY_HEADER_START = "x-forwarded"


def may_read_metrics(peer: str, headers: Mapping[str, str], token: str) -> bool:
    """Whether a request may read the metrics.

    Args:
        peer: the address at the other end of the connection, never one from a header.
        headers: of the request, by names in any case.
        token: the secret; empty when there is none.
    """
    given = {name.lower(): value for name, value in headers.items()}
    return _knows(given.get("authorization", ""), token) or (
        _is_loopback(peer) and not _came_by_proxy(given) and _asks_for_loopback(given.get("host", ""))
    )


def _knows(authorization: str, token: str) -> bool:
    scheme, _, secret = authorization.partition(" ")
    # Bytes that are no UTF-8, Sanic reads as surrogates, which cannot be encoded as they are.
    given = secret.strip().encode(errors="surrogatepass")
    return bool(token) and scheme.lower() == BEARER and hmac.compare_digest(given, token.encode())


def _came_by_proxy(names: Iterable[str]) -> bool:
    return any(name in PROXY_HEADERS or name.startswith(PROXY_HEADER_START) for name in names)


def _asks_for_loopback(host: str) -> bool:
    """Whether the request was meant for this machine: a browser's page under a foreign name that leads here was not."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return name in LOOPBACK_NAMES or _is_loopback(name)


def _is_loopback(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None)
    return (mapped or parsed).is_loopback

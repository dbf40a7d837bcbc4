"""Metrics are for this machine and for who knows the token."""

import pytest

from monitoring.metric_access import may_read_metrics

TOKEN = "t" * 40
HERE = {"Host": "127.0.0.1:5005"}


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("host", ["127.0.0.1:5005", "localhost:5005", "[::1]:5005"])
def test_who_sits_on_this_machine_may_read(peer: str, host: str) -> None:
    assert may_read_metrics(peer, {"Host": host}, "")


@pytest.mark.parametrize("peer", ["10.0.0.7", "172.30.55.2", "::ffff:10.0.0.7", "", "unknown", "127.0.0.1.example"])
def test_nobody_else_may(peer: str) -> None:
    assert not may_read_metrics(peer, HERE, TOKEN)


@pytest.mark.parametrize(
    "name",
    ["X-Forwarded-For", "x-forwarded-proto", "X-Forwarded-Host", "Forwarded", "X-Real-IP", "Via", "X-Request-Id"],
)
def test_what_came_by_a_proxy_on_this_machine_is_not_from_here(name: str) -> None:
    assert not may_read_metrics("127.0.0.1", {**HERE, name: "127.0.0.1"}, "")


@pytest.mark.parametrize(
    "host", ["chat.example.com", "evil.example:5005", "", "127.0.0.1.evil.example", "[", "10.0.0.7"]
)
def test_a_page_under_a_foreign_name_that_leads_here_may_not(host: str) -> None:
    assert not may_read_metrics("127.0.0.1", {"Host": host}, "")


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_the_token_opens_from_anywhere(scheme: str) -> None:
    headers = {"Host": "bot:5005", "Authorization": f"{scheme} {TOKEN}"}
    assert may_read_metrics("10.0.0.7", headers, TOKEN)


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer ", f"Bearer {TOKEN}x", f"Bearer {TOKEN[1:]}", f"Basic {TOKEN}", TOKEN, "Bearer é"],
)
def test_no_other_token_does(authorization: str) -> None:
    assert not may_read_metrics("10.0.0.7", {**HERE, "Authorization": authorization}, TOKEN)


def test_without_a_token_in_the_settings_an_empty_one_opens_nothing() -> None:
    for authorization in ("Bearer ", "Bearer", ""):
        assert not may_read_metrics("10.0.0.7", {**HERE, "Authorization": authorization}, "")


@pytest.mark.parametrize("secret", ["\udcff", "é", "\ud800" + TOKEN])
def test_a_token_of_any_bytes_is_just_a_wrong_one(secret: str) -> None:
    """Sanic reads bytes that are no UTF-8 as lone surrogates."""
    assert not may_read_metrics("10.0.0.7", {"Host": "bot:5005", "Authorization": f"Bearer {secret}"}, TOKEN)

"""What the shipped configuration of nginx lets through, and what it does not."""

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests import loopback
from tests.deploy.conftest import Topology
from tests.deploy.proxy import BOT_NAME, CONSOLE_NAME, Proxy

AWAY = 503
SECONDS_OF_PATIENCE = 40


@pytest.fixture
def bot(lone_proxy: Proxy) -> Iterator[httpx.Client]:
    with lone_proxy.client() as client:
        yield client


@pytest.fixture
def console(lone_proxy: Proxy) -> Iterator[httpx.Client]:
    with lone_proxy.client(CONSOLE_NAME) as client:
        yield client


def test_the_configuration_is_one_that_nginx_takes_without_a_warning(lone_proxy: Proxy) -> None:
    checked = lone_proxy.checked()
    assert checked.returncode == 0, checked.stderr
    assert "[warn]" not in checked.stderr


@pytest.mark.parametrize(
    "path", ["/webhooks/web/sessions", "/webhooks/web/widget.js", "/webhooks/sms/webhook", "/health/live"]
)
def test_what_visitors_and_the_carrier_need_is_passed_on(bot: httpx.Client, path: str) -> None:
    assert bot.get(path).status_code == AWAY


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/health/ready",
        "/health/live/more",
        "/metrics",
        "/metrics/actions",
        "/conversations",
        "/webhooks/../metrics",
    ],
)
def test_nothing_else_of_the_bot_can_be_reached(bot: httpx.Client, path: str) -> None:
    assert bot.get(path).status_code == 404


@pytest.mark.parametrize(("path", "status"), [("/", 502), ("/login", 502), ("/health/ready", 404), ("/metrics", 404)])
def test_of_the_console_all_but_its_insides_is_passed_on(console: httpx.Client, path: str, status: int) -> None:
    assert console.get(path).status_code == status


def test_the_bots_name_shows_no_page_of_the_console(topology: Topology) -> None:
    with topology.proxy.client() as client:
        assert client.get("/login").status_code == 404
        assert client.get("/health/live").json() == {"status": "live"}


def test_a_request_has_one_id_at_the_proxy_and_at_the_bot_whatever_the_client_sent(topology: Topology) -> None:
    sent = "f" * 32
    with topology.proxy.client() as client:
        answer = client.get("/health/live", headers={"X-Request-ID": sent})
    given = answer.headers["X-Request-ID"]
    assert given != sent
    assert topology.proxy.log_line_with(given)["path"] == "/health/live"


def test_metrics_of_a_bot_behind_a_proxy_on_the_same_machine_stay_inside(topology: Topology) -> None:
    bot = topology.workers[0].bot
    passed_on = {"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "https", "X-Request-Id": "0" * 32}
    assert loopback.get(f"{bot.url}/metrics", headers=passed_on).status_code == 404
    assert loopback.get(f"{bot.url}/metrics").status_code == 200


def test_a_page_without_tls_is_shown_by_tls_only(lone_proxy: Proxy) -> None:
    for name in (BOT_NAME, CONSOLE_NAME):
        answer = loopback.get(f"http://127.0.0.1:{lone_proxy.http}/some/page", headers={"Host": name})
        assert (answer.status_code, answer.headers["Location"]) == (301, f"https://{name}/some/page")


def test_an_answer_to_the_certificate_authority_is_shown_without_tls(lone_proxy: Proxy, tmp_path: Path) -> None:
    challenge = lone_proxy.log.parent / "acme" / ".well-known" / "acme-challenge" / "token"
    challenge.write_text("token.key", encoding="ascii")
    address = f"http://127.0.0.1:{lone_proxy.http}/.well-known/acme-challenge/token"
    assert loopback.get(address, headers={"Host": BOT_NAME}).text == "token.key"


def test_a_request_for_another_name_is_not_answered(lone_proxy: Proxy) -> None:
    with pytest.raises(httpx.TransportError):
        loopback.get(f"http://127.0.0.1:{lone_proxy.http}/", headers={"Host": "other.example.com"})
    anything = ssl.create_default_context()
    anything.check_hostname, anything.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection(("127.0.0.1", lone_proxy.https)) as connection,
        pytest.raises(ssl.SSLError),
    ):
        anything.wrap_socket(connection, server_hostname="other.example.com")


def test_old_versions_of_tls_are_refused(lone_proxy: Proxy) -> None:
    old = ssl.create_default_context()
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    with pytest.warns(DeprecationWarning):
        old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    with (
        socket.create_connection(("127.0.0.1", lone_proxy.https)) as connection,
        pytest.raises((ssl.SSLError, OSError)),
    ):
        old.wrap_socket(connection, server_hostname=BOT_NAME)


def test_a_body_that_is_too_large_is_refused_in_the_bots_own_form(bot: httpx.Client) -> None:
    answer = bot.post("/webhooks/web/messages", content=b"x" * (64 * 1024 + 1))
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


def test_headers_that_are_too_large_are_refused(bot: httpx.Client) -> None:
    assert bot.get("/health/live", headers={"X-Large": "x" * 9_000}).status_code == 400


@pytest.mark.parametrize(
    "begun",
    [
        b"GET /health/live HTTP/1.1\r\nHost: chat.example.com\r\nX-Slow: ",
        b"POST /webhooks/web/messages HTTP/1.1\r\nHost: chat.example.com\r\nContent-Length: 100\r\n\r\n{",
    ],
    ids=["headers", "body"],
)
def test_a_request_that_does_not_go_on_is_given_up(lone_proxy: Proxy, begun: bytes) -> None:
    anything = ssl.create_default_context()
    anything.check_hostname, anything.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection(("127.0.0.1", lone_proxy.https), timeout=SECONDS_OF_PATIENCE) as connection,
        anything.wrap_socket(connection, server_hostname=BOT_NAME) as visitor,
    ):
        visitor.sendall(begun)
        try:
            answer = visitor.recv(4096)
        except (ConnectionResetError, ssl.SSLEOFError):
            answer = b""
    assert answer == b"" or answer.startswith(b"HTTP/1.1 408")


def test_when_the_bot_is_away_the_visitor_reads_where_help_is(bot: httpx.Client) -> None:
    answer = bot.post("/webhooks/web/messages", json={"id": "m1", "text": "hello"})
    assert answer.status_code == AWAY
    assert "911" in answer.json()["error"]["message"]
    # Not to be read by the widget on another site, which tries again where a connection breaks.
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_too_many_requests_of_one_address_are_refused_in_a_form_that_the_widget_reads(lone_proxy: Proxy) -> None:
    with lone_proxy.client(address="127.0.0.30") as client, lone_proxy.client(address="127.0.0.31") as other:
        assert all(client.get("/health/live").status_code == AWAY for _ in range(60))
        refused = next(
            answer for answer in (client.get("/health/live") for _ in range(2_000)) if answer.is_client_error
        )
        assert other.get("/health/live").status_code == AWAY
    assert refused.status_code == 429
    assert refused.json()["error"]["code"] == "too_many_requests"
    assert refused.headers["Retry-After"] == "5"
    assert refused.headers["Access-Control-Allow-Origin"] == "*"


def test_texts_for_everybody_from_one_address_are_not_too_many(lone_proxy: Proxy) -> None:
    with lone_proxy.client(address="127.0.0.32") as client:
        answers = [client.post("/webhooks/sms/webhook") for _ in range(150)]
    assert {answer.status_code for answer in answers} == {AWAY}


@pytest.mark.parametrize("path", ["/health/live", "/metrics"])
def test_browsers_are_told_to_use_tls_for_good(bot: httpx.Client, path: str) -> None:
    assert bot.get(path).headers["Strict-Transport-Security"] == "max-age=31536000"


def test_the_log_names_no_address_and_nothing_from_the_query(lone_proxy: Proxy) -> None:
    with lone_proxy.client(address="127.0.0.33") as client:
        client.get("/webhooks/web/demo?name=Zaphod", headers={"User-Agent": "Marvin", "Referer": "https://a.example/x"})
    written = lone_proxy.log_line_with("/webhooks/web/demo")
    log = lone_proxy.log.read_text(encoding="utf-8")
    assert (written["status"], written["path"]) == (AWAY, "/webhooks/web/demo")
    assert len(written["id"]) == 32
    for private in ("127.0.0.33", "Zaphod", "Marvin", "a.example"):
        assert private not in log

"""A channel that is added as docs/adding-a-channel.md says has what every channel has, since the turn is the same."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from clinic.settings import PROJECT_ROOT
from tests import loopback
from tests.channels.action_server import ActionServer
from tests.channels.bot_process import BotProcess

SECRET = "s" * 32


class BotWithEcho(BotProcess):
    """The bot with the echo channel beside its own."""

    program = "tests.channels.serve_with_echo"

    def post(self, text: str, message_id: str = "m1", sender: str = "anna", **changed: Any) -> httpx.Response:
        request = {"headers": {"Authorization": f"Bearer {SECRET}"}, **changed}
        body = {"id": message_id, "from": sender, "text": text}
        return loopback.post(f"{self.url}/webhooks/echo/messages", json=body, timeout=40, **request)


@pytest.fixture(scope="module")
def running_echo(
    model: Path, running_actions: ActionServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BotWithEcho]:
    folder = tmp_path_factory.mktemp("echo")
    credentials = folder / "credentials.yml"
    shipped = (PROJECT_ROOT / "credentials.yml").read_text(encoding="utf-8")
    credentials.write_text(f"{shipped}tests.channels.echo_channel.EchoChannel:\n  secret: {SECRET}\n", encoding="utf-8")
    bot = BotWithEcho(folder, model, running_actions.port, CREDENTIALS_WITH_ECHO=str(credentials))
    bot.start()
    yield bot
    assert bot.stop() == 0


@pytest.fixture
def echo(running_echo: BotWithEcho, actions: ActionServer) -> BotWithEcho:
    """With an action server that works until a test says otherwise."""
    return running_echo


def test_a_message_is_answered_from_the_facts(echo: BotWithEcho, actions: ActionServer) -> None:
    (text,) = echo.post("what are milia", sender="berta").json()["texts"]
    assert text.startswith("Milia are small white cysts")
    assert [call["tracker"]["sender_id"] for call in actions.calls] == ["echo-berta"]
    assert "Milia are small" not in echo.log_text()


def test_a_message_that_is_sent_again_is_one_turn_with_one_answer(echo: BotWithEcho, actions: ActionServer) -> None:
    first, again = (echo.post("what are milia", sender="carla").json() for _ in range(2))
    assert first == again
    assert len(actions.calls) == 1
    assert echo.post("something else", sender="carla").status_code == 409


def test_danger_is_answered_though_the_actions_fail(echo: BotWithEcho, actions: ActionServer) -> None:
    actions.mode = "fault"
    (text,) = echo.post("I cannot breathe", sender="dora").json()["texts"]
    assert "911" in text


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"headers": {}}, 401),
        ({"headers": {"Authorization": "Bearer wrong"}}, 401),
        ({"json": {"id": "m1", "from": "anna"}}, 400),
        ({"json": {"id": "m1", "from": "anna", "text": "a" * 2001}}, 400),
        ({"json": ["what are milia"]}, 400),
    ],
)
def test_whatever_is_not_as_agreed_reaches_no_turn(
    echo: BotWithEcho, actions: ActionServer, changed: dict[str, Any], status: int
) -> None:
    request: dict[str, Any] = {"headers": {"Authorization": f"Bearer {SECRET}"}, "json": {}, **changed}
    if "json" not in changed:
        request["json"] = {"id": "m1", "from": "anna", "text": "what are milia"}
    assert loopback.post(f"{echo.url}/webhooks/echo/messages", timeout=40, **request).status_code == status
    assert actions.calls == []


def test_its_turns_are_counted(echo: BotWithEcho) -> None:
    echo.post("what are milia", sender="emma")
    counted = loopback.get(f"{echo.url}/metrics", timeout=10).text
    assert 'milia_turns_total{channel="other",outcome="answered"}' in counted

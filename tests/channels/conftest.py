import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from clinic.settings import PROJECT_ROOT
from tests.channels.action_server import ActionServer
from tests.channels.bot_process import BotProcess, Visitor
from tests.ports import free_port


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "stub.tar.gz"
    command = [sys.executable, "-W", "ignore", "-m", "tests.channels.stub_model", str(path)]
    subprocess.run(command, cwd=PROJECT_ROOT, check=True, capture_output=True)
    assert path.is_file()
    return path


@pytest.fixture(scope="session")
def running_actions() -> Iterator[ActionServer]:
    server = ActionServer(free_port())
    server.start()
    yield server
    server.stop()


@pytest.fixture
def actions(running_actions: ActionServer) -> Iterator[ActionServer]:
    running_actions.mode = "ok"
    running_actions.calls.clear()
    yield running_actions
    running_actions.mode = "ok"


@pytest.fixture(scope="session")
def running_bot(
    model: Path, running_actions: ActionServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BotProcess]:
    folder = tmp_path_factory.mktemp("bot")
    bot = BotProcess(folder, model, running_actions.port, RATE_LIMITS="off", CLINIC_PHONE="312 555 0199")
    bot.start()
    yield bot
    assert bot.stop() == 0


@pytest.fixture
def bot(running_bot: BotProcess, actions: ActionServer) -> BotProcess:
    """The bot, with an action server that works until a test says otherwise."""
    return running_bot


@pytest.fixture
def visitor(bot: BotProcess) -> Visitor:
    return Visitor(bot)

"""Written dialogues, played through the real processes: see dialogues/README.md for the form of the files."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from evaluation.dialogues.moved_clock import MovableClock
from evaluation.dialogues.sms_visitor import SETTINGS
from evaluation.dialogues.stored_state import StoredState
from evaluation.instance import OwnInstance
from nlu.training import current_model
from tests.conversation.dialogue_file import Dialogue, read_dialogues
from tests.conversation.dialogue_player import DialoguePlayer, Scene
from tests.conversation.instance import SECONDS_TO_START, RunningInstance
from tests.encryption_keys import KEYS

pytestmark = [pytest.mark.live, pytest.mark.model]


@pytest.fixture(scope="module")
def scene_of_today(instance: RunningInstance) -> Scene:
    return Scene(instance.port, instance.url, StoredState(f"sqlite:///{instance.database}", KEYS))


@pytest.fixture(scope="module")
def scene_with_a_clock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """An instance that takes text messages, and whose clock is moved; it only goes forward, for all who follow."""
    folder: Path = tmp_path_factory.mktemp("moved")
    clock = MovableClock(folder / "clock")
    clock.set(0)
    runner = ("evaluation.dialogues.moved_clock", str(folder / "clock"))
    with OwnInstance(current_model(), folder, SETTINGS, runner) as instance:
        instance.wait_until_ready(SECONDS_TO_START)
        stored = StoredState(instance.database_url, instance.encryption_keys)
        yield Scene(instance.port, instance.address, stored, lambda seconds: clock.set(clock.seconds() + seconds))


@pytest.mark.parametrize("dialogue", read_dialogues(), ids=lambda dialogue: dialogue.name)
def test_dialogue(dialogue: Dialogue, request: pytest.FixtureRequest) -> None:
    own_clock = dialogue.moves_time or dialogue.channel == "sms"
    scene: Scene = request.getfixturevalue("scene_with_a_clock" if own_clock else "scene_of_today")
    player = DialoguePlayer(dialogue, scene)
    player.play()
    assert not player.problems, "\n".join(["", *player.problems, "", *player.transcript])

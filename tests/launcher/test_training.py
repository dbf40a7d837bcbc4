"""`make train` shows what it comes to; the rest of what a training says is in its log."""

import signal
import sys

from clinic.settings import PROJECT_ROOT
from tests.launcher.conftest import StartedInstance, stand_in, wait_until

NOISY = r"""
import sys
print('training the model ...')
sys.stderr.write('UserWarning: deprecated\n')
print('models/a.tar.gz')
"""


def test_what_a_training_warns_of_is_in_its_log_and_not_on_the_screen(instance: StartedInstance) -> None:
    instance.command, instance.programs["training"] = "train", [sys.executable, "-c", NOISY]
    assert instance.start().exit_code() == 0
    assert instance.shown().splitlines() == [
        "  Training: training the model ...",
        "  Training: models/a.tar.gz",
        "The model is current.",
    ]
    assert "UserWarning: deprecated" in (instance.var_dir / "logs" / "training.log").read_text(encoding="utf-8")


def test_a_training_that_fails_says_why_and_where_the_rest_is(instance: StartedInstance) -> None:
    failing = "import sys; sys.exit('the file data/nlu/a.yml is broken')"
    instance.command, instance.programs["training"] = "train", [sys.executable, "-c", failing]
    assert instance.start().exit_code() == 1
    (line,) = instance.shown().splitlines()
    assert "Training failed (exit code 1): the file data/nlu/a.yml is broken" in line
    assert str(instance.var_dir / "logs" / "training.log") in line


def test_a_wrong_setting_is_named_and_nothing_is_trained(instance: StartedInstance) -> None:
    instance.command, instance.settings["BOT_PORT"] = "train", "many"
    assert instance.start().exit_code() == 1
    assert "BOT_PORT" in instance.shown()
    assert not instance.processes()


def test_it_is_trained_with_what_reviewers_taught(instance: StartedInstance) -> None:
    taught = instance.var_dir / "teaching" / "in_force.yml"
    taught.parent.mkdir(parents=True)
    taught.touch()
    instance.command = "train"
    instance.programs["training"] = [sys.executable, "-c", "import sys; print(sys.argv[1:])"]
    assert instance.start().exit_code() == 0
    assert f"Training: {['--taught', str(taught)]}" in instance.shown()


def test_who_stops_it_leaves_no_process_behind(instance: StartedInstance) -> None:
    instance.command, instance.programs["training"] = "train", stand_in("--serve", "BOT_PORT")
    instance.start()
    wait_until(lambda: bool(instance.processes()), "the training began")
    instance.signal(signal.SIGINT)
    assert instance.exit_code() == 1
    assert "The training was ended" in instance.shown()
    wait_until(lambda: not instance.running(), "it ended")


def test_make_train_is_that_command() -> None:
    recipe = (PROJECT_ROOT / "Makefile").read_text(encoding="utf-8").partition("\ntrain:")[2].partition("\n\n")[0]
    assert "-m launcher train" in recipe

"""Rasa runs without the left-out packages: stand-ins alone are loaded in their place, and what needs one is refused."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from nlu.component_check import NEEDS_TENSORFLOW, ComponentNeedsTensorFlowError, refuse_tensorflow_components
from nlu.import_stand_ins import OTHER_CHANNELS, OTHER_STORES, STOOD_IN, TERMINAL_AND_PICTURES, is_installed

PROJECT = Path(__file__).resolve().parents[2]
REAL_ONES = """
import sys
from nlu.import_stand_ins import STOOD_IN, StandInModule
families = ("tensorflow", "keras", "jax")
print([name for name, module in sys.modules.items()
       if (name.split(".")[0].startswith(families) or name in STOOD_IN) and not isinstance(module, StandInModule)])
"""


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, cwd=PROJECT, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip().splitlines()[-1]


def test_no_command_of_rasa_imports_the_real_thing() -> None:
    commands = "rasa.__main__, rasa.cli.shell, rasa.cli.interactive, rasa.cli.test"
    parts = "rasa.core.agent, rasa.core.run, rasa.model_training, rasa.engine.recipes.default_recipe"
    assert run(f"import {commands}, {parts}\n{REAL_ONES}") == "[]"


def test_nothing_named_tensorflow_is_installed() -> None:
    assert not [name for name in ("tensorflow", "keras", "jax", "jaxlib") if is_installed(name)]


def test_none_of_the_left_out_packages_is_installed() -> None:
    assert not [
        name for name in OTHER_CHANNELS | OTHER_STORES | TERMINAL_AND_PICTURES if "." not in name and is_installed(name)
    ]


def test_a_library_that_probes_for_tensorflow_goes_on_finding_none() -> None:
    code = "import rasa.core.agent, thinc.compat; print(thinc.compat.has_tensorflow)"
    assert run(code) == "False"


def test_a_missing_module_that_rasa_does_not_need_stays_missing() -> None:
    code = "import importlib.util; print(importlib.util.find_spec('tensorflow_probability'))"
    assert "tensorflow_probability" not in STOOD_IN
    assert run(code) == "None"


def test_building_a_tensorflow_model_says_what_is_missing() -> None:
    code = """
from nlu.import_stand_ins import PackageLeftOutError
from rasa.nlu.classifiers.diet_classifier import DIET
try:
    DIET({}, {}, False, None)
except PackageLeftOutError as error:
    print(error)
"""
    assert "DIET needs keras" in run(code)


USES = {
    "from rasa.core.channels.telegram import TelegramOutput as use; use('token')": "aiogram",
    "from rasa.core.channels.slack import SlackBot as use; use('token')": "slack_sdk",
    "from rasa.core.channels.webexteams import WebexTeamsBot as use; use('token', 'room')": "webexteamssdk",
    "from rasa.core.tracker_store import DynamoTrackerStore as use; use(None)": "boto3",
    "import questionary; questionary.text('Your input').ask()": "questionary",
}


def test_what_needs_a_left_out_package_names_it_and_never_does_nothing_in_its_place() -> None:
    code = f"""
import json
from nlu.import_stand_ins import PackageLeftOutError
said = []
for use in {list(USES)}:
    try:
        exec(use)
    except PackageLeftOutError as error:
        said.append(str(error))
print(json.dumps(said))
"""
    said = json.loads(run(code))
    assert len(said) == len(USES)
    for line, package in zip(said, USES.values(), strict=True):
        assert f" needs {package}, which this environment does not have. See docs/left-out-packages.md." in line


def test_rasas_own_store_is_made_and_its_faults_pass_by_the_stand_ins() -> None:
    code = """
from rasa.core import tracker_store
from rasa.shared.core.domain import Domain
from rasa.shared.exceptions import ConnectionException
assert type(tracker_store.TrackerStore.create(None, Domain.empty())) is tracker_store.InMemoryTrackerStore

def away(*_arguments):
    raise ConnectionError("away")

tracker_store._create_from_endpoint_config = away
try:
    tracker_store.TrackerStore.create(None, Domain.empty())
except ConnectionException as error:
    print(error)
"""
    assert run(code) == "Cannot connect to tracker store.away"


def test_a_store_whose_library_is_left_out_does_not_start() -> None:
    code = """
from rasa.core.tracker_store import MongoTrackerStore
try:
    MongoTrackerStore(None)
except ModuleNotFoundError as error:
    print(error)
"""
    assert run(code) == "No module named 'pymongo.database'"


@pytest.mark.parametrize("component", sorted(NEEDS_TENSORFLOW))
def test_a_configured_component_that_needs_it_is_refused_by_name(tmp_path: Path, component: str) -> None:
    config = tmp_path / "config.yml"
    config.write_text(f"pipeline:\n- name: {component}\n  epochs: 1\npolicies:\n- name: RulePolicy\n")
    with pytest.raises(ComponentNeedsTensorFlowError, match=component):
        refuse_tensorflow_components(config)


def test_the_projects_own_configuration_is_accepted() -> None:
    refuse_tensorflow_components(PROJECT / "config.yml")

"""Rasa runs without TensorFlow, nothing is loaded under its name but stand-ins, and what needs it is refused."""

import subprocess
import sys
from pathlib import Path

import pytest

from nlu.component_check import NEEDS_TENSORFLOW, ComponentNeedsTensorFlowError, refuse_tensorflow_components
from nlu.tensorflow_stand_ins import STOOD_IN, is_installed

PROJECT = Path(__file__).resolve().parents[2]
REAL_ONES = """
import sys
from nlu.tensorflow_stand_ins import StandInModule
families = ("tensorflow", "keras", "jax")
print([name for name, module in sys.modules.items()
       if name.split(".")[0].startswith(families) and not isinstance(module, StandInModule)])
"""


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, cwd=PROJECT, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip().splitlines()[-1]


@pytest.mark.parametrize(
    "imports",
    ["rasa.core.agent", "rasa.model_training", "rasa.engine.recipes.default_recipe", "rasa.core.run", "rasa.__main__"],
)
def test_no_command_of_rasa_imports_the_real_thing(imports: str) -> None:
    assert run(f"import {imports}\n{REAL_ONES}") == "[]"


def test_nothing_named_tensorflow_is_installed() -> None:
    assert not [name for name in ("tensorflow", "keras", "jax", "jaxlib") if is_installed(name)]


def test_a_library_that_probes_for_tensorflow_goes_on_finding_none() -> None:
    code = "import rasa.core.agent, thinc.compat; print(thinc.compat.has_tensorflow)"
    assert run(code) == "False"


def test_a_missing_module_that_rasa_does_not_need_stays_missing() -> None:
    code = "import importlib.util; print(importlib.util.find_spec('tensorflow_probability'))"
    assert "tensorflow_probability" not in STOOD_IN
    assert run(code) == "None"


def test_building_a_tensorflow_model_says_what_is_missing() -> None:
    code = """
from nlu.tensorflow_stand_ins import TensorFlowNotInstalledError
from rasa.nlu.classifiers.diet_classifier import DIET
try:
    DIET({}, {}, False, None)
except TensorFlowNotInstalledError as error:
    print(error)
"""
    assert "DIET needs TensorFlow" in run(code)


@pytest.mark.parametrize("component", sorted(NEEDS_TENSORFLOW))
def test_a_configured_component_that_needs_it_is_refused_by_name(tmp_path: Path, component: str) -> None:
    config = tmp_path / "config.yml"
    config.write_text(f"pipeline:\n- name: {component}\n  epochs: 1\npolicies:\n- name: RulePolicy\n")
    with pytest.raises(ComponentNeedsTensorFlowError, match=component):
        refuse_tensorflow_components(config)


def test_the_projects_own_configuration_is_accepted() -> None:
    refuse_tensorflow_components(PROJECT / "config.yml")

"""The graph gives what Rasa's own runner gives, and its faults are raised as such."""

from pathlib import Path
from typing import Any

import pytest
from rasa.engine.exceptions import GraphComponentException
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage

from channels.graph_runner import SequentialGraphRunner


class Adds(GraphComponent):
    """Adds up what it is given."""

    @classmethod
    def create(cls, *_arguments: Any, **_keywords: Any) -> "Adds":
        return cls()

    def add(self, one: int, other: int) -> int:
        if one == other == 0:
            raise ValueError("nothing to add")
        return one + other


def node(needs: dict[str, str], is_target: bool = False) -> SchemaNode:
    return SchemaNode(needs=needs, uses=Adds, constructor_name="create", fn="add", config={}, is_target=is_target)


# Listed so that an order by name or by place would be wrong.
SCHEMA = GraphSchema(
    {
        "last": node({"one": "a_middle", "other": "z_first"}, is_target=True),
        "a_middle": node({"one": "z_first", "other": "given"}),
        "z_first": node({"one": "given", "other": "given"}),
        "aside": node({"one": "z_first", "other": "z_first"}),
    }
)


@pytest.fixture
def runners(tmp_path: Path) -> list[DaskGraphRunner]:
    context = ExecutionContext(graph_schema=SCHEMA, model_id="m")
    return [
        kind.create(SCHEMA, LocalModelStorage(tmp_path), context) for kind in (DaskGraphRunner, SequentialGraphRunner)
    ]


@pytest.mark.parametrize("targets", [None, ["last"], ["aside"], ["aside", "a_middle"]])
def test_it_gives_what_rasas_own_runner_gives(runners: list[DaskGraphRunner], targets: list[str] | None) -> None:
    theirs, ours = (runner.run({"given": 2}, targets) for runner in runners)
    assert ours == theirs
    assert runners[1].run({"given": 3}, targets) == runners[0].run({"given": 3}, targets)


def test_the_fault_of_a_component_is_raised(runners: list[DaskGraphRunner]) -> None:
    with pytest.raises(GraphComponentException):
        runners[1].run({"given": 0})

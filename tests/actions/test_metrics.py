"""Runs of actions are counted by names that the project has."""

import pytest
from prometheus_client import REGISTRY
from rasa_sdk.interfaces import ActionExecutionRejection

from actions.metrics import measured
from monitoring.exposition import render
from tests.monitoring.metric_table import foreign_values

KNOWN = {"action_answer"}


def runs(action: str, result: str) -> float:
    return REGISTRY.get_sample_value("milia_action_runs_total", {"action": action, "result": result}) or 0.0


async def test_a_run_is_counted_by_how_it_ended() -> None:
    before = {result: runs("action_answer", result) for result in ("done", "rejected", "failed")}
    async with measured("action_answer", KNOWN):
        pass
    with pytest.raises(ActionExecutionRejection):
        async with measured("action_answer", KNOWN):
            raise ActionExecutionRejection("action_answer")
    with pytest.raises(KeyError):
        async with measured("action_answer", KNOWN):
            raise KeyError("Zorblatt")
    assert {result: runs("action_answer", result) for result in before} == {
        result: count + 1 for result, count in before.items()
    }


@pytest.mark.parametrize("name", ["Zorblatt Quimby", None, "", 5, "action_answer "])
async def test_a_name_that_there_is_none_of_gets_into_no_label(name: object) -> None:
    before = runs("unknown", "done")
    async with measured(name, KNOWN):
        pass
    assert runs("unknown", "done") == before + 1
    assert foreign_values(render().decode()) == []

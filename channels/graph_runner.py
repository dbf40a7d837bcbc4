"""Running a model's graph: its components one after another, in an order that is found once.

Rasa runs it through dask, which plans the graph anew for every message and hands each component to an executor. It also
writes the whole conversation into a debug message before it asks whether anybody reads it.
"""

from typing import Any

from rasa.engine.graph import GraphNode, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner

Step = tuple[str, GraphNode, tuple[str, ...]]


class SequentialGraphRunner(DaskGraphRunner):
    """Does what its parent does, in this thread. Made by `create`, as Rasa's loader does."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self._plans: dict[tuple[str, ...], list[Step]] = {}

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """Run what the targets need; see the parent.

        Args:
            inputs: by name, what the graph is given from outside.
            targets: names of the components whose output is wanted; those of the graph when left out.

        Raises:
            rasa.engine.exceptions.GraphComponentException: a component failed.
        """
        wanted = tuple(targets or self._graph_schema.target_names)
        if wanted not in self._plans:
            self._plans[wanted] = self._plan(wanted)
        # A component takes and gives pairs of a name and an output; what nobody provides stays a bare name.
        done: dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}
        for name, node, needs in self._plans[wanted]:
            done[name] = node(*(done.get(need, need) for need in needs))
        return dict(done[name] for name in wanted)

    def _plan(self, wanted: tuple[str, ...]) -> list[Step]:
        schema = self._graph_schema.minimal_graph_schema(list(wanted))
        return [
            (name, self._instantiated_nodes[name], tuple(schema.nodes[name].needs.values()))
            for name in _in_order(schema)
        ]


def _in_order(schema: GraphSchema) -> list[str]:
    """The names of the components, each after those whose output it needs."""
    ordered: dict[str, None] = {}

    def visit(name: str) -> None:
        if name in ordered or name not in schema.nodes:
            return
        for need in schema.nodes[name].needs.values():
            visit(need)
        ordered[name] = None

    for name in schema.nodes:
        visit(name)
    return list(ordered)

"""What the tests of the forms' turns share: who is known already, and what a step says and leads to."""

from collections.abc import Callable
from dataclasses import replace

from actions.form_turn import Step
from actions.memory import Memory
from actions.turn import Turn

MakeTurn = Callable[..., Turn]
KNOWN = Memory(contact_name="Dana Fox", phone="+13125550142", request_key="key")
READ_BACK = replace(KNOWN, preferred_time="friday", asked="confirmation")


def responses(step: Step | None) -> list[str]:
    """The ids of what is said; nothing where there is no step."""
    return [reply.response for reply in step.replies] if step else []


def follow(step: Step) -> Memory:
    """The memory of the next turn."""
    return replace(step.memory, asked=step.asked)

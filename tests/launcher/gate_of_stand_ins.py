"""`python -m launcher gate` with other parts: they come as JSON, a list of commands for each name.

Parts whose names are given after it run beside the others.
"""

import json
import sys

from launcher.gate import run_gate
from launcher.gate_parts import Part

if __name__ == "__main__":
    catalogue = {
        name: Part("a stand-in", tuple(tuple(command) for command in commands), runs_beside=name in sys.argv[2:])
        for name, commands in json.loads(sys.argv[1]).items()
    }
    sys.exit(run_gate(tuple(catalogue), catalogue))

"""`python -m launcher run`, `python -m launcher train` and `python -m launcher gate [part ...]`."""

import argparse
import sys

from launcher.gate import run_gate
from launcher.gate_parts import PARTS
from launcher.running import run
from launcher.training import train


def main() -> int:
    """Run the command that was asked for and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m launcher", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="start the assistant and keep it alive")
    commands.add_parser("train", help="train the model when something changed, as a start does")
    gate = commands.add_parser("gate", help="check everything, or the parts named")
    gate.add_argument("parts", nargs="*", metavar="part", help=f"one or more of: {', '.join(PARTS)}")
    arguments = parser.parse_args()
    if arguments.command == "run":
        return run()
    if arguments.command == "train":
        return train()
    unknown = [part for part in arguments.parts if part not in PARTS]
    if unknown:
        parser.error(f"no such part: {', '.join(unknown)}; the parts are: {', '.join(PARTS)}")
    return run_gate(tuple(arguments.parts) or tuple(PARTS))


if __name__ == "__main__":
    sys.exit(main())

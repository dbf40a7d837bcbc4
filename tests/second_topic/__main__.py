"""`python -m tests.second_topic FOLDER`: lay the topic of docs/adding-a-topic.md beside a copy of the product."""

import argparse
import sys
from pathlib import Path

from clinic.settings import PROJECT_ROOT
from tests.second_topic.laid_beside import SECOND_TOPIC, lay_beside

ADDED = Path("data") / "facts" / "keratosis_pilaris.yml"


def main(arguments: list[str] | None = None) -> int:
    """Lay it beside; 1 where the folder is no copy, is the product itself, or has the topic already."""
    parser = argparse.ArgumentParser(prog="python -m tests.second_topic", description="Try a second topic in a copy.")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a copy of the product, as `git clone` makes it")
    folder: Path = parser.parse_args(arguments).folder.resolve()
    problem = _problem(folder)
    if problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    lay_beside(folder, SECOND_TOPIC)
    sys.stdout.write(f"The second topic is in {folder}; `git diff` there shows what was added.\n")
    return 0


def _problem(folder: Path) -> str:
    if folder == PROJECT_ROOT:
        return "That is the product itself: take a copy."
    if not (folder / "data" / "labels.yml").is_file():
        return f"{folder} is no copy of the product."
    return f"{folder} has the topic already." if (folder / ADDED).exists() else ""


if __name__ == "__main__":
    sys.exit(main())

"""A copy of the product in which a small second topic, or one more question on milia, is laid beside what is there."""

import shutil
from pathlib import Path

import yaml

from clinic.settings import PROJECT_ROOT

PARTS = (
    "actions",
    "channels",
    "clinic",
    "conversations",
    "data",
    "evaluation",
    "launcher",
    "monitoring",
    "nlu",
    "widget",
)
FILES = ("config.yml", "credentials.yml", "domain.yml", "endpoints.yml", "requirements.lock", ".env.example")
SECOND_TOPIC = Path(__file__).parent
ADDED_QUESTION = PROJECT_ROOT / "tests" / "added_question"
TRAINING_LINE = "    - "
LINES_OF_A_LABEL = 75


def copy_product(folder: Path) -> None:
    """Copy what the bot is made of: its programs find their data beside themselves."""
    for part in PARTS:
        shutil.copytree(PROJECT_ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    for file in FILES:
        shutil.copy(PROJECT_ROOT / file, folder / file)


def lay_beside(folder: Path, addition: Path) -> None:
    """Add a topic or a question as its page of the docs says: new files, entries in those there are, lines moved."""
    for path in sorted((addition / "data").rglob("*.yml")):
        place = folder / path.relative_to(addition)
        if place.exists():
            _insert(place, path.read_text(encoding="utf-8"))
        else:
            shutil.copy(path, place)
        if place.parent.name == "nlu":
            _move_lines(folder / "data" / "nlu", place)


def _insert(place: Path, added: str) -> None:
    """Put entries at the end of the section of the file that they name, such as `labels:`, or of the file itself."""
    lines = place.read_text(encoding="utf-8").rstrip("\n").split("\n")
    end = len(lines)
    for line in added.rstrip("\n").split("\n"):
        if line in lines and not line.startswith(" "):
            start = lines.index(line) + 1
            end = next((at for at in range(start, len(lines)) if not lines[at].startswith(" ")), len(lines))
        else:
            lines.insert(end, line)
            end += 1
    place.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _move_lines(folder: Path, moved_to: Path) -> None:
    """Lines that stood under another label, from before there was a better one, stand there no more."""
    own = {line for line in moved_to.read_text(encoding="utf-8").split("\n") if line.startswith(TRAINING_LINE)}
    for path in folder.glob("*.yml"):
        if path != moved_to:
            lines = path.read_text(encoding="utf-8").split("\n")
            path.write_text("\n".join(line for line in lines if line not in own), encoding="utf-8")


def leave_fewer_lines(folder: Path) -> None:
    """Keep some lines of each label, from all over its file, so that a model of the real kind is trained in seconds."""
    for path in (folder / "data" / "nlu").glob("*.yml"):
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
        content = "".join(_some_lines(entry) for entry in entries)
        path.write_text(f'version: "3.1"\nnlu:\n{content}', encoding="utf-8")


def _some_lines(entry: dict[str, str]) -> str:
    lines = entry["examples"].splitlines()
    kept = lines[:: max(1, len(lines) // LINES_OF_A_LABEL)]
    return f"- intent: {entry['intent']}\n  examples: |\n" + "".join(f"    {line}\n" for line in kept)

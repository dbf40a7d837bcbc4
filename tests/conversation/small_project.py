"""A project with a tenth of the training lines, so that a model of the real kind is trained in seconds, and its job.

`python -m tests.conversation.small_project FOLDER CANDIDATE` is the teaching job for the project in FOLDER.
"""

import json
import shutil
import sys
from pathlib import Path

import yaml

from clinic.database import make_engine
from clinic.settings import PROJECT_ROOT, load_settings
from conversations.taught_files import TaughtFiles
from conversations.teaching_job import work
from conversations.workshop import Programs, Workshop

LINES_OF_A_LABEL = 12
COMPARED = {
    "greet": "hello there",
    "thanks": "thanks a lot",
    "request_appointment": "I'd like to book an appointment",
    "safety/emergency": "I can't breathe and my throat is swelling",
    "safety/infection_or_injury": "it is red and pus comes out",
}


def make_small_project(folder: Path) -> None:
    """Copy what a model is made from, with the first lines of each label alone."""
    shutil.copytree(PROJECT_ROOT / "data" / "rules", folder / "data" / "rules")
    for name in ("domain.yml", "config.yml"):
        shutil.copy(PROJECT_ROOT / name, folder / name)
    (folder / "data" / "nlu").mkdir()
    for path in (PROJECT_ROOT / "data" / "nlu").glob("*.yml"):
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
        content = "".join(_first_lines(entry) for entry in entries)
        (folder / "data" / "nlu" / path.name).write_text(f'version: "3.1"\nnlu:\n{content}', encoding="utf-8")
    rows = [json.dumps({"text": text, "label": label}) + "\n" for label, text in COMPARED.items()]
    (folder / "messages.jsonl").write_text("".join(rows), encoding="utf-8")


def workshop_of(folder: Path, taught: Path) -> Workshop:
    """The real programs, for this project; the comparison takes its few messages."""
    messages = ("--messages", str(folder / "messages.jsonl"))
    job = (sys.executable, "-W", "ignore", "-m", __spec__.name, str(folder))
    usual = Programs()
    programs = Programs(usual.training, usual.check, (*usual.comparison, *messages), job)
    return Workshop(TaughtFiles(taught), folder, programs)


def _first_lines(entry: dict[str, str]) -> str:
    lines = entry["examples"].splitlines()[:LINES_OF_A_LABEL]
    return f"- intent: {entry['intent']}\n  examples: |\n" + "".join(f"    {line}\n" for line in lines)


if __name__ == "__main__":
    settings = load_settings()
    project = Path(sys.argv[1])
    work(make_engine(settings.database_url), sys.argv[2], workshop_of(project, settings.taught_in_force.parent))

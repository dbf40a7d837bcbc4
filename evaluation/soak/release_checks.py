"""What must hold of promotions, their files and the bots, whatever was killed while they were made."""

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from conversations.taught_files import IN_FORCE, TaughtFiles
from evaluation.soak.checks import Stored
from evaluation.soak.own_project import BASE, is_whole
from evaluation.soak.releases import PROMOTED, Releases

PUT_IN_FORCE = "promoted"
SECONDS_BETWEEN_LOOKS = 0.3
COLUMNS = ("id", "kind", "model", "taught", "model_before", "taught_before")


class ReleaseChecks:
    """Looks at the promotions of one instance, at the models of its project and at its taught lines."""

    def __init__(self, stored: Stored, project: Path, taught: Path, releases: Releases) -> None:
        """Prepare; `taught` is the folder of taught lines."""
        self._stored = stored
        self._models = project / "models"
        self._taught = taught
        self._releases = releases
        self._base = (project / BASE).read_bytes()
        self._whole: set[tuple[str, int, int]] = set()
        self.seen: set[str] = set()
        """What was wrong with the files at some moment."""

    async def watch(self) -> None:
        """Look at the files again and again, until cancelled: what is wrong for a moment is a problem from then on."""
        while True:
            with contextlib.suppress(SQLAlchemyError):  # its server was killed
                self.seen.update(await asyncio.to_thread(self._file_problems))
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)

    def problems(self) -> list[str]:
        """What is wrong at this moment, though anything may be under way, or was in the files since the last time."""
        rows = self._rows()
        return [
            *self._releases.done.problems,
            *history_problems(rows, self._releases),
            *bot_problems(rows, self._releases),
            *candidate_problems(self._stored),
            *sorted({*self.seen, *self._file_problems()}),
        ]

    def newest_model(self) -> str:
        """The model that is in force by the database."""
        rows = self._rows()
        return str(rows[-1].model) if rows else self._releases.first_model

    def problems_at_rest(self) -> list[str]:
        """What is wrong when nothing is under way and everything had its time."""
        newest = (self._rows() or [None])[-1]
        if newest is None:
            return []
        file = self._taught / IN_FORCE
        in_force = TaughtFiles.name_of(file.read_text(encoding="utf-8")) if file.is_file() else None
        problems = ["release: the lines in force are not those of the model in force"] * (in_force != newest.taught)
        return problems + self._taught_labels_problems(newest)

    def _rows(self) -> list[Any]:
        return sorted(self._stored.rows("promotions", *COLUMNS), key=lambda row: row.id)

    def _file_problems(self) -> list[str]:
        return self._model_problems() + self._line_problems()

    def _model_problems(self) -> list[str]:
        """The models in force and the one before it are there; every model is whole."""
        rows = self._rows()
        needed = {name for row in rows[-1:] for name in (row.model, row.model_before)}
        files = {path.name.removesuffix(".tar.gz"): path for path in self._models.glob("*.tar.gz")}
        problems = [f"release: a model that is needed is gone ({name})" for name in needed - files.keys()]
        return problems + [
            f"release: a model is not whole ({name})" for name, file in files.items() if self._torn(file)
        ]

    def _torn(self, file: Path) -> bool:
        try:
            status = file.stat()
            seen = (file.name, status.st_ino, status.st_mtime_ns)
            if seen not in self._whole and is_whole(file, self._base):
                self._whole.add(seen)
        except FileNotFoundError:  # an old model that was just deleted
            return False
        return seen not in self._whole

    def _line_problems(self) -> list[str]:
        """Files of lines are what their names say; those in force are of something that was in force."""
        names = {}
        for file in self._taught.glob("*.yml"):
            with contextlib.suppress(FileNotFoundError):  # nobody needs it any more
                names[file.stem] = TaughtFiles.name_of(file.read_text(encoding="utf-8"))
        in_force = names.pop(Path(IN_FORCE).stem, None)
        # Asked for after the file was read: the row is written first.
        known = {name for row in self._rows() for name in (row.taught, row.taught_before)} | {None}
        problems = ["release: the lines in force were never promoted"] * (in_force not in known)
        torn = [stem for stem, name in names.items() if stem != name]
        return problems + ["release: a file of taught lines is not whole"] * bool(torn)

    def _taught_labels_problems(self, newest: Any) -> list[str]:
        candidates = self._stored.rows("candidates", "taught", "labels", only={"taught": [newest.taught or ""]})
        lines = self._stored.rows("corrections", "id", "taught_label")
        taught = {row.id: row.taught_label for row in lines if row.taught_label}
        meant = json.loads(candidates[-1].labels) if candidates else {}
        return ["release: lines are called taught that the model in force has not learnt"] * (taught != meant)


def history_problems(rows: Sequence[Any], releases: Releases) -> list[str]:
    """Each promotion follows from the one before, and each release stands in the history once."""
    problems, standing, before = [], [], releases.first_model
    for number, row in enumerate(rows, start=1):
        if row.id != number:
            problems.append("release: the history has a gap")
        if row.model_before != before:
            problems.append("release: a promotion does not follow from the one before")
        if row.kind == PUT_IN_FORCE:
            standing.append(row)
        elif not standing or standing.pop().model_before != row.model:
            problems.append("release: a roll back did not bring back the model before")
        before = row.model
    promoted = Counter(row.model for row in rows if row.kind == PUT_IN_FORCE)
    problems += ["release: a model was promoted twice" for count in promoted.values() if count > 1]
    problems += [
        "release: called promoted and not in the history" for _ in set(releases.done.promoted) - promoted.keys()
    ]
    taken_back = len(rows) - sum(promoted.values())
    problems += ["release: called rolled back and not in the history"] * (taken_back < len(releases.done.rolled_back))
    return problems


def bot_problems(rows: Sequence[Any], releases: Releases) -> list[str]:
    """The bot never ran a model that was not promoted, and refused none."""
    promoted = {row.model for row in rows} | {releases.first_model}
    problems = [f"release: the bot ran what was never promoted ({name})" for name in releases.models_seen - promoted]
    return problems + [f"release: the bot refused a promoted model ({name})" for name in releases.refused_by_bot]


def candidate_problems(stored: Stored) -> list[str]:
    """Candidates that are called promoted without a promotion, or the other way round."""
    called = Counter(row.model for row in stored.rows("candidates", "model", "state") if row.state == PROMOTED)
    rows = stored.rows("promotions", "id", "kind", "model")
    known = {row.model for row in rows if row.kind == PUT_IN_FORCE}
    return ["release: a candidate is called promoted and never was"] * bool(called.keys() - known)

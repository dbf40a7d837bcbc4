"""The files of taught lines of one instance: one for each candidate, and a copy of the one in force.

`VAR_DIR/teaching/<digest>.yml` is named after its content: the first sixteen hexadecimal digits of its SHA-256, by
which a model's notes name it too (nlu/model_files.py). `in_force.yml` is what the launcher trains the current model
with, and `models_kept.txt` names the models that no training may delete.
"""

import hashlib
import os
import tempfile
from collections.abc import Collection
from pathlib import Path

DIGITS_OF_A_NAME = 16
IN_FORCE = "in_force.yml"
MODELS_KEPT = "models_kept.txt"
WRITING, WORKING = ".writing-", "work-"
"""What the names of files begin with that a killed process may leave."""


class TaughtFileMissingError(RuntimeError):
    """A file of taught lines is gone."""


class TaughtFiles:
    """The folder of one instance. All of its processes and machines must see the same one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def working_folder(self) -> "tempfile.TemporaryDirectory[str]":
        """A folder for files that quote lines, deleted in the end; the purge finds what a killed process leaves."""
        self._folder.mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryDirectory(dir=self._folder, prefix=WORKING)

    @property
    def in_force(self) -> Path | None:
        """The lines in force; None while nothing was taught."""
        path = self._folder / IN_FORCE
        return path if path.is_file() else None

    @property
    def models_kept(self) -> Path | None:
        """The names of models that stay, one a line; None while nothing was taught."""
        path = self._folder / MODELS_KEPT
        return path if path.is_file() else None

    def find(self, name: str | None) -> Path | None:
        """The file of a name; None for no lines.

        Raises:
            TaughtFileMissingError: it is gone.
        """
        if name is None:
            return None
        path = self._folder / f"{name}.yml"
        if not path.is_file():
            raise TaughtFileMissingError(f"the taught lines {name} are gone")
        return path

    @staticmethod
    def name_of(content: str) -> str:
        """The name of a file with this content."""
        return hashlib.sha256(content.encode("utf-8")).hexdigest()[:DIGITS_OF_A_NAME]

    def add(self, content: str) -> str:
        """Keep lines as a file of their own, and say its name."""
        name = self.name_of(content)
        self._write_changed(f"{name}.yml", content.encode("utf-8"))
        return name

    def put_in_force(self, name: str | None) -> None:
        """Make the lines of a name those in force, at once and as a whole; None for none.

        Raises:
            TaughtFileMissingError: they are gone; those in force stay.
        """
        path = self.find(name)
        if path is None:
            (self._folder / IN_FORCE).unlink(missing_ok=True)
        else:
            self._write_changed(IN_FORCE, path.read_bytes())

    def keep_models(self, names: Collection[str]) -> None:
        """Say which models no training may delete."""
        if not names and self.models_kept is None:
            return  # nothing was ever taught here
        self._write_changed(MODELS_KEPT, "".join(f"{name}\n" for name in sorted(names)).encode("ascii"))

    def remove_all_but(self, names: Collection[str]) -> None:
        """Delete the files of candidates whose lines nobody needs any more."""
        for path in self._folder.glob("*.yml"):
            if path.name != IN_FORCE and path.stem not in names:
                path.unlink(missing_ok=True)

    def _write_changed(self, name: str, content: bytes) -> None:
        path = self._folder / name
        if not path.is_file() or path.read_bytes() != content:
            self._write(name, content)

    def _write(self, name: str, content: bytes) -> None:
        """Write a file as a whole: a crash leaves the old one."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._folder, prefix=WRITING, delete=False) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(self._folder / name)

"""A project of a soak's own, so that what is taught and promoted in it touches nobody's models.

`python -m evaluation.soak.own_project FOLDER MODULE [ARGUMENT ...]` runs a module that makes and promotes candidates in
the project in FOLDER. Its training is a stand-in that takes seconds: the model that is at hand, with the lines beside
it. All around it is real: the job with its lease, the names, the files, the promotion, and the bots that load it.
"""

import gzip
import io
import runpy
import shutil
import sys
import tarfile
import time
import types
from pathlib import Path

from clinic.settings import Settings
from conversations.taught_files import TaughtFiles
from conversations.workshop import Programs, Workshop
from evaluation.places import PROJECT_ROOT
from nlu.model_files import current_model

TRAINED_AS = "rasa.model_training"
LINES_MEMBER = "soak-lines.yml"
BASE = "base.tar.gz"
PIECE = 2_000_000
# So that a kill finds a training in the middle: a model is some thirty megabytes.
SECONDS_PER_PIECE = 0.1


def make_project(folder: Path, model: Path) -> Path:
    """Make a project around a model, and say where its model is.

    Args:
        folder: of the project, not there yet.
        model: the archive that all of its models are made of.
    """
    (folder / "data" / "nlu").mkdir(parents=True)
    (folder / "models").mkdir()
    for name in ("domain.yml", "config.yml"):
        shutil.copy(PROJECT_ROOT / name, folder / name)
    lines = 'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - hello\n'
    (folder / "data" / "nlu" / "lines.yml").write_text(lines, encoding="utf-8")
    shutil.copy(model, folder / BASE)
    first = current_model(folder)
    shutil.copy(model, first)
    return first


def workshop_in(folder: Path, taught: Path) -> Workshop:
    """The workshop of that project; `taught` is the instance's folder of taught lines."""

    def program(*module: str) -> tuple[str, ...]:
        return (sys.executable, "-W", "ignore", "-m", "evaluation.soak.own_project", str(folder), *module)

    usual = Programs()
    comparison = program("evaluation.soak.no_comparison")
    programs = Programs(program("nlu.training"), usual.check, comparison, program("conversations.teaching_job"))
    return Workshop(TaughtFiles(taught), folder, programs)


def is_whole(archive: Path, base: bytes) -> bool:
    """Whether a model of such a project is what its training made, to the last byte."""
    content = archive.read_bytes()
    if content == base:
        return True
    if not content.endswith(base):
        return False
    try:
        with tarfile.open(fileobj=io.BytesIO(content)) as opened:
            return opened.next().name == LINES_MEMBER  # type: ignore[union-attr]
    except (tarfile.TarError, OSError, EOFError, AttributeError):
        return False


def _train_in_seconds(folder: Path) -> types.ModuleType:
    """Rasa's module of training with a `train` that packs a model."""

    def train(*, training_files: list[str], output: str, fixed_model_name: str, **_: object) -> object:
        model = Path(output) / f"{fixed_model_name}.tar.gz"
        base = (folder / BASE).read_bytes()
        with model.open("wb") as file:
            file.write(packed_lines(Path(training_files[0]).read_bytes()))
            for begin in range(0, len(base), PIECE):
                file.write(base[begin : begin + PIECE])
                file.flush()
                time.sleep(SECONDS_PER_PIECE)
        return types.SimpleNamespace(model=str(model), code=0)

    module = types.ModuleType(TRAINED_AS)
    module.train = train  # type: ignore[attr-defined]
    return module


def packed_lines(lines: bytes) -> bytes:
    """The beginning of an archive; archives are joined where none but the last has an end (gzip, RFC 1952, 2.2)."""
    member = tarfile.TarInfo(LINES_MEMBER)
    member.size = len(lines)
    padding = -len(lines) % tarfile.BLOCKSIZE
    return gzip.compress(member.tobuf(tarfile.GNU_FORMAT) + lines + b"\0" * padding, mtime=0)


def main(arguments: list[str]) -> None:
    """Run the module as `python -m` would, with the rest of the arguments."""
    folder, module, *rest = arguments

    def of(_cls: type[Workshop], settings: Settings) -> Workshop:
        return workshop_in(Path(folder), settings.taught_in_force.parent)

    Workshop.of = classmethod(of)  # type: ignore[assignment,method-assign]
    sys.modules[TRAINED_AS] = _train_in_seconds(Path(folder))
    sys.argv = [module, *rest]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1:])

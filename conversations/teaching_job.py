"""`python -m conversations.teaching_job CANDIDATE`: make one candidate, from its lines to its comparison.

The console starts it. It holds a lease on the candidate while it works, so that a second one leaves it alone and a
crash is noticed. What the programs it runs say is read and thrown away, since it may quote lines.
"""

import argparse
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import types
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.engine import Engine

from clinic.database import Waits, make_engine, transaction
from clinic.settings import PROJECT_ROOT, load_settings
from conversations.candidates import (
    COMPARING,
    LeaseLostError,
    NothingToTeachError,
    claim_candidate,
    fail_candidate,
    finish_candidate,
    renew_claim,
)
from conversations.correction_checks import LONGEST_REFUSAL, CheckError, read_result, write_question
from conversations.correction_states import refuse
from conversations.promoted_files import bring_files_up_to_date
from conversations.promotion_history import newest_promotion
from conversations.taught_files import TaughtFileMissingError, TaughtFiles
from conversations.taught_lines import TaughtLine, lines_to_teach
from conversations.teaching import Correction
from conversations.workshop import ProgramError, Workshop, model_of

SECONDS_BETWEEN_RENEWALS = 5.0
LONGEST_SECONDS = 1_800.0
NICENESS = 10
MISREAD = "Rasa would not read this line as it stands."
NOTHING_NEW = "There was nothing to train: the model in force has these lines already."

logger = logging.getLogger(__name__)


class StoppedError(BaseException):
    """The job was told to end; not an `Exception`, so that nothing takes it for a failure of the work."""


def main(arguments: list[str] | None = None) -> int:
    """Make the candidate.

    Returns:
        0 when there is nothing more to do for it, 1 when it was stopped.
    """
    parser = argparse.ArgumentParser(prog="python -m conversations.teaching_job", description="Make one candidate.")
    parser.add_argument("candidate", help="the candidate's id")
    candidate_id = parser.parse_args(arguments).candidate
    signal.signal(signal.SIGTERM, _stop)
    sys.excepthook = _say_without_texts
    os.nice(NICENESS)  # the visitors' turns go first
    settings = load_settings()
    engine = make_engine(settings.database_url, waits=Waits.LONG)
    try:
        work(engine, candidate_id, Workshop.of(settings))
    except StoppedError:
        return 1
    finally:
        engine.dispose()
    return 0


def work(engine: Engine, candidate_id: str, workshop: Workshop) -> None:
    """Claim the candidate and make it; what goes wrong is kept with it. Nothing is done when somebody else has it.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database does not answer.
    """
    if not claim_candidate(engine, candidate_id):
        return
    try:
        with workshop.files.working_folder() as folder:
            _Job(engine, candidate_id, workshop, Path(folder)).make()
    except LeaseLostError:
        logger.warning("a candidate was taken from its job")
    except NothingToTeachError:
        fail_candidate(engine, candidate_id, NOTHING_NEW)
    except (ProgramError, CheckError, TaughtFileMissingError) as error:
        fail_candidate(engine, candidate_id, f"It failed: {error}.")
    except OSError as error:
        fail_candidate(engine, candidate_id, f"It failed: {error.strerror or type(error).__name__}.")


class _Job:
    """The steps of making one candidate. `folder` is for files that nobody else sees."""

    def __init__(self, engine: Engine, candidate_id: str, workshop: Workshop, folder: Path) -> None:
        self._engine = engine
        self._candidate_id = candidate_id
        self._workshop = workshop
        self._folder = folder

    def make(self) -> None:
        """All of it."""
        lines = self._lines()
        before, taught = self._written(lines)
        self._require_model(before)
        model = self._trained(taught)
        renew_claim(self._engine, self._candidate_id, state=COMPARING, model=model)
        comparison = self._compared(before, model, lines)
        finish_candidate(self._engine, self._candidate_id, comparison)
        bring_files_up_to_date(self._engine, self._workshop)

    def _lines(self) -> list[TaughtLine]:
        """The lines to train with, without those that may not be."""
        with transaction(self._engine) as session:
            lines = lines_to_teach(session)
        refusals = self._refusals(lines)
        # Only now, since it takes seconds and loads Rasa.
        from conversations.taught_yaml import misread_lines  # noqa: PLC0415

        lines = [line for line in lines if line.correction_id not in refusals]
        refusals |= {line.correction_id: MISREAD for line in misread_lines(lines)}
        self._refuse(refusals)
        return [line for line in lines if line.correction_id not in refusals]

    def _refusals(self, lines: Sequence[TaughtLine]) -> dict[str, str]:
        """What was fine when it was released may not be so any more, after an upgrade of the project's own lines."""
        question, answer = self._folder / "question.jsonl", self._folder / "answer.json"
        write_question(question, lines)
        self._run("the check of the lines", (*self._workshop.programs.check, str(question), "--output", str(answer)))
        verdicts = read_result(answer).verdicts
        return {correction_id: each.refusal for correction_id, each in verdicts.items() if each.refusal}

    def _refuse(self, refusals: dict[str, str]) -> None:
        with transaction(self._engine) as session:
            for correction_id, reason in refusals.items():
                correction = session.get(Correction, correction_id)
                if correction is not None:
                    refuse(session, correction, reason[:LONGEST_REFUSAL])

    def _written(self, lines: Sequence[TaughtLine]) -> tuple[str, Path | None]:
        """Write the lines; the name of the model in force, and the file."""
        from conversations.taught_yaml import write_lines  # noqa: PLC0415

        files = self._workshop.files
        before = self._workshop.model_name(files.in_force)
        content = write_lines(lines)
        name = TaughtFiles.name_of(content) if content else None
        labels = json.dumps({line.correction_id: line.label for line in lines})
        # The row first: a file that no row names is taken for one that nobody needs.
        renew_claim(self._engine, self._candidate_id, model_before=before, taught=name, lines=len(lines), labels=labels)
        taught = files.find(files.add(content)) if content else None
        in_force = newest_promotion(self._engine)
        # After an erasure the file in force lacks lines that the model in force was made from.
        is_running = in_force is None or in_force.model == before
        if is_running and self._workshop.model_name(taught) == before:
            raise NothingToTeachError
        bring_files_up_to_date(self._engine, self._workshop)
        return before, taught

    def _require_model(self, before: str) -> None:
        """The model in force is there on every machine that runs a bot; elsewhere it is trained first."""
        if not self._workshop.archive(before).is_file():
            self._trained(self._workshop.files.in_force)

    def _trained(self, taught: Path | None) -> str:
        kept = self._workshop.files.models_kept
        options = ("--keep", str(kept)) if kept else ()
        model = model_of(self._run("the training", self._workshop.training_command(taught, *options)))
        if not self._workshop.archive(model).is_file():
            raise ProgramError("the training left no model")
        return model

    def _compared(self, before: str, model: str, lines: Sequence[TaughtLine]) -> dict[str, object]:
        taught, output = self._folder / "taught.jsonl", self._folder / "comparison.json"
        write_question(taught, lines)
        models = [str(self._workshop.archive(name)) for name in (before, model)]
        options = ("--taught", str(taught), "--output", str(output))
        self._run("the comparison", (*self._workshop.programs.comparison, *models, *options))
        try:
            return dict(json.loads(output.read_text(encoding="utf-8")))
        except ValueError as error:
            raise ProgramError("the comparison's result cannot be read") from error

    def _run(self, title: str, command: Sequence[str]) -> str:
        """Run a program to its end, keeping the lease; what it said on its output."""
        deadline = time.monotonic() + LONGEST_SECONDS
        with tempfile.TemporaryFile(dir=self._folder) as output:
            process = subprocess.Popen(
                command, cwd=PROJECT_ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.DEVNULL
            )
            try:
                while not _ended(process):
                    renew_claim(self._engine, self._candidate_id)
                    if time.monotonic() > deadline:
                        raise ProgramError(f"{title} did not end within {LONGEST_SECONDS / 60:.0f} minutes")
            finally:
                process.kill()
                process.wait()
            if process.returncode != 0:
                raise ProgramError(f"{title} ended with {_ending(process.returncode)}")
            output.seek(0)
            return output.read().decode("utf-8", errors="replace")


def _ended(process: "subprocess.Popen[bytes]") -> bool:
    try:
        process.wait(SECONDS_BETWEEN_RENEWALS)
    except subprocess.TimeoutExpired:
        return False
    return True


def _ending(exit_code: int) -> str:
    if exit_code == -signal.SIGKILL:
        return "signal 9, often for want of memory"
    return f"exit code {exit_code}" if exit_code >= 0 else f"signal {-exit_code}"


def _stop(_number: int, _frame: types.FrameType | None) -> None:
    raise StoppedError


def _say_without_texts(kind: type[BaseException], _error: BaseException, place: types.TracebackType | None) -> None:
    """A crash's kind and place, for the console's log; its message may quote a line."""
    frames = traceback.extract_tb(place, limit=-8)
    where = "".join(f"\n  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
    sys.stderr.write(f"the teaching job crashed: {kind.__name__}{where}\n")


if __name__ == "__main__":
    sys.exit(main())

"""What the console's process does for teaching besides its pages: checks of proposals, and the start of queued jobs.

Any number of consoles may run it at once: a candidate is claimed by its job, and a check gives the same twice.
"""

import logging
import subprocess
import threading
from pathlib import Path

from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from clinic.settings import PROJECT_ROOT
from conversations.candidates import CUT_SHORT, fail_abandoned, fail_candidate, next_queued
from conversations.correction_checks import (
    CheckError,
    corrections_to_check,
    keep_verdicts,
    lines_beside,
    read_result,
    write_question,
)
from conversations.promoted_files import bring_files_up_to_date
from conversations.taught_files import TaughtFileMissingError
from conversations.workshop import Workshop

SECONDS_BETWEEN_LOOKS = 2.0
SECONDS_AFTER_TROUBLE = 30.0
LOOKS_BETWEEN_FILES = 15
SECONDS_TO_CHECK = 120.0
SECONDS_TO_END = 8.0

logger = logging.getLogger(__name__)


class TeachingWatch:
    """Looks again and again for something to do; `has_trouble` says whether the last look failed."""

    def __init__(self, engine: Engine, workshop: Workshop) -> None:
        self.has_trouble = False
        self._engine = engine
        self._workshop = workshop
        self._looks = 0
        self._job: subprocess.Popen[bytes] | None = None
        self._candidate_id = ""

    def run(self, stop: threading.Event) -> None:
        """Look until the event is set; a job that runs then is ended."""
        try:
            while not stop.wait(SECONDS_AFTER_TROUBLE if self.has_trouble else SECONDS_BETWEEN_LOOKS):
                self._look_and_outlive_trouble()
        finally:
            self.end_job()

    def look(self) -> None:
        """Do once what there is to do.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database does not answer.
            CheckError: the check of proposals failed.
            TaughtFileMissingError: the lines in force are gone.
            OSError: a file cannot be written, or a program not be started.
        """
        self._notice_end()
        fail_abandoned(self._engine)
        if self._looks % LOOKS_BETWEEN_FILES == 0:
            bring_files_up_to_date(self._engine, self._workshop)
        self._looks += 1
        self._start_job()
        self._check_proposals()

    def end_job(self) -> None:
        """End the job that runs, if any.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: it has ended, but its candidate does not say so yet.
        """
        if self._job is None:
            return
        self._job.terminate()
        try:
            self._job.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._job.kill()
            self._job.wait()
        self._job = None
        fail_candidate(self._engine, self._candidate_id, CUT_SHORT)

    def _look_and_outlive_trouble(self) -> None:
        try:
            self.look()
        except (SQLAlchemyError, CheckError, TaughtFileMissingError, OSError) as error:
            self.has_trouble = True
            logger.error("teaching has trouble: %s", type(error).__name__)
        else:
            self.has_trouble = False

    def _notice_end(self) -> None:
        if self._job is None:
            return
        exit_code = self._job.poll()
        if exit_code is None:
            return
        self._job = None
        if exit_code != 0:
            logger.error("a teaching job ended with exit code %s", exit_code)
            fail_candidate(self._engine, self._candidate_id, f"It ended unexpectedly (exit code {exit_code}).")

    def _start_job(self) -> None:
        if self._job is not None:
            return
        candidate_id = next_queued(self._engine)
        if candidate_id is None:
            return
        self._candidate_id = candidate_id
        command = (*self._workshop.programs.job, candidate_id)
        self._job = subprocess.Popen(command, cwd=PROJECT_ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    def _check_proposals(self) -> None:
        asked = corrections_to_check(self._engine)
        if not asked:
            return
        with self._workshop.files.working_folder() as folder:
            question, answer = Path(folder) / "question.jsonl", Path(folder) / "answer.json"
            write_question(question, asked, lines_beside(self._engine))
            self._run_check((*self._workshop.programs.check, str(question), "--output", str(answer)))
            keep_verdicts(self._engine, asked, read_result(answer).verdicts)

    def _run_check(self, command: tuple[str, ...]) -> None:
        """Run the check; what it says is thrown away, since it may quote lines."""
        try:
            done = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, timeout=SECONDS_TO_CHECK, check=False)
        except subprocess.TimeoutExpired as error:
            raise CheckError("the check did not end in time") from error
        if done.returncode != 0:
            raise CheckError(f"the check ended with exit code {done.returncode}")

"""From released corrections to a candidate in force, and back: the job, the promotion and the files, with stand-ins."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete
from sqlalchemy.engine import Engine

from clinic.database import transaction
from clinic.settings import PROJECT_ROOT
from conversations import teaching_job
from conversations.candidates import (
    CUT_SHORT,
    FAILED,
    PROMOTED,
    READY,
    SET_ASIDE,
    TRAINING,
    CandidateChangedError,
    claim_candidate,
    fail_candidate,
    find_candidate,
    request_candidate,
)
from conversations.corrections import PROPOSED, REFUSED, REJECTED, RELEASED, TAUGHT, propose, take_back
from conversations.promoted_files import bring_files_up_to_date
from conversations.promotion_history import newest_promotion, promotion_in_force
from conversations.promotions import (
    CONTENT_CHANGED,
    LINES_CHANGED,
    MODEL_GONE,
    OLDER_CONTENT,
    OLDER_LINES_GONE,
    NothingToRollBackError,
    PromotionRefusedError,
    promote,
    roll_back,
)
from conversations.teaching import Candidate, Correction
from conversations.teaching_job import work
from conversations.teaching_watch import TeachingWatch
from conversations.workshop import ProgramError, Workshop
from tests.conversations.small_workshop import REFUSED_WORD, runs, small_workshop, write
from tests.conversations.taught_turns import ANYA, BORIS, find, proposed, released, said


@pytest.fixture
def engine(sqlite_engine: Engine) -> Engine:
    """What differs between databases is in the tests of candidates and corrections."""
    return sqlite_engine


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return small_workshop(tmp_path)


def make(engine: Engine, workshop: Workshop) -> Candidate:
    candidate_id = request_candidate(engine, ANYA)
    work(engine, candidate_id, workshop)
    return find_candidate(engine, candidate_id)


def make_and_promote(engine: Engine, workshop: Workshop) -> Candidate:
    candidate = make(engine, workshop)
    promote(engine, candidate.id, BORIS, workshop)
    return find_candidate(engine, candidate.id)


def in_force(workshop: Workshop) -> str:
    path = workshop.files.in_force
    return path.read_text() if path else ""


def kept_models(workshop: Workshop) -> set[str]:
    path = workshop.files.models_kept
    return set(path.read_text().split()) if path else set()


def teaching_files(workshop: Workshop) -> set[str]:
    return {path.name for path in (workshop.project.parent / "teaching").iterdir()}


def test_a_candidate_is_trained_with_what_was_released_and_compared(engine: Engine, workshop: Workshop) -> None:
    correction = released(engine, "why me")
    proposed(engine, "not yet released")
    before = workshop.model_name(None)
    candidate = make(engine, workshop)
    assert (candidate.state, candidate.error, candidate.lines) == (READY, None, 1)
    assert json.loads(candidate.labels) == {correction.id: "faq/causes"}
    assert candidate.model_before == before
    assert candidate.model == workshop.model_name(workshop.files.find(candidate.taught))
    compared = json.loads(candidate.comparison)
    assert (compared["before"], compared["after"]) == (f"{before}.tar.gz", f"{candidate.model}.tar.gz")
    assert "- why me\n" in workshop.files.find(candidate.taught).read_text()
    assert in_force(workshop) == ""
    assert {before, candidate.model} <= kept_models(workshop)
    assert runs(workshop) == ["check", "training", "training", "comparison"]


def test_lines_that_may_not_be_trained_with_are_refused_by_the_job(engine: Engine, workshop: Workshop) -> None:
    fine, forbidden = released(engine, "why me"), released(engine, f"a {REFUSED_WORD} line")
    candidate = make(engine, workshop)
    assert json.loads(candidate.labels) == {fine.id: "faq/causes"}
    assert (find(engine, forbidden.id).state, find(engine, forbidden.id).refusal) == (REFUSED, "Not this one.")


def test_a_line_that_rasa_would_read_otherwise_is_refused(
    engine: Engine, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    fine, hostile = released(engine, "why me"), released(engine, "call [x](phone) now")
    monkeypatch.setattr("conversations.taught_lines.taught_line", lambda text: text)
    candidate = make(engine, workshop)
    assert json.loads(candidate.labels) == {fine.id: "faq/causes"}
    assert find(engine, hostile.id).refusal == teaching_job.MISREAD
    assert "phone" not in workshop.files.find(candidate.taught).read_text()


@pytest.mark.parametrize("program", ["check", "training", "comparison"])
def test_a_program_that_fails_fails_the_candidate_and_changes_nothing(
    engine: Engine, workshop: Workshop, program: str
) -> None:
    correction = released(engine, "why me")
    write(workshop.project, f"{program}-trouble", "fail")
    candidate = make(engine, workshop)
    assert candidate.state == FAILED
    assert candidate.error.startswith("It failed: the ") and "exit code 7" in candidate.error
    assert find(engine, correction.id).state == RELEASED
    assert newest_promotion(engine) is None
    with pytest.raises(CandidateChangedError):
        promote(engine, candidate.id, BORIS, workshop)


def test_two_jobs_for_one_candidate_work_on_it_once(engine: Engine, workshop: Workshop) -> None:
    released(engine, "why me")
    candidate_id = request_candidate(engine, ANYA)
    assert claim_candidate(engine, candidate_id)
    work(engine, candidate_id, workshop)
    assert runs(workshop) == []
    assert find_candidate(engine, candidate_id).state == TRAINING


def test_a_job_whose_candidate_is_taken_away_ends_its_program(
    engine: Engine, workshop: Workshop, monkeypatch: pytest.MonkeyPatch, wait_for: Callable[..., None]
) -> None:
    monkeypatch.setattr(teaching_job, "SECONDS_BETWEEN_RENEWALS", 0.05)
    released(engine, "why me")
    write(workshop.project, "training-trouble", "hang")
    candidate_id = request_candidate(engine, ANYA)
    job = threading.Thread(target=work, args=(engine, candidate_id, workshop))
    job.start()
    wait_for((workshop.project / "hangs").exists)
    fail_candidate(engine, candidate_id, "Taken away.")
    job.join(30)
    assert not job.is_alive()
    assert find_candidate(engine, candidate_id).error == "Taken away."


def test_a_program_that_hangs_is_given_up(engine: Engine, workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teaching_job, "SECONDS_BETWEEN_RENEWALS", 0.05)
    monkeypatch.setattr(teaching_job, "LONGEST_SECONDS", 0.5)
    released(engine, "why me")
    write(workshop.project, "training-trouble", "hang")
    assert "the training did not end within" in make(engine, workshop).error


def test_promotion_puts_the_lines_in_force(engine: Engine, workshop: Workshop) -> None:
    correction = released(engine, "why me")
    candidate = make_and_promote(engine, workshop)
    promotion = newest_promotion(engine)
    assert promotion is not None
    assert (promotion.model, promotion.model_before) == (candidate.model, workshop.model_name(None))
    assert (promotion.taught, promotion.taught_before, promotion.promoted_by) == (candidate.taught, None, BORIS)
    assert "- why me\n" in in_force(workshop)
    assert workshop.model_name(workshop.files.in_force) == candidate.model
    assert (candidate.state, find(engine, correction.id).state) == (PROMOTED, TAUGHT)
    assert find(engine, correction.id).taught_label == "faq/causes"


def test_a_second_candidate_has_the_lines_of_the_first(engine: Engine, workshop: Workshop) -> None:
    released(engine, "why me")
    first = make_and_promote(engine, workshop)
    released(engine, "hello out there", "greet")
    second = make_and_promote(engine, workshop)
    assert "- why me\n" in in_force(workshop) and "- hello out there\n" in in_force(workshop)
    assert second.model_before == first.model
    assert kept_models(workshop) == {first.model, second.model}


def test_a_promotion_that_the_comparison_refuses_is_refused(engine: Engine, workshop: Workshop) -> None:
    write(workshop.project, "refusals", "One about danger is missed.\nMuch is worse.")
    released(engine, "why me")
    candidate = make(engine, workshop)
    with pytest.raises(PromotionRefusedError, match=r"^One about danger is missed\. Much is worse\.$"):
        promote(engine, candidate.id, BORIS, workshop)
    assert (find_candidate(engine, candidate.id).state, in_force(workshop)) == (READY, "")


def upgraded(_engine: Engine, workshop: Workshop, _candidate: Candidate) -> None:
    write(workshop.project, "content", "two")


def model_deleted(_engine: Engine, workshop: Workshop, candidate: Candidate) -> None:
    workshop.archive(candidate.model).unlink()


def line_taken_back(engine: Engine, _workshop: Workshop, candidate: Candidate) -> None:
    correction = find(engine, next(iter(json.loads(candidate.labels))))
    take_back(engine, correction.id, correction.version, ANYA)


def line_relabelled(engine: Engine, _workshop: Workshop, _candidate: Candidate) -> None:
    propose(engine, said(engine, "why me"), "greet", ANYA)


def line_erased(engine: Engine, _workshop: Workshop, _candidate: Candidate) -> None:
    with transaction(engine) as session:
        session.execute(delete(Correction))


def file_deleted(_engine: Engine, workshop: Workshop, candidate: Candidate) -> None:
    workshop.files.find(candidate.taught).unlink()


@pytest.mark.parametrize(
    ("meanwhile", "reason"),
    [
        (upgraded, CONTENT_CHANGED),
        (model_deleted, MODEL_GONE),
        (line_taken_back, LINES_CHANGED),
        (line_relabelled, LINES_CHANGED),
        (line_erased, LINES_CHANGED),
        (file_deleted, LINES_CHANGED),
    ],
)
def test_what_is_not_what_was_compared_is_not_promoted(
    engine: Engine, workshop: Workshop, meanwhile: Callable[[Engine, Workshop, Candidate], None], reason: str
) -> None:
    released(engine, "why me")
    candidate = make(engine, workshop)
    meanwhile(engine, workshop, candidate)
    with pytest.raises(PromotionRefusedError) as refused:
        promote(engine, candidate.id, BORIS, workshop)
    assert str(refused.value) == reason
    assert find_candidate(engine, candidate.id).state == READY
    assert (newest_promotion(engine), in_force(workshop)) == (None, "")


def test_what_was_released_since_the_training_waits_for_the_next_candidate(engine: Engine, workshop: Workshop) -> None:
    released(engine, "why me")
    candidate = make(engine, workshop)
    later = released(engine, "hello out there", "greet")
    promote(engine, candidate.id, BORIS, workshop)
    assert find(engine, later.id).state == RELEASED
    assert "hello out there" not in in_force(workshop)


def test_rolling_back_brings_the_model_before_back(engine: Engine, workshop: Workshop) -> None:
    correction = released(engine, "why me")
    candidate = make_and_promote(engine, workshop)
    promotion = promotion_in_force(engine)
    roll_back(engine, promotion.id, ANYA, workshop)
    newest = newest_promotion(engine)
    assert (newest.kind, newest.model, newest.taught) == ("rolled_back", candidate.model_before, None)
    assert in_force(workshop) == ""
    assert find_candidate(engine, candidate.id).state == SET_ASIDE
    assert (find(engine, correction.id).state, find(engine, correction.id).taught_label) == (RELEASED, None)
    with pytest.raises(NothingToRollBackError):
        roll_back(engine, newest.id, ANYA, workshop)


def test_each_promotion_can_be_rolled_back_in_turn(engine: Engine, workshop: Workshop) -> None:
    first_line = released(engine, "why me")
    first = make_and_promote(engine, workshop)
    second_line = released(engine, "hello out there", "greet")
    make_and_promote(engine, workshop)
    roll_back(engine, promotion_in_force(engine).id, ANYA, workshop)
    assert newest_promotion(engine).model == first.model
    assert "why me" in in_force(workshop) and "hello" not in in_force(workshop)
    assert (find(engine, first_line.id).state, find(engine, second_line.id).state) == (TAUGHT, RELEASED)
    roll_back(engine, promotion_in_force(engine).id, ANYA, workshop)
    assert (newest_promotion(engine).model, in_force(workshop)) == (first.model_before, "")
    # The lines are still released, so the same candidate can be made again.
    assert make_and_promote(engine, workshop).lines == 2


def test_a_new_label_rolls_back_to_the_old_one(engine: Engine, workshop: Workshop) -> None:
    correction = released(engine, "why me")
    make_and_promote(engine, workshop)
    released(engine, "why me", "greet")
    make_and_promote(engine, workshop)
    assert find(engine, correction.id).taught_label == "greet"
    roll_back(engine, promotion_in_force(engine).id, ANYA, workshop)
    kept = find(engine, correction.id)
    assert (kept.state, kept.label, kept.taught_label) == (RELEASED, "greet", "faq/causes")


def test_taking_back_every_line_gives_the_projects_own_model(engine: Engine, workshop: Workshop) -> None:
    correction = released(engine, "why me")
    make_and_promote(engine, workshop)
    kept = find(engine, correction.id)
    take_back(engine, kept.id, kept.version, BORIS)
    candidate = make_and_promote(engine, workshop)
    assert (candidate.lines, candidate.taught, candidate.model) == (0, None, workshop.model_name(None))
    assert in_force(workshop) == ""
    assert (find(engine, correction.id).state, find(engine, correction.id).taught_label) == (REJECTED, None)


def test_an_old_model_is_not_rolled_back_to_after_an_upgrade(engine: Engine, workshop: Workshop) -> None:
    released(engine, "why me")
    make_and_promote(engine, workshop)
    write(workshop.project, "content", "two")
    with pytest.raises(PromotionRefusedError) as refused:
        roll_back(engine, promotion_in_force(engine).id, ANYA, workshop)
    assert str(refused.value) == OLDER_CONTENT


def test_after_an_upgrade_the_taught_lines_are_still_in_force(engine: Engine, workshop: Workshop) -> None:
    released(engine, "why me")
    make_and_promote(engine, workshop)
    write(workshop.project, "content", "two")
    current = workshop.model_name(workshop.files.in_force)
    released(engine, "hello out there", "greet")
    candidate = make(engine, workshop)
    assert (candidate.state, candidate.model_before) == (READY, current)
    assert workshop.archive(current).is_file()  # it was trained first, since nothing had trained it
    assert promote(engine, candidate.id, BORIS, workshop).model_before == current


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_what_was_promoted_is_rolled_back_on_every_database(
    request: pytest.FixtureRequest, workshop: Workshop, database: str
) -> None:
    engine: Engine = request.getfixturevalue(f"{database}_engine")
    correction = released(engine, "why me")
    candidate = make_and_promote(engine, workshop)
    assert (newest_promotion(engine).model, find(engine, correction.id).state) == (candidate.model, TAUGHT)
    roll_back(engine, promotion_in_force(engine).id, ANYA, workshop)
    assert newest_promotion(engine).model == candidate.model_before
    assert find(engine, correction.id).state == RELEASED


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_two_promotions_at_once_are_one(request: pytest.FixtureRequest, workshop: Workshop, database: str) -> None:
    engine: Engine = request.getfixturevalue(f"{database}_engine")
    released(engine, "why me")
    candidate = make(engine, workshop)
    outcomes: list[str] = []

    def run(by: str) -> None:
        try:
            outcomes.append(promote(engine, candidate.id, by, workshop).promoted_by)
        except (CandidateChangedError, PromotionRefusedError):
            outcomes.append("refused")

    threads = [threading.Thread(target=run, args=(name,)) for name in (ANYA, BORIS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("refused") == 1
    assert newest_promotion(engine).id == 1


def test_rolling_back_what_is_no_longer_in_force_is_refused(engine: Engine, workshop: Workshop) -> None:
    released(engine, "why me")
    make_and_promote(engine, workshop)
    seen = promotion_in_force(engine).id
    released(engine, "hello out there", "greet")
    make_and_promote(engine, workshop)
    with pytest.raises(CandidateChangedError):
        roll_back(engine, seen, ANYA, workshop)


def test_lines_that_were_erased_do_not_come_back(engine: Engine, workshop: Workshop) -> None:
    correction = released(engine, "why me")
    first = make_and_promote(engine, workshop)
    kept = find(engine, correction.id)
    take_back(engine, kept.id, kept.version, BORIS)
    make_and_promote(engine, workshop)
    assert f"{first.taught}.yml" in teaching_files(workshop)
    line_erased(engine, workshop, first)
    bring_files_up_to_date(engine, workshop)
    assert teaching_files(workshop) == {"models_kept.txt"}
    with pytest.raises(PromotionRefusedError) as refused:
        roll_back(engine, promotion_in_force(engine).id, ANYA, workshop)
    assert str(refused.value) == OLDER_LINES_GONE


def test_a_candidate_with_an_erased_line_is_set_aside(engine: Engine, workshop: Workshop) -> None:
    released(engine, "why me")
    candidate = make(engine, workshop)
    line_erased(engine, workshop, candidate)
    bring_files_up_to_date(engine, workshop)
    assert find_candidate(engine, candidate.id).state == SET_ASIDE
    assert teaching_files(workshop) == {"models_kept.txt"}
    assert kept_models(workshop) == set()


def test_files_that_a_crash_left_behind_are_mended(engine: Engine, workshop: Workshop) -> None:
    released(engine, "why me")
    make_and_promote(engine, workshop)
    meant = in_force(workshop)
    workshop.files.put_in_force(None)
    (workshop.project.parent / "teaching" / "0123456789abcdef.yml").write_text("nobody needs this")
    bring_files_up_to_date(engine, workshop)
    assert in_force(workshop) == meant
    assert "0123456789abcdef.yml" not in teaching_files(workshop)


def test_a_name_that_cannot_be_found_out_is_said(workshop: Workshop) -> None:
    (workshop.project / "content").unlink()
    with pytest.raises(ProgramError, match="exit code 1"):
        workshop.model_name(None)


@pytest.fixture
def watch(engine: Engine, workshop: Workshop) -> Iterator[TeachingWatch]:
    made = TeachingWatch(engine, workshop)
    yield made
    made.end_job()


@pytest.fixture
def wait_for() -> Callable[..., None]:
    def wait(holds: Callable[[], bool], seconds: float = 30.0) -> None:
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, "it did not happen in time"
            time.sleep(0.02)

    return wait


def test_proposals_are_checked_in_the_background(engine: Engine, watch: TeachingWatch, workshop: Workshop) -> None:
    fine, forbidden = proposed(engine, "why me"), proposed(engine, f"a {REFUSED_WORD} line")
    watch.look()
    assert (find(engine, fine.id).state, find(engine, fine.id).warning) == (PROPOSED, "Mind it.")
    assert find(engine, fine.id).checked_version == 1
    assert find(engine, forbidden.id).refusal == "Not this one."
    watch.look()
    assert runs(workshop) == ["check"]


def test_a_check_that_fails_is_trouble_until_it_works_again(
    engine: Engine,
    watch: TeachingWatch,
    workshop: Workshop,
    monkeypatch: pytest.MonkeyPatch,
    wait_for: Callable[..., None],
) -> None:
    monkeypatch.setattr("conversations.teaching_watch.SECONDS_BETWEEN_LOOKS", 0.01)
    monkeypatch.setattr("conversations.teaching_watch.SECONDS_AFTER_TROUBLE", 0.01)
    write(workshop.project, "check-trouble", "fail")
    correction = proposed(engine, "why me")
    stop = threading.Event()
    thread = threading.Thread(target=watch.run, args=(stop,))
    thread.start()
    wait_for(lambda: watch.has_trouble)
    (workshop.project / "check-trouble").unlink()
    wait_for(lambda: not watch.has_trouble and find(engine, correction.id).checked_version == 1)
    stop.set()
    thread.join(30)
    assert not thread.is_alive()


def test_a_queued_candidate_gets_its_job_once(
    engine: Engine, watch: TeachingWatch, workshop: Workshop, wait_for: Callable[..., None]
) -> None:
    write(workshop.project, "job-trouble", "hang")
    released(engine, "why me")
    candidate_id = request_candidate(engine, ANYA)
    watch.look()
    wait_for((workshop.project / "hangs").exists)
    watch.look()
    assert runs(workshop).count("job") == 1
    watch.end_job()
    assert (find_candidate(engine, candidate_id).state, find_candidate(engine, candidate_id).error) == (
        FAILED,
        CUT_SHORT,
    )


def test_a_job_that_crashes_fails_its_candidate(
    engine: Engine, watch: TeachingWatch, workshop: Workshop, wait_for: Callable[..., None]
) -> None:
    write(workshop.project, "job-trouble", "fail")
    released(engine, "why me")
    candidate_id = request_candidate(engine, ANYA)
    watch.look()

    def noticed() -> bool:
        watch.look()
        return find_candidate(engine, candidate_id).state == FAILED

    wait_for(noticed)
    assert find_candidate(engine, candidate_id).error == "It ended unexpectedly (exit code 7)."
    assert runs(workshop).count("job") == 1


def test_the_real_job_leaves_a_candidate_of_another_process_alone(engine: Engine, tmp_path: Path) -> None:
    released(engine, "why me")
    candidate_id = request_candidate(engine, ANYA)
    claim_candidate(engine, candidate_id)
    environment = {
        **os.environ,
        "DATABASE_URL": str(engine.url),
        "VAR_DIR": str(tmp_path / "var"),
        "SECRET_KEY": "k" * 40,
    }
    command = (sys.executable, "-m", "conversations.teaching_job", candidate_id)
    done = subprocess.run(command, cwd=PROJECT_ROOT, env=environment, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert find_candidate(engine, candidate_id).state == TRAINING


def test_a_crash_of_the_job_is_said_without_texts(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise ValueError("what a visitor wrote")
    except ValueError as error:
        teaching_job._say_without_texts(type(error), error, error.__traceback__)
    said = capsys.readouterr().err
    assert said.startswith("the teaching job crashed: ValueError\n") and "test_teaching_job.py" in said
    assert "visitor" not in said


def test_stopping_the_job_ends_the_program_it_runs(
    engine: Engine, workshop: Workshop, monkeypatch: pytest.MonkeyPatch, wait_for: Callable[..., None]
) -> None:
    monkeypatch.setattr(teaching_job, "SECONDS_BETWEEN_RENEWALS", 0.05)
    before = signal.signal(signal.SIGTERM, teaching_job._stop)
    write(workshop.project, "training-trouble", "hang")
    released(engine, "why me")
    candidate_id = request_candidate(engine, ANYA)

    def stop() -> None:
        wait_for((workshop.project / "hangs").exists)
        os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=stop)
    thread.start()
    try:
        with pytest.raises(teaching_job.StoppedError):
            work(engine, candidate_id, workshop)
    finally:
        thread.join()
        signal.signal(signal.SIGTERM, before)
    assert not _is_running("training", workshop)


def _is_running(program: str, workshop: Workshop) -> bool:
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    return any(program in line and str(workshop.project) in line for line in listed.splitlines())


def test_what_a_killed_training_left_is_deleted_after_an_hour_and_one_that_runs_is_left_alone(
    engine: Engine, workshop: Workshop
) -> None:
    left, running = (workshop.project / "models" / name for name in (".training-left", ".training-now"))
    for folder in (left, running):
        folder.mkdir()
        (folder / "nlu.yml").write_text("- a taught line\n")
    an_hour_ago = time.time() - 3_700
    os.utime(left, (an_hour_ago, an_hour_ago))
    bring_files_up_to_date(engine, workshop)
    assert not left.exists()
    assert (running / "nlu.yml").is_file()

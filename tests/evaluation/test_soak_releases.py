"""The soak's checks of releases, of texts and of the staff's erasures find what they are there to find."""

import asyncio
import json
import random
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.engine import Engine

import conversations.erasure
import conversations.web_sessions  # noqa: F401 - its table
from clinic import clock
from clinic.database import Base, make_engine, transaction
from conversations.taught_files import TaughtFiles
from conversations.teaching import Candidate, Correction, Promotion
from evaluation.soak.checks import Stored, erasure_problems
from evaluation.soak.own_project import BASE, is_whole, make_project, packed_lines
from evaluation.soak.release_checks import ReleaseChecks
from evaluation.soak.releases import MOST_REFUSALS, Releases
from evaluation.soak.staff import Staff
from evaluation.soak.stand_ins import StandIns, Taken
from evaluation.soak.text_checks import doubled_text_problems, texts_taken_twice
from evaluation.soak.written_wishes import IN_WRITING
from tests.encryption_keys import ENCRYPTION_KEYS
from tests.evaluation.test_soak import Told

LINES = 'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - flonk\n'


class Place:
    """An instance's promotions, models and taught lines, all in order: `second` was promoted with its line."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self.engine = engine
        model = folder / "trained.tar.gz"
        model.write_bytes(packed_lines(b"a model") + b"and its end")
        self.project = folder / "project"
        self.first = make_project(self.project, model).name.removesuffix(".tar.gz")
        self.files = TaughtFiles(folder / "teaching")
        self.stored = Stored(str(engine.url), ENCRYPTION_KEYS)
        self.releases = Releases(
            Staff("http://127.0.0.1", random.Random(0)), self.stored, "", self.first, random.Random(0)
        )
        self.checks = ReleaseChecks(self.stored, self.project, folder / "teaching", self.releases)
        self.taught = self.files.add(LINES)
        self.files.put_in_force(self.taught)
        self.promote(1, "second", self.first, self.taught)
        self.pack("second")
        self.releases.done.promoted.append("second")
        self.releases.models_seen.add("second")

    def pack(self, name: str) -> Path:
        model = self.model(name)
        model.write_bytes(packed_lines(LINES.encode()) + (self.project / BASE).read_bytes())
        return model

    def model(self, name: str) -> Path:
        return self.project / "models" / f"{name}.tar.gz"

    def promote(self, number: int, model: str, before: str, taught: str | None, kind: str = "promoted") -> None:
        moment = clock.now()
        rows: list[Any] = [
            Promotion(
                id=number,
                kind=kind,
                model=model,
                taught=taught,
                model_before=before,
                promoted_by="a",
                promoted_at=moment,
            )
        ]
        if kind == "promoted":
            labels = json.dumps({f"line{number}": "greet"})
            shared = {"requested_by": "a", "requested_at": moment, "labels": labels, "taught": taught}
            rows.append(Candidate(id=f"c{number}", state="promoted", model=model, **shared))
            rows.append(
                Correction(
                    id=f"line{number}",
                    text="flonk",
                    text_digest=f"d{number}",
                    event_id=0,
                    conversation_id="soak",
                    label_before="greet",
                    label="greet",
                    state="taught",
                    taught_label="greet",
                    proposed_by="a",
                    proposed_at=moment,
                    version=1,
                )
            )
        with transaction(self.engine) as session:
            session.add_all(rows)

    def problems(self) -> list[str]:
        return [*self.checks.problems(), *self.checks.problems_at_rest()]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    engine = make_engine(f"sqlite:///{tmp_path / 'soak.sqlite3'}")
    Base.metadata.create_all(engine)
    yield Place(tmp_path, engine)
    engine.dispose()


def only(problems: list[str]) -> str:
    assert len(problems) == 1, problems
    return problems[0]


def test_a_release_without_fault_has_no_problem(place: Place) -> None:
    assert place.problems() == []
    place.promote(2, place.first, "second", None, kind="rolled_back")
    place.files.put_in_force(None)
    with transaction(place.engine) as session:
        session.query(Correction).update({"taught_label": None, "state": "released"})
    assert place.problems() == []


def test_a_model_that_is_torn_or_gone_is_found(place: Place) -> None:
    whole = place.model("second").read_bytes()
    place.model("second").write_bytes(whole[:-1])
    assert "not whole (second)" in only(place.problems())
    place.model("second").write_bytes(whole[1:])
    assert "not whole (second)" in only(place.problems())
    place.model("second").unlink()
    assert "needed is gone (second)" in only(place.problems())


def test_a_model_that_was_whole_is_looked_at_again_once_it_has_changed(place: Place) -> None:
    assert place.problems() == []
    place.model("second").write_bytes(b"other")
    assert "not whole" in only(place.problems())


async def test_what_is_wrong_for_a_moment_between_two_kills_is_found(place: Place) -> None:
    whole = place.model("second").read_bytes()
    place.model("second").write_bytes(whole[:-1])
    watching = asyncio.create_task(place.checks.watch())
    while not place.checks.seen:
        await asyncio.sleep(0.01)
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    place.model("second").write_bytes(whole)
    assert "not whole (second)" in only(place.problems())


def test_lines_that_are_torn_or_not_those_in_force_are_found(place: Place, tmp_path: Path) -> None:
    (tmp_path / "teaching" / f"{place.taught}.yml").write_text(LINES[:-3])
    assert "file of taught lines is not whole" in only(place.problems())
    place.files.add(LINES)
    (tmp_path / "teaching" / f"{place.taught}.yml").write_text(LINES)
    (tmp_path / "teaching" / "in_force.yml").write_text("other lines")
    assert place.checks.problems() == ["release: the lines in force were never promoted"]
    assert place.checks.problems_at_rest() == ["release: the lines in force are not those of the model in force"]


def test_a_history_with_a_gap_a_wrong_step_or_a_release_twice_is_found(place: Place) -> None:
    place.pack("third")
    place.promote(3, "third", "second", place.taught)
    assert any("has a gap" in problem for problem in place.problems())
    place.promote(4, "second", place.first, place.taught)
    problems = place.problems()
    assert "release: a promotion does not follow from the one before" in problems
    assert "release: a model was promoted twice" in problems


def test_a_roll_back_to_another_model_than_the_one_before_is_found(place: Place) -> None:
    place.promote(2, "second", "second", place.taught, kind="rolled_back")
    assert "release: a roll back did not bring back the model before" in place.problems()


def test_what_was_called_done_and_is_not_in_the_history_is_found(place: Place) -> None:
    place.releases.done.promoted.append("third")
    assert "called promoted and not in" in only(place.problems())
    place.releases.done.promoted.remove("third")
    place.releases.done.rolled_back.append(1)
    assert "called rolled back and not in" in only(place.problems())


def test_a_bot_on_a_model_that_was_never_promoted_or_that_refuses_one_is_found(place: Place) -> None:
    place.releases.models_seen.add("third")
    assert "ran what was never promoted (third)" in only(place.problems())
    place.releases.models_seen.remove("third")
    place.releases.refused_by_bot.add("second")
    assert "refused a promoted model (second)" in only(place.problems())


def test_a_candidate_or_a_line_that_says_otherwise_than_the_history_is_found(place: Place) -> None:
    with transaction(place.engine) as session:
        session.query(Correction).update({"taught_label": None})
    assert "called taught that the model in force has not learnt" in only(place.problems())
    with transaction(place.engine) as session:
        session.query(Correction).update({"taught_label": "greet"})
        session.add(Candidate(id="c9", state="promoted", model="ninth", requested_by="a", requested_at=clock.now()))
    assert "called promoted and never was" in only(place.problems())


def test_refusals_one_after_the_other_are_found_and_one_of_them_is_not(place: Place) -> None:
    for _ in range(MOST_REFUSALS - 1):
        place.releases.note(409, "a candidate was refused")
    assert place.problems() == []
    place.releases.note(409, "a candidate was refused")
    assert "was refused 4 times in a row" in only(place.problems())


def test_only_what_a_training_made_to_the_end_is_whole(tmp_path: Path) -> None:
    base = packed_lines(b"a model") + b"end"
    model = tmp_path / "model.tar.gz"
    for content, whole in ((base, True), (packed_lines(b"lines") + base, True), (b"x" + base, False), (b"", False)):
        model.write_bytes(content)
        assert is_whole(model, base) == whole


def taken(*texts: Taken) -> StandIns:
    stand_ins = StandIns()
    stand_ins.taken["17"] = list(texts)
    return stand_ins


def test_a_text_that_went_out_twice_is_counted_and_explained_by_a_death_alone() -> None:
    once = Taken("SM1", 100.0)
    assert texts_taken_twice(taken(once)) == 0
    twice = taken(once, Taken("SM2", 161.0))
    assert texts_taken_twice(twice) == 1
    assert doubled_text_problems(twice, [101.0]) == []
    assert doubled_text_problems(twice, [40.0, 150.0]) == ["a text was sent twice though nothing died over it"]


def test_a_text_that_is_sent_again_after_its_report_is_found_whatever_died() -> None:
    reported = taken(Taken("SM1", 100.0, reported_at=101.0), Taken("SM2", 161.0))
    assert doubled_text_problems(reported, [100.5]) == ["a text was sent again though the carrier had reported it"]
    at_the_same_time = taken(Taken("SM1", 100.0, reported_at=101.0), Taken("SM2", 102.0))
    assert doubled_text_problems(at_the_same_time, [100.5]) == []


def test_what_an_erasure_by_the_staff_leaves_is_found_and_their_record_of_it_is_none(place: Place) -> None:
    talk = Told("Greta Olsen", "3125550150", 1.0)
    talk.conversation_id, talk.is_over, talk.receipt = "a-conversation", True, IN_WRITING
    stored = SimpleNamespace(rows=lambda *_: [], texts=lambda: {"audit_entries": "a-conversation", "turns": ""})
    assert erasure_problems(stored, [talk]) == []  # type: ignore[arg-type]
    stored.texts = lambda: {"audit_entries": "", "flags": "of a-conversation", "staff_messages": "Greta Olsen"}
    problems = erasure_problems(stored, [talk])  # type: ignore[arg-type]
    assert any("named in flags" in problem for problem in problems)
    assert any("name stands in staff_messages" in problem for problem in problems)

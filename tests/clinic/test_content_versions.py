"""Proposals and versions: one wins, nothing is rewritten, going back is one step. Both databases where they differ."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from clinic.answers.in_force import details_ever_told, read_in_force
from clinic.answers.proposals import (
    Change,
    NoSuchProposalError,
    OtherProposalWaitsError,
    SamePersonError,
    find_proposal,
    propose,
    reject,
    release,
    waiting_proposal,
    waiting_proposals,
)
from clinic.answers.versions import (
    CLINIC_DETAILS,
    SHIPPED,
    ContentChangedError,
    NoSuchVersionError,
    content_of,
    history_of,
    newest_version,
    put_back,
    version_in_force,
)
from clinic.answers.wordings import WEB, Wording, stored_form
from clinic.clinic_details import ClinicDetails
from clinic.database import make_engine
from tests.migrated_databases import migrated_sqlite

ANSWER = "utter_greet"
HELLO = stored_form([Wording(WEB, "Hello.")])
BYE = stored_form([Wording(WEB, "Bye.")])


@pytest.fixture(scope="module")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("versions") / "migrated.sqlite3"
    path.write_bytes(migrated_sqlite())
    return path


@pytest.fixture
def file_engine(migrated_file: Path, tmp_path: Path) -> Iterator[Engine]:
    shutil.copy(migrated_file, tmp_path / "clinic.sqlite3")
    made = make_engine(f"sqlite:///{tmp_path / 'clinic.sqlite3'}")
    yield made
    made.dispose()


def change(content: str | None = HELLO, subject: str = ANSWER, based_on: int = SHIPPED) -> Change:
    return Change(subject, content, "Kinder", based_on, "shipped")


def put_live(engine: Engine, content: str, subject: str = ANSWER) -> int:
    before = version_in_force(engine, subject)
    proposal = propose(engine, change(content, subject, before.id if before else SHIPPED), "anya")
    return int(release(engine, int(proposal.id), "boris", needs_two_people=True).id)


def test_what_is_released_is_in_force_with_all_that_is_known_of_it(engine: Engine) -> None:
    assert (newest_version(engine), read_in_force(engine).wordings) == (0, {})
    put_live(engine, HELLO)
    put_live(engine, BYE)
    put_live(engine, ClinicDetails("(312) 555-0142").stored_form(), CLINIC_DETAILS)
    assert newest_version(engine) == 3
    content = read_in_force(engine)
    assert (content.version, content.details) == (3, ClinicDetails("(312) 555-0142"))
    assert content.wordings == {ANSWER: (Wording(WEB, "Bye."),)}
    newest, first = history_of(engine, ANSWER)
    assert (newest.content, newest.content_before, newest.reason) == (BYE, HELLO, "Kinder")
    assert (newest.proposed_by, newest.released_by, first.content_before) == ("anya", "boris", None)
    assert newest.released_at >= newest.proposed_at


def test_a_second_person_releases_unless_the_clinic_does_without(file_engine: Engine) -> None:
    proposal = int(propose(file_engine, change(), "anya").id)
    with pytest.raises(SamePersonError):
        release(file_engine, proposal, "anya", needs_two_people=True)
    assert newest_version(file_engine) == 0
    assert release(file_engine, proposal, "anya", needs_two_people=False).id == 1
    with pytest.raises(ContentChangedError):
        release(file_engine, proposal, "boris", needs_two_people=True)


def test_one_change_at_a_time_waits_for_each_answer(file_engine: Engine) -> None:
    first = propose(file_engine, change(), "anya")
    second = propose(file_engine, change(BYE), "anya")
    assert [each.id for each in waiting_proposals(file_engine)] == [second.id]
    assert find_proposal(file_engine, int(first.id)).state == "withdrawn"
    with pytest.raises(OtherProposalWaitsError):
        propose(file_engine, change(), "boris")
    reject(file_engine, int(second.id), "boris")
    assert waiting_proposal(file_engine, ANSWER) is None
    assert find_proposal(file_engine, int(second.id)).state == "rejected"
    with pytest.raises(ContentChangedError):
        reject(file_engine, int(second.id), "boris")
    with pytest.raises(NoSuchProposalError):
        reject(file_engine, 999_999_999, "boris")


def test_a_proposal_against_what_is_no_longer_in_force_is_not_released(file_engine: Engine) -> None:
    stale = propose(file_engine, change(BYE), "anya")
    put_back(file_engine, ANSWER, HELLO, shown=SHIPPED, shipped_digest="shipped", reason="Back", by="boris")
    with pytest.raises(ContentChangedError):
        release(file_engine, int(stale.id), "boris", needs_two_people=True)
    assert find_proposal(file_engine, int(stale.id)).state == "waiting"


def test_going_back_is_one_step_to_any_version_and_to_what_is_shipped(file_engine: Engine) -> None:
    first = put_live(file_engine, HELLO)
    second = put_live(file_engine, BYE)
    back = content_of(file_engine, ANSWER, first)
    third = put_back(file_engine, ANSWER, back, shown=second, shipped_digest="x", reason="Back", by="boris")
    assert read_in_force(file_engine).wordings == {ANSWER: (Wording(WEB, "Hello."),)}
    with pytest.raises(ContentChangedError):
        put_back(file_engine, ANSWER, None, shown=second, shipped_digest="x", reason="Back", by="boris")
    shipped = content_of(file_engine, ANSWER, SHIPPED)
    put_back(file_engine, ANSWER, shipped, shown=int(third.id), shipped_digest="x", reason="Back", by="boris")
    assert (read_in_force(file_engine).wordings, newest_version(file_engine)) == ({}, 4)
    assert len(history_of(file_engine, ANSWER)) == 4
    with pytest.raises(NoSuchVersionError):
        content_of(file_engine, CLINIC_DETAILS, first)


def test_of_many_releases_at_once_one_wins_and_no_number_is_given_twice(engine: Engine) -> None:
    proposals = [int(propose(engine, change(subject=f"utter_{number}"), "anya").id) for number in range(6)]

    def try_it(proposal: int) -> bool:
        try:
            release(engine, proposal, "boris", needs_two_people=True)
        except (ContentChangedError, DBAPIError):
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        won = list(pool.map(try_it, proposals))
    assert any(won)
    assert newest_version(engine) == sum(won) == len(read_in_force(engine).wordings)


def test_the_history_cannot_be_rewritten(engine: Engine) -> None:
    put_live(engine, HELLO)
    for meddling in ("UPDATE content_versions SET content = 'x'", "DELETE FROM content_versions"):
        with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
            connection.execute(text(meddling))


def test_what_cannot_be_read_is_left_out_and_named(file_engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    put_live(file_engine, "no JSON")
    put_live(file_engine, '{"phone": 1}', CLINIC_DETAILS)
    put_live(file_engine, BYE, "utter_bye")
    content = read_in_force(file_engine)
    assert (content.details, set(content.wordings), content.version) == (None, {"utter_bye"}, 3)
    assert "version 1 of utter_greet cannot be read" in caplog.text
    assert "version 2 of clinic_details cannot be read" in caplog.text
    assert details_ever_told(file_engine) == ()


@pytest.mark.parametrize(
    ("subject", "content"),
    [
        ("utter_greet", '[{"channel": "web", "text": null, "facts": null}]'),
        ("utter_greet", '[{"channel": "web", "text": " ", "facts": null}]'),
        ("utter_greet", '[{"channel": ["web"], "text": "Hello.", "facts": null}]'),
        ("utter_greet", '[{"channel": "web", "text": "Hello.", "facts": [5]}]'),
        (CLINIC_DETAILS, '{"phone": 1, "address": "", "hours": {}, "note": ""}'),
        (CLINIC_DETAILS, '{"phone": "", "address": null, "hours": {}, "note": ""}'),
        (CLINIC_DETAILS, '{"phone": "", "address": "", "hours": [1], "note": ""}'),
        (CLINIC_DETAILS, '{"phone": "", "address": "", "hours": {"Monday": ["09:00"]}, "note": ""}'),
        (CLINIC_DETAILS, '{"phone": "", "address": "", "hours": {"Monday": [9, 17]}, "note": ""}'),
    ],
)
def test_what_only_looks_like_content_is_left_out_too(file_engine: Engine, subject: str, content: str) -> None:
    put_live(file_engine, content, subject)
    read = read_in_force(file_engine)
    assert (read.details, dict(read.wordings), read.version) == (None, {}, 1)


def test_numbers_and_addresses_of_before_stay_nobodys_data(file_engine: Engine) -> None:
    put_live(file_engine, ClinicDetails("(312) 555-0142", "1 Main St").stored_form(), CLINIC_DETAILS)
    put_live(file_engine, ClinicDetails("(312) 555-0143", "1 Main St").stored_form(), CLINIC_DETAILS)
    assert details_ever_told(file_engine) == ("(312) 555-0143", "1 Main St", "(312) 555-0142")

"""`python -m clinic.export` writes what is stored, and says plainly when it cannot."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fhir.resources.R4B.appointment import Appointment
from icalendar import Calendar
from sqlalchemy.engine import Engine

from clinic.appointment_requests import NewAppointmentRequest, store_appointment_request, withdraw_request
from clinic.database import make_engine
from clinic.exports.requests import find_request, open_requests
from clinic.settings import PROJECT_ROOT
from tests.migrated_databases import sqlite


def stored(engine: Engine, key: str, **values: str) -> str:
    details = {"contact_name": "Grace Lindqvist", "preferred_time": "Friday, around noon", "reason": None, **values}
    request = NewAppointmentRequest(
        idempotency_key=key, conversation_id=key, channel="web", phone="+13125550176", email=None, **details
    )
    return store_appointment_request(engine, request).id


def export(engine: Engine, folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    environment = {
        **os.environ,
        "DATABASE_URL": engine.url.render_as_string(hide_password=False),
        "VAR_DIR": str(folder),
        # A terminal that can show ASCII alone must not change what is written.
        "PYTHONIOENCODING": "ascii",
    }
    command = [sys.executable, "-W", "error", "-m", "clinic.export", *arguments]
    return subprocess.run(command, cwd=PROJECT_ROOT, env=environment, capture_output=True, check=False)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Engine]:
    yield from sqlite(tmp_path / "milia.sqlite3")


def test_a_stored_request_is_read_whole_from_either_database(engine: Engine) -> None:
    request_id = stored(engine, "one", contact_name="Ann\r\nLee\x07", preferred_time="Fri\u2028noon", reason=" \x07 ")
    request = find_request(engine, request_id)
    assert request is not None
    assert (request.contact_name, request.preferred_time, request.reason) == ("Ann Lee", "Fri\nnoon", None)
    assert request.created_at.utcoffset() is not None
    assert find_request(engine, "no such id") is None


def test_only_open_requests_are_listed_as_open(engine: Engine) -> None:
    kept, withdrawn = stored(engine, "one"), stored(engine, "two")
    withdraw_request(engine, "two", withdrawn)
    assert [request.id for request in open_requests(engine)] == [kept]


def test_fhir_is_written_to_the_standard_output(database: Engine, tmp_path: Path) -> None:
    request_id = stored(database, "one", contact_name="Zoë 🦄")
    done = export(database, tmp_path, request_id, "--format", "fhir")
    assert (done.returncode, done.stderr) == (0, b"")
    resource = json.loads(done.stdout.decode("utf-8"))
    Appointment.parse_obj(resource)
    assert resource["contained"][0]["name"] == [{"text": "Zoë 🦄"}]


def test_all_open_requests_are_written_to_a_file_of_the_owners(database: Engine, tmp_path: Path) -> None:
    stored(database, "one")
    stored(database, "two")
    path = tmp_path / "requests.ics"
    path.write_text("old")
    done = export(database, tmp_path, "--all-open", "--format", "icalendar", "--output", str(path))
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert len(Calendar.from_ical(path.read_bytes()).walk("VTODO")) == 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_all_open_requests_are_one_bundle(database: Engine, tmp_path: Path) -> None:
    stored(database, "one")
    done = export(database, tmp_path, "--all-open", "--format", "fhir")
    assert json.loads(done.stdout)["resourceType"] == "Bundle"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["no-such-id", "--format", "fhir"], 3, b"There is no such request."),
        (["--all-open", "--format", "icalendar"], 3, b"There is no open appointment request."),
        (["--all-open"], 2, b"--format"),
        (["--format", "fhir"], 2, b"REQUEST_ID"),
        (["x", "--all-open", "--format", "fhir"], 2, b"not allowed"),
    ],
    ids=str,
)
def test_what_cannot_be_written_is_said(
    database: Engine, tmp_path: Path, arguments: list[str], code: int, said: bytes
) -> None:
    done = export(database, tmp_path, *arguments)
    assert (done.returncode, done.stdout) == (code, b"")
    assert said in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_folder_that_is_not_there_leaves_nothing_behind(database: Engine, tmp_path: Path) -> None:
    path = tmp_path / "missing" / "request.json"
    done = export(database, tmp_path, stored(database, "one"), "--format", "fhir", "--output", str(path))
    assert done.returncode == 1
    assert done.stderr.decode() == f"{path} could not be written: No such file or directory.\n"


def test_a_database_without_tables_is_named_as_the_fault(tmp_path: Path) -> None:
    empty = make_engine(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    done = export(empty, tmp_path, "--all-open", "--format", "fhir")
    assert done.returncode == 1
    assert b"The database could not be read (OperationalError)" in done.stderr
    assert b"Traceback" not in done.stderr

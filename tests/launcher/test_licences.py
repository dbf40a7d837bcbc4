"""Nothing that a running bot needs is under a licence that nobody has judged, or that forbids this use."""

from email.message import Message
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from clinic.settings import PROJECT_ROOT
from launcher import licences
from launcher.licences import Kind, Licence
from tests.launcher.page_tables import codes, table

PAGE = PROJECT_ROOT / "docs" / "dependencies.md"


def _metadata(**fields: str | list[str]) -> Any:
    message = Message()
    for name, values in fields.items():
        for value in [values] if isinstance(values, str) else values:
            message[name.replace("_", "-")] = value
    return message


@pytest.fixture(scope="module")
def installed() -> list[Licence]:
    return licences.runtime_licences()


def test_every_package_at_run_time_has_a_known_licence_that_allows_this_use(installed: list[Licence]) -> None:
    assert {"rasa", "certifi", "psycopg2-binary"} <= {each.package for each in installed}
    assert [each for each in installed if each.kind in (Kind.UNKNOWN, Kind.FORBIDDEN)] == []


def undocumented(page: Path, installed: list[Licence]) -> set[tuple[str, str]]:
    """Kinds with licences that the page lacks, and those that it has and no package."""
    rows = table(page, ("kind", "licences", "what it asks of us", "packages"))
    documented = {(row["kind"], licence) for row in rows for licence in codes(row["licences"])}
    return documented ^ {(each.kind.value, each.expression) for each in installed}


def test_the_page_has_every_licence_with_its_kind_and_no_other(installed: list[Licence]) -> None:
    assert undocumented(PAGE, installed) == set()


def test_a_licence_that_the_page_lacks_is_found(installed: list[Licence]) -> None:
    assert undocumented(PAGE, [*installed, Licence("a-package", "Zlib")]) == {("unknown", "Zlib")}
    without = [each for each in installed if each.expression != "ISC"]
    assert undocumented(PAGE, without) == {("permissive", "ISC")}


def test_the_page_names_every_package_under_weak_copyleft(installed: list[Licence]) -> None:
    rows = table(PAGE, ("kind", "licences", "what it asks of us", "packages"))
    named = {name for row in rows if row["kind"] == Kind.WEAK_COPYLEFT.value for name in codes(row["packages"])}
    assert named == {each.package for each in installed if each.kind is Kind.WEAK_COPYLEFT}


@pytest.mark.parametrize(
    ("fields", "expression", "kind"),
    [
        ({"License_Expression": "MIT"}, "MIT", Kind.PERMISSIVE),
        ({"License_Expression": "MPL-2.0 AND MIT"}, "MPL-2.0 AND MIT", Kind.WEAK_COPYLEFT),
        ({"License_Expression": "GPL-3.0-or-later OR MIT"}, "GPL-3.0-or-later OR MIT", Kind.PERMISSIVE),
        ({"License_Expression": "GPL-3.0-or-later AND MIT"}, "GPL-3.0-or-later AND MIT", Kind.FORBIDDEN),
        ({"License_Expression": "LicenseRef-Own"}, "LicenseRef-Own", Kind.UNKNOWN),
        ({"License": "Apache 2.0"}, "Apache-2.0", Kind.PERMISSIVE),
        ({"License": "UNKNOWN", "Classifier": "License :: OSI Approved :: MIT License"}, "MIT", Kind.PERMISSIVE),
        (
            {"License": "A long text", "Classifier": "License :: OSI Approved :: BSD License"},
            "BSD",
            Kind.PERMISSIVE,
        ),
        (
            {"License": "MIT", "Classifier": "License :: OSI Approved :: GNU Affero General Public License v3"},
            "AGPL-3.0",
            Kind.FORBIDDEN,
        ),
        ({"License": "Free for research"}, "Free for research", Kind.UNKNOWN),
        ({"Classifier": "License :: OSI Approved"}, "", Kind.UNKNOWN),
        ({}, "", Kind.UNKNOWN),
    ],
)
def test_a_licence_is_read_as_its_package_names_it(fields: dict[str, str], expression: str, kind: Kind) -> None:
    found = licences.licence_of("a-package", _metadata(**fields))
    assert (found.expression, found.kind) == (expression, kind)


def test_several_classifiers_hold_together() -> None:
    both = [
        "License :: OSI Approved :: MIT License",
        "License :: OSI Approved :: GNU General Public License v3 (GPLv3)",
    ]
    assert licences.licence_of("a-package", _metadata(Classifier=both)).kind is Kind.FORBIDDEN


@pytest.mark.parametrize(("expression", "code"), [("AGPL-3.0-only", 1), ("Who knows", 1), ("MIT", 0)])
def test_the_program_fails_at_what_may_not_be_used(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], expression: str, code: int
) -> None:
    monkeypatch.setattr(licences, "runtime_licences", lambda: [Licence("a-package", expression)])
    assert licences.main([]) == code
    assert f"{expression} (1): a-package" in capsys.readouterr().out


def test_packages_of_other_systems_are_left_out(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text(
        "pywin32==312 ; sys_platform == 'win32' \\\n    --hash=sha256:00\nrasa==3.6.21 \\\n    --hash=sha256:00\n"
    )
    monkeypatch.setattr(licences, "LOCK_FILE", lock)
    monkeypatch.setattr(
        licences, "importlib", SimpleNamespace(metadata=SimpleNamespace(metadata=lambda _: _metadata(License="MIT")))
    )
    assert licences.runtime_licences() == [Licence("rasa", "MIT")]

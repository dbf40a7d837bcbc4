"""Every table and every class has its place: in the code, in the settings, and in docs/retention.md."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import inspect
from sqlalchemy.engine import Engine

from clinic.database import make_engine
from clinic.migrate import migrate
from clinic.retention_settings import RetentionSettings
from clinic.settings import PROJECT_ROOT
from conversations.retention.classes import CLASSES, KEPT_FOR_EVER
from conversations.retention.console_tables import _METADATA as CONSOLE_METADATA
from conversations.retention.rules import ROW_RULES
from conversations.retention.units import UNITS
from conversations.tracker_store import create_event_tables

ROW = re.compile(r"(?m)^\| `(\w+)` \|(.*)\|$")


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """All that a running instance has in its database."""
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('retention') / 'all.sqlite3'}")
    migrate(engine)
    create_event_tables(engine)
    yield engine
    engine.dispose()


def ruled() -> set[str]:
    return {rule.table.name for rule in ROW_RULES} | {part.table.name for unit in UNITS for part in unit.parts}


def test_each_table_of_the_database_has_a_retention_class_or_a_reason_to_stay(migrated: Engine) -> None:
    there = {name for name in inspect(migrated).get_table_names() if not name.startswith("sqlite_")}
    assert there == ruled() | set(KEPT_FOR_EVER)


def test_what_stays_for_ever_is_never_deleted() -> None:
    deleted = {rule.table.name for rule in ROW_RULES if rule.values is None}
    deleted |= {part.table.name for unit in UNITS for part in unit.parts}
    assert deleted & set(KEPT_FOR_EVER) == set()


def test_each_class_has_rules_and_a_setting_and_no_setting_is_without_a_class() -> None:
    used = {rule.retention_class for rule in ROW_RULES} | {unit.retention_class for unit in UNITS} | {"files"}
    assert used == {each.name for each in CLASSES}
    assert {f"{each.name}_days" for each in CLASSES} | {"hour"} == set(vars(RetentionSettings()))


def test_the_columns_that_are_said_of_the_consoles_tables_are_theirs(migrated: Engine) -> None:
    for table in CONSOLE_METADATA.sorted_tables:
        real = {column["name"]: column["nullable"] for column in inspect(migrated).get_columns(table.name)}
        assert {column.name for column in table.columns} <= set(real)
        key = inspect(migrated).get_pk_constraint(table.name)["constrained_columns"]
        assert [column.name for column in table.primary_key.columns] == key


def test_the_page_for_operators_says_the_same() -> None:
    page = Path(PROJECT_ROOT / "docs" / "retention.md").read_text(encoding="utf-8")
    said = dict(ROW.findall(page))
    settings = RetentionSettings()
    for each in CLASSES:
        assert each.name in said, each.name
        assert each.setting in said[each.name]
        assert f" {each.days(settings)} " in said[each.name]
        assert each.rule in said[each.name]
        tables = {rule.table.name for rule in ROW_RULES if rule.retention_class == each.name}
        tables |= {part.table.name for unit in UNITS for part in unit.parts if unit.retention_class == each.name}
        for table in tables:
            assert f"`{table}`" in said[each.name], (each.name, table)
    for table in KEPT_FOR_EVER:
        assert table in said, table

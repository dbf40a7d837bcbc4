"""Every address of console and bot is in a table of the docs, as the code has it, and no other."""

from pathlib import Path

import pytest
import yaml

from clinic.settings import PROJECT_ROOT
from tests.launcher import console_addresses
from tests.launcher.page_tables import codes, table

BOT_PAGE = PROJECT_ROOT / "docs" / "web-channel.md"
BOT_COLUMNS = ("address", "who asks", "what")
CONTRACT = yaml.safe_load((PROJECT_ROOT / "docs" / "openapi.yml").read_text(encoding="utf-8"))["paths"]
METHODS = ("get", "post", "delete")


def test_every_route_of_the_console_is_documented_as_it_is_and_no_other() -> None:
    """Where it is not: `.venv/bin/python -m tests.launcher.console_addresses` writes the table anew."""
    assert console_addresses.table_of(console_addresses.PAGE) == console_addresses.rows()


def undocumented(page: Path) -> set[str]:
    """Operations of the contract that the page's table lacks, and those that it has and the contract does not."""
    asked = {f"{method.upper()} {path}" for path, each in CONTRACT.items() for method in METHODS if method in each}
    return asked ^ {address for row in table(page, BOT_COLUMNS) for address in codes(row["address"])}


def test_every_operation_of_the_bot_is_documented_and_no_other() -> None:
    assert undocumented(BOT_PAGE) == set()


def test_an_operation_that_is_missing_or_made_up_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    text = BOT_PAGE.read_text(encoding="utf-8")
    page.write_text(
        text.replace("`DELETE /webhooks/web/sessions` |", "`DELETE /webhooks/web/session` |"), encoding="utf-8"
    )
    assert undocumented(page) == {"DELETE /webhooks/web/sessions", "DELETE /webhooks/web/session"}


def test_the_rows_say_path_roles_purpose_and_audit() -> None:
    assert {
        "| `GET /audit` | admin | One page of rows | `audit.viewed` |",
        "| `GET /queue/list` | everybody | The list alone, as the page fetches it by itself; "
        "nothing where the browser shows the same already | not at all |",
    } <= set(console_addresses.rows())


@pytest.mark.parametrize(
    ("before", "after"),
    [("`GET /audit`", "`GET /audits`"), ("| admin |", "| reader |"), ("`audit.viewed`", "`audit.seen`")],
)
def test_what_differs_is_found_and_writing_the_table_mends_it(tmp_path: Path, before: str, after: str) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# Words before\n\n{console_addresses.HEAD}", encoding="utf-8")
    console_addresses.write(page)
    assert console_addresses.table_of(page) == console_addresses.rows()
    page.write_text(page.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    assert console_addresses.table_of(page) != console_addresses.rows()
    console_addresses.write(page)
    assert console_addresses.table_of(page) == console_addresses.rows()
    assert page.read_text(encoding="utf-8").startswith("# Words before")

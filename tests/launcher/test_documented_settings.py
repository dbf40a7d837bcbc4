"""docs/settings.md has every setting with its default, and no other."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from dotenv import dotenv_values

from clinic.settings import PROJECT_ROOT, Settings, SettingsError, load_settings
from tests.deploy.shipped import compose
from tests.launcher.documents import ROOMS
from tests.launcher.page_tables import codes, table

PAGE = PROJECT_ROOT / "docs" / "settings.md"
SETTINGS_COLUMNS = ("setting", "meaning", "default", "used by")
EXAMPLE = {name: value or "" for name, value in dotenv_values(PROJECT_ROOT / ".env.example").items()}
USERS = {"bot", "actions", "console", "all"}
READ = re.compile(r"environ\)?(?:\.get\(|\[)\"([A-Z_]+)\"(?!\] =)")
READ_BY_TESTS = re.compile(r"environ\.get\(\"([A-Z_]+)\"")
"""What may be left out; what stands in brackets a test hands to a process of its own."""
READ_BY_PREPARE = re.compile(r"\$\{([A-Z_]+):-")
OF_THE_SYSTEM = {"HOME", "PATH", "PYENV_ROOT", "TERM", "PYTEST_XDIST_WORKER"}
MADE = "made in `VAR_DIR`"
NONE = "none"
MADE_WITH: Mapping[str, Mapping[str, str]] = {"STAFF_WEBHOOK_SECRET": {"STAFF_WEBHOOK_URL": "http://127.0.0.1:9/"}}
WORKED_OUT: Mapping[str, Callable[[Settings], str]] = {
    "PUBLIC_URL": lambda settings: settings.public_url,
    "CONSOLE_URL": lambda settings: settings.console.url,
    "DATABASE_URL": lambda settings: settings.database_url,
    "ALLOWED_ORIGINS": lambda settings: ",".join(settings.allowed_origins),
    "LOG_FORMAT": lambda settings: settings.monitoring.log_format,
}
"""Defaults that depend on others, as the loaded settings have them."""


def _documented(page: Path) -> list[dict[str, str]]:
    return table(page, SETTINGS_COLUMNS)


def _names(page: Path) -> list[str]:
    return [name for row in _documented(page) for name in codes(row["setting"])]


def wrong_defaults(page: Path, var_dir: Path) -> list[str]:
    """Settings whose column "default" is not what the code does when they are left out."""
    others = {"VAR_DIR": str(var_dir), "BOT_PORT": "5007", "CONSOLE_PORT": "8007"}
    return [name for row in _documented(page) for name in codes(row["setting"]) if not _is_default(name, row, others)]


def _is_default(name: str, row: Mapping[str, str], others: Mapping[str, str]) -> bool:
    said = row["default"]
    if name in WORKED_OUT:
        for other, value in others.items():
            said = said.replace(other, value)
        return codes(said)[:1] == [WORKED_OUT[name](load_settings(others))]
    if EXAMPLE.get(name):
        return said == f"`{EXAMPLE[name]}`"
    return said.startswith(MADE if _is_made(name, others) else NONE)


def _is_made(name: str, others: Mapping[str, str]) -> bool:
    """Whether leaving it out in development makes a file, and production goes on without it only where it says so."""
    folder = Path(others["VAR_DIR"]) / name.lower()
    load_settings({**_all_given(), **others, **MADE_WITH.get(name, {}), "VAR_DIR": str(folder), name: ""})
    return folder.exists() and any(folder.iterdir())


def _all_given() -> dict[str, str]:
    secrets = ("SECRET_KEY", "TWILIO_AUTH_TOKEN", "STAFF_WEBHOOK_SECRET")
    return {**dict.fromkeys(secrets, "s" * 40), "ENCRYPTION_KEYS": f"k1:{'A' * 43}="}


def test_every_setting_is_documented_and_no_other() -> None:
    assert sorted(_names(PAGE)) == sorted(EXAMPLE)


def test_the_defaults_are_those_of_the_code(tmp_path: Path) -> None:
    assert wrong_defaults(PAGE, tmp_path) == []


def test_the_users_of_a_setting_are_processes() -> None:
    for row in _documented(PAGE):
        used_by = row["used by"].split(", ")
        assert set(used_by) <= USERS, row
        assert used_by == ["all"] or "all" not in used_by, row


def test_production_needs_what_the_page_says(tmp_path: Path) -> None:
    production = {**_all_given(), "MILIA_ENVIRONMENT": "production", "VAR_DIR": str(tmp_path)}
    for row in _documented(PAGE):
        name = codes(row["setting"])[0]
        left_out = {**production, **dict.fromkeys(MADE_WITH.get(name, {}), "https://x.example"), name: ""}
        if "production needs one" in row["default"]:
            with pytest.raises(SettingsError, match=name):
                load_settings(left_out)
        else:
            load_settings(left_out)


def test_the_log_of_production_is_as_the_page_says() -> None:
    (said,) = (row["default"] for row in _documented(PAGE) if row["setting"] == "`LOG_FORMAT`")
    production = load_settings({**_all_given(), "MILIA_ENVIRONMENT": "production"}).monitoring.log_format
    assert said == f"`text`; `{production}` in production"


def test_what_compose_asks_for_is_documented_and_no_other() -> None:
    named = [name for row in table(PAGE, ("variable", "meaning")) for name in codes(row["variable"])]
    assert sorted(named) == sorted(dotenv_values(PROJECT_ROOT / "deploy" / ".env.example"))


def test_variables_that_are_no_settings_are_documented_and_no_other() -> None:
    named = [name for row in table(PAGE, ("variable", "read by", "meaning")) for name in codes(row["variable"])]
    assert len(named) == len(set(named))
    assert set(named) == _read_elsewhere() - set(EXAMPLE) - OF_THE_SYSTEM


def _read_elsewhere() -> set[str]:
    read = {name for room in ROOMS for name in _found(READ, room)} | set(_found(READ_BY_TESTS, "tests"))
    prepare = (PROJECT_ROOT / "launcher" / "prepare").read_text(encoding="utf-8")
    programs = [compose()["services"][name]["environment"] for name in ("bot-1", "actions-1", "console")]
    return read | set(READ_BY_PREPARE.findall(prepare)) | {name for each in programs for name in each}


def _found(pattern: re.Pattern[str], folder: str) -> list[str]:
    texts = (path.read_text(encoding="utf-8") for path in (PROJECT_ROOT / folder).rglob("*.py"))
    return [name for text in texts for name in pattern.findall(text)]


def test_a_wrong_default_is_found(tmp_path: Path) -> None:
    page = tmp_path / "settings.md"
    page.write_text(
        "| setting | meaning | default | used by |\n| --- | --- | --- | --- |\n"
        "| `BOT_PORT` | x | `5006` | bot |\n| `CONSOLE_PORT` | x | `8000` | bot |\n"
        "| `SECRET_KEY` | x | none | all |\n| `REDIS_URL` | x | made in `VAR_DIR` | bot |\n"
        "| `PUBLIC_URL` | x | `http://127.0.0.1:5005` | bot |\n"
        "| `CONSOLE_URL` | x | `http://127.0.0.1:CONSOLE_PORT` | x |\n",
        encoding="utf-8",
    )
    assert wrong_defaults(page, tmp_path) == ["BOT_PORT", "SECRET_KEY", "REDIS_URL", "PUBLIC_URL"]


def test_a_page_without_the_table_or_with_a_torn_row_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# No table\n\n| setting | meaning |\n| --- | --- |\n", encoding="utf-8")
    with pytest.raises(LookupError, match="no table"):
        _documented(page)
    page.write_text(
        "| setting | meaning | default | used by |\n| --- | --- | --- | --- |\n| `A` | b |\n", encoding="utf-8"
    )
    with pytest.raises(LookupError, match="2 cells"):
        _documented(page)

"""What the bot has stored, read with SQL of the test's own."""

import sqlite3
from contextlib import closing
from typing import Any

from tests.channels.bot_process import BotProcess
from tests.encryption_keys import teach_to_read


def rows(bot: BotProcess, query: str, *values: object) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(bot.database)) as connection:
        teach_to_read(connection)
        return connection.execute(query, values).fetchall()


def counts(bot: BotProcess) -> dict[str, int]:
    tables = ("text_contacts", "incoming_texts", "turns", "events", "consents", "flags", "outgoing_texts")
    return {table: rows(bot, f"SELECT count(*) FROM {table}")[0][0] for table in tables}


def forget_everything(bot: BotProcess) -> None:
    """Empty every table, so that tests which share a bot each count from nothing."""
    with closing(sqlite3.connect(bot.database, timeout=10)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        for (name,) in tables.fetchall():
            connection.execute(f"DELETE FROM {name}")
        connection.commit()

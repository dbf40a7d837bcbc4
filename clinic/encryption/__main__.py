"""`python -m clinic.encryption`: make a key, say which keys are in use, bring every value under the key that writes.

Ends with 0, with 1 on a fault, 2 on wrong arguments, and 3 when values are left that are not under that key.
"""

import argparse
import sys
import uuid

from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from clinic.database import Waits, make_engine
from clinic.encryption.columns import keys_of
from clinic.encryption.keys import PLAIN, KeysError, new_entry
from clinic.encryption.known_keys import forget_keys, known_keys, lacking_keys, remember_writing_key
from clinic.encryption.rotation import count_due, count_values, rotate
from clinic.settings import Settings, SettingsError, load_settings
from clinic.text_contacts import take_over_numbers

FAULT = 1
VALUES_LEFT = 3
MOST_SHOWN = 20


def main(arguments: list[str] | None = None) -> int:
    """Do what was asked for and say what came of it; no value is ever shown."""
    choices = _parser().parse_args(arguments)
    if choices.command == "new-key":
        return _new_key(choices.id)
    try:
        settings = load_settings()
        engine = make_engine(settings.database_url, settings.encryption_keys, Waits.LONG)
        try:
            return _status(engine) if choices.command == "status" else _rotate(engine, settings, choices.dry_run)
        finally:
            engine.dispose()
    except SettingsError as error:
        return _failed(str(error))
    except SQLAlchemyError as error:
        return _failed(f"The database could not be worked on ({type(error).__name__}); see `python -m clinic.migrate`.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m clinic.encryption", description="The keys of the database's personal values."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    new = commands.add_parser("new-key", help="print a fresh entry for ENCRYPTION_KEYS")
    new.add_argument("--id", default=f"k{uuid.uuid4().hex[:6]}", help="the key's id; made up if left out")
    commands.add_parser("status", help="say how many values of which column are under which key")
    turn = commands.add_parser("rotate", help="bring every value under the first key, while the processes run")
    turn.add_argument("--dry-run", action="store_true", help="only say how many rows would be written")
    return parser


def _new_key(key_id: str) -> int:
    try:
        sys.stdout.write(f"{new_entry(key_id)}\n")
    except KeysError as error:
        return _failed(f"No key was made: {error}.", 2)
    return 0


def _status(engine: Engine) -> int:
    counts = count_values(engine)
    width = max(len(f"{table}.{column}") for table, column in counts) if counts else 0
    for (table, column), by_key in counts.items():
        shown = ", ".join(f"{key_id} {count}" for key_id, count in sorted(by_key.items())) or "none"
        sys.stdout.write(f"{f'{table}.{column}':{width}}  {shown}\n")
    keys = keys_of(engine)
    writes = PLAIN if keys.writes_plain else keys.writing_id
    sys.stdout.write(f"writes: {writes}; can read: {', '.join(keys.ids)}\n")
    return _say_what_is_lacking(engine)


def _rotate(engine: Engine, settings: Settings, dry_run: bool) -> int:
    if dry_run:
        sys.stdout.write(f"{count_due(engine)} rows would be written\n")
        return _say_what_is_lacking(engine)
    take_over_numbers(engine, settings.secret_key)
    remember_writing_key(engine)
    done = rotate(engine)
    for table, count in sorted(done.written.items()):
        sys.stdout.write(f"{table}: {count} values\n")
    for table, column, key_id, row in done.unreadable[:MOST_SHOWN]:
        sys.stderr.write(f"{table}.{column} of row {row} cannot be read (key id '{key_id}'); it stays as it is\n")
    _forget_what_is_unused(engine)
    if done.left:
        return _failed(f"{done.left} rows are left, {len(done.unreadable)} values of them cannot be read.", VALUES_LEFT)
    sys.stdout.write("every value is as it should be\n")
    return 0


def _forget_what_is_unused(engine: Engine) -> None:
    in_use = {key_id for by_key in count_values(engine).values() for key_id in by_key}
    forget_keys(engine, set(known_keys(engine)) - in_use - {keys_of(engine).writing_id})


def _say_what_is_lacking(engine: Engine) -> int:
    lacking = lacking_keys(engine)
    if not lacking:
        return 0
    return _failed(f"Stored values need keys that ENCRYPTION_KEYS does not have: {', '.join(lacking)}.", VALUES_LEFT)


def _failed(message: str, code: int = FAULT) -> int:
    sys.stderr.write(f"{message}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())

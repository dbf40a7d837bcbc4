"""`python -m clinic.export`: write stored appointment requests as FHIR or iCalendar.

Ends with 0 when something was written, 1 on a fault, 2 on wrong arguments, and 3 when there is no such request.
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from clinic.database import Waits, make_engine
from clinic.exports.requests import FullRequest, find_request, open_requests
from clinic.settings import SettingsError, load_settings

FAULT = 1
NOTHING_TO_EXPORT = 3
FORMATS = ("fhir", "icalendar")


def main(arguments: list[str] | None = None) -> int:
    """Read the requests from the configured database and write them to a file or to the standard output."""
    choices = _parser().parse_args(arguments)
    try:
        requests = _chosen(choices.request_id)
    except SettingsError as error:
        return _failed(str(error))
    except SQLAlchemyError as error:
        return _failed(f"The database could not be read ({type(error).__name__}); see `python -m clinic.migrate`.")
    if not requests:
        missing = "There is no open appointment request." if choices.all_open else "There is no such request."
        return _failed(f"{missing} Nothing was written.", NOTHING_TO_EXPORT)
    try:
        content = _text(requests, choices.format, as_collection=choices.all_open).encode("utf-8")
        _write(content, choices.output)
    except ValueError as error:
        # Its message would repeat what the visitor wrote.
        return _failed(f"What is stored cannot be said as {choices.format} ({type(error).__name__}).")
    except OSError as error:
        return _failed(f"{choices.output or 'The standard output'} could not be written: {error.strerror}.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m clinic.export", description="Write stored appointment requests as FHIR R4 or iCalendar."
    )
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("request_id", nargs="?", metavar="REQUEST_ID", help="the request's id")
    which.add_argument("--all-open", action="store_true", help="every request that waits for the staff")
    parser.add_argument("--format", choices=FORMATS, required=True, help="what to write")
    parser.add_argument("--output", type=Path, metavar="FILE", help="where to write; the standard output if left out")
    return parser


def _chosen(request_id: str | None) -> list[FullRequest]:
    engine = make_engine(load_settings().database_url, waits=Waits.LONG)
    try:
        if request_id is None:
            return open_requests(engine)
        found = find_request(engine, request_id)
        return [found] if found is not None else []
    finally:
        engine.dispose()


def _text(requests: list[FullRequest], form: str, *, as_collection: bool) -> str:
    # Each library is loaded for its own format alone.
    if form == "icalendar":
        from clinic.exports.calendar import calendar  # noqa: PLC0415

        return calendar(requests)
    from clinic.exports.fhir import appointment, bundle  # noqa: PLC0415

    resource = bundle(requests) if as_collection else appointment(requests[0])
    return json.dumps(resource, ensure_ascii=False, indent=2) + "\n"


def _write(content: bytes, path: Path | None) -> None:
    """Write the whole or nothing; a file is for its owner's eyes alone, since it says who asked for what."""
    if path is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(draft).replace(path)
    finally:
        Path(draft).unlink(missing_ok=True)


def _failed(message: str, code: int = FAULT) -> int:
    sys.stderr.write(f"{message}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())

"""The training file in force without the lines that were erased since; the model knows them until the next one."""

import json
import re
from collections.abc import Collection, Mapping

from sqlalchemy import select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from clinic.database import transaction
from conversations.promotion_history import labels_in_file, lines_left, newest_row
from conversations.taught_files import TaughtFiles
from conversations.taught_text import UnteachableError, taught_line
from conversations.teaching import Candidate, Correction, Promotion

_INTENT = re.compile(r"- intent: (?P<label>.+)")
_EXAMPLE = re.compile(r" {4,}- (?P<text>.*)")


def take_erased_lines_out(engine: Engine, files: TaughtFiles) -> int:
    """Put a file in the place of the one in force that lacks what was erased; says how many lines that were.

    Raises:
        conversations.taught_files.TaughtFileMissingError: the lines in force are gone.
        OSError: a file cannot be written.
        sqlalchemy.exc.SQLAlchemyError: nothing was changed.
    """
    with transaction(engine) as session:
        newest = newest_row(session)
        taught = newest.taught if newest is not None else None
        labels = labels_in_file(session, taught)
        left = lines_left(session, labels)
        texts = _texts(session, left)
    if taught is None or left == labels:
        return 0
    path = files.find(taught)
    content = without_lines(path.read_text(encoding="utf-8") if path else "", left, texts)
    name = files.add(content) if content else None
    with transaction(engine) as session:
        _rename(session, taught, name, left)
    if content:
        files.add(content)  # another console may have taken it for one that nobody needs, before the rows named it
    return len(labels) - len(left)


def without_lines(content: str, labels: Mapping[str, str], texts: Mapping[str, str]) -> str:
    """A file of taught lines (conversations/taught_yaml.py) with these lines alone; empty when none is left.

    Args:
        content: the file.
        labels: of the lines that stay, by id.
        texts: as they stand in the file, by id.
    """
    stay = {(label, texts[line_id]) for line_id, label in labels.items() if line_id in texts}
    kept: list[str] = []
    head: list[str] = []
    label, any_line = "", False
    for line in content.splitlines(keepends=True):
        example = _EXAMPLE.fullmatch(line.rstrip("\n"))
        intent = _INTENT.fullmatch(line.strip())
        if intent:
            label, head = intent["label"].strip("'\""), [line]
        elif example is None and head:
            head.append(line)
        elif example is None:
            kept.append(line)
        elif (label, example["text"]) in stay:
            kept += [*head, line]
            head, any_line = [], True
    return "".join(kept) if any_line else ""


def _texts(session: Session, ids: Collection[str]) -> dict[str, str]:
    rows = session.execute(select(Correction.id, Correction.text).where(Correction.id.in_(ids))).all() if ids else []
    texts = {}
    for row in rows:
        try:
            texts[row.id] = taught_line(row.text)
        except UnteachableError:
            continue  # under newer rules it can be no line, so it leaves the file as well
    return texts


def _rename(session: Session, before: str, after: str | None, left: Mapping[str, str]) -> None:
    promoted = update(Promotion).where(Promotion.taught == before).values(taught=after)
    made = update(Candidate).where(Candidate.taught == before)
    made = made.values(taught=after, labels=json.dumps(dict(left)), lines=len(left))
    for statement in (promoted, made):
        session.execute(statement.execution_options(synchronize_session=False))

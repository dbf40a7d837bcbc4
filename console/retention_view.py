"""What the pages say of the purge: its rules, what it did, and whether something is wrong with it."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.engine import Engine

from clinic import clock
from clinic.retention_settings import RetentionSettings
from conversations.retention.classes import CLASSES, Removal
from conversations.retention.runs import COMMAND, CONSOLE, RESTORE, SCHEDULE, Run, last_runs

LONGEST_RUN = timedelta(hours=2)
LONGEST_PAUSE = timedelta(hours=50)
"""Two days, and some: one night may be missed when the computer is off."""
STARTED_BY = {
    SCHEDULE: "On schedule",
    COMMAND: "By command",
    CONSOLE: "From the console",
    RESTORE: "After a restore",
}


@dataclass(frozen=True)
class ClassRow:
    """One class as the page shows it; `going` are the stores from which something would go, where known."""

    name: str
    title: str
    rule: str
    days: int
    setting: str
    going: tuple[Removal, ...]

    @property
    def number(self) -> int:
        """How much would go."""
        return sum(each.removed for each in self.going)


def class_rows(settings: RetentionSettings, removals: tuple[Removal, ...] = ()) -> list[ClassRow]:
    """All classes, with what a look found."""
    return [
        ClassRow(
            each.name,
            each.title,
            each.rule,
            each.days(settings),
            each.setting,
            tuple(found for found in removals if found.retention_class == each.name and found.removed),
        )
        for each in CLASSES
    ]


def state_of(run: Run) -> str:
    """What became of a run, in words."""
    if run.fault:
        return f"Failed ({run.fault})"
    if run.finished_at:
        return "Done"
    return "Cut short" if clock.now() - run.started_at > LONGEST_RUN else "At work"


def trouble(engine: Engine) -> str:
    """What is wrong with the purge, as a sentence for the admin; empty where nothing is.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database cannot be read.
    """
    runs = last_runs(engine, 1)
    if not runs:
        return ""
    newest = runs[0]
    if newest.fault:
        return "The last removal of old data failed."
    if newest.finished_at is None and clock.now() - newest.started_at > LONGEST_RUN:
        return "The last removal of old data was cut short."
    if clock.now() - newest.started_at > LONGEST_PAUSE:
        return "Old data has not been removed for more than two days."
    return ""

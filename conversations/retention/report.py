"""The table of a look or a run, for the command line."""

from collections.abc import Sequence

from clinic.retention_settings import RetentionSettings
from conversations.retention.classes import BY_NAME, Removal, total

COLUMNS = ("class", "kept for", "rule", "where", "how many", "oldest")


def table(removals: Sequence[Removal], settings: RetentionSettings) -> str:
    """The removals as a table in plain text, a line each, with their sum."""
    rows = [COLUMNS, *(_row(each, settings) for each in removals)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(COLUMNS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([*lines, f"total: {total(removals)}"]) + "\n"


def _row(removal: Removal, settings: RetentionSettings) -> tuple[str, ...]:
    its_class = BY_NAME[removal.retention_class]
    oldest = removal.oldest.date().isoformat() if removal.oldest else "-"
    days = f"{its_class.days(settings)} days"
    return (its_class.name, days, its_class.rule, removal.store, str(removal.removed), oldest)

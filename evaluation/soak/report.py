"""The table of a soak."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from evaluation.soak.releases import Done
from evaluation.soak.staff import Staff
from evaluation.soak.talk import Talk


@dataclass
class Tally:
    """What was done and found."""

    kills: Counter[str] = field(default_factory=Counter)
    """By process."""
    under_way: Counter[str] = field(default_factory=Counter)
    """By step, how often a kill came while a visitor waited in it."""
    idle: int = 0
    """Kills while nobody waited."""
    violations: list[str] = field(default_factory=list)
    longest: dict[str, float] = field(default_factory=dict)
    """By process, the most seconds from a kill until a message was answered again."""
    texts_twice: int = 0
    """Texts that the carrier took twice: the bot died between its taking one and our noting so."""
    erased_by_staff: int = 0
    without_database: Counter[str] = field(default_factory=Counter)
    """Processes that were started again since they had found no database at their start."""


def table_lines(tally: Tally, talks: Sequence[Talk], staff: Staff, done: Done, seconds: float) -> list[str]:
    """The table, line by line."""
    asked = [one for talk in talks for one in talk.asked]
    waits = [one.seconds for one in asked if one.seconds is not None]
    facts = [
        ("minutes", f"{seconds / 60:.1f}"),
        ("kills", str(sum(tally.kills.values()))),
        ("conversations", f"{len(talks)}, {sum(talk.channel == 'sms' for talk in talks)} by text message"),
        ("messages", str(len(asked))),
        ("answers", str(sum(bool(one.answers) for one in asked))),
        ("sent again", str(sum(one.tries - 1 for one in asked))),
        ("told that it failed", str(sum(len(one.refusals) for one in asked))),
        ("requests called recorded", str(sum(talk.confirmed_requests for talk in talks))),
        ("messages to the staff called passed on", str(sum(talk.confirmed_messages for talk in talks))),
        ("deletions with a receipt", str(sum(bool(talk.receipt) for talk in talks))),
        ("of these by the staff, at a letter", str(tally.erased_by_staff)),
        ("pages of the console, changes saved", f"{staff.pages}, {staff.saved}"),
        ("releases, roll backs", f"{len(done.promoted)}, {len(done.rolled_back)}"),
        ("candidates cut short", str(done.failed)),
        ("texts taken twice by the carrier", str(tally.texts_twice)),
        ("starts that found no database", str(sum(tally.without_database.values()))),
        ("longest wait for an answer", f"{max(waits, default=0.0):.1f} s"),
        ("violations", str(len(tally.violations))),
    ]
    lines = ["", f"{'killed':<14} {'times':>5}  longest until answered again"]
    lines += [
        f"{name:<14} {count:>5}  {tally.longest.get(name, 0.0):.1f} s" for name, count in sorted(tally.kills.items())
    ]
    lines += ["", f"{'what was under way':<34} kills"]
    lines += [f"{step:<34} {count:>5}" for step, count in tally.under_way.most_common()]
    lines += [f"{'nothing':<34} {tally.idle:>5}", ""]
    lines += [f"{title:<40} {value}" for title, value in facts]
    kinds = Counter(tally.violations)
    return lines + [f"VIOLATION ({count} times): {text}" for text, count in kinds.most_common()]

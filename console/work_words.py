"""Requests, messages and their history in words, as the front desk says it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from clinic.request_changes import CREATED, WITHDRAWN, WORKED
from clinic.staff_work import BOOKED, CLOSED, CONTACTED, OPEN
from clinic.work_history import ChangedValue, Step
from console.names import label_name
from console.templating import DAY, HOUR, MINUTE

VISITOR = "The visitor"
YOU = "You"
_TOPICS = {
    "open_question": "Question sent along with a request",
    "call_back": "Wants to be called back",
    "addition": "Addition to an earlier message",
    "change_of_request": "Wants a change of their request",
}
_FIELDS = {
    "contact_name": "name",
    "patient_name": "patient's name",
    "patient_relation": "patient's relation",
    "phone": "phone number",
    "email": "e-mail address",
    "preferred_time": "preferred time",
}
_BUTTONS = {OPEN: "Open again", CONTACTED: "Mark as contacted", BOOKED: "Mark as booked", CLOSED: "Close"}
_NO_BUTTON = "Back to withdrawn"


@dataclass(frozen=True)
class HistoryLine:
    """One step: who did what, and when. Both texts are plain; `did` may hold a visitor's words."""

    who: str
    did: str
    at: datetime


def topic_name(topic: str) -> str:
    """What a message is about; an unknown topic is shown as it is."""
    return _TOPICS.get(topic) or label_name(topic)


def button_title(status: str) -> str:
    """What a button that leads to the status says."""
    return _BUTTONS.get(status, _NO_BUTTON)


def history_lines(steps: Sequence[Step], me: str, shown: Callable[[str], str]) -> tuple[HistoryLine, ...]:
    """The steps in words, in their order; the one of coming in is left out, since the page shows it apart.

    Args:
        steps: of one request or message.
        me: the name of the account that reads.
        shown: gives the shown name of an account.
    """
    lines = []
    for step in steps:
        if step.change != CREATED:
            by_staff = step.change == WORKED
            who = (YOU if step.changed_by == me else shown(step.changed_by)) if by_staff else VISITOR
            lines.append(HistoryLine(who, _did(step, shown), step.changed_at))
    return tuple(lines)


def passed_in_words(passed: timedelta) -> str:
    """A span of time in its largest unit: "3 hours"."""
    for unit, name in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")):
        if passed >= unit:
            count = passed // unit
            return f"{count} {name}{'' if count == 1 else 's'}"
    return "less than a minute"


def _did(step: Step, shown: Callable[[str], str]) -> str:
    if step.change == WITHDRAWN:
        return "took the request back"
    deeds = [_deed(value, step.changed_by, shown) for value in step.values]
    return ", ".join(deeds[:-1]) + (" and " if deeds[:-1] else "") + deeds[-1] if deeds else "saved it"


def _deed(value: ChangedValue, by: str, shown: Callable[[str], str]) -> str:
    if value.name == "status":
        return f"changed the status from {value.before} to {value.after}"
    if value.name == "note":
        return _noted(value)
    if value.name == "assignee":
        return _assigned(value, by, shown)
    name = _FIELDS.get(value.name, value.name)
    if not (value.before and value.after):
        return f"added the {name} “{value.after}”" if value.after else f"removed the {name} “{value.before}”"
    return f"changed the {name} from “{value.before}” to “{value.after}”"


def _noted(value: ChangedValue) -> str:
    if value.before is None:
        return "wrote a note"
    return "changed the note" if value.after else "removed the note"


def _assigned(value: ChangedValue, by: str, shown: Callable[[str], str]) -> str:
    if value.after is None:
        return "gave it back" if value.before == by else f"took it away from {shown(value.before or '')}"
    return "took it on" if value.after == by else f"assigned it to {shown(value.after)}"

"""The metrics of turns. Each label has a fixed list of values; whatever is in none of them counts as `other`."""

from itertools import product

from prometheus_client import Counter, Histogram

from clinic.labels import label_details
from clinic.urgency import ORDER_OF_URGENCY

OTHER = "other"
WEB = "web"
SMS = "sms"
CHANNELS = (WEB, SMS, OTHER)

ANSWERED = "answered"
FAILED = "failed"
REPEATED = "repeated"
NOT_KEPT = "not_kept"
BUSY = "busy"
UNKNOWN_CHOICE = "unknown_choice"
ID_REUSED = "id_reused"
ERASED = "erased"
OUTCOMES = (ANSWERED, FAILED, REPEATED, NOT_KEPT, BUSY, UNKNOWN_CHOICE, ID_REUSED, ERASED, OTHER)
# By the names of classes: those of channels/turn.py cannot be imported here, where turns are measured for it.
OUTCOMES_OF_ERRORS = {
    "StillBusyError": BUSY,
    "TurnNotKeptError": NOT_KEPT,
    "UnknownChoiceError": UNKNOWN_CHOICE,
    "MessageIdReusedError": ID_REUSED,
    "ClaimLostError": ERASED,
}
REFUSALS = frozenset({"MessageIdReusedError", "ClaimLostError", "ClientResponseError"})
"""What ends a stage without being a fault; the last is an action that does not want to be done now."""

UNDERSTAND = "understand"
CLAIM = "claim"
LOCK = "lock"
WORK = "work"
ACTIONS = "actions"
STORE = "store"
STAGES = (UNDERSTAND, CLAIM, LOCK, WORK, ACTIONS, STORE)

NO_GROUP = "none"
GROUPS = ("faq", "uncovered", "safety", "diagnosis", "transactional", "conversation", "out_of_scope", OTHER)
SAFETY_LABELS = (*ORDER_OF_URGENCY, OTHER)
LIMITS = ("messages", "reads", "feedback", "sessions", "texts")

TURN_BUCKETS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0)
STAGE_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0)

TURNS = Counter("milia_turns", "Turns that ended", ("channel", "outcome"))
TURN_SECONDS = Histogram("milia_turn_seconds", "Time of a whole turn", ("channel",), buckets=TURN_BUCKETS)
STAGE_SECONDS = Histogram("milia_turn_stage_seconds", "Time of a stage of a turn", ("stage",), buckets=STAGE_BUCKETS)
STAGE_ERRORS = Counter("milia_turn_stage_errors", "Stages that a fault ended", ("stage",))
MESSAGES = Counter("milia_messages_understood", "Messages of turns by the kind of their label", ("group",))
SAFETY_TURNS = Counter("milia_safety_turns", "Turns whose message may be urgent", ("safety", "outcome"))
LIMIT_REFUSALS = Counter("milia_limit_refusals", "What a limit refused", ("limit",))

# Every series is there from the start: the first of a kind is an increase from 0, which a rule for alerts can see. They
# are kept here because looking one up takes longer than counting.
_TURNS = {pair: TURNS.labels(*pair) for pair in product(CHANNELS, OUTCOMES)}
_TURN_SECONDS = {channel: TURN_SECONDS.labels(channel) for channel in CHANNELS}
_STAGE_SECONDS = {stage: STAGE_SECONDS.labels(stage) for stage in STAGES}
_STAGE_ERRORS = {stage: STAGE_ERRORS.labels(stage) for stage in STAGES}
_MESSAGES = {group: MESSAGES.labels(group) for group in GROUPS}
_SAFETY_TURNS = {pair: SAFETY_TURNS.labels(*pair) for pair in product(SAFETY_LABELS, OUTCOMES)}
_LIMIT_REFUSALS = {limit: LIMIT_REFUSALS.labels(limit) for limit in LIMITS}


def count_turn(channel: str, outcome: str, seconds: float) -> None:
    """Count a turn that has ended."""
    _TURNS[channel, outcome].inc()
    _TURN_SECONDS[channel].observe(seconds)


def count_stage(stage: str, seconds: float, failed: bool) -> None:
    """Count a stage that has ended."""
    _STAGE_SECONDS[stage].observe(seconds)
    if failed:
        _STAGE_ERRORS[stage].inc()


def count_limit_refusal(limit: str) -> None:
    """Count what a limit refused; `limit` is one of `LIMITS`."""
    _LIMIT_REFUSALS[limit].inc()


def count_understood(group: str, safety: str | None, outcome: str) -> None:
    """Count the message of a turn by its kind, and by what is urgent in it."""
    _MESSAGES[group].inc()
    if safety is not None:
        _SAFETY_TURNS[safety, outcome].inc()


def known_channel(channel: str) -> str:
    """The channel as a label's value."""
    return channel if channel in CHANNELS else OTHER


def known_safety(label: object) -> str | None:
    """The safety label as a label's value; None where nothing is urgent."""
    if not label:
        return None
    return str(label) if label in SAFETY_LABELS else OTHER


def group_of(label: object) -> str:
    """The kind of a label, as data/labels.yml has it."""
    details = label_details().get(str(label))
    return details.group if details is not None and details.group in GROUPS else OTHER

"""How much is measured: the full plan behind `make bench`, and a short one."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """The sizes of one measurement. Every phase has a fixed number of turns, so that the command ends."""

    kind: str
    """Results are compared with earlier ones of the same kind."""
    sessions: int
    turns_in_session: int
    """One client: this many sessions one after another, each with this many questions."""
    clients: int
    turns_of_client: int
    """So many conversations at once, each sending its next question as soon as it has the answer."""
    worker_rounds: int
    turns_of_worker: int
    """One worker and two, in turns, so many times; each of `clients` conversations a worker has so many questions."""
    early_turn: int
    late_turn: int
    compared_turns: int
    """So many turns around the late one are held against as many around the early one of fresh conversations."""
    forms: int
    """Appointment requests taken from the first message to the confirmation."""
    rates: tuple[float, ...]
    """Messages a second that are offered, whatever the answers do, from low to high."""
    seconds_of_rate: float
    visitors: int
    """Conversations over which the offered messages are spread in turn."""
    parsed_messages: int
    """Messages whose understanding alone is timed."""
    projected_turns: int
    """Stored turns that are put into the turn log."""
    console_turns: int
    """Made-up turns in the log when the pages of the console are timed."""
    console_looks: int
    """How often each page is asked for."""


FULL = Plan(
    kind="full",
    sessions=40,
    turns_in_session=10,
    clients=8,
    turns_of_client=60,
    worker_rounds=5,
    turns_of_worker=25,
    early_turn=5,
    late_turn=400,
    compared_turns=40,
    forms=25,
    rates=(10.0, 20.0, 30.0, 40.0, 60.0, 80.0, 100.0, 120.0),
    seconds_of_rate=4.0,
    visitors=64,
    parsed_messages=300,
    projected_turns=8_000,
    console_turns=100_000,
    console_looks=5,
)

QUICK = Plan(
    kind="quick",
    sessions=8,
    turns_in_session=5,
    clients=8,
    turns_of_client=8,
    worker_rounds=1,
    turns_of_worker=3,
    early_turn=5,
    late_turn=40,
    compared_turns=10,
    forms=3,
    rates=(5.0, 10.0, 20.0),
    seconds_of_rate=1.5,
    visitors=16,
    parsed_messages=40,
    projected_turns=400,
    console_turns=2_000,
    console_looks=1,
)

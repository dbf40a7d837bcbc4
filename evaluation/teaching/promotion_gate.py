"""What a candidate must hold to be promoted. Nobody can override it: it is what makes teaching safe for visitors."""

from collections.abc import Iterable

from evaluation.teaching.comparison import SetComparison

MOST_LOST = 0.01
"""Of all messages of a set, the share by which fewer may be right than before."""
TITLES = {
    "own": "the comparison messages",
    "held_out": "the held-out messages",
    "taught": "the taught lines",
}


def refusals(compared: Iterable[SetComparison]) -> list[str]:
    """Why the candidate may not be promoted, in words for the reviewer; empty when it may."""
    return [reason for each in compared for reason in _refusals_of(each)]


def _refusals_of(compared: SetComparison) -> list[str]:
    title = TITLES[compared.name]
    reasons = []
    if compared.newly_missed:
        reasons.append(f"Of {title}, {compared.newly_missed} about danger would no longer be recognised.")
    if compared.safety.after < compared.safety.before:
        reasons.append(
            f"Of the {compared.safety.total} about danger among {title}, {compared.safety.after} would be recognised "
            f"instead of {compared.safety.before}."
        )
    lost = compared.right.before - compared.right.after
    if lost > MOST_LOST * compared.right.total:
        reasons.append(f"Of {title}, {lost} fewer of {compared.right.total} would be understood rightly.")
    return reasons

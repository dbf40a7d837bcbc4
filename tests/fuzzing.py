"""How much is tried of made-up values: a little and always the same; with `--hypothesis-profile=long` much and new."""

from hypothesis import HealthCheck, settings

LONG = "long"
TIMES_AS_MUCH = 20

settings.register_profile(LONG)


def tried(examples: int) -> settings:
    """Settings for a test by made-up values, of which the gate tries so many."""
    is_long = settings.get_current_profile_name() == LONG
    return settings(
        max_examples=examples * (TIMES_AS_MUCH if is_long else 1),
        derandomize=not is_long,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )

"""The titles of choices, from `data/choices.yml`."""

from functools import lru_cache

from clinic.settings import PROJECT_ROOT
from clinic.yaml_files import read_yaml


@lru_cache(maxsize=1)
def choice_titles() -> dict[str, str]:
    """Title by label; a label without one is never offered as a choice."""
    loaded: dict[str, str] = read_yaml(PROJECT_ROOT / "data" / "choices.yml")
    return loaded

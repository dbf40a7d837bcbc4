"""The titles of choices, from `data/choices.yml`."""

from functools import lru_cache

import yaml

from clinic.settings import PROJECT_ROOT


@lru_cache(maxsize=1)
def choice_titles() -> dict[str, str]:
    """Title by label; a label without one is never offered as a choice."""
    loaded: dict[str, str] = yaml.safe_load((PROJECT_ROOT / "data" / "choices.yml").read_text(encoding="utf-8"))
    return loaded

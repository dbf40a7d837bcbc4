"""The files beside these modules that hold what the checks go by: word lists, patterns, values to measure with."""

from functools import cache
from pathlib import Path
from typing import Any

from clinic.yaml_files import read_yaml

FOLDER = Path(__file__).parent


@cache
def rules_of(name: str) -> dict[str, Any]:
    """The content of `name`.yml, read once for the process.

    Raises:
        OSError: there is no such file.
        yaml.YAMLError: it is broken.
    """
    content: dict[str, Any] = read_yaml(FOLDER / f"{name}.yml")
    return content

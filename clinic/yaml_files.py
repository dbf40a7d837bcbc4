"""Reading the YAML files that the project carries: plain values only, never objects."""

from pathlib import Path
from typing import Any

import yaml

# libyaml's reader, which takes the same safe subset ten times as fast; PyYAML is also built without it.
_Reader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> Any:
    """What the file holds: strings, numbers, lists and mappings, None when it is empty.

    Raises:
        OSError: the file cannot be read.
        yaml.YAMLError: it is no YAML, not even text, or names something other than plain values.
    """
    return yaml.load(path.read_bytes(), Loader=_Reader)  # noqa: S506 - both are safe loaders

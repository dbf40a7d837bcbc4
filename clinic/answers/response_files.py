"""The files of `data/responses`, read again when one changes, so that corrected wording needs no restart."""

import logging
import time
from pathlib import Path
from typing import Any

import yaml

from clinic.yaml_files import read_yaml

Variation = dict[str, Any]
Responses = dict[str, list[Variation]]
Signature = tuple[tuple[str, int, int], ...]

SECONDS_BETWEEN_LOOKS = 1.0

logger = logging.getLogger(__name__)


class ResponseFilesError(ValueError):
    """A file of responses cannot be used; the message names the file."""


class ResponseFiles:
    """All responses of a folder. Each variation has `text` and an `id` such as `utter_greet/web/1`."""

    def __init__(self, folder: Path, seconds_between_looks: float = SECONDS_BETWEEN_LOOKS) -> None:
        """Read the folder.

        Args:
            folder: of the files.
            seconds_between_looks: how long what was found in it counts as what is there.

        Raises:
            ResponseFilesError: a file is broken, or there is none.
        """
        self._folder = folder
        self._seconds_between_looks = seconds_between_looks
        self._looked_at = time.monotonic()
        self._signature = self._present_signature()
        self._responses = _read(folder)

    def responses(self) -> Responses:
        """The responses by name, as the files were a moment ago; a broken file leaves those from before in force."""
        moment = time.monotonic()
        if moment - self._looked_at < self._seconds_between_looks:
            return self._responses
        self._looked_at = moment
        signature = self._present_signature()
        if signature != self._signature:
            self._signature = signature
            try:
                self._responses = _read(self._folder)
                logger.info("responses read again")
            except (ResponseFilesError, OSError) as error:
                logger.error("responses kept as they were: %s", error)
        return self._responses

    def _present_signature(self) -> Signature:
        stats = [(path.name, path.stat()) for path in _paths(self._folder)]
        return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)


def _paths(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yml"))


def _read(folder: Path) -> Responses:
    merged: Responses = {}
    for path in _paths(folder):
        for name, variations in _responses_of(path).items():
            if name in merged:
                raise ResponseFilesError(f"{path.name}: '{name}' is in another file too")
            merged[name] = _with_ids(path, name, variations)
    if not merged:
        raise ResponseFilesError(f"{folder.name} holds no responses")
    return merged


def _responses_of(path: Path) -> dict[str, Any]:
    try:
        content = read_yaml(path)
    except yaml.YAMLError as error:
        raise ResponseFilesError(f"{path.name} is not valid YAML") from error
    responses = content.get("responses") if isinstance(content, dict) else None
    if not isinstance(responses, dict):
        raise ResponseFilesError(f"{path.name} has no 'responses'")
    return responses


def _with_ids(path: Path, name: str, variations: object) -> list[Variation]:
    if not isinstance(variations, list) or not variations:
        raise ResponseFilesError(f"{path.name}: '{name}' has no variations")
    counts: dict[str, int] = {}
    checked = []
    for variation in variations:
        if not isinstance(variation, dict) or not isinstance(variation.get("text"), str):
            raise ResponseFilesError(f"{path.name}: a variation of '{name}' has no text")
        channel = variation.get("channel") or "any"
        counts[channel] = counts.get(channel, 0) + 1
        checked.append({"id": f"{name}/{channel}/{counts[channel]}", **variation})
    return checked

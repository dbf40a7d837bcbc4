"""The scenes that made-up visitors play: read from scenes.yml and filled in with made-up people."""

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clinic.yaml_files import read_yaml
from evaluation.dialogues.dialogue_file import Turn

FILE = Path(__file__).with_name("scenes.yml")
# Numbers that nobody has: https://nationalnanpa.com/number_resource_info/555_numbers.html
FICTIONAL = 100
AREAS = (312, 773, 872, 708, 847, 630)


@dataclass(frozen=True)
class Scene:
    """One conversation; `sender` is the number it is texted from, None for the website."""

    turns: tuple[Turn, ...]
    sender: str | None


class SceneBook:
    """Draws scenes, each as often as it weighs."""

    def __init__(self, chance: random.Random, path: Path = FILE) -> None:
        """Read the scenes.

        Raises:
            OSError: the file cannot be read.
        """
        content: dict[str, Any] = read_yaml(path)
        self._chance = chance
        self._names: list[str] = content["names"]
        self._times: list[str] = content["times"]
        self._scenes: list[dict[str, Any]] = content["scenes"]
        self._numbers = [(area, number) for area in AREAS for number in range(FICTIONAL)]
        chance.shuffle(self._numbers)

    def draw(self) -> Scene:
        """The next scene, with a person of its own."""
        [scene] = self._chance.choices(self._scenes, [scene.get("often", 1) for scene in self._scenes])
        name = self._chance.choice(self._names)
        area, number = self._numbers.pop()
        values = {
            "name": name,
            "first": name.split()[0],
            "phone": f"{area} 555 0{FICTIONAL + number}",
            "email": f"{name.split()[0].lower()}{number}@example.com",
            "time": self._chance.choice(self._times),
        }
        turns = tuple(_turn(line, values) for line in scene["says"])
        return Scene(turns, f"+1{area}5550{FICTIONAL + number}" if scene.get("sms") else None)


def _turn(line: object, values: dict[str, str]) -> Turn:
    if isinstance(line, str):
        return Turn(line.format_map(values), None, expect=None, advance=None, seconds=0, redelivery=False)
    if isinstance(line, dict) and isinstance(line.get("tap"), str):
        return Turn(None, line["tap"], expect=None, advance=None, seconds=0, redelivery=False)
    # YAML reads a bare yes as a truth value.
    raise ValueError(f"{FILE.name}: {line!r} is neither text nor a title to tap; put it in quotes")

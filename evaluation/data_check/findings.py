"""What a check found: where, and what to do about it."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class Finding:
    """One thing to put right."""

    path: Path
    line: int
    advice: str

    def shown(self, project: Path) -> str:
        """The finding as `file:line: advice`, the file relative to the project's folder where it lies within."""
        path = self.path.relative_to(project) if self.path.is_relative_to(project) else self.path
        return f"{path}:{self.line}: {self.advice}"

"""The log files of an instance: one for each program, in VAR_DIR/logs."""

from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from launcher.pipes import without_colour

LARGEST_LOG = 5_000_000  # bytes; a larger one is put aside when its program is started
KEPT_LOGS = 3
TAIL = 4096  # bytes from which the last line is taken
LONGEST_QUOTE = 300  # characters
START_MARK = "--- started "


class LogFolder:
    """Where the programs' output goes."""

    def __init__(self, var_dir: Path) -> None:
        self.path = var_dir / "logs"
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)

    def file_of(self, name: str) -> Path:
        """The log file of the program `name`."""
        return self.path / f"{name}.log"

    def open_for(self, name: str) -> BinaryIO:
        """The program's log, open for appending; put aside first when it has grown large. The caller closes it."""
        path = self.file_of(name)
        _rotate(path)
        log = path.open("ab", buffering=0)
        log.write(f"{START_MARK}{datetime.now().astimezone().isoformat(timespec='seconds')}\n".encode("ascii"))
        return log

    def last_line_of(self, name: str) -> str:
        """The last line the program wrote, shortened; empty when it wrote none since its last start."""
        path = self.file_of(name)
        if not path.exists():
            return ""
        with path.open("rb") as log:
            size = log.seek(0, 2)
            log.seek(max(0, size - TAIL))
            text = log.read().decode("utf-8", errors="replace")
        written = [line.strip() for line in without_colour(text).splitlines() if line.strip()]
        return "" if not written or written[-1].startswith(START_MARK) else written[-1][:LONGEST_QUOTE]


def _rotate(path: Path) -> None:
    if not path.exists() or path.stat().st_size < LARGEST_LOG:
        return
    for number in range(KEPT_LOGS, 0, -1):
        older = path.with_name(f"{path.name}.{number}")
        newer = path.with_name(f"{path.name}.{number - 1}") if number > 1 else path
        if newer.exists():
            newer.replace(older)

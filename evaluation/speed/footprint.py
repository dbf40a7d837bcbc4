"""What the assistant takes up: memory and processor time of its processes, and room on the disk."""

import os
import re
import subprocess
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from evaluation.speed.client import MeasurementError

LOCKED_NAME = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==", re.MULTILINE)
BYTES_IN_KIB = 1024


def resident_memory(process: int) -> float:
    """The resident memory of a process in MB (10^6 bytes), as `ps` has it on Linux and macOS.

    Raises:
        MeasurementError: the process is gone.
    """
    # Linux says it in /proc, also where `ps` is not installed.
    status = Path(f"/proc/{process}/status")
    if status.exists():
        found = re.search(r"^VmRSS:\s+(\d+) kB", status.read_text(encoding="ascii", errors="replace"), re.MULTILINE)
        written = found.group(1) if found else ""
    else:
        command = ("ps", "-o", "rss=", "-p", str(process))
        written = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    if not written:
        raise MeasurementError(f"Process {process} has no resident memory; it has ended.")
    return int(written) * BYTES_IN_KIB / 1e6


def processor_seconds(process: int) -> float | None:
    """The processor time that a running process has used up; None on systems without /proc, such as macOS."""
    path = Path(f"/proc/{process}/stat")
    if not path.exists():
        return None
    # proc(5): user and system time are fields 14 and 15; the name before them, in brackets, may hold spaces.
    fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def folder_size(folder: Path) -> float:
    """The size of all files in a folder in GB (10^9 bytes); a file with several names counts once."""
    sizes: dict[tuple[int, int], int] = {}
    for path in folder.rglob("*"):
        if not path.is_symlink() and path.is_file():
            status = path.stat()
            sizes[status.st_dev, status.st_ino] = status.st_size
    return sum(sizes.values()) / 1e9


def locked_packages_size(lock: Path) -> float:
    """The size of the installed packages that a lock file names, in GB (10^9 bytes), by their lists of files."""
    wanted = {_normalised(name) for name in LOCKED_NAME.findall(lock.read_text(encoding="utf-8"))}
    packages = (package for package in metadata.distributions() if _normalised(package.metadata["Name"]) in wanted)
    return sum(_existing_sizes(package) for package in packages) / 1e9


def _existing_sizes(package: metadata.Distribution) -> int:
    places: Iterable[Path] = (Path(str(package.locate_file(file))) for file in package.files or [])
    return sum(place.stat().st_size for place in places if place.is_file())


def _normalised(name: str) -> str:
    """A package's name as PyPI compares it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()

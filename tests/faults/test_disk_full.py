"""The disk with the database (SQLite) is full: visitors are told so, and once there is room all goes on."""

import errno
import os
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from evaluation.soak.instance import ACTIONS, BOT, SoakInstance
from tests.faults.conftest import NewInstance, visitors_of
from tests.faults.fault import all_is_well, emergency_is_answered, ready, refused, some_visits

pytestmark = [pytest.mark.live, pytest.mark.model]
LEFT_BYTES = 4_096
DISK = "size=24m"

Full = Callable[[SoakInstance], AbstractContextManager[None]]


@contextmanager
def files_may_not_grow(instance: SoakInstance) -> Iterator[None]:
    """The limit of the size of files (setrlimit(2)), at what the write-ahead log has: works for whoever runs the test.

    Python ignores the signal that comes with it, so the write fails with EFBIG, which SQLite calls a disk I/O error.
    """
    log = Path(f"{instance.folder / 'milia.sqlite3'}-wal")
    processes = [instance.process_of(name) for name in (BOT, ACTIONS)]
    before = [resource.prlimit(process, resource.RLIMIT_FSIZE) for process in processes]
    for process, (_soft, hard) in zip(processes, before, strict=True):
        resource.prlimit(process, resource.RLIMIT_FSIZE, (log.stat().st_size, hard))
    yield
    for process, limits in zip(processes, before, strict=True):
        resource.prlimit(process, resource.RLIMIT_FSIZE, limits)


@contextmanager
def nothing_left(instance: SoakInstance) -> Iterator[None]:
    """A file takes all room of the small disk: writing fails with ENOSPC."""
    filler = instance.folder / "filler"
    with filler.open("wb") as file:
        while not _taken(file.fileno(), shutil.disk_usage(instance.folder).free - LEFT_BYTES):
            pass  # The instance has just written more itself.
    yield
    filler.unlink()


def _taken(file: int, size: int) -> bool:
    try:
        os.posix_fallocate(file, 0, max(1, size))
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        return False
    return True


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk in memory, where mounting is allowed."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", DISK, "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("mounting a small disk is not allowed here; the test by a limit of files has run")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


async def test_while_files_may_not_grow_visitors_are_told_and_afterwards_all_goes_on(new_instance: NewInstance) -> None:
    await _full_and_free_again(new_instance(), files_may_not_grow)


async def test_while_the_disk_is_full_visitors_are_told_and_afterwards_all_goes_on(
    new_instance: NewInstance, small_disk: Path
) -> None:
    await _full_and_free_again(new_instance(folder=small_disk), nothing_left)


async def _full_and_free_again(instance: SoakInstance, full: Full) -> None:
    await ready(instance, True)
    async with visitors_of(instance) as load:
        await some_visits(load, 1)
        talk = await load.web_talk()
        with full(instance):
            await ready(instance, False)
            await refused(load, 3)
            await emergency_is_answered(talk)
        await ready(instance, True)
        await some_visits(load, len(load.talks) + 1)
        await all_is_well(load, instance.stored())

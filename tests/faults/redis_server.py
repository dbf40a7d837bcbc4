"""A Redis server of the test's own."""

import shutil
import subprocess
import time
from pathlib import Path

import redis

from evaluation.instance import free_ports
from evaluation.instance_processes import HOST

SECONDS_TO_START = 20


class NoRedisError(RuntimeError):
    """Its program is not installed here."""


class RedisServer:
    """Use as a context. It keeps nothing on disk, so that a restart loses all locks and counts."""

    def __init__(self, folder: Path) -> None:
        found = shutil.which("redis-server")
        if found is None:
            raise NoRedisError("redis-server is not installed (Debian: apt-get install redis-server)")
        self._program = found
        self._folder = folder
        (self.port,) = free_ports(1)
        self.url = f"redis://{HOST}:{self.port}/0"

    def __enter__(self) -> "RedisServer":
        self._folder.mkdir(parents=True)
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        options = ["--port", str(self.port), "--bind", HOST, "--save", "", "--appendonly", "no", "--dir", self._folder]
        with (self._folder / "redis.log").open("ab") as log:
            self._process = subprocess.Popen([self._program, *options], stdout=log, stderr=log)
        deadline = time.monotonic() + SECONDS_TO_START
        with redis.Redis.from_url(self.url) as client:
            while True:
                try:
                    client.ping()
                    return
                except redis.exceptions.RedisError:
                    assert time.monotonic() < deadline
                    time.sleep(0.02)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

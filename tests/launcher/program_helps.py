"""`python -m tests.launcher.program_helps MODULE ...` prints what `--help` of each program says, as JSON.

One process asks them all, since most of the time of a `--help` is the imports.
"""

import contextlib
import io
import json
import re
import runpy
import sys
from collections.abc import Iterator

SUBCOMMANDS = re.compile(r"^  \{([a-z,-]+)\}", re.MULTILINE)


def helps(module: str) -> Iterator[tuple[str, str]]:
    """Words such as `clinic.encryption rotate` with what their `--help` says: of the program, and of its commands."""
    text = _help(module, "--help")
    yield module, text
    for listed in SUBCOMMANDS.findall(text):
        yield from ((f"{module} {name}", _help(module, name, "--help")) for name in listed.split(","))


def _help(module: str, *arguments: str) -> str:
    sys.argv = [module, *arguments]
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            runpy.run_module(module, run_name="__main__", alter_sys=True)
        except SystemExit as end:
            if end.code != 0:
                return f"exit code {end.code}: {said.getvalue()}"
    return said.getvalue()


if __name__ == "__main__":
    print(json.dumps(dict(each for module in sys.argv[1:] for each in helps(module))))

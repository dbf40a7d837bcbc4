"""Stand-ins for training, check and comparison, which take a moment instead of minutes: `PROGRAM FOLDER ...`.

What they do is told by files in the folder, a small project: `content` is what its model is made from,
`<program>-trouble` lets a program fail or hang, and `refusals` is what the comparison finds. Each run is noted in
`runs`. Nothing of the project is imported, so that they start at once.
"""

import hashlib
import json
import sys
import time
from pathlib import Path

REFUSED_WORD = "forbidden"


def _training(project: Path, arguments: list[str]) -> None:
    taught = Path(_option(arguments, "--taught")).read_bytes() if "--taught" in arguments else b""
    name = hashlib.sha256((project / "content").read_bytes() + taught).hexdigest()[:16]
    if "--name-only" not in arguments:
        _run(project, "training")
        (project / "models" / f"{name}.tar.gz").write_bytes(taught)
    print(f"models/{name}.tar.gz")


def _check(project: Path, arguments: list[str]) -> None:
    _run(project, "check")
    lines = [json.loads(line) for line in Path(arguments[0]).read_text().splitlines()]
    verdicts = {
        line["id"]: {"refusal": "Not this one." if REFUSED_WORD in line["text"] else None, "warnings": ["Mind it."]}
        for line in lines
        if not line.get("known")
    }
    Path(_option(arguments, "--output")).write_text(json.dumps({"held_out": None, "lines": verdicts}))


def _comparison(project: Path, arguments: list[str]) -> None:
    _run(project, "comparison")
    before, after = (Path(name).name for name in arguments[:2])
    refusals = project / "refusals"
    content = {
        "before": before,
        "after": after,
        "sets": [],
        "held_out": None,
        "refusals": refusals.read_text().splitlines() if refusals.exists() else [],
    }
    Path(_option(arguments, "--output")).write_text(json.dumps(content))


def _job(project: Path, _arguments: list[str]) -> None:
    _run(project, "job")


def _run(project: Path, name: str) -> None:
    with (project / "runs").open("a") as file:
        file.write(f"{name}\n")
    trouble = project / f"{name}-trouble"
    kind = trouble.read_text() if trouble.exists() else ""
    if kind == "hang":
        (project / "hangs").touch()
        time.sleep(600)
    if kind == "fail":
        sys.exit(7)


def _option(arguments: list[str], name: str) -> str:
    return arguments[arguments.index(name) + 1]


if __name__ == "__main__":
    {"training": _training, "check": _check, "comparison": _comparison, "job": _job}[sys.argv[1]](
        Path(sys.argv[2]), sys.argv[3:]
    )

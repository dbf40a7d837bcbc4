"""Kills processes of an instance of its own under load, at random moments, and checks after each what must hold."""

import argparse
import asyncio
import random
import signal
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from evaluation.instance_processes import InstanceError
from evaluation.places import PROJECT_ROOT
from evaluation.soak.instance import CONSOLE, SoakInstance
from evaluation.soak.killer import PROGRAMS
from evaluation.soak.own_project import make_project
from evaluation.soak.private_postgresql import NoPostgresqlError, PrivatePostgresql
from evaluation.soak.report import table_lines
from evaluation.soak.soak import Plan, Soak, Soaked, instance_settings
from evaluation.soak.stand_ins import StandIns
from evaluation.understanding.model import ModelError, newest_model

VIOLATED, NOT_SOAKED, INTERRUPTED = 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Soak, and print the table.

    Returns:
        The exit code: 0 nothing was violated, 1 something was, 2 it could not be run, 130 interrupted.
    """
    options = _parser().parse_args(arguments)
    seed = random.SystemRandom().randrange(1_000_000) if options.seed is None else options.seed
    plan = Plan(options.minutes, options.kills, seed, options.rate, waits_for_leases=not options.quick)
    print(
        f"Seed {seed}: up to {plan.kills} kills in {plan.minutes:g} minutes, {plan.rate:g} visits a second.", flush=True
    )
    try:
        soaked = asyncio.run(_soak(options, plan))
    except (InstanceError, ModelError, NoPostgresqlError, OSError) as error:
        print(f"The soak could not go on (seed {seed}): {error}", file=sys.stderr)
        return NOT_SOAKED
    except KeyboardInterrupt:
        print("Interrupted; everything that was started has ended.", file=sys.stderr)
        return INTERRUPTED
    for line in table_lines(soaked.tally, soaked.load.talks, soaked.staff, soaked.releases.done, soaked.seconds):
        print(line)
    return VIOLATED if soaked.tally.violations else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evaluation.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0, help="the longest it may go on (30)")
    parser.add_argument("--kills", type=int, default=200, help="how many processes are killed (200)")
    parser.add_argument("--seed", type=int, help="repeats the choices of an earlier run; random when left out")
    parser.add_argument("--rate", type=float, default=1.0, help="visits that begin in a second (1)")
    parser.add_argument("--quick", action="store_true", help="do not wait for what was being sent at a kill")
    parser.add_argument("--model", type=Path, help="the model; the newest in models/ when left out")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--database", default="", help="an empty PostgreSQL database, as URL; SQLite when left out")
    where.add_argument(
        "--postgres", action="store_true", help="a PostgreSQL server of its own, which is killed like the others"
    )
    return parser


async def _soak(options: argparse.Namespace, plan: Plan) -> Soaked:
    model = (options.model or newest_model(PROJECT_ROOT / "models")).resolve()
    async with StandIns() as stand_ins:
        with ExitStack() as running:
            folder = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="milia-soak-")))
            server = running.enter_context(PrivatePostgresql(folder / "server")) if options.postgres else None
            settings = instance_settings(stand_ins, server.url if server else options.database)
            project = folder / "project"
            console = {CONSOLE: ("evaluation.soak.own_project", str(project))}
            first = make_project(project, model)
            instance = SoakInstance(first, folder / "instance", settings, programs=PROGRAMS, runner_of=console)
            running.enter_context(instance)
            instance.wait_until_ready()
            return await Soak(instance, server, stand_ins, plan, _say).run()


def _say(line: str) -> None:
    print(f"  {line}", flush=True)


if __name__ == "__main__":
    # Ended like with Ctrl-C, so that what was started is ended and temporary files are removed.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(main())

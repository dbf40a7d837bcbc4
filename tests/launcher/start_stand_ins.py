"""`python -m launcher run` (or `train`) with other programs, as JSON by the names of `Programs` and `Limits`."""

import json
import signal
import sys

from launcher.programs import Limits, Programs
from launcher.restarts import RestartPolicy
from launcher.running import run
from launcher.training import train

if __name__ == "__main__":
    # Under nohup a hang-up is ignored from the start, and rightly stays so; here it is what is tested.
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    choices = json.loads(sys.argv[1])
    programs = Programs(**{name: tuple(command) for name, command in choices["programs"].items()})
    policy = RestartPolicy(most=3, steady=60.0, first_pause=0.05)
    limits = Limits(restarts=policy, **choices["limits"])
    sys.exit({"run": run, "train": train}[sys.argv[2]](programs, limits))

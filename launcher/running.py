"""`python -m launcher run`: start an instance, keep it alive, and end all of it."""

import time

from clinic.settings import Settings
from launcher.carrying_out import carry_out
from launcher.family import Family
from launcher.instance import Instance
from launcher.instance_lock import only_instance
from launcher.ports import check_ports
from launcher.programs import Limits, Programs
from launcher.screen import Screen
from launcher.stopping import StopRequest

SECONDS_BETWEEN_LOOKS_AT_START = 0.1
SECONDS_BETWEEN_LOOKS = 0.25


def run(programs: Programs | None = None, limits: Limits | None = None) -> int:
    """Run an instance until the operator stops it.

    Returns:
        0 when it was stopped, 1 when it could not start or go on; what was wrong is on the screen in one line.
    """

    def work(settings: Settings, screen: Screen) -> None:
        with only_instance(settings.var_dir):
            check_ports(settings)
            _supervise(settings, programs or Programs(), limits or Limits(), screen)

    return carry_out(work)


def _supervise(settings: Settings, programs: Programs, limits: Limits, screen: Screen) -> None:
    with Family(limits.grace) as family:
        stop = StopRequest(at_once=family.kill_all)
        instance = Instance(settings, programs, limits, screen)
        instance.start(family)
        while not stop.requested:
            instance.look(family)
            time.sleep(SECONDS_BETWEEN_LOOKS if instance.ready else SECONDS_BETWEEN_LOOKS_AT_START)
        screen.say("Stopping; Ctrl-C again does it at once ...")
    screen.say("Stopped; no process is left.")

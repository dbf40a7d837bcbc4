"""`python -m launcher run`: start an instance, keep it alive, and end all of it."""

import time

from clinic.settings import Settings, SettingsError, load_settings
from launcher.family import Family
from launcher.instance import Instance
from launcher.instance_lock import only_instance
from launcher.ports import check_ports
from launcher.programs import Limits, Programs
from launcher.screen import Screen
from launcher.stopping import StopRequest
from launcher.trouble import LauncherError, explained

SECONDS_BETWEEN_LOOKS_AT_START = 0.1
SECONDS_BETWEEN_LOOKS = 0.25


def run(programs: Programs | None = None, limits: Limits | None = None) -> int:
    """Run an instance until the operator stops it.

    Returns:
        0 when it was stopped, 1 when it could not start or go on; what was wrong is on the screen in one line.
    """
    screen = Screen()
    folder = "VAR_DIR"
    try:
        settings = _read_settings()
        folder = str(settings.var_dir)
        with only_instance(settings.var_dir):
            check_ports(settings)
            _supervise(settings, programs or Programs(), limits or Limits(), screen)
    except LauncherError as error:
        screen.say(f"Stopped. {error}")
        return 1
    except OSError as error:
        screen.say(f"Stopped. {explained(error, folder)}")
        return 1
    return 0


def _read_settings() -> Settings:
    try:
        return load_settings()
    except SettingsError as error:
        raise LauncherError(f"A setting is wrong: {error}") from error
    except UnicodeDecodeError as error:
        raise LauncherError(f"The file .env is not UTF-8 text: {error.reason} at byte {error.start}.") from error


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

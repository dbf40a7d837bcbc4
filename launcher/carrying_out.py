"""What the commands of the launcher have in common: the settings are read, and a fault ends as one line."""

from collections.abc import Callable

from clinic.settings import Settings, SettingsError, load_settings
from launcher.screen import Screen
from launcher.trouble import LauncherError, explained


def carry_out(work: Callable[[Settings, Screen], None]) -> int:
    """Do the work with the settings of the environment.

    Returns:
        0 when it ended by itself or was stopped, 1 when it could not start or go on; what was wrong is on the screen in
        one line.
    """
    screen = Screen()
    folder = "VAR_DIR"
    try:
        settings = _read_settings()
        folder = str(settings.var_dir)
        work(settings, screen)
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

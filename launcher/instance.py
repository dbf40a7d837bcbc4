"""One running instance: the set-up, then the servers, each as soon as what it needs is there."""

import os
import time
from pathlib import Path

from clinic.settings import PROJECT_ROOT, Settings
from launcher import readiness
from launcher.family import Family
from launcher.logs import LogFolder
from launcher.ports import reachable_host, web_address
from launcher.programs import NO_LINK_NEEDED, Limits, Programs
from launcher.screen import Screen
from launcher.services import Service
from launcher.set_up_steps import SetUpStep
from launcher.texting import texting_command
from launcher.trouble import LauncherError


class Instance:
    """Call `start` once and `look` again and again; every fault that cannot be mended comes out of `look`."""

    def __init__(self, settings: Settings, programs: Programs, limits: Limits, screen: Screen) -> None:
        """Prepare an instance.

        Raises:
            OSError: the log folder cannot be made.
        """
        self.ready = False
        self._settings = settings
        self._programs = programs
        self._limits = limits
        self._screen = screen
        self._logs = LogFolder(settings.var_dir)
        self._training = SetUpStep("Training", "training", programs.training_with(settings), self._logs, screen)
        self._migration = SetUpStep("Database", "migration", programs.migration, self._logs, screen)
        self._first_link = SetUpStep(
            "First account", "first_link", programs.first_link, self._logs, screen, nothing_to_do=NO_LINK_NEEDED
        )
        self._actions = Service("The action server", "actions", limits.restarts, self._logs, screen)
        self._bot = Service("The bot", "bot", limits.restarts, self._logs, screen)
        self._console = Service("The staff console", "console", limits.restarts, self._logs, screen)
        self._started_at = time.monotonic()
        self._waiting_since = 0.0
        self._bot_start_seen = 0

    def start(self, family: Family) -> None:
        """Start the set-up; training and database do not need each other."""
        self._migration.start(family)
        self._training.start(family)

    def look(self, family: Family) -> None:
        """Do what has become possible since the last look.

        Raises:
            LauncherError: the set-up failed, a program died too often, or the bot does not become ready.
            OSError: a log cannot be written, or the system cannot start a program.
        """
        self._migration.look()
        self._training.look()
        self._first_link.look()
        if self._migration.finished and not self._actions.starts:
            self._first_link.start(family)
            self._actions.start(family, self._programs.actions)
            self._console.start(family, self._programs.console)
        if self._migration.finished and self._training.finished and not self._bot.starts:
            self._bot.start(family, (*self._programs.bot, "--model", str(self._model())))
        for service in (self._actions, self._bot, self._console):
            service.look()
        self._notice_new_bot()
        if self._bot.starts and not self.ready:
            self._ask_bot()
        elif not self._bot.starts:
            self._show_set_up()

    def _model(self) -> Path:
        model = PROJECT_ROOT / self._training.last_line
        if not model.is_file():
            raise LauncherError(
                f"Training ended without naming a model. Log: {self._logs.file_of('training')}; "
                "`.venv/bin/python -m nlu.training` shows all it does."
            )
        return model

    def _notice_new_bot(self) -> None:
        if self._bot.starts == self._bot_start_seen:
            return
        if self.ready or not self._bot_start_seen:  # else it died before it was ready, and its time runs on
            self._waiting_since = time.monotonic()
        self._bot_start_seen = self._bot.starts
        self.ready = False

    def _ask_bot(self) -> None:
        answer = readiness.ask(reachable_host(self._settings.bot_host), self._settings.bot_port)
        waited = time.monotonic() - self._waiting_since
        if answer.ready:
            answer = self._ask_console()
        if answer.ready:
            self.ready = True
            self._announce()
        elif waited > self._limits.ready:
            said = self._logs.last_line_of("bot")
            raise LauncherError(
                f"The bot was not ready within {self._limits.ready:g} s: {answer.missing}. "
                f"Its log {self._logs.file_of('bot')} ends with: {said or 'nothing'}"
            )
        else:
            self._screen.show_progress(f"  Loading ... {waited:.0f} s ({answer.missing})")

    def _ask_console(self) -> readiness.Readiness:
        if not self._first_link.finished:
            return readiness.Readiness(ready=False, missing="the staff console looks for its first account")
        host = reachable_host(self._settings.console.host)
        answer = readiness.ask(host, self._settings.console_port, readiness.LIVE_PATH)
        return answer if answer.ready else readiness.Readiness(False, f"the staff console: {answer.missing}")

    def _show_set_up(self) -> None:
        going_on = [step.title for step in (self._migration, self._training) if not step.finished]
        elapsed = time.monotonic() - self._started_at
        self._screen.show_progress(f"  {' and '.join(going_on)} ... {elapsed:.0f} s")

    def _announce(self) -> None:
        if self._bot.starts > 1:
            self._screen.say("The bot is ready again.")
            return
        address = web_address(self._settings)
        seconds = time.monotonic() - self._started_at
        self._screen.say(f"Ready after {seconds:.0f} s, the packages' time not counted. Ctrl-C stops everything.")
        self._screen.say(f"  Demo page  {address}/webhooks/web/demo")
        self._screen.say(f"  Texting    {texting_command(os.environ)}")
        self._screen.say(f"  Console    {self._settings.console.url}")
        if self._first_link.last_line:
            self._screen.say(f"  First account (once, within a day)  {self._first_link.last_line}")
        self._screen.say(f"  Health     {address}{readiness.PATH}")
        self._screen.say(f"  Logs       {self._logs.path}")

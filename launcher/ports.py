"""Checking, before anything is started, that the instance's addresses can be had."""

import errno
import socket
from itertools import combinations

from clinic.settings import Settings
from launcher.trouble import LauncherError

LOOPBACK = "127.0.0.1"
SECONDS_TO_CONNECT = 1.0


def check_ports(settings: Settings) -> None:
    """Make sure that the ports of bot, action server and console are free.

    Raises:
        LauncherError: one is taken, two are the same, or this user or machine cannot open it.
    """
    ports = {
        "BOT_PORT": settings.bot_port,
        "ACTIONS_PORT": settings.actions_port,
        "CONSOLE_PORT": settings.console_port,
    }
    for one, other in combinations(ports, 2):
        if ports[one] == ports[other]:
            raise LauncherError(f"{one} and {other} are both {ports[one]}; give one of them another port.")
    _check("BOT_PORT", "BOT_HOST", settings.bot_host, settings.bot_port)
    _check("ACTIONS_PORT", "BOT_HOST", LOOPBACK, settings.actions_port)
    _check("CONSOLE_PORT", "CONSOLE_HOST", settings.console.host, settings.console_port)


def reachable_host(host: str) -> str:
    """The address under which this machine reaches a server that listens on `host`."""
    return LOOPBACK if host in ("0.0.0.0", "::", "") else host  # noqa: S104 - compared, not bound


def web_address(settings: Settings) -> str:
    """The bot's address for somebody on this machine, without a path."""
    host = reachable_host(settings.bot_host)
    return f"http://[{host}]:{settings.bot_port}" if ":" in host else f"http://{host}:{settings.bot_port}"


def _check(setting: str, host_setting: str, host: str, port: int) -> None:
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[
            0
        ]
    except (socket.gaierror, UnicodeError) as error:
        raise LauncherError(f"{host_setting} is '{host}', which is no address of this machine.") from error
    with socket.socket(family, kind) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
        except OSError as error:
            raise LauncherError(_refusal(error, setting, host_setting, host, port)) from error
    # macOS lets 127.0.0.1 be bound beside a program that listens on every address; that one would be hidden.
    if _somebody_answers(reachable_host(host), port):
        raise LauncherError(_taken(setting, port))


def _refusal(error: OSError, setting: str, host_setting: str, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return _taken(setting, port)
    if error.errno == errno.EACCES:
        return f"{setting} is {port}, which this user may not open; choose one above 1023."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host_setting} is '{host}', which is no address of this machine."
    return f"Port {port} ({setting}) cannot be opened: {error.strerror}."


def _taken(setting: str, port: int) -> str:
    other = port + 1 if port < 65535 else port - 1
    return (
        f"Port {port} is taken by another program. Choose another with {setting}, "
        f"as in: {setting}={other} make run (or write {setting}={other} into .env)."
    )


def _somebody_answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=SECONDS_TO_CONNECT).close()
    except OSError:
        return False
    return True

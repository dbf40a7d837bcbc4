"""How somebody in another terminal texts with this instance."""

import shlex
from collections.abc import Mapping

COMMAND = ".venv/bin/python -m channels.sms.simulate --from +13125550123"
NEEDED = ("VAR_DIR", "BOT_HOST", "BOT_PORT", "PUBLIC_URL")
"""Settings by which the command finds the bot; they are in no other terminal when they are variables of this one."""


def texting_command(environ: Mapping[str, str]) -> str:
    """The command to type, with those variables of `environ` that it needs; what stands in `.env` it reads itself."""
    given = [f"{name}={shlex.quote(environ[name])}" for name in NEEDED if environ.get(name)]
    return " ".join((*given, COMMAND))

"""Acknowledging a flag: somebody says that they take care of it; and taking that back."""

from starlette.responses import Response

from clinic.flags import NoSuchFlagError, acknowledge, reopen
from console.conversation_addresses import address_of
from console.queue import answer_action
from console.roles import EVERYBODY, Role
from console.routing import ConsoleRoute
from console.visit import Visit

TAKE_CARE = EVERYBODY - {Role.READER}


def acknowledge_flag(visit: Visit) -> Response:
    """Note it; the first one stays noted. From a conversation's own page the way goes back there."""
    flag_id = visit.path["id"]
    visit.about("flag", flag_id)
    try:
        done = acknowledge(visit.engine, flag_id, visit.account.name)
    except NoSuchFlagError:
        return answer_action(visit, "entry_gone")
    visit.about("flag", flag_id, label=done.label, is_first=done.is_new)
    notice = "flag_acknowledged" if done.is_new else "flag_known"
    if visit.form.get("from") == "conversation":
        return visit.redirect(address_of(done.conversation_id), notice=notice)
    return answer_action(visit, notice)


def reopen_flag(visit: Visit) -> Response:
    """Let it wait again, where it was acknowledged by mistake."""
    flag_id = visit.path["id"]
    visit.about("flag", flag_id)
    try:
        flag = reopen(visit.engine, flag_id)
    except NoSuchFlagError:
        return answer_action(visit, "entry_gone")
    visit.about("flag", flag_id, label=flag.label)
    return visit.redirect(address_of(flag.conversation_id), notice="flag_reopened")


ROUTES: tuple[ConsoleRoute, ...] = (
    ConsoleRoute("/queue/flags/{id}/acknowledge", "POST", acknowledge_flag, TAKE_CARE, "flag.acknowledged"),
    ConsoleRoute("/queue/flags/{id}/reopen", "POST", reopen_flag, TAKE_CARE, "flag.reopened"),
)

"""What could not be sent: trying it again, or saying that it was dealt with."""

from collections.abc import Callable

from starlette.responses import Response

from clinic.failed_sends import (
    CannotSendAgainError,
    NoSuchSendError,
    Obstacle,
    close_notice,
    close_text,
    send_notice_again,
    send_text_again,
)
from console.queue import answer_action
from console.roles import SCHEDULERS
from console.routing import ConsoleRoute
from console.typed_numbers import whole_number
from console.visit import NotFoundError, Visit

OBSTACLES = {
    Obstacle.NOT_SET_UP: "send_not_set_up",
    Obstacle.OPTED_OUT: "send_opted_out",
    Obstacle.WORDS_GONE: "send_words_gone",
}
LONGEST_TEXT_ID = 18


def repeat_notice(visit: Visit) -> Response:
    """Try a notice to the staff again."""
    notice_id = visit.path["id"]
    visit.about("notice", notice_id)
    targets = visit.settings.notice_targets
    return _answer(visit, lambda: send_notice_again(visit.engine, notice_id, targets), "send_repeated")


def handle_notice(visit: Visit) -> Response:
    """Note that somebody dealt with a notice."""
    notice_id = visit.path["id"]
    visit.about("notice", notice_id)
    return _answer(visit, lambda: close_notice(visit.engine, notice_id, visit.account.name), "send_handled")


def repeat_text(visit: Visit) -> Response:
    """Try a text to a person again, unless they asked for no more."""
    text_id = _text_id(visit)
    if not visit.settings.sms.can_send:
        return answer_action(visit, "send_not_set_up")
    return _answer(visit, lambda: send_text_again(visit.engine, text_id, visit.account.name), "send_repeated")


def handle_text(visit: Visit) -> Response:
    """Note that somebody dealt with a text that did not arrive."""
    text_id = _text_id(visit)
    return _answer(visit, lambda: close_text(visit.engine, text_id, visit.account.name), "send_handled")


def _answer(visit: Visit, work: Callable[[], None], notice: str) -> Response:
    try:
        work()
    except NoSuchSendError:
        return answer_action(visit, "entry_gone")
    except CannotSendAgainError as error:
        return answer_action(visit, OBSTACLES[error.obstacle])
    return answer_action(visit, notice)


def _text_id(visit: Visit) -> int:
    text_id = whole_number(visit.path["id"], LONGEST_TEXT_ID)
    if text_id is None:
        raise NotFoundError("a text is known by a number")
    visit.about("text", visit.path["id"])
    return text_id


ROUTES: tuple[ConsoleRoute, ...] = (
    ConsoleRoute("/queue/notices/{id}/again", "POST", repeat_notice, SCHEDULERS, "send.repeated"),
    ConsoleRoute("/queue/notices/{id}/handled", "POST", handle_notice, SCHEDULERS, "send.handled"),
    ConsoleRoute("/queue/texts/{id}/again", "POST", repeat_text, SCHEDULERS, "send.repeated"),
    ConsoleRoute("/queue/texts/{id}/handled", "POST", handle_text, SCHEDULERS, "send.handled"),
)

"""The page of one conversation, and the answers of those who review it."""

from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from console.content import find_label
from console.conversation_addresses import address_of, address_of_turn
from console.conversation_view import read_conversation, read_whole
from console.names import label_name
from console.roles import EVERYBODY, REVIEWERS, SCHEDULERS, Role
from console.routing import ConsoleRoute
from console.saved_test import NoTestError, Stored, name_of_test, text_of_test
from console.shown_turns import ShownTurn, read_turn
from console.turn_marks import MARKS, Mark, mark_turn
from console.typed_numbers import whole_number
from console.visit import BadInputError, NotFoundError, Visit
from conversations.corrections import CorrectionChangedError
from conversations.known_labels import known_labels
from conversations.reviewing import NoSuchTurnError, Review, ReviewedByOtherError, mark_reviewed, unmark_reviewed

LONGEST_NUMBER = 10
MAY_ACKNOWLEDGE = EVERYBODY - {Role.READER}


@dataclass(frozen=True)
class Problem:
    """What could not be done with a turn, shown beside it; `typed` is what the person had typed."""

    event_id: int
    text: str
    typed: str = ""


def show_conversation(visit: Visit) -> Response:
    """The page with the turn that the address names."""
    return _conversation_page(visit, around=_number(visit.query.get("turn") or "1"))


def review_turn(visit: Visit) -> Response:
    """Mark a turn; the answer is the turn alone where a script asked, else the page again."""
    turn = _turn(visit)
    mark = _mark(visit)
    if mark is None:
        typed = str(visit.form.get("typed") or "")
        return _refused(visit, turn, 400, f"There is no label “{typed}”. Please choose one from the list.", typed)
    visit.about("conversation", turn.row.conversation_id, turn=turn.row.ordinal, mark=mark.name, label=mark.label)
    try:
        mark_turn(visit.engine, turn.row, mark, visit.account.name, _seen(visit))
    except NoSuchTurnError as error:
        raise NotFoundError("the turn is gone") from error
    except ReviewedByOtherError as error:
        return _refused(visit, turn, 409, _told(error.review, visit.person(error.review.reviewed_by)))
    except CorrectionChangedError:
        return _refused(visit, turn, 409, "Marked, but somebody else is changing what this message teaches. Try again.")
    if visit.is_fragment:
        return _turn_page(visit, _turn(visit), 200, None)
    return visit.redirect(turn.address)


def review_conversation(visit: Visit) -> Response:
    """Note that the conversation was read as far as the page showed it, or take that back."""
    conversation_id = visit.path["id"]
    visit.about("conversation", conversation_id)
    if visit.form.get("undo"):
        unmark_reviewed(visit.engine, conversation_id)
        return visit.redirect(address_of(conversation_id), notice="review_undone")
    seen = _number(str(visit.form.get("turns_seen") or ""))
    visit.about("conversation", conversation_id, turns_seen=seen)
    try:
        mark_reviewed(visit.engine, conversation_id, turns_seen=seen, by=visit.account.name)
    except NoSuchTurnError as error:
        raise NotFoundError("the conversation is gone") from error
    return visit.redirect(address_of_turn(conversation_id, seen), notice="conversation_reviewed")


def save_as_test(visit: Visit) -> Response:
    """The conversation as a file for the tests, with made-up names and numbers."""
    conversation_id = visit.path["id"]
    visit.about("conversation", conversation_id)
    found = read_whole(visit.engine, conversation_id)
    if found is None:
        raise NotFoundError("no such conversation")
    stored = Stored(found.requests, found.messages, found.consents, tuple(flag.label for flag in found.flags))
    try:
        text = text_of_test(conversation_id, found.row.channel, found.turns, stored)
    except NoTestError as error:
        raise BadInputError(str(error)) from error
    filename = f"{name_of_test(conversation_id).replace(' ', '_')}.yml"
    return visit.download(text.encode("utf-8"), "application/yaml", filename)


def _conversation_page(visit: Visit, around: int, status: int = 200, problem: Problem | None = None) -> Response:
    conversation_id = visit.path["id"]
    visit.about("conversation", conversation_id)
    with_work = visit.account.role in SCHEDULERS
    page = read_conversation(visit.engine, conversation_id, around=around, with_work=with_work)
    if page is None:
        raise NotFoundError("no such conversation")
    return visit.page("conversation.html", status=status, page=page, **_context(visit, problem))


def _turn_page(visit: Visit, turn: ShownTurn, status: int, problem: Problem | None) -> Response:
    return visit.page("conversation_turn.html", status=status, turn=turn, **_context(visit, problem))


def _context(visit: Visit, problem: Problem | None) -> dict[str, object]:
    role = visit.account.role
    return {
        "problem": problem,
        "labels": [(label, label_name(label)) for label in known_labels()],
        "may_review": role in REVIEWERS,
        "may_acknowledge": role in MAY_ACKNOWLEDGE,
    }


def _refused(visit: Visit, turn: ShownTurn, status: int, text: str, typed: str = "") -> Response:
    """The turn, or the page, as it is now, with the reason why nothing was changed."""
    problem = Problem(turn.row.event_id, text, typed)
    if visit.is_fragment:
        return _turn_page(visit, _turn(visit), status, problem)
    return _conversation_page(visit, turn.row.ordinal, status, problem)


def _turn(visit: Visit) -> ShownTurn:
    found = read_turn(visit.engine, visit.path["id"], _number(visit.path["event_id"]))
    if found is None:
        raise NotFoundError("no such turn")
    visit.about("conversation", visit.path["id"], turn=found.row.ordinal)
    return found


def _mark(visit: Visit) -> Mark | None:
    """What the person said of the turn; None where they typed something that is no label."""
    name = visit.form.get("mark")
    if name not in MARKS:
        raise BadInputError("Please use the buttons beside the message.")
    if name != "relabel":
        return Mark(str(name))
    label = find_label(str(visit.form.get("label") or visit.form.get("typed") or ""))
    return Mark("relabel", label) if label else None


def _seen(visit: Visit) -> datetime | None:
    text = str(visit.form.get("seen") or "")
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadInputError("This form is damaged. Please load the page again.") from error


def _told(review: Review, by: str) -> str:
    """Somebody else's verdict, in words."""
    label = f", the right label being “{label_name(review.label)}”" if review.label else ""
    return f"Nothing was changed: {by} marked this message as {review.verdict}{label} meanwhile."


def _number(text: str) -> int:
    number = whole_number(text, LONGEST_NUMBER)
    if not number:
        raise NotFoundError("no such message")
    return number


ROUTES: tuple[ConsoleRoute, ...] = (
    ConsoleRoute("/conversations/{id}", "GET", show_conversation, EVERYBODY, "conversation.viewed"),
    ConsoleRoute("/conversations/{id}/test", "GET", save_as_test, REVIEWERS, "conversation.saved_as_test"),
    ConsoleRoute("/conversations/{id}/turns/{event_id}/review", "POST", review_turn, REVIEWERS, "turn.reviewed"),
    ConsoleRoute("/conversations/{id}/review", "POST", review_conversation, REVIEWERS, "conversation.reviewed"),
)

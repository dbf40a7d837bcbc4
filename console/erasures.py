"""The admin's pages for erasing what a visitor wants erased in writing, and for the receipts of all erasures."""

import re
from dataclasses import dataclass

from starlette.responses import Response

from clinic.erasures import KEPT_REASONS, REASONS, WrittenWish, find_erasure, last_erasures
from clinic.text_contacts import CONVERSATION_PREFIX
from console.erasure_search import conversations_of, receipt_in
from console.roles import ADMINS
from console.routing import ConsoleRoute
from console.visit import BadInputError, NotFoundError, Visit
from conversations.erasure import erase_at_written_wish
from conversations.erasure_lookup import RECORDS, what_is_stored

PATH = "/erasures"
RECEIPTS_SHOWN = 50
LONGEST_WANTED = 200
NAME_OF_ID = re.compile(r"[\w-]{1,100}", re.ASCII)
DELETE, KEEP = "delete", "keep"


def show_erasures(visit: Visit) -> Response:
    """The last receipts, and the form to look for somebody."""
    return _list(visit)


def find(visit: Visit) -> Response:
    """A receipt, or the conversations of a phone number or with an id. What was typed is kept nowhere."""
    wanted = str(visit.form.get("wanted", "")).strip()[:LONGEST_WANTED]
    receipt = receipt_in(wanted)
    if receipt is not None and find_erasure(visit.engine, receipt) is not None:
        visit.about("erasure", receipt)
        return visit.redirect(f"{PATH}/{receipt}")
    found = conversations_of(visit.engine, visit.settings.secret_key, wanted)
    visit.about("erasure", "", found=len(found))
    return _list(visit, found=found, has_looked=True)


def show_stored(visit: Visit) -> Response:
    """The first step: what there is of a conversation, and the questions."""
    return visit.page("erasure_step_one.html", asked=_asked(visit), reasons=REASONS.items(), kept=KEPT_REASONS.items())


def ask_again(visit: Visit) -> Response:
    """The second step: what is about to happen, in words."""
    asked, wish = _asked(visit), _wish(visit)
    return visit.page(
        "erasure_step_two.html",
        asked=asked,
        wish=wish,
        reason=REASONS[wish.reason],
        kept_reason=KEPT_REASONS.get(wish.kept_reason or ""),
    )


def erase(visit: Visit) -> Response:
    """Erase, and show the receipt."""
    conversation_id = _asked(visit).conversation_id
    wish = _wish(visit)
    targets = visit.settings.notice_targets
    receipt = erase_at_written_wish(visit.engine, conversation_id, _channel(conversation_id), wish, targets)
    visit.about("erasure", receipt, reason=wish.reason, kept_reason=wish.kept_reason)
    return visit.redirect(f"{PATH}/{receipt}", notice="data_erased")


def show_receipt(visit: Visit) -> Response:
    """One receipt with the count of each store."""
    visit.about("erasure", visit.path["receipt"])
    receipt = receipt_in(visit.path["receipt"])
    found = find_erasure(visit.engine, receipt) if receipt else None
    if found is None:
        raise NotFoundError
    return visit.page(
        "erasure_receipt.html",
        erasure=found,
        reason=REASONS.get(found.reason or ""),
        kept_reason=KEPT_REASONS.get(found.kept_reason or ""),
    )


def _list(visit: Visit, found: tuple[str, ...] = (), has_looked: bool = False) -> Response:
    shown = [(conversation_id, what_is_stored(visit.engine, conversation_id)) for conversation_id in found]
    return visit.page(
        "erasures.html",
        found=[(conversation_id, stored) for conversation_id, stored in shown if stored],
        has_looked=has_looked,
        erasures=last_erasures(visit.engine, RECEIPTS_SHOWN),
    )


@dataclass(frozen=True)
class _Asked:
    """A conversation, how many rows each store has of it, and how many of them are the clinic's own records."""

    conversation_id: str
    stored: dict[str, int]

    @property
    def records(self) -> int:
        return sum(self.stored.get(name, 0) for name in RECORDS)


def _asked(visit: Visit) -> _Asked:
    """The conversation that the address names, and what is stored of it."""
    conversation_id = visit.path["id"]
    visit.about("conversation", conversation_id)
    stored = what_is_stored(visit.engine, conversation_id) if NAME_OF_ID.fullmatch(conversation_id) else {}
    if not stored:
        raise NotFoundError
    return _Asked(conversation_id, stored)


def _wish(visit: Visit) -> WrittenWish:
    reason, records = str(visit.form.get("reason", "")), str(visit.form.get("records", ""))
    kept_reason = str(visit.form.get("kept_reason", "")) if records == KEEP else None
    if reason not in REASONS or records not in (DELETE, KEEP) or kept_reason not in (None, *KEPT_REASONS):
        raise BadInputError("Please say how the wish reached you, and what becomes of requests and messages.")
    return WrittenWish(visit.account.name, reason, kept_reason)


def _channel(conversation_id: str) -> str:
    return "sms" if conversation_id.startswith(CONVERSATION_PREFIX) else "web"


ONE = f"{PATH}/conversations/{{id}}"
ROUTES: tuple[ConsoleRoute, ...] = (
    ConsoleRoute(PATH, "GET", show_erasures, ADMINS, "erasures.viewed"),
    ConsoleRoute(f"{PATH}/find", "POST", find, ADMINS, "erasures.searched"),
    ConsoleRoute(f"{PATH}/{{receipt}}", "GET", show_receipt, ADMINS, "erasure.viewed"),
    ConsoleRoute(ONE, "GET", show_stored, ADMINS, "erasure.prepared"),
    ConsoleRoute(f"{ONE}/check", "POST", ask_again, ADMINS, "erasure.asked"),
    ConsoleRoute(ONE, "POST", erase, ADMINS, "erasure.done"),
)

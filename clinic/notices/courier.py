"""One target's notices, sent one after the other."""

import logging
from enum import Enum
from typing import Protocol

from sqlalchemy.engine import Engine

from clinic import clock
from clinic.notice_settings import EMAIL
from clinic.notices.claims import ClaimedNotice, claim_next, give_up, mark_delivered, put_off
from clinic.notices.delivery_error import DeliveryError
from clinic.notices.mail import MailSender
from clinic.notices.retries import GIVE_UP_AFTER, LONGEST_PAUSE, LONGEST_PAUSE_OF_DANGER, pause_after
from clinic.notices.waiting import Waiting, count_waiting
from clinic.notices.webhook import WebhookSender
from clinic.settings import Settings

logger = logging.getLogger(__name__)


class Outcome(Enum):
    """What became of the next notice."""

    NOTHING_DUE = "nothing due"
    DELIVERED = "delivered"
    PUT_OFF = "put off"
    GIVEN_UP = "given up"


class Sender(Protocol):
    """A way to reach the staff."""

    def send(self, notice: ClaimedNotice, waiting: Waiting) -> str | None:
        """Deliver, or raise DeliveryError; a remark for the record when something less than that went wrong."""


class Courier:
    """Delivers to one target. Sending happens outside of any transaction, under a lease (see `claims`)."""

    def __init__(self, engine: Engine, target: str, sender: Sender) -> None:
        self.target = target
        self._engine = engine
        self._sender = sender

    def deliver_next(self) -> Outcome:
        """Send the next notice that is due, and note what became of it.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database failed; a notice that was sent may be sent again.
        """
        notice = claim_next(self._engine, self.target)
        if notice is None:
            return Outcome.NOTHING_DUE
        waiting = count_waiting(self._engine)
        try:
            remark = self._sender.send(notice, waiting)
        except DeliveryError as error:
            return self._failed(notice, error)
        if remark:
            logger.warning("notice %s: %s", notice.id, remark)
        mark_delivered(self._engine, notice, remark)
        return Outcome.DELIVERED

    def _failed(self, notice: ClaimedNotice, error: DeliveryError) -> Outcome:
        moment = clock.now()
        if error.is_final or moment - notice.created_at > GIVE_UP_AFTER:
            logger.error("notice %s by %s is given up: %s", notice.id, self.target, error.reason)
            give_up(self._engine, notice, error.reason)
            return Outcome.GIVEN_UP
        logger.warning("notice %s by %s is put off: %s", notice.id, self.target, error.reason)
        longest = LONGEST_PAUSE_OF_DANGER if notice.danger else LONGEST_PAUSE
        put_off(self._engine, notice, error.reason, moment + pause_after(notice.attempts, longest))
        return Outcome.PUT_OFF


def couriers(engine: Engine, settings: Settings) -> list[Courier]:
    """One courier for each configured target."""
    return [Courier(engine, target, _sender(settings, target)) for target in settings.notice_targets]


def _sender(settings: Settings, target: str) -> Sender:
    if target == EMAIL and settings.notices.smtp is not None:
        return MailSender(settings, settings.notices.smtp)
    return WebhookSender(settings)

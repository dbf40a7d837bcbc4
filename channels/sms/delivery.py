"""Sends the texts that wait, in order and until they are taken, and stores what the carrier reports of them."""

import asyncio
import logging
from datetime import timedelta

from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from channels.sms.carrier import OPTED_OUT_CODE, Carrier, NotSentError, OptedOutError
from channels.sms.incoming import Report
from channels.sms.numbers import is_answerable
from channels.sms.wording import CHANNEL
from clinic import clock
from clinic.consents import OUT, has_opted_out, record_consent
from clinic.delivery_reports import note_taken, record_report
from clinic.flags import TEXT_NOT_DELIVERED, flag_turn
from clinic.outgoing_texts import DueText, claim_due_text, mark_failed, mark_sent, try_again
from clinic.settings import Settings
from clinic.text_contacts import UnknownContactError, conversation_of, number_of
from conversations.erased_texters import forget_erased_texter

# An answer that comes an hour late is none any more; the staff are told instead.
WAITS = tuple(timedelta(seconds=seconds) for seconds in (2, 5, 15, 60, 300, 900, 1_800))
SECONDS_BETWEEN_LOOKS = 1.0
UNDELIVERED = frozenset({"undelivered", "failed"})

logger = logging.getLogger(__name__)


class Delivery:
    """Works through the texts that wait; several processes may do so at once."""

    def __init__(self, engine: Engine, settings: Settings, carrier: Carrier) -> None:
        self._engine = engine
        self._settings = settings
        self._carrier = carrier

    async def work(self) -> None:
        """Send until cancelled."""
        while True:
            try:
                found = await self.send_one()
            except SQLAlchemyError as error:
                logger.error("texts that wait could not be looked up: %s", type(error).__name__)
                found = False
            if not found:
                await asyncio.sleep(SECONDS_BETWEEN_LOOKS)

    async def send_one(self) -> bool:
        """Try the next text that is due; False when none is.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database does not answer; the text is tried again later.
        """
        text = claim_due_text(self._engine)
        if text is None:
            return False
        try:
            await self._send(text)
        except OptedOutError:
            opt_out_at_carrier(self._engine, text.conversation_id)
            mark_failed(self._engine, text, str(OPTED_OUT_CODE))
        except NotSentError as error:
            self._not_sent(text, error)
        return True

    async def _send(self, text: DueText) -> None:
        if has_opted_out(self._engine, text.conversation_id):
            mark_failed(self._engine, text, "opted out")
            return
        try:
            number = number_of(self._engine, self._settings.secret_key, text.conversation_id)
        except UnknownContactError:
            raise NotSentError("no number", may_pass=False) from None
        if not is_answerable(number, self._settings.sms.countries):
            raise NotSentError("country", may_pass=False)
        carrier_id = await self._carrier.send(number, text.body, text.id)
        mark_sent(self._engine, text, carrier_id)
        forget_erased_texter(self._engine, text.conversation_id)

    def _not_sent(self, text: DueText, error: NotSentError) -> None:
        if error.may_pass and text.attempts <= len(WAITS):
            try_again(self._engine, text, error.code, clock.now() + WAITS[text.attempts - 1])
            return
        mark_failed(self._engine, text, error.code)
        flag_turn(self._engine, text.conversation_id, f"text-{text.id}", TEXT_NOT_DELIVERED, CHANNEL)
        logger.error("a text was not sent after %s attempts: %s", text.attempts, error.code)


def keep_report(engine: Engine, secret_key: str, report: Report) -> None:
    """Store a report once. The staff are shown what was not delivered; a refusal of the person's is an opt-out.

    Of a conversation that was erased nothing is stored but the opt-out, which outlives all.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: it was not stored.
    """
    if not report.recipient.isascii():
        return  # no number of anybody's
    conversation_id = conversation_of(secret_key, report.recipient)
    # Each of these changes nothing when it was done before, so a report that came in twice does no harm.
    if report.text is not None and note_taken(engine, report.text, conversation_id, report.carrier_id):
        forget_erased_texter(engine, conversation_id)
    is_known = record_report(engine, report.carrier_id, conversation_id, report.status, report.error_code)
    if report.status not in UNDELIVERED:
        return
    if report.error_code == str(OPTED_OUT_CODE):
        opt_out_at_carrier(engine, conversation_id)
    elif is_known:
        flag_turn(engine, conversation_id, report.carrier_id, TEXT_NOT_DELIVERED, CHANNEL)


def opt_out_at_carrier(engine: Engine, conversation_id: str) -> None:
    """Take over an opt-out that the carrier knows and we did not."""
    if not has_opted_out(engine, conversation_id):
        record_consent(engine, conversation_id, CHANNEL, state=OUT, means="carrier", wording=None)

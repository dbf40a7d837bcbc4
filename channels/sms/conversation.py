"""From one text message to its answer: decided once, kept, and the same for every copy of the text."""

from sqlalchemy.orm import Session

from channels.services import Services
from channels.sms.incoming import Incoming
from channels.sms.limits import Pace, pace_of, was_told
from channels.sms.numbered_choices import chosen, numbered
from channels.sms.opt_out import Wish, wish_of
from channels.sms.reply_text import Parts, fit
from channels.sms.turns import Arrived, SmsTurns
from channels.sms.wording import CHANNEL, SmsWording
from channels.turn import LOCK_POLL_SECONDS, TurnNotKeptError
from channels.turn_metrics import count_limit_refusal
from clinic.consents import IN, OUT, has_opted_out, record_consent
from clinic.flags import TOO_MANY_TEXTS, flag_turn
from clinic.text_contacts import introduces, remember_contact
from conversations.erased_texters import forget_number_again
from conversations.incoming_texts import Reply, find_text, keep_reply, rest_of_last_answer, store_text
from conversations.last_offer import choices_of_last_turn
from conversations.turns import ClaimLostError

MORE_WORD = "more"
# Somebody in danger who writes to us is told where help is, whatever they said about texts before.
ANSWERED_IN_SILENCE = frozenset({"safety/emergency", "safety/self_harm"})


class TextConversations:
    """Answers texts."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._engine = services.engine
        self._turns = SmsTurns(services)
        self._wording = SmsWording(services.responses)

    async def reply(self, incoming: Incoming) -> Reply:
        """The answer to a text.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database does not answer.
            rasa.core.lock_store.LockError: others kept the conversation busy.
        """
        found = find_text(self._engine, incoming.text_id)
        if found is not None and found.reply is not None:
            return found.reply
        arrived = self._arrive(incoming)
        # Copies of a text wait here for the first one, and a visitor's next text for the answer to the one before.
        lock = self._services.lock_store.lock(
            f"texts-{arrived.conversation_id}", wait_time_in_seconds=LOCK_POLL_SECONDS
        )
        async with lock:
            found = find_text(self._engine, incoming.text_id)
            if found is not None and found.reply is not None:
                return found.reply
            parts = await self._parts_or_failure(arrived)
            reply = keep_reply(self._engine, incoming.text_id, lambda session: self._fitted(session, arrived, parts))
            forget_number_again(self._engine, arrived.conversation_id)
            return reply

    def _arrive(self, incoming: Incoming) -> Arrived:
        """Store the text. What a number means is settled now: an offer made later is one the visitor has not read."""
        conversation_id = remember_contact(self._engine, self._services.settings.secret_key, incoming.sender)
        choices = choices_of_last_turn(self._engine, conversation_id)
        index = chosen(incoming.text, [choice.title for choice in choices]) if choices else None
        choice_id = None if index is None else choices[index].id
        stored = store_text(self._engine, incoming.text_id, conversation_id, incoming.text, choice_id)
        return Arrived(incoming, conversation_id, stored.choice_id)

    def _fitted(self, session: Session, arrived: Arrived, parts: Parts) -> Reply:
        if not parts.messages:
            return Reply("")
        first = parts.first
        if introduces(session, arrived.conversation_id, arrived.incoming.text_id) and not parts.introduces_itself:
            first = " ".join(part for part in (self._wording.first_contact(), first) if part)
        fitted = fit(Parts(parts.messages, first, parts.choices, parts.urgent), self._wording.more())
        return Reply(fitted.text, fitted.rest)

    async def _parts_or_failure(self, arrived: Arrived) -> Parts:
        try:
            return await self._parts(arrived)
        except TurnNotKeptError as refused:
            # The visitor is told that nothing was done, so nothing may be done later either.
            return Parts((refused.wording,))
        except ClaimLostError:
            # The conversation was erased meanwhile; there is nobody left to answer.
            return Parts(())

    async def _parts(self, arrived: Arrived) -> Parts:
        incoming = arrived.incoming
        opted_out = has_opted_out(self._engine, arrived.conversation_id)
        wish = wish_of(incoming.text, incoming.carrier_says, opted_out)
        safety = await self._turns.safety_label(incoming.text) if arrived.choice_id is None else None
        if wish is Wish.START:
            return self._opt_in(arrived)
        if opted_out:
            return self._silence(arrived, safety)
        if wish is Wish.STOP_BY_KEYWORD or (wish is Wish.STOP_BY_WORDING and safety is None):
            return await self._opt_out(arrived, wish)
        pace = pace_of(self._engine, arrived.conversation_id) if self._services.settings.rate_limits else Pace.FINE
        if pace is not Pace.FINE:
            return self._slow_down(arrived, pace, safety)
        if wish is Wish.HELP:
            return self._fixed(arrived, "" if incoming.carrier_says else self._wording.help(), introduces=True)
        return self._without_turn(arrived) or await self._turn(arrived, safety)

    def _without_turn(self, arrived: Arrived) -> Parts | None:
        """The answer to a text that needs no understanding."""
        incoming = arrived.incoming
        if not incoming.text:
            return self._fixed(arrived, self._wording.no_photos() if incoming.pictures else self._wording.empty())
        if incoming.text.casefold().strip(" .!?\"'") == MORE_WORD:
            rest = rest_of_last_answer(self._engine, arrived.conversation_id, incoming.text_id)
            if rest:
                return self._fixed(arrived, rest)
        return None

    async def _turn(self, arrived: Arrived, safety: str | None) -> Parts:
        messages = await self._turns.run(arrived)
        titles = [choice["title"] for message in messages for choice in message["choices"]]
        return Parts(
            tuple(message["text"] for message in messages),
            first=self._wording.no_photos() if arrived.incoming.pictures else "",
            choices=self._wording.choices(numbered(titles)) if titles else "",
            urgent=safety is not None,
        )

    async def _opt_out(self, arrived: Arrived, wish: Wish) -> Parts:
        """Store the wish before all else. Where Twilio has acted on it, Twilio has also confirmed it."""
        carrier_says = arrived.incoming.carrier_says
        means = "carrier" if carrier_says else "keyword" if wish is Wish.STOP_BY_KEYWORD else "wording"
        self._record(arrived, OUT, means)
        await self._turns.close_form(arrived)
        return self._fixed(arrived, "" if carrier_says else self._wording.opted_out(), introduces=True)

    def _opt_in(self, arrived: Arrived) -> Parts:
        carrier_says = arrived.incoming.carrier_says
        self._record(arrived, IN, "carrier" if carrier_says else "keyword")
        return self._fixed(arrived, "" if carrier_says else self._wording.opted_in(), introduces=True)

    def _record(self, arrived: Arrived, state: str, means: str) -> None:
        text = arrived.incoming.text
        record_consent(self._engine, arrived.conversation_id, CHANNEL, state=state, means=means, wording=text)

    def _silence(self, arrived: Arrived, safety: str | None) -> Parts:
        """Nobody who opted out is answered, except with where help is; the staff see what is urgent in any case."""
        if safety is not None:
            self._flag(arrived, safety)
        return self._fixed(arrived, self._wording.urgent(safety) if safety in ANSWERED_IN_SILENCE else "")

    def _slow_down(self, arrived: Arrived, pace: Pace, safety: str | None) -> Parts:
        count_limit_refusal("texts")
        if safety is not None:
            self._flag(arrived, safety)
            if safety in ANSWERED_IN_SILENCE and pace is Pace.TOO_FAST:
                return self._fixed(arrived, self._wording.urgent(safety))
        notice = self._wording.too_many()
        if was_told(self._engine, arrived.conversation_id, notice):
            return self._fixed(arrived, "")
        self._flag(arrived, TOO_MANY_TEXTS)
        return self._fixed(arrived, notice)

    def _flag(self, arrived: Arrived, label: str) -> None:
        targets = self._services.settings.notice_targets
        flag_turn(self._engine, arrived.conversation_id, arrived.incoming.text_id, label, CHANNEL, targets=targets)

    def _fixed(self, arrived: Arrived, said: str, *, introduces: bool = False) -> Parts:
        self._turns.keep_fixed(arrived, said)
        return Parts((said,) if said else (), introduces_itself=introduces)

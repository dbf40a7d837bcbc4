"""The SMS channel: routes below /webhooks/sms, which Twilio calls. What each does is said in docs/sms.md."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.core.lock_store import LockError
from redis.exceptions import RedisError
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, empty, raw
from sqlalchemy.exc import SQLAlchemyError
from twilio.twiml.messaging_response import MessagingResponse

from channels.services import Services, services_of
from channels.sms.carrier import Carrier
from channels.sms.conversation import TextConversations
from channels.sms.delivery import Delivery, keep_report
from channels.sms.incoming import TEXT_PARAMETER, Incoming, MalformedTextError, read_incoming, read_report
from channels.sms.late_answers import LateAnswers
from channels.sms.signed_form import ForgedRequestError, Form, read_signed_form
from channels.sms.wording import CHANNEL
from clinic.outgoing_texts import has_text_under_way
from clinic.settings import Settings, load_settings
from clinic.text_contacts import conversation_of
from conversations.incoming_texts import BY_QUEUE, BY_RESPONSE, Reply, decide_way

STATUS_PATH = "/webhooks/sms/status"

logger = logging.getLogger(__name__)


class SmsChannel(InputChannel):
    """Text messages through Twilio."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._workers: list[asyncio.Future[None]] = []
        if not settings.sms.auth_tokens:
            logger.warning("text messages are off: TWILIO_AUTH_TOKEN is not set")

    @classmethod
    def name(cls) -> str:
        """The name in URLs, in the conversation's events and in the responses' `channel`."""
        return CHANNEL

    @classmethod
    def from_credentials(cls, _credentials: dict[str, Any] | None) -> "SmsChannel":
        """Made by Rasa from credentials.yml, where it has nothing to set.

        Raises:
            clinic.settings.SettingsError: a setting is wrong.
        """
        return cls(load_settings())

    def blueprint(self, _on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes. Rasa's own handler of messages is not used: turns are run by `TurnRunner`."""
        routes = Blueprint("sms_channel")
        # Sanic sets attributes on handlers, which a method does not take and a partial does.
        routes.add_route(partial(self._answer_text), "/webhook", methods=["POST"], name="answer_text")
        routes.add_route(partial(self._keep_report), "/status", methods=["POST"], name="keep_report")
        routes.listener("after_server_start")(self._start)
        routes.listener("before_server_stop")(self._stop)
        return routes

    async def _start(self, app: Sanic, _loop: object) -> None:
        services: Services = app.ctx.services
        self._late = LateAnswers(services)
        if self._settings.sms.can_send:
            delivery = Delivery(services.engine, self._settings, Carrier(self._settings.sms, self._status_callback))
            self._workers = [asyncio.ensure_future(work) for work in (delivery.work(), self._late.work())]

    async def _stop(self, _app: Sanic, _loop: object) -> None:
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)

    async def _answer_text(self, request: Request) -> HTTPResponse:
        try:
            form = self._signed_form(request)
            incoming = read_incoming(form, self._settings.sms.countries, self._settings.sms.number)
        except ForgedRequestError:
            return empty(status=403)
        except MalformedTextError:
            return empty(status=400)
        if not incoming.sender:
            logger.info("a text from a sender that is not answered")
            return self._twiml("")
        return self._twiml(await self._said_in_time(services_of(request), incoming))

    async def _keep_report(self, request: Request) -> HTTPResponse:
        try:
            report = read_report(self._signed_form(request), request.args.get(TEXT_PARAMETER))
            keep_report(services_of(request).engine, self._settings.secret_key, report)
        except ForgedRequestError:
            return empty(status=403)
        except MalformedTextError:
            return empty(status=400)
        except SQLAlchemyError as error:
            logger.error("a report was not kept: %s", type(error).__name__)
            return empty(status=503)
        return empty()

    def _signed_form(self, request: Request) -> Form:
        return read_signed_form(request, self._settings.public_url, self._settings.sms.auth_tokens)

    async def _said_in_time(self, services: Services, incoming: Incoming) -> str:
        """The answer; nothing, when it takes too long and is delivered later."""
        answering = asyncio.ensure_future(TextConversations(services).reply(incoming))
        try:
            # Without an account there is no other way to answer than this request.
            if self._settings.sms.can_send and await self._is_late(services, incoming, answering):
                self._late.deliver_when_ready(incoming, answering)
                return ""
            reply = await answering
            return reply.text if decide_way(services.engine, incoming.text_id, BY_RESPONSE) else ""
        except (SQLAlchemyError, LockError, RedisError) as error:
            logger.error("a text was not kept: %s", type(error).__name__)
            return await services.turns.wording_when_not_kept(CHANNEL, incoming.text)

    async def _is_late(self, services: Services, incoming: Incoming, answering: "asyncio.Future[Reply]") -> bool:
        """Whether the answer has to be sent afterwards: it takes too long, or one before it is still being sent."""
        done, _ = await asyncio.wait({answering}, timeout=self._settings.sms.reply_seconds)
        conversation_id = conversation_of(self._settings.secret_key, incoming.sender)
        if done and not has_text_under_way(services.engine, conversation_id):
            return False
        return decide_way(services.engine, incoming.text_id, BY_QUEUE)

    @property
    def _status_callback(self) -> str:
        return f"{self._settings.public_url}{STATUS_PATH}"

    def _twiml(self, text: str) -> HTTPResponse:
        """TwiML that sends the text, or nothing. See https://www.twilio.com/docs/messaging/twiml."""
        response = MessagingResponse()
        if text:
            response.message(text, status_callback=self._status_callback)
        return raw(str(response).encode(), content_type="application/xml; charset=utf-8")

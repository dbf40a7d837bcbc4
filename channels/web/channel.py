"""The web channel: routes below /webhooks/web. What each does is said in docs/web-channel.md."""

import logging
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.core.lock_store import LockError
from redis.exceptions import RedisError
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty, json
from sqlalchemy.exc import SQLAlchemyError

from channels.output import TURN_FAILED_RESPONSE
from channels.services import services_of
from channels.turn import TurnNotKeptError, UnknownChoiceError
from channels.web.conversation import Conversations
from channels.web.demo_page import add_demo_page
from channels.web.errors import RefusalError, as_response, bad_request, not_kept, unauthorized
from channels.web.origins import AllowedOrigins
from channels.web.rate_limits import RateLimits
from channels.web.request_body import SentMessage, read_feedback, read_message
from channels.web.tokens import SessionTokens
from channels.web.widget_route import add_widget
from clinic.settings import Settings, load_settings
from conversations.feedback import NoSuchAnswerError
from conversations.turns import ClaimLostError, MessageIdReusedError

CHANNEL = "web"
BEARER = "Bearer "
PREFLIGHTED = ("sessions", "messages", "feedback")

Handler = Callable[[Request], Awaitable[HTTPResponse]]

logger = logging.getLogger(__name__)


class WebChannel(InputChannel):
    """JSON over HTTP for the widget and the demo page."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._origins = AllowedOrigins(settings)
        self._tokens = SessionTokens(settings.secret_key)
        self._limits = RateLimits(settings)

    @classmethod
    def name(cls) -> str:
        """The name in URLs, in the conversation's events and in the responses' `channel`."""
        return CHANNEL

    @classmethod
    def from_credentials(cls, _credentials: dict[str, Any] | None) -> "WebChannel":
        """Made by Rasa from credentials.yml, where it has nothing to set.

        Raises:
            clinic.settings.SettingsError: a setting is wrong.
        """
        return cls(load_settings())

    def blueprint(self, _on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes. Rasa's own handler of messages is not used: turns are run by `TurnRunner`."""
        routes = Blueprint("web_channel")
        # As middleware, so that an allowed page can also read the answer to a request that broke.
        routes.middleware("response")(self._origins.mark)
        for path, handler, methods in (
            ("/sessions", self._open_session, ["POST"]),
            ("/sessions", self._end_session, ["DELETE"]),
            ("/messages", self._answer_message, ["POST"]),
            ("/messages", self._show_conversation, ["GET"]),
            ("/feedback", self._take_feedback, ["POST"]),
        ):
            routes.add_route(self._guarded(handler), path, methods=methods, name=handler.__name__.strip("_"))
        for name in PREFLIGHTED:
            routes.add_route(self._guarded(self._preflight), f"/{name}", methods=["OPTIONS"], name=f"preflight_{name}")
        add_widget(routes, self._settings)
        add_demo_page(routes, self._settings)
        return routes

    def _guarded(self, handler: Handler) -> Handler:
        """Refuse foreign origins, and turn refusals into JSON."""

        @wraps(handler)
        async def guarded(request: Request) -> HTTPResponse:
            try:
                self._origins.require(request)
                return await handler(request)
            except RefusalError as refusal:
                return as_response(refusal)
            except (SQLAlchemyError, RedisError, LockError) as error:
                logger.error("a web request was not kept: %s", type(error).__name__)
                wording = services_of(request).responses.text(TURN_FAILED_RESPONSE, CHANNEL)
                return as_response(not_kept(wording))

        return guarded

    async def _preflight(self, request: Request) -> HTTPResponse:
        return self._origins.preflight(request)

    async def _open_session(self, request: Request) -> HTTPResponse:
        self._limits.count_session(_address(request))
        session_id, messages = Conversations(services_of(request)).begin()
        token, expires_at = self._tokens.make(session_id)
        body = {"token": token, "expires_at": expires_at.isoformat(timespec="seconds"), "messages": messages}
        return json(body, status=201, ensure_ascii=False)

    async def _end_session(self, request: Request) -> HTTPResponse:
        session_id = self._session_id(request)
        self._limits.count_read(session_id)
        await Conversations(services_of(request)).end(session_id)
        return empty()

    async def _show_conversation(self, request: Request) -> HTTPResponse:
        session_id = self._session_id(request)
        self._limits.count_read(session_id)
        conversations = Conversations(services_of(request))
        conversations.require_open(session_id)
        body = {"messages": conversations.entries(session_id), "turns": conversations.turns(session_id)}
        return json(body, ensure_ascii=False)

    async def _take_feedback(self, request: Request) -> HTTPResponse:
        session_id = self._session_id(request)
        self._limits.count_feedback(session_id)
        feedback = read_feedback(request)
        conversations = Conversations(services_of(request))
        conversations.require_open(session_id)
        try:
            conversations.rate(session_id, feedback.id, feedback.helpful)
        except NoSuchAnswerError:
            raise bad_request("unknown_answer", "There is no such answer.") from None
        conversations.leave_nothing_after_end(session_id)
        return empty()

    async def _answer_message(self, request: Request) -> HTTPResponse:
        session_id = self._session_id(request)
        conversations = Conversations(services_of(request))
        try:
            self._limits.count_message(session_id)
            message = read_message(request)
            conversations.require_open(session_id)
        except (SQLAlchemyError, RedisError) as error:
            # Even now somebody in need must read where help is, so the text is looked at all the same.
            logger.error("a message could not be let in: %s", type(error).__name__)
            wording = await services_of(request).turns.wording_when_not_kept(CHANNEL, read_message(request).text)
            raise not_kept(wording) from None
        response = await _run_turn(request, session_id, message)
        conversations.leave_nothing_after_end(session_id)
        return response

    def _session_id(self, request: Request) -> str:
        header = request.headers.get("authorization", "")
        session_id = self._tokens.session_id(header.removeprefix(BEARER)) if header.startswith(BEARER) else None
        if session_id is None:
            raise unauthorized()
        return session_id


async def _run_turn(request: Request, session_id: str, message: SentMessage) -> HTTPResponse:
    turns = services_of(request).turns
    try:
        answer = await turns.run(session_id, CHANNEL, message.id, text=message.text, choice=message.choice)
    except TurnNotKeptError as refused:
        raise not_kept(refused.wording) from None
    except UnknownChoiceError:
        raise bad_request("unknown_choice", "That choice is no longer on offer. Please write it instead.") from None
    except MessageIdReusedError:
        raise bad_request("id_reused", "The id was used before for another message.") from None
    except ClaimLostError:
        raise unauthorized() from None
    return json({"messages": answer.messages}, ensure_ascii=False)


def _address(request: Request) -> str:
    """The client's address; the forwarded one, once SANIC_PROXIES_COUNT says how many proxies stand in front."""
    return str(request.remote_addr or request.ip)

"""Putting the bot's process together from the settings, endpoints.yml and a trained model."""

from pathlib import Path
from urllib.parse import urlsplit

from rasa.core.lock_store import InMemoryLockStore, LockStore
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.core.tracker_store import TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.utils.endpoints import EndpointConfig
from sqlalchemy.engine import Engine

from channels.action_endpoint import ActionEndpoint
from channels.agent import ClinicAgent
from channels.content_changes import ContentChanges
from channels.model_changes import ModelChanges, model_to_start_with
from channels.services import Services
from channels.shared_locks import SharedLockStore
from channels.turn import TurnRunner
from channels.wording import ClinicResponses
from clinic.settings import PROJECT_ROOT, Settings
from clinic.topics import fact_titles, topics
from conversations.erasure import finish_erasures
from conversations.tracker_store import ConversationStore
from conversations.turns import release_all_turns

ENDPOINTS_FILE = PROJECT_ROOT / "endpoints.yml"
DEFAULT_REDIS_PORT = 6379
DEFAULT_REDIS_DATABASE = "1"


class AssemblyError(RuntimeError):
    """The process cannot start; the message is meant for the operator."""


def assemble(settings: Settings, model: Path) -> Services:
    """Load the model and connect what the channels need.

    Raises:
        clinic.topics.TopicFileError: a file of facts is malformed.
        AssemblyError: there is no model, or endpoints.yml names a class that cannot do what is needed.
        rasa.shared.exceptions.RasaException: the model cannot be loaded.
        sqlalchemy.exc.SQLAlchemyError: the database does not answer.
        redis.exceptions.RedisError: Redis is set and does not answer.
    """
    endpoints = AvailableEndpoints.read_endpoints(str(ENDPOINTS_FILE))
    responses = _responses(endpoints)
    store = _store(endpoints)
    engine: Engine = store.engine
    model = _model_in_force(engine, model)
    lock_store = _lock_store(settings)
    agent = ClinicAgent(
        generator=responses,
        tracker_store=store,
        lock_store=lock_store,
        action_endpoint=_action_endpoint(settings, endpoints),
    )
    agent.load_model(str(model))
    finish_erasures(engine)
    if not settings.redis_url:
        # Without shared locks this is the only bot: what one before it left behind when it was killed holds up nobody.
        release_all_turns(engine)
    model_changes = ModelChanges(agent, engine, model)
    model_changes.catch_up()
    content = ContentChanges(engine, responses, settings)
    content.catch_up()
    turns = TurnRunner(
        agent,
        engine,
        responses,
        fact_titles(topics()),
        secret_key=settings.secret_key,
        notice_targets=settings.notice_targets,
    )
    return Services(settings, engine, agent, lock_store, responses, turns, model_changes, content)


def _model_in_force(engine: Engine, named: Path) -> Path:
    model = model_to_start_with(engine, named)
    if not model.is_file():
        # Rasa would load some other model that it finds nearby.
        raise AssemblyError(f"there is no model at {model}; train one with: python -m nlu.training")
    return model


def _responses(endpoints: AvailableEndpoints) -> ClinicResponses:
    responses = NaturalLanguageGenerator.create(endpoints.nlg, None)
    if not isinstance(responses, ClinicResponses):
        raise AssemblyError("endpoints.yml: nlg must be channels.wording.ClinicResponses")
    return responses


def _store(endpoints: AvailableEndpoints) -> ConversationStore:
    store = TrackerStore.create(endpoints.tracker_store)
    # Rasa puts a store in memory in the place of one it cannot find, with no more than a warning.
    if not isinstance(store, ConversationStore):
        raise AssemblyError("endpoints.yml: tracker_store must be conversations.tracker_store.ConversationStore")
    return store


def _action_endpoint(settings: Settings, endpoints: AvailableEndpoints) -> ActionEndpoint:
    given: EndpointConfig | None = endpoints.action
    return ActionEndpoint(settings.actions_url, **(given.kwargs if given else {}))


def _lock_store(settings: Settings) -> LockStore:
    if not settings.redis_url:
        return InMemoryLockStore()
    address = urlsplit(settings.redis_url)
    store = SharedLockStore(
        host=address.hostname or "localhost",
        port=address.port or DEFAULT_REDIS_PORT,
        db=address.path.strip("/") or DEFAULT_REDIS_DATABASE,
        username=address.username,
        password=address.password,
        use_ssl=address.scheme == "rediss",
    )
    store.red.ping()
    return store

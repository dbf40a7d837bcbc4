"""What the channels of one process share, made once at start."""

from dataclasses import dataclass

from rasa.core.lock_store import LockStore
from sanic.request import Request
from sqlalchemy.engine import Engine

from channels.agent import ClinicAgent
from channels.content_changes import ContentChanges
from channels.model_changes import ModelChanges
from channels.turn import TurnRunner
from channels.wording import ClinicResponses
from clinic.settings import Settings


@dataclass(frozen=True)
class Services:
    """Handed to every channel as `app.ctx.services`."""

    settings: Settings
    engine: Engine
    agent: ClinicAgent
    lock_store: LockStore
    responses: ClinicResponses
    turns: TurnRunner
    model_changes: ModelChanges
    content: ContentChanges


def services_of(request: Request) -> Services:
    """The services of the process that answers the request."""
    services: Services = request.app.ctx.services
    return services

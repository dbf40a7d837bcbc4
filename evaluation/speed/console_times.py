"""How long each page of the staff console takes with a full log, through the application as it is served."""

import asyncio
import re
import statistics
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx
from sqlalchemy import select
from sqlalchemy.engine import Engine
from starlette.types import ASGIApp

from clinic import clock
from clinic.appointment_requests import AppointmentRequest
from clinic.database import make_engine, transaction
from clinic.erasures import erase_records
from clinic.migrate import migrate
from clinic.settings import load_settings
from clinic.staff_messages import StaffMessage
from console.answer_texts import all_answers
from console.app import ROUTES, make_app
from console.conversation_filters import ConversationFilters
from console.cookies import SESSION
from console.insight_figures import FIGURES
from console.keyset import Place
from console.routing import ConsoleRoute
from console.searches import store_search
from console.sessions import start_session
from console.tables import Account
from conversations.candidates import FAILED
from conversations.teaching import Candidate
from conversations.turn_log import LoggedConversation
from evaluation.speed.client import MeasurementError
from evaluation.speed.seeded_log import SeededLog, seed_log

ACCOUNT = "bench"
ADDRESS = "http://127.0.0.1:8000"
# They ask before a step that cannot be taken here, and say so instead.
PASSED_OVER = frozenset({"/teaching/candidates/{id}/promote", "/teaching/roll-back"})
PLACEHOLDER = re.compile(r"\{(\w+)(?::\w+)?\}")
OK = 200
FAR_DOWN = 1_000
"""So many conversations are passed over for a page far down in the list."""
SEARCHES: Mapping[str, ConversationFilters] = {
    "a common word": ConversationFilters(words="milia"),
    "words that nobody wrote": ConversationFilters(words="zebra crossing"),
    "everything that was answered": ConversationFilters(outcome="answered", least=1),
    "an unsure label": ConversationFilters(label="faq/causes", most=60),
    "thumbs down, not reviewed": ConversationFilters(feedback="down", review="unreviewed"),
    "flags that wait": ConversationFilters(flag="waiting", channel="web"),
}


@dataclass(frozen=True)
class PageTimes:
    """The seconds that one page took, each time that it was asked for; `is_file` tells a download from a page."""

    name: str
    is_file: bool
    seconds: list[float]

    @property
    def median(self) -> float:
        """The median, in milliseconds."""
        return 1000 * statistics.median(self.seconds)


def console_times(folder: Path, turns: int, looks: int) -> list[PageTimes]:
    """Time every page and file of the console that is fetched by GET, and some searches, on a new database.

    Args:
        folder: for the database; the caller removes it.
        turns: how many made-up turns are in it.
        looks: how often each page is asked for.

    Raises:
        MeasurementError: a page is not there, or it is not known how to ask for it.
    """
    engine = make_engine(f"sqlite:///{folder / 'console.sqlite3'}")
    migrate(engine)
    addresses = _addresses(engine, seed_log(engine, turns))
    settings = load_settings(
        {"SECRET_KEY": "k" * 40, "VAR_DIR": str(folder), "DATABASE_URL": str(engine.url), "RATE_LIMITS": "off"}
    )
    with transaction(engine) as session:
        secret = start_session(session, ACCOUNT)
    try:
        return asyncio.run(_look(make_app(settings, engine), secret, addresses, looks))
    finally:
        engine.dispose()


def addresses_of(routes: Sequence[ConsoleRoute], known: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """An address for each route of a page, by the route's path.

    Args:
        routes: all routes; those that change something, or ask before they do, are passed over.
        known: what stands for the placeholders of a path, by the path's first part and the placeholder's name.

    Raises:
        MeasurementError: it is not known what stands for a placeholder.
    """
    asked = (route.path for route in routes if route.method == "GET" and route.path not in PASSED_OVER)
    return {path: _address(path, known) for path in asked}


def _address(path: str, known: Mapping[str, Mapping[str, str]]) -> str:
    values = known.get(path.split("/")[1], {})
    missing = [name for name in PLACEHOLDER.findall(path) if name not in values]
    if missing:
        raise MeasurementError(f"Nothing is known to ask for {path} with; add it to evaluation/speed/console_times.py.")
    return PLACEHOLDER.sub(lambda found: quote(values[found.group(1)], safe=""), path)


def _addresses(engine: Engine, seeded: SeededLog) -> dict[str, str]:
    """Everything that is asked for, by the name under which it is told."""
    with transaction(engine) as session:
        session.add(
            Account(id=ACCOUNT, name=ACCOUNT, display_name="Bench", role="admin", active=True, created_at=clock.now())
        )
        candidate = Candidate(id=str(uuid.uuid4()), state=FAILED, requested_by=ACCOUNT, requested_at=clock.now())
        session.add(candidate)
        request, message = (
            session.execute(select(table.id).order_by(table.created_at.desc()).limit(1)).scalar_one()
            for table in (AppointmentRequest, StaffMessage)
        )
    known = {
        "accounts": {"name": ACCOUNT},
        "requests": {"row_id": request, "form": "csv"},
        "messages": {"row_id": message, "form": "csv"},
        "insights": {"table": "topics", "figure": next(iter(FIGURES))},
        "conversations": {"id": seeded.longest},
        "teaching": {"id": candidate.id},
        "answers": {"key": next(iter(all_answers()))},
        "erasures": {"id": seeded.longest, "receipt": erase_records(engine, "of-nobody", "web").code},
    }
    return addresses_of(ROUTES, known) | dict(_special_addresses(engine, seeded))


def _special_addresses(engine: Engine, seeded: SeededLog) -> Iterator[tuple[str, str]]:
    order = (LoggedConversation.last_activity_at, LoggedConversation.conversation_id)
    far_down = min(FAR_DOWN, seeded.conversations - 1)
    with transaction(engine) as session:
        place = Place(
            *session.execute(select(*order).order_by(*(each.desc() for each in order)).offset(far_down)).first()
        )
    yield "conversations, far down", f"/conversations?older={quote(place.written)}"
    yield "a long conversation, its middle", f"/conversations/{seeded.longest}?turn=200"
    yield "insights of 90 days", "/insights?days=90"
    for name, filters in SEARCHES.items():
        yield f"conversations: {name}", f"/conversations?search={store_search(engine, ACCOUNT, filters)}"


async def _look(app: ASGIApp, secret: str, addresses: Mapping[str, str], looks: int) -> list[PageTimes]:
    seconds: dict[str, list[float]] = {name: [] for name in addresses}
    files = set()
    cookies = {SESSION: secret}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ADDRESS, cookies=cookies) as client:
        # All pages in turn, so that none finds its rows still at hand; what the first round reads, stays read.
        for number in range(looks + 1):
            for name, address in addresses.items():
                began = time.perf_counter()
                answer = await client.get(address)
                passed = time.perf_counter() - began
                if answer.status_code != OK:
                    raise MeasurementError(f"The console answers {answer.status_code} to {name}.")
                if number:
                    seconds[name].append(passed)
                if "content-disposition" in answer.headers:
                    files.add(name)
    return [PageTimes(name, name in files, each) for name, each in seconds.items()]

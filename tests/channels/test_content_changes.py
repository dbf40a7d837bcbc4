"""What the staff put in force is said by running bots within seconds, and never costs anybody an answer."""

import asyncio
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from channels import content_changes, following
from channels.content_changes import ContentChanges
from channels.wording import ClinicResponses
from clinic.answers.proposals import Change, propose, release
from clinic.answers.versions import CLINIC_DETAILS, SHIPPED, newest_version, version_in_force
from clinic.answers.wordings import SMS, WEB, Wording, stored_form
from clinic.clinic_details import ClinicDetails
from clinic.database import make_engine
from clinic.settings import Settings, load_settings
from console.app import make_app
from console.keys import digest_of
from console.sessions import csrf_token
from tests import loopback
from tests.channels.action_server import ActionServer
from tests.channels.bot_process import BotProcess, Visitor
from tests.console.app_client import SESSION_COOKIE, ConsoleClient, EventLoopThread
from tests.console.conftest import console_settings, log_in_as
from tests.migrated_databases import migrated_sqlite

GREET, EMERGENCY, LOGISTICS = "utter_greet", "utter_safety/emergency", "utter_uncovered/clinic_logistics"
HELLO = (Wording(WEB, "Hello you."), Wording(SMS, "Hello by text."))
POP = (
    "Please don't squeeze or scrape them yourself. It can scar the skin or cause an infection. Leave it to the clinic."
)
SECONDS = 60


def wait_until(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


@pytest.fixture(scope="module")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("content") / "migrated.sqlite3"
    path.write_bytes(migrated_sqlite())
    return path


@pytest.fixture
def engine(migrated_file: Path, tmp_path: Path) -> Iterator[Engine]:
    shutil.copy(migrated_file, tmp_path / "milia.sqlite3")
    made = make_engine(f"sqlite:///{tmp_path / 'milia.sqlite3'}")
    yield made
    made.dispose()


@pytest.fixture
def settings() -> Settings:
    return load_settings({"CLINIC_PHONE": "312 555 0100"})


@pytest.fixture
def responses(settings: Settings) -> ClinicResponses:
    return ClinicResponses(settings=settings)


@pytest.fixture
def changes(engine: Engine, responses: ClinicResponses, settings: Settings) -> ContentChanges:
    return ContentChanges(engine, responses, settings)


def put_live(engine: Engine, subject: str, content: str) -> None:
    before = version_in_force(engine, subject)
    change = Change(subject, content, "Kinder", int(before.id) if before else SHIPPED, "shipped")
    release(engine, int(propose(engine, change, "anya").id), "boris", needs_two_people=True)


def test_without_changes_all_is_as_it_came(changes: ContentChanges, responses: ClinicResponses) -> None:
    shipped = responses.text(GREET, WEB)
    changes.catch_up()
    assert (changes.version, responses.text(GREET, WEB)) == (0, shipped)
    assert "312 555 0100" in responses.text(LOGISTICS, WEB)


def test_a_wording_and_details_are_taken_up(
    engine: Engine, changes: ContentChanges, responses: ClinicResponses
) -> None:
    put_live(engine, GREET, stored_form(HELLO))
    put_live(engine, CLINIC_DETAILS, ClinicDetails("(312) 555-0142", "1 Main St").stored_form())
    changes.catch_up()
    assert (responses.text(GREET, WEB), responses.text(GREET, SMS)) == ("Hello you.", "Hello by text.")
    assert responses.text(LOGISTICS, WEB) == "Address: 1 Main St. Phone: (312) 555-0142."
    assert (changes.settings.clinic_phone, changes.version) == ("(312) 555-0142", 2)


def test_a_look_that_finds_nothing_new_reads_one_number(
    engine: Engine, changes: ContentChanges, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_live(engine, GREET, stored_form(HELLO))
    changes.catch_up()
    monkeypatch.setattr(content_changes, "read_in_force", lambda _engine: pytest.fail("read again"))
    changes.catch_up()


async def test_when_the_database_does_not_answer_the_last_words_stay_and_it_is_logged_once(
    engine: Engine,
    changes: ContentChanges,
    responses: ClinicResponses,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put_live(engine, GREET, stored_form(HELLO))
    changes.catch_up()
    engine.dispose()
    (tmp_path / "milia.sqlite3").rename(tmp_path / "away.sqlite3")
    (tmp_path / "milia.sqlite3").mkdir()
    with pytest.raises(SQLAlchemyError):
        changes.catch_up()
    looks = looks_counted(monkeypatch)
    following_changes = asyncio.ensure_future(changes.follow())
    await holds_within_seconds(lambda: len(looks) > 2)
    assert responses.text(GREET, WEB) == "Hello you."
    assert caplog.text.count("changed answers cannot be looked for") == 1
    (tmp_path / "milia.sqlite3").rmdir()
    (tmp_path / "away.sqlite3").rename(tmp_path / "milia.sqlite3")
    put_live(engine, GREET, stored_form((Wording(WEB, "Back."), HELLO[1])))
    await holds_within_seconds(lambda: responses.text(GREET, WEB) == "Back.")
    following_changes.cancel()


def looks_counted(monkeypatch: pytest.MonkeyPatch) -> list[Engine]:
    """Has looks follow on each other at once; what is returned has an entry for each."""
    looks: list[Engine] = []

    def look(engine: Engine) -> int:
        looks.append(engine)
        return newest_version(engine)

    monkeypatch.setattr(following, "SECONDS_BETWEEN_LOOKS", 0.01)
    monkeypatch.setattr(content_changes, "newest_version", look)
    return looks


async def holds_within_seconds(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("response", "wordings", "why"),
    [
        (EMERGENCY, (Wording(WEB, "Wait a day."), Wording(SMS, "Call 911 now.")), "it does not say to call 911"),
        (GREET, (Wording(WEB, "Hello {stranger}."), HELLO[1]), "nothing fills in stranger"),
        (GREET, HELLO[:1], "it has no wording for sms"),
    ],
)
def test_whatever_stands_in_the_database_an_unfit_wording_is_not_said(
    engine: Engine,
    changes: ContentChanges,
    responses: ClinicResponses,
    caplog: pytest.LogCaptureFixture,
    response: str,
    wordings: tuple[Wording, ...],
    why: str,
) -> None:
    shipped = responses.text(response, WEB)
    put_live(engine, response, stored_form(wordings))
    put_live(engine, "utter_gone", stored_form(HELLO))
    changes.catch_up()
    assert responses.text(response, WEB) == shipped
    assert f"the changed wording of {response} is not said: {why}" in caplog.text
    assert "utter_gone is not said: the assistant no longer has this answer" in caplog.text


class Staff:
    """Two people of the clinic in the console, on the bot's own database."""

    def __init__(self, engine: Engine, folder: Path, thread: EventLoopThread) -> None:
        self._engine, self._thread = engine, thread
        self._settings = console_settings(folder, DATABASE_URL=str(engine.url))
        self.anya, self.boris = self._person("anya"), self._person("boris")

    def _person(self, name: str) -> ConsoleClient:
        client = ConsoleClient(make_app(self._settings, self._engine), self._thread)
        secret = log_in_as(self._engine, name, "reviewer")
        client.cookies.set(SESSION_COOKIE, secret, domain="127.0.0.1")
        client.csrf = csrf_token(self._settings.secret_key, digest_of(secret))
        return client

    def take_live(self, address: str, form: dict[str, str]) -> None:
        assert self.anya.post(address, {**form, "reason": "Kinder"}).status_code == 303
        with sqlite3.connect(str(self._engine.url.database)) as connection:
            (number,) = connection.execute("SELECT max(id) FROM content_proposals").fetchone()
        assert self.boris.post(f"{address}/release", {"proposal": str(number)}).status_code == 303


@pytest.fixture
def staff(engine: Engine, tmp_path: Path) -> Iterator[Staff]:
    thread = EventLoopThread()
    people = Staff(engine, tmp_path, thread)
    yield people
    people.anya.close()
    people.boris.close()
    thread.stop()


@pytest.fixture
def bots(engine: Engine, model: Path, actions: ActionServer, tmp_path: Path) -> Iterator[list[BotProcess]]:
    """Two bots on one database."""
    started = []
    for number in (1, 2):
        bot = BotProcess(
            tmp_path / str(number),
            model,
            actions.port,
            DATABASE_URL=str(engine.url),
            RATE_LIMITS="off",
            VAR_DIR=str(tmp_path),
        )
        bot.log.parent.mkdir()
        started.append(bot)
    threads = [threading.Thread(target=bot.start) for bot in started]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    yield started
    for bot in started:
        assert bot.stop() == 0


def test_running_bots_say_what_was_changed_in_the_console(bots: list[BotProcess], staff: Staff, engine: Engine) -> None:
    visitors = [Visitor(bot) for bot in bots]
    before = visitors[0].say("may I pop them")[0]
    assert before["text"] != POP
    refused = staff.anya.post("/answers/faq.can_i_pop", {"web-1": f"{POP} It costs $50.", "sms-1": POP, "reason": "x"})
    assert refused.status_code == 400
    assert "names a price" in refused.text
    staff.take_live("/answers/faq.can_i_pop", {"web-1": POP, "sms-1": POP})
    for visitor in visitors:
        wait_until(lambda visitor=visitor: visitor.say("may I pop them")[0]["text"] == POP, "not taken up")
    assert loopback.get(f"{bots[0].url}/health/ready").json()["content"] == 1
    assert visitors[0].say("may I pop them")[0]["source"]["facts"] == ["M9", "M12"]
    # What was said before stays as it was said.
    assert before["text"] in [each["text"] for each in visitors[0].history() if each["sender"] == "assistant"]

    script = loopback.get(f"{bots[0].web}/widget.js")
    assert "(312) 555-0142" not in script.text
    staff.take_live(
        "/clinic", {"phone": "312 555 0142", "address": "1 Main St", "Monday-opens": "09:00", "Monday-closes": "17:00"}
    )
    for bot in bots:
        wait_until(lambda bot=bot: "(312) 555-0142" in loopback.get(f"{bot.web}/widget.js").text, "not in the script")
        assert "tel:3125550142" in loopback.get(f"{bot.web}/demo").text
        assert "Monday 9 am to 5 pm" in loopback.get(f"{bot.web}/demo").text
    changed = loopback.get(f"{bots[0].web}/widget.js", headers={"If-None-Match": script.headers["ETag"]})
    assert changed.status_code == 200

    shown = str(version_in_force(engine, "utter_faq/can_i_pop").id)
    assert staff.boris.post("/answers/faq.can_i_pop/back", {"version": "0", "shown": shown}).status_code == 303
    wait_until(lambda: visitors[1].say("may I pop them")[0]["text"] != POP, "not taken back")

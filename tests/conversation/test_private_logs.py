"""Nothing of what people say is in any log line or metric, however it may be written, at the most talkative level."""

import base64
import json
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import httpx
import pytest

from channels.sms.simulate import SimulatedPhone
from clinic.database import make_engine
from clinic.settings import Settings, load_settings
from console.keys import digest_of
from console.sessions import csrf_token
from nlu.training import current_model
from tests import loopback
from tests.console.app_client import SESSION_COOKIE
from tests.console.conftest import log_in_as
from tests.conversation.instance import RunningInstance
from tests.monitoring.metric_table import foreign_values, sample
from tests.ports import free_port

pytestmark = [pytest.mark.live, pytest.mark.model]

NAME = "Zelda Quimbélio"
OTHER_NAME = "Ulrika Quimbélio"
PHONE = "312 555 0187"
SENDER = "+13125550188"
EMAIL = "zelda.quimbelio@example.com"
SENTENCE = "a purple walrus sits under my eye"
CANARIES = (
    "Zelda",
    "Ulrika",
    "Quimbélio",
    "quimbelio",
    "555 0187",
    "5550187",
    "555-0187",
    "5550188",
    "555-0188",
    EMAIL,
    "purple walrus",
    "walrus sits",
)
SECONDS_FOR_THE_LOG = 30


@pytest.fixture(scope="module")
def console_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def talked_about(tmp_path_factory: pytest.TempPathFactory, console_port: int) -> Iterator[RunningInstance]:
    """An instance at which all that can be said was said, and looked at by the staff."""
    folder = tmp_path_factory.mktemp("talkative")
    temporary = folder / "temporary"
    temporary.mkdir()
    settings_of_logs = {"LOG_FORMAT": "json", "LOG_LEVEL": "DEBUG", "TMPDIR": str(temporary)}
    instance = RunningInstance(folder, CONSOLE_PORT=str(console_port), **settings_of_logs)
    instance.wait_until_ready()
    settings = settings_of(instance, console_port)
    book_by_web(instance)
    book_by_text(settings)
    send_nonsense(instance)
    look_by_console(instance, settings)
    yield instance
    instance.end()


def settings_of(instance: RunningInstance, console_port: int) -> Settings:
    return load_settings(
        {
            "VAR_DIR": str(instance.folder),
            "DATABASE_URL": f"sqlite:///{instance.database}",
            "BOT_PORT": str(instance.port),
            "ACTIONS_PORT": str(instance.actions_port),
            "CONSOLE_PORT": str(console_port),
        }
    )


def book_by_web(instance: RunningInstance) -> None:
    visitor = instance.visitor()
    visitor.say(f"what are milia, {SENTENCE}")
    visitor.say("I'd like an appointment")
    visitor.say(NAME)
    visitor.say(PHONE)
    assert "Shall I send" in visitor.say("tuesday mornings")
    assert "recorded" in visitor.say("yes")
    visitor.say(f"{SENTENCE} and I can't breathe")
    caller = instance.visitor()
    caller.say("how much does the removal cost?")
    caller.say("yes please")
    caller.say(OTHER_NAME)
    caller.say(EMAIL)


def book_by_text(settings: Settings) -> None:
    phone = SimulatedPhone(settings, SENDER)
    for text in (SENTENCE, "I'd like an appointment", OTHER_NAME, "any friday"):
        assert phone.send(text)
    assert any("recorded" in text for text in phone.send("yes"))


def send_nonsense(instance: RunningInstance) -> None:
    """What is refused names nobody either."""
    web = f"{instance.url}/webhooks/web"
    statuses = [
        loopback.get(f"{web}/{quote(NAME)}", params={"name": NAME}).status_code,
        loopback.post(f"{web}/messages", content=f"{{{NAME}", headers={"Authorization": f"Bearer {EMAIL}"}).status_code,
        loopback.get(f"{instance.url}/health/live", headers={"X-Request-ID": "3125550187"}).status_code,
        loopback.post(f"{web}/../sms/webhook", data={"Body": SENTENCE, "From": SENDER}).status_code,
    ]
    assert statuses == [404, 401, 200, 403]
    visitor = instance.visitor()
    assert visitor.send(choice="walrus sits").status_code == 400


def look_by_console(instance: RunningInstance, settings: Settings) -> None:
    engine = make_engine(settings.database_url)
    secret = log_in_as(engine, "maria", "admin")
    engine.dispose()
    csrf = csrf_token(settings.secret_key, digest_of(secret))
    url = f"http://127.0.0.1:{settings.console_port}"
    with loopback.Client(base_url=url, headers={"Origin": url}, timeout=30) as client:
        wrong = {"name": NAME, "password": SENTENCE}
        assert client.post("/login", data=wrong).status_code == 403
        client.cookies.set(SESSION_COOKIE, secret, domain="127.0.0.1")
        wait_for_the_log(client)
        pages = [client.get(path) for path in ("/", "/requests", "/messages", "/conversations", "/insights")]
        pages += [client.get(f"/conversations/{name}") for name in names_of_conversations(instance)]
        pages += [
            client.get(f"/requests/{number}") for (number,) in instance.rows("SELECT id FROM appointment_requests")
        ]
        assert {page.status_code for page in pages} == {200}
        assert any(NAME in page.text for page in pages)
        found = client.post("/conversations/search", data={"csrf": csrf, "words": SENTENCE})
        assert found.status_code in (200, 303)
        assert client.get(f"/conversations/{quote(NAME)}", params={"words": SENTENCE}).status_code == 404


def wait_for_the_log(client: httpx.Client) -> None:
    deadline = time.monotonic() + SECONDS_FOR_THE_LOG
    while True:
        text = client.get("/metrics").text
        if sample(text, "milia_check_up", check="turn_log") and not sample(text, "milia_log_conversations_behind"):
            return
        assert time.monotonic() < deadline, text
        time.sleep(0.1)


def names_of_conversations(instance: RunningInstance) -> list[str]:
    return [str(name) for (name,) in instance.rows("SELECT conversation_id FROM logged_conversations")]


def written_forms(canary: str) -> set[str]:
    """The canary as a log or a page might write it, in small letters where that changes nothing."""
    plain = {canary, canary.lower(), canary.upper()}
    forms = {form for each in plain for form in (each, quote(each), quote_plus(each), json.dumps(each)[1:-1])}
    for each in plain:
        data = each.encode()
        for offset in range(3):
            encoded = base64.b64encode(b"\0" * offset + data).decode()
            # What depends on the bytes around it is left out.
            forms.add(encoded[4 if offset else 0 : len(encoded) - 4])
    return {form for form in forms if len(form) >= 5}


def everything_written(instance: RunningInstance, console_port: int) -> dict[str, str]:
    console = f"http://127.0.0.1:{console_port}/metrics"
    pages = {"bot": f"{instance.url}/metrics", "actions": f"{instance.url}/metrics/actions", "console": console}
    logs = [*Path(instance.folder / "logs").iterdir(), instance.folder / "run.log"]
    return {
        **{f"metrics of {name}": loopback.get(page).text for name, page in pages.items()},
        **{path.name: path.read_text(encoding="utf-8") for path in logs},
    }


def test_no_canary_is_in_any_log_or_metric(talked_about: RunningInstance, console_port: int) -> None:
    written = everything_written(talked_about, console_port)
    assert {"bot.log", "actions.log", "console.log", "run.log"} <= set(written)
    found = [
        (place, form)
        for place, text in written.items()
        for canary in CANARIES
        for form in written_forms(canary)
        if form in text or form in text.lower()
    ]
    assert found == []
    assert [value for place, text in written.items() if "metrics" in place for value in foreign_values(text)] == []


def test_no_file_names_anybody_and_only_the_database_holds_what_was_said(talked_about: RunningInstance) -> None:
    """Database and its log, temporary files, model: names are encrypted, and words that the staff read are not."""
    files = [path for path in talked_about.folder.rglob("*") if path.is_file()]
    assert talked_about.database in files
    said = {canary for canary in CANARIES if "walrus" in canary}
    found = [(path.name, canary) for path in [*files, current_model()] for canary in CANARIES if _holds(path, canary)]
    assert {name for name, _ in found} <= {talked_about.database.name, f"{talked_about.database.name}-wal"}
    assert {canary for _, canary in found} == said


def _holds(path: Path, canary: str) -> bool:
    content = path.read_bytes().lower()
    return any(form.lower().encode() in content for form in (canary, quote(canary), json.dumps(canary)[1:-1]))


def test_no_id_of_a_conversation_is_either(talked_about: RunningInstance, console_port: int) -> None:
    names = names_of_conversations(talked_about)
    assert len(names) >= 3
    written = everything_written(talked_about, console_port)
    assert [(place, name) for place, text in written.items() for name in names if name in text] == []


def test_each_line_of_the_three_processes_is_one_json_object(talked_about: RunningInstance) -> None:
    for process in ("bot", "actions", "console"):
        text = (talked_about.folder / "logs" / f"{process}.log").read_text(encoding="utf-8")
        lines = [json.loads(line) for line in text.splitlines() if not line.startswith("--- started ")]
        assert lines
        assert {line["process"] for line in lines} == {process}


def test_the_lines_of_a_turn_have_one_id_in_both_processes(talked_about: RunningInstance) -> None:
    def ids(process: str, event: str) -> set[str]:
        text = (talked_about.folder / "logs" / f"{process}.log").read_text(encoding="utf-8")
        lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
        return {line["request_id"] for line in lines if line["event"] == event}

    turns, actions = ids("bot", "turn"), ids("actions", "action")
    assert len(turns) >= 12
    assert actions
    assert actions <= turns


def test_what_was_done_is_counted(talked_about: RunningInstance, console_port: int) -> None:
    written = everything_written(talked_about, console_port)
    bot, actions, console = (written[f"metrics of {name}"] for name in ("bot", "actions", "console"))
    assert sample(bot, "milia_turns_total", channel="web", outcome="answered") >= 11
    assert sample(bot, "milia_turns_total", channel="sms", outcome="answered") == 5
    assert sample(bot, "milia_safety_turns_total", safety="safety/emergency", outcome="answered") == 1
    assert sample(actions, "milia_action_runs_total", action="validate_appointment_form", result="done") >= 6
    assert sample(console, "milia_work_open", kind="request") == 2
    assert sample(console, "milia_work_open", kind="message") == 1
    assert sample(console, "milia_flags_open", flag="safety/emergency") == 1
    assert sample(console, "milia_console_login_failures_total", reason="refused") == 1

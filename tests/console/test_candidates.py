"""The pages of candidates: making one, its comparison, promoting it, rolling back, and what the bot says."""

import http.server
import json
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy.engine import Engine

from clinic.settings import Settings
from console.bot_health import BotHealth, ask_bot
from conversations.candidates import COMPARING, FAILED, READY, SET_ASIDE, TRAINING, find_candidate
from conversations.corrections import RELEASED, TAUGHT
from conversations.promotion_history import newest_promotion
from conversations.workshop import Workshop
from tests.console.audit_rows import audit_rows
from tests.console.conftest import NewClient, console_settings
from tests.console.page_markup import Markup, foreign_elements
from tests.console.teaching_rows import change, compared, made, store_candidate
from tests.conversations.small_workshop import small_workshop, write
from tests.conversations.taught_turns import find, released


def texts(page: httpx.Response) -> str:
    return " ".join(" ".join(Markup(page.text).texts).split())


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    """What the pages work with: stand-ins for training and comparison."""
    small = small_workshop(tmp_path)
    monkeypatch.setattr(Workshop, "of", classmethod(lambda _cls, _settings: small))
    return small


def test_a_candidate_is_asked_for_once(console: NewClient, engine: Engine) -> None:
    client = console("reviewer")
    assert "The assistant knows all that was released." in texts(client.get("/teaching"))
    assert client.post("/teaching/candidates").status_code == 409
    released(engine, "why me")
    assert "Train a candidate" in texts(client.get("/teaching"))
    answer = client.post("/teaching/candidates")
    assert re.fullmatch(r"/teaching/candidates/[0-9a-f-]{36}", answer.headers["Location"])
    again = client.post("/teaching/candidates")
    assert (again.status_code, "being made already" in texts(again)) == (409, True)
    assert "A candidate is being made." in texts(client.get("/teaching"))
    assert "It waits for its turn." in texts(client.get(answer.headers["Location"]))


@pytest.mark.parametrize(
    ("state", "said"), [(TRAINING, "It is being trained."), (COMPARING, "It is being compared with the assistant.")]
)
def test_progress_is_shown_while_it_is_made(console: NewClient, engine: Engine, state: str, said: str) -> None:
    store_candidate(engine, "one", state)
    fragment = console("reviewer").get("/teaching/candidates/one/progress", headers={"HX-Request": "true"})
    assert said in texts(fragment)
    assert "HX-Refresh" not in fragment.headers
    assert "<html" not in fragment.text
    assert said in texts(console("reviewer").get("/teaching/candidates/one"))


def test_the_page_loads_anew_once_it_has_ended(console: NewClient, engine: Engine) -> None:
    store_candidate(engine, "one", FAILED, error="It failed: the training ended with exit code 7.")
    fragment = console("reviewer").get("/teaching/candidates/one/progress", headers={"HX-Request": "true"})
    assert fragment.headers["HX-Refresh"] == "true"
    page = console("reviewer").get("/teaching/candidates/one")
    assert "It failed: the training ended with exit code 7." in texts(page)
    assert "Promote" not in texts(page)


def test_a_comparison_is_shown_in_words(console: NewClient, engine: Engine) -> None:
    line = released(engine, "why me")
    own = compared(
        "own",
        changes=[change("<b>what</b> now", "greet", "greet", "thanks"), change("and that", "greet", "help", "greet")],
        safety={"total": 9, "before": 8, "after": 9},
        false_alarms={"total": 90, "before": 2, "after": 1},
    )
    taught = compared(
        "taught", changes=[change(line.id, "faq/causes", "greet", "faq/causes")], still_wrong=["erased-one"]
    )
    store_candidate(engine, "one", READY, own, compared("held_out"), taught, model="b", lines=1)
    page = console("reviewer").get("/teaching/candidates/one")
    shown = texts(page)
    assert "Nothing stands against promoting it" in shown
    assert "Comparison messages 10 8 9 +1" in shown
    assert "Comparison messages 9 8 9 0 2 1" in shown
    assert "<b>what</b> now Greeting Greeting Thanks worse" in shown
    assert "and that Greeting Help Greeting better" in shown
    assert "why me Causes Greeting Causes better" in shown
    assert "(this message was erased)" in shown
    assert "no held-out messages" not in shown
    assert foreign_elements(page.text) == []


def test_missing_held_out_messages_are_said(console: NewClient, engine: Engine) -> None:
    store_candidate(engine, "one", READY, compared("own"))
    shown = texts(console("reviewer").get("/teaching/candidates/one"))
    assert "There are no held-out messages on this machine" in shown
    assert "None of the comparison messages is taken for something else." in shown


def test_a_refused_candidate_says_why_and_offers_no_promotion(
    console: NewClient, engine: Engine, workshop: Workshop
) -> None:
    reason = "Of the comparison messages, 1 about danger would no longer be recognised."
    write(workshop.project, "refusals", reason)
    released(engine, "why me")
    candidate = made(engine, workshop)
    client = console("admin")
    page = client.get(f"/teaching/candidates/{candidate.id}")
    assert "It cannot be promoted" in texts(page) and reason in texts(page)
    assert "/promote" not in page.text
    assert reason in texts(client.get(f"/teaching/candidates/{candidate.id}/promote"))
    answer = client.post(f"/teaching/candidates/{candidate.id}/promote")
    assert answer.status_code == 409
    assert f"Not promoted. {reason}" in texts(answer)
    assert newest_promotion(engine) is None


def test_a_candidate_is_promoted_and_rolled_back(console: NewClient, engine: Engine, workshop: Workshop) -> None:
    line = released(engine, "why me")
    candidate = made(engine, workshop)
    address = f"/teaching/candidates/{candidate.id}"
    client = console("reviewer")
    assert f"{address}/promote" in client.get(address).text
    assert "Promote this candidate?" in texts(client.get(f"{address}/promote"))
    assert client.post(f"{address}/promote").headers["Location"] == address
    assert newest_promotion(engine).model == candidate.model
    assert find(engine, line.id).state == TAUGHT
    assert "It is in force" in texts(client.get(address))
    assert client.get(f"{address}/promote").status_code == 409
    assert client.post(f"{address}/promote").status_code == 409
    asked = client.get("/teaching/roll-back")
    assert candidate.model_before in texts(asked)
    promotion_id = str(newest_promotion(engine).id)
    assert client.post("/teaching/roll-back", {"promotion": promotion_id}).status_code == 303
    assert newest_promotion(engine).model == candidate.model_before
    assert find(engine, line.id).state == RELEASED
    assert client.get("/teaching/roll-back").status_code == 404
    assert client.post("/teaching/roll-back", {"promotion": promotion_id}).status_code == 409
    actions = [(row.action, row.subject) for row in audit_rows(engine) if not row.action.endswith("viewed")]
    assert actions[0] == ("candidate.promoted", candidate.id)
    assert ("promotion.rolled_back", promotion_id) in actions


def test_what_has_changed_since_the_comparison_is_said(console: NewClient, engine: Engine, workshop: Workshop) -> None:
    released(engine, "why me")
    candidate = made(engine, workshop)
    write(workshop.project, "content", "two")
    answer = console("reviewer").post(f"/teaching/candidates/{candidate.id}/promote")
    assert answer.status_code == 409
    assert "The assistant itself has changed since this model was made" in texts(answer)


def test_a_roll_back_that_does_not_fit_is_said(console: NewClient, engine: Engine, workshop: Workshop) -> None:
    released(engine, "why me")
    client = console("reviewer")
    client.post(f"/teaching/candidates/{made(engine, workshop).id}/promote")
    write(workshop.project, "content", "two")
    answer = client.post("/teaching/roll-back", {"promotion": "1"})
    assert answer.status_code == 409
    assert "the model before was made, so it no longer fits" in texts(answer)


def test_programs_that_fail_are_said(console: NewClient, engine: Engine, workshop: Workshop) -> None:
    released(engine, "why me")
    candidate = made(engine, workshop)
    (workshop.project / "content").unlink()
    answer = console("reviewer").post(f"/teaching/candidates/{candidate.id}/promote")
    assert (answer.status_code, "could not be named (exit code 1)" in texts(answer)) == (409, True)


def test_a_candidate_is_set_aside(console: NewClient, engine: Engine) -> None:
    store_candidate(engine, "one", READY, compared("own"))
    client = console("reviewer")
    assert client.post("/teaching/candidates/one/aside").status_code == 303
    assert find_candidate(engine, "one").state == SET_ASIDE
    assert client.post("/teaching/candidates/one/aside").status_code == 409


@pytest.mark.parametrize("path", ["", "/progress", "/promote"])
def test_an_unknown_candidate_is_not_found(console: NewClient, path: str) -> None:
    client = console("reviewer")
    assert client.get(f"/teaching/candidates/none{path}").status_code == 404
    assert client.post("/teaching/candidates/none/promote").status_code == 404


@pytest.mark.parametrize("promotion", ["", "x", "9" * 30])
def test_a_roll_back_names_its_promotion(console: NewClient, promotion: str) -> None:
    assert console("reviewer").post("/teaching/roll-back", {"promotion": promotion}).status_code == 409


def test_all_candidates_are_listed(console: NewClient, engine: Engine) -> None:
    store_candidate(engine, "one", READY, compared("own"), lines=3)
    store_candidate(engine, "two", FAILED, error="It failed.")
    shown = texts(console("reviewer").get("/teaching/candidates"))
    assert "3 taught lines" in shown and "It failed." in shown
    assert "The assistant runs the model it came with" in shown


@pytest.fixture
def bot_says(tmp_path: Path) -> Iterator[Callable[[int, bytes], Settings]]:
    """Runs a bot that answers so; the settings of an instance with it."""
    servers: list[http.server.HTTPServer] = []

    def run(status: int, body: bytes) -> Settings:
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                assert self.path == "/health/ready"
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_arguments: object) -> None:
                """Silence is enough."""

        server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return console_settings(tmp_path, BOT_PORT=str(server.server_address[1]))

    yield run
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("status", "body", "health"),
    [
        (200, {"status": "ready", "model": "a"}, BotHealth("a", "")),
        (200, {"status": "ready", "model": "a", "model_refused": "b"}, BotHealth("a", "b")),
        (503, {"status": "not ready", "model": "a"}, BotHealth("a", "")),
        (200, {"status": "ready"}, None),
        (200, [], None),
    ],
)
def test_the_bot_is_asked_which_model_it_runs(
    bot_says: Callable[[int, bytes], Settings], status: int, body: object, health: BotHealth | None
) -> None:
    assert ask_bot(bot_says(status, json.dumps(body).encode())) == health


def test_a_bot_that_does_not_answer_is_no_fault(bot_says: Callable[[int, bytes], Settings], tmp_path: Path) -> None:
    assert ask_bot(bot_says(200, b"no json")) is None
    assert ask_bot(console_settings(tmp_path, BOT_PORT="1")) is None


@pytest.mark.parametrize(
    ("health", "said"),
    [
        (None, "does not answer just now"),
        (BotHealth("candidate", ""), "answers with this model now: candidate"),
        (BotHealth("older", ""), "still answers with older"),
        (BotHealth("older", "candidate"), "could not load the promoted model"),
    ],
)
def test_the_page_says_what_the_bot_runs(
    console: NewClient,
    engine: Engine,
    workshop: Workshop,
    monkeypatch: pytest.MonkeyPatch,
    health: BotHealth | None,
    said: str,
) -> None:
    released(engine, "why me")
    candidate = made(engine, workshop)
    client = console("reviewer")
    client.post(f"/teaching/candidates/{candidate.id}/promote")
    names = {"candidate": str(candidate.model)}
    shown = health and BotHealth(names.get(health.model, health.model), health.refused)
    monkeypatch.setattr("console.candidates.ask_bot", lambda _settings: shown)
    page = client.get("/teaching/bot")
    assert said.replace("candidate", candidate.model if "now:" in said else "candidate") in texts(page)

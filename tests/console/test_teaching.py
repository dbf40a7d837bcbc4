"""The pages of corrections: proposing another label, releasing by a second person, taking back."""

from pathlib import Path

import httpx
import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from clinic.database import transaction
from console.app import make_app
from console.keys import digest_of
from console.sessions import csrf_token
from conversations.correction_checks import Verdict
from conversations.corrections import PROPOSED, REFUSED, REJECTED, RELEASED, TAUGHT, propose
from conversations.teaching import Correction
from tests.console.app_client import SESSION_COOKIE, ConsoleClient, EventLoopThread
from tests.console.audit_rows import audit_rows
from tests.console.conftest import NewClient, console_settings, log_in_as
from tests.console.page_markup import Markup, foreign_elements
from tests.console.talk_rows import store_talk, turn
from tests.conversations.taught_turns import checked, find, proposed, released

HOSTILE = '<script>alert(1)</script> [x](phone) "><img src=x onerror=alert(1)> {{ 7*7 }}'


def texts(page: httpx.Response) -> str:
    return " ".join(" ".join(Markup(page.text).texts).split())


def send(client: ConsoleClient, correction: Correction, path: str, **fields: str) -> httpx.Response:
    data = {"version": str(correction.version), **fields}
    return client.post(f"/teaching/corrections/{correction.id}/{path}", data)


@pytest.fixture
def correction(engine: Engine) -> Correction:
    """Proposed by the reviewer anya, and checked."""
    made = proposed(engine, "whats up with these dots", by="anya")
    checked(engine)
    return find(engine, made.id)


def test_a_proposal_is_shown_with_what_speaks_for_it(console: NewClient, engine: Engine) -> None:
    store_talk(engine, turns=[turn("hello"), turn("Why me [name]?", label="greet"), turn("why me [name]")])
    events = store_talk(engine, "talk-2", turns=[turn("why me [name]", label="greet")])
    propose(engine, events[0], "faq/cause_sun", "anya")
    checked(engine, Verdict(None, ("Trained already as faq/causes: why me", "And one thing more.")))
    shown = texts(console("reviewer").get("/teaching"))
    assert "Greeting → is to become Cause: sun" in shown
    assert "said 3 times" in shown
    assert "Proposed by anya" in shown
    assert "Taught as: why me" in shown
    assert "Trained already as “Causes”: why me And one thing more." in shown
    assert 'href="/conversations/talk-2#turn-1"' in console("reviewer").get("/teaching").text


def test_who_proposed_it_reads_which_role_the_second_person_needs_and_who_adds_them(
    console: NewClient, engine: Engine, correction: Correction
) -> None:
    anya = console("reviewer", "anya")
    shown = texts(anya.get("/teaching"))
    assert "You proposed this. Somebody else, a reviewer or an admin, has to release it." in shown
    assert "It takes a second person to release a correction, with the role reviewer or admin" in shown
    assert "An admin invites a reviewer on the page Accounts." in shown
    console("admin")
    assert "It takes a second person" not in texts(anya.get("/teaching"))


def test_hostile_words_stay_words(console: NewClient, engine: Engine) -> None:
    proposed(engine, HOSTILE)
    checked(engine, Verdict(None, (HOSTILE,)))
    page = console("reviewer").get("/teaching")
    assert foreign_elements(page.text) == []
    assert texts(page).count("<script>alert(1)</script>") >= 2
    assert texts(page).count("{{ 7*7 }}") >= 2


def test_a_second_person_releases(console: NewClient, engine: Engine, correction: Correction) -> None:
    answer = send(console("reviewer", "boris"), correction, "release")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/teaching?state=proposed")
    assert (find(engine, correction.id).state, find(engine, correction.id).decided_by) == (RELEASED, "boris")
    assert "whats up with these dots" in texts(console("reviewer", "boris").get("/teaching?state=released"))


def test_who_proposed_cannot_release(console: NewClient, engine: Engine, correction: Correction) -> None:
    anya = console("reviewer", "anya")
    page = anya.get("/teaching")
    assert "You proposed this. Somebody else, a reviewer or an admin, has to release it." in texts(page)
    assert "/release" not in page.text
    answer = send(anya, correction, "release")
    assert answer.status_code == 400
    assert "Somebody else, a reviewer or an admin, has to release it" in texts(answer)
    assert find(engine, correction.id).state == PROPOSED


def test_a_one_person_clinic_releases_alone(
    engine: Engine, correction: Correction, tmp_path: Path, event_loop_thread: EventLoopThread
) -> None:
    settings = console_settings(tmp_path, DATABASE_URL=str(engine.url), CONSOLE_RELEASE="one_person")
    secret = log_in_as(engine, "anya", "reviewer")
    with ConsoleClient(make_app(settings, engine), event_loop_thread) as anya:
        anya.cookies.set(SESSION_COOKIE, secret, domain="127.0.0.1")
        anya.csrf = csrf_token(settings.secret_key, digest_of(secret))
        assert "At your clinic one person may do both." in texts(anya.get("/teaching"))
        assert send(anya, correction, "release").status_code == 303
    assert find(engine, correction.id).state == RELEASED


def test_nothing_is_released_before_it_was_checked(console: NewClient, engine: Engine) -> None:
    unchecked = proposed(engine, "whats up with these dots", by="anya")
    boris = console("reviewer", "boris")
    page = boris.get("/teaching")
    assert "It is being checked and can be released in a moment." in texts(page)
    assert "/release" not in page.text
    answer = send(boris, unchecked, "release")
    assert (answer.status_code, find(engine, unchecked.id).state) == (400, PROPOSED)
    assert "still being checked" in texts(answer)


def test_a_decision_on_what_somebody_else_changed_is_refused(
    console: NewClient, engine: Engine, correction: Correction
) -> None:
    boris, clara = console("reviewer", "boris"), console("admin", "clara")
    assert send(boris, correction, "reject").status_code == 303
    answer = send(clara, correction, "release")
    assert answer.status_code == 409
    assert "Somebody else changed or decided this" in texts(answer)
    assert find(engine, correction.id).state == REJECTED


def test_a_proposal_is_relabelled_and_then_is_the_second_persons(console: NewClient, engine: Engine) -> None:
    (message,) = store_talk(engine, turns=[turn("whats up with these dots", label="greet")])
    proposal = propose(engine, message, "faq/causes", "anya")
    boris = console("reviewer", "boris")
    answer = send(boris, find(engine, proposal.correction_id), "relabel", label="faq/what_are_milia")
    assert answer.headers["Location"] == "/teaching?state=proposed"
    kept = find(engine, proposal.correction_id)
    assert (kept.label, kept.proposed_by, kept.version) == ("faq/what_are_milia", "boris", 2)
    assert send(boris, kept, "relabel", label="faq/unheard_of").status_code == 400
    assert send(boris, find(engine, kept.id), "relabel", label="greet", version="1").status_code == 409


def test_released_lines_can_be_taken_out_again(console: NewClient, engine: Engine) -> None:
    line = released(engine, "whats up with these dots")
    answer = send(console("reviewer"), line, "withdraw", list="released")
    assert answer.headers["Location"] == "/teaching?state=released"
    assert find(engine, line.id).state == REJECTED
    assert send(console("reviewer"), line, "withdraw").status_code == 409


@pytest.mark.parametrize("path", ["release", "reject", "withdraw", "relabel"])
def test_what_is_gone_is_not_found(console: NewClient, path: str) -> None:
    client = console("reviewer")
    assert client.post(f"/teaching/corrections/none/{path}", {"version": "1", "label": "greet"}).status_code == 404
    for version in ("", "x", "1" * 20, "-1"):
        answer = client.post(f"/teaching/corrections/none/{path}", {"version": version, "label": "greet"})
        assert answer.status_code == 400


def test_refusals_are_shown_with_their_reasons(console: NewClient, engine: Engine) -> None:
    proposed(engine, "[name] [phone]")
    shown = texts(console("reviewer").get("/teaching?state=refused"))
    assert "Too little is left of the message to teach the assistant anything." in shown
    assert "Refused (1)" in shown


def test_a_label_of_before_stays_in_force_and_is_said(console: NewClient, engine: Engine) -> None:
    line = released(engine, "whats up with these dots", "faq/causes")
    with transaction(engine) as session:
        row = session.get(Correction, line.id)
        row.taught_label, row.label, row.state = "faq/causes", "greet", PROPOSED
    assert "The assistant knows it as “Causes” until this is in force." in texts(console("reviewer").get("/teaching"))


def test_long_lists_have_pages(console: NewClient, engine: Engine) -> None:
    for number in range(60):
        proposed(engine, f"question number {number}")
    client = console("reviewer")
    first, second = client.get("/teaching"), client.get("/teaching?state=proposed&page=2")
    assert ("question number 59" in first.text, "question number 9<" in first.text) == (True, False)
    assert "question number 9<" in second.text
    assert "/teaching?state=proposed&amp;page=2" in first.text
    for query in ("page=0", "page=x", "page=99999999", "state=unheard"):
        assert client.get(f"/teaching?{query}").status_code == 400


def test_the_number_of_queries_does_not_grow_with_the_list(console: NewClient, engine: Engine) -> None:
    client = console("reviewer")

    def queries() -> int:
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        assert client.get("/teaching").status_code == 200
        event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    proposed(engine, "the first one")
    few = queries()
    for number in range(30):
        proposed(engine, f"question number {number}")
    assert queries() == few


def test_the_audit_names_corrections_and_never_their_words(
    console: NewClient, engine: Engine, correction: Correction
) -> None:
    boris = console("reviewer", "boris")
    boris.get("/teaching")
    send(boris, correction, "release")
    rows = audit_rows(engine)
    assert [(row.action, row.actor, row.subject) for row in rows] == [
        ("corrections.viewed", "boris", None),
        ("correction.released", "boris", correction.id),
    ]
    assert rows[1].details == {"label": "faq/causes"}
    assert "dots" not in str(rows)


@pytest.mark.parametrize("state", [PROPOSED, RELEASED, TAUGHT, REFUSED, REJECTED])
def test_every_list_says_when_it_is_empty(console: NewClient, state: str) -> None:
    assert "Nothing is here." in texts(console("admin").get(f"/teaching?state={state}"))

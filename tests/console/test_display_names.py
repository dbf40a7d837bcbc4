"""Pages name colleagues as colleagues know them, also those whose accounts are off."""

import re

import pytest
from sqlalchemy import delete, event, update
from sqlalchemy.engine import Engine

from clinic import clock
from clinic.answers.proposals import waiting_proposal
from clinic.answers.versions import CLINIC_DETAILS
from clinic.database import transaction
from console.tables import Account
from tests.console import queue_rows
from tests.console.app_client import ConsoleClient
from tests.console.conftest import NewClient, add_account
from tests.console.page_markup import Markup
from tests.console.talk_rows import store_talk, turn
from tests.console.teaching_rows import store_candidate
from tests.conversations.taught_turns import ANYA, checked, proposed

LOGIN, NAME = "rosa.front", "Rosa Ortiz"
DETAILS = {"phone": "312 555 0142", "reason": "First time"}
ANSWER = "/answers/faq.can_i_pop"
WORDING = {
    "web-1": "Please don't squeeze or scrape them yourself. It can scar the skin or cause an infection.",
    "sms-1": "Please don't squeeze or scrape them yourself. It can scar the skin or cause an infection.",
    "reason": "Kinder",
}


def shown(client: ConsoleClient, page: str) -> str:
    answer = client.get(page)
    assert answer.status_code == 200, page
    return re.sub(r"\s+", " ", " ".join(Markup(answer.text).texts))


def change_account(engine: Engine, name: str, **values: object) -> None:
    with transaction(engine) as session:
        session.execute(update(Account).where(Account.name == name).values(**values))


@pytest.fixture
def rosa(console: NewClient, engine: Engine) -> ConsoleClient:
    client = console("reviewer", LOGIN)
    change_account(engine, LOGIN, display_name=NAME)
    return client


@pytest.mark.parametrize(("page", "form"), [("/clinic", DETAILS), (ANSWER, WORDING)])
def test_a_proposal_and_the_history_name_people_by_their_display_name(
    console: NewClient, engine: Engine, rosa: ConsoleClient, page: str, form: dict[str, str]
) -> None:
    admin = console("admin", "ivo.lead")
    change_account(engine, "ivo.lead", display_name="Ivo Lead")
    assert rosa.post(page, form).status_code == 303
    assert f"Proposed by {NAME}," in shown(admin, page)
    assert LOGIN not in shown(admin, page)
    assert "Take back" in shown(rosa, page), "who proposed it is still known by their account"
    found = waiting_proposal(engine, CLINIC_DETAILS if page == "/clinic" else "utter_faq/can_i_pop")
    assert found is not None
    assert admin.post(f"{page}/release", {"proposal": str(found.id)}).status_code == 303
    change_account(engine, LOGIN, active=False)
    assert f"Written by {NAME}, taken live by Ivo Lead." in shown(admin, page), "one account is off"
    with transaction(engine) as session:
        session.execute(delete(Account).where(Account.name == LOGIN))
    assert f"Written by {LOGIN}, taken live by Ivo Lead." in shown(admin, page), "nothing else is known of them"


@pytest.mark.parametrize("active", [True, False])
def test_teaching_names_people_by_their_display_name(console: NewClient, engine: Engine, active: bool) -> None:
    proposed(engine, "whats up with these dots", by=ANYA)
    checked(engine)
    store_candidate(engine, "candidate-1", "ready")
    add_account(engine, ANYA, "reviewer")
    change_account(engine, ANYA, display_name="Anya Brandt", active=active)
    reviewer = console("reviewer")
    assert "Proposed by Anya Brandt," in shown(reviewer, "/teaching")
    for page in ("/teaching/candidates", "/teaching/candidates/candidate-1"):
        assert "asked for by Anya Brandt" in shown(reviewer, page)
    assert "Anya Brandt" in shown(reviewer, "/teaching/candidates/candidate-1/promote")


def test_conversations_name_people_by_their_display_name(
    console: NewClient, engine: Engine, rosa: ConsoleClient
) -> None:
    events = store_talk(engine, turns=[turn("hello")])
    queue_rows.store(engine, queue_rows.flag(clock.now(), id="flag-1", conversation_id="talk-1"))
    page = "/conversations/talk-1"
    assert rosa.post("/queue/flags/flag-1/acknowledge").status_code == 303
    assert rosa.post(f"{page}/turns/{events[0]}/review", {"mark": "right", "seen": ""}).status_code == 303
    assert rosa.post(f"{page}/review", {"turns_seen": "1"}).status_code == 303
    said = shown(console("admin"), page)
    assert f"Seen by {NAME}," in said
    assert f"Reviewed by {NAME}," in said
    assert LOGIN not in said
    assert f"Reviewed by {NAME}" in shown(console("admin"), "/conversations")


def test_the_queue_says_by_display_name_to_whom_work_is_assigned(
    console: NewClient, engine: Engine, rosa: ConsoleClient
) -> None:
    queue_rows.store(engine, *(queue_rows.request(clock.now(), id=f"{each}", assignee=LOGIN) for each in range(9)))
    admin = console("admin")
    read: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _cursor, said, *_rest: read.append(said))
    assert f"Assigned to {NAME}" in shown(admin, "/queue/list")
    assert sum("display_name" in each and "ORDER BY" in each for each in read) == 1, "however many are named"

"""While the assistant has no phone number to give, the console says so to everybody, and what can be done about it."""

import re

import pytest
from sqlalchemy.engine import Engine

from clinic.answers.proposals import waiting_proposal
from clinic.answers.versions import CLINIC_DETAILS, newest_version
from clinic.settings import Settings
from console.app import make_app
from tests.console.app_client import ConsoleClient, EventLoopThread
from tests.console.conftest import ROLES, NewClient, console_settings
from tests.console.page_markup import Markup

SAID = "No phone number is set: visitors are told to contact the clinic but not how."
PAGES = ("/", "/clinic")
FORM = {"phone": "312 555 0142", "address": "845 N Michigan Ave, Chicago", "reason": "First time"}


def shown(client: ConsoleClient, page: str) -> str:
    return re.sub(r"\s+", " ", " ".join(Markup(client.get(page).text).texts))


def links(client: ConsoleClient, page: str) -> list[str]:
    line = client.get(page).text.split(SAID)[1].split("</p>")[0]
    return re.findall('href="([^"]+)"', line)


def take_live(console: NewClient, engine: Engine, **form: str) -> None:
    assert console("scheduler").post("/clinic", {**FORM, **form}).status_code == 303
    found = waiting_proposal(engine, CLINIC_DETAILS)
    assert found is not None
    assert console("admin").post("/clinic/release", {"proposal": str(found.id)}).status_code == 303


@pytest.mark.parametrize("role", ROLES)
def test_without_a_number_the_queue_and_the_clinics_page_say_so_and_who_can_help(console: NewClient, role: str) -> None:
    client = console(role)
    advice = (
        "Ask a scheduler, a reviewer or an admin to fill in the clinic’s details"
        if role == "reader"
        else "Fill in the clinic’s details"
    )
    assert [f"{SAID} {advice} ." in shown(client, page) for page in PAGES] == [True, True]
    assert links(client, "/") == ["/clinic"]
    assert links(client, "/clinic") == ["#form-heading"]
    assert 'id="form-heading"' in client.get("/clinic").text


def test_a_number_that_waits_is_pointed_at_until_it_is_live(console: NewClient, engine: Engine) -> None:
    desk = console("scheduler")
    assert desk.post("/clinic", {**FORM, "phone": ""}).status_code == 303
    assert f"{SAID} Fill in" in shown(desk, "/"), "what waits holds no number"
    assert desk.post("/clinic", FORM).status_code == 303
    said = f"{SAID} A number waits to go live: look at the clinic’s details ."
    assert [said in shown(desk, page) for page in PAGES] == [True, True]
    assert links(desk, "/clinic") == ["#waiting-heading"]
    assert 'id="waiting-heading"' in desk.get("/clinic").text


def test_with_a_number_in_force_nothing_is_said(console: NewClient, engine: Engine) -> None:
    take_live(console, engine)
    assert [SAID in shown(console(role), page) for role in ROLES for page in PAGES] == [False] * 8
    take_live(console, engine, phone="")
    assert newest_version(engine) == 2
    assert SAID in shown(console("reviewer"), "/"), "it was taken out again"


def test_a_number_of_the_settings_is_one(
    console: NewClient, engine: Engine, settings: Settings, event_loop_thread: EventLoopThread
) -> None:
    admin = console("admin")
    known = console_settings(settings.var_dir, DATABASE_URL=str(engine.url), CLINIC_PHONE="312 555 0199")
    with ConsoleClient(make_app(known, engine), event_loop_thread) as client:
        client.cookies, client.csrf = admin.cookies, admin.csrf
        assert [SAID in shown(client, page) for page in PAGES] == [False, False]

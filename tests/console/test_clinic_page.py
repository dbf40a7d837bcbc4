"""The front desk fills in phone, address and hours, and somebody else takes them live."""

import re
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from clinic.answers.in_force import read_in_force
from clinic.answers.proposals import waiting_proposal
from clinic.answers.versions import CLINIC_DETAILS, SHIPPED, newest_version, put_back
from clinic.settings import Settings
from console.app import make_app
from tests.console.app_client import ConsoleClient, EventLoopThread
from tests.console.audit_rows import audit_rows
from tests.console.conftest import NewClient, console_settings
from tests.console.page_markup import Markup, foreign_elements

FORM = {
    "phone": "312 555 0142",
    "address": "845 N Michigan Ave, Chicago",
    "Monday-opens": "09:00",
    "Monday-closes": "17:00",
    "note": "Closed for lunch from noon to 1 pm",
    "reason": "First time",
}


def shown(page: str) -> str:
    return re.sub(r"\s+", " ", " ".join(Markup(page).texts))


def proposal(engine: Engine) -> dict[str, str]:
    found = waiting_proposal(engine, CLINIC_DETAILS)
    assert found is not None
    return {"proposal": str(found.id)}


def take_live(console: NewClient, engine: Engine, **form: str) -> None:
    assert console("scheduler").post("/clinic", {**FORM, **form}).status_code == 303
    assert console("admin").post("/clinic/release", proposal(engine)).status_code == 303


def value_of(page: str, field: str) -> str:
    fields: list[dict[str, Any]] = [attributes for tag, attributes in Markup(page).elements if tag == "input"]
    return str(next(each for each in fields if each.get("name") == field)["value"])


ALONE = "It takes a second person to put a change live"
PAGES = ["/clinic", "/answers/faq.can_i_pop"]


@pytest.mark.parametrize("page", PAGES)
def test_who_has_no_colleague_reads_before_typing_that_a_second_person_is_needed(console: NewClient, page: str) -> None:
    admin = console("admin")
    assert shown(admin.get(page).text).index(ALONE) < shown(admin.get(page).text).index("Propose")
    console("scheduler")
    assert ALONE in shown(admin.get(page).text)
    console("reviewer")
    assert ALONE not in shown(admin.get(page).text)


@pytest.mark.parametrize("page", PAGES)
def test_the_second_persons_role_is_named_and_who_adds_them(console: NewClient, page: str) -> None:
    alone = console("admin")
    said = shown(alone.get(page).text)
    assert "with the role reviewer or admin, and nobody else has one of them so far" in said
    assert "As an admin you can invite a reviewer on the page Accounts" in said


def test_who_cannot_invite_gets_no_link_to_the_accounts(console: NewClient) -> None:
    page = console("reviewer").get("/clinic").text
    assert ALONE in shown(page)
    assert "An admin invites a reviewer on the page Accounts." in shown(page)
    assert 'href="/accounts"' not in page


def test_where_one_person_may_do_both_nobody_is_asked_for(
    console: NewClient, engine: Engine, settings: Settings, event_loop_thread: EventLoopThread
) -> None:
    admin = console("admin")
    alone = console_settings(settings.var_dir, DATABASE_URL=str(engine.url), CONSOLE_RELEASE="one_person")
    with ConsoleClient(make_app(alone, engine), event_loop_thread) as client:
        client.cookies, client.csrf = admin.cookies, admin.csrf
        assert [ALONE in shown(client.get(page).text) for page in PAGES] == [False, False]


def test_a_front_desk_fills_in_the_details_and_somebody_else_takes_them_live(
    console: NewClient, engine: Engine
) -> None:
    desk, admin = console("scheduler"), console("admin")
    assert "not known: people are told so" in shown(desk.get("/clinic").text)
    assert desk.post("/clinic", FORM).status_code == 303
    assert desk.post("/clinic/release", proposal(engine)).status_code == 403
    assert "An admin or a reviewer" in shown(desk.get("/clinic").text)
    assert '<a href="/clinic">Clinic details</a>' in admin.get("/").text
    assert "Take it live" in shown(admin.get("/clinic").text)
    assert admin.post("/clinic/release", proposal(engine)).status_code == 303
    page = admin.get("/clinic").text
    assert foreign_elements(page) == []
    hours = "Monday 9 am to 5 pm, closed on Tuesday to Sunday. Closed for lunch from noon to 1 pm"
    assert f"Hours: {hours}. Phone: (312) 555-0142." in shown(page)
    assert "As a text message, 1 segment to pay for" in shown(page)
    assert (value_of(page, "phone"), value_of(page, "Monday-closes")) == ("(312) 555-0142", "17:00")
    rows = [(row.action, row.actor) for row in audit_rows(engine)]
    assert ("clinic_details.proposed", "scheduler") in rows
    assert ("clinic_details.released", "admin") in rows


def test_whoever_proposed_them_does_not_take_them_live(console: NewClient, engine: Engine) -> None:
    admin = console("admin")
    admin.post("/clinic", FORM)
    assert "somebody else has to take it live" in shown(admin.get("/clinic").text)
    assert admin.post("/clinic/release", proposal(engine)).status_code == 400
    assert newest_version(engine) == 0


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"phone": "123 456 7890"}, "There is no such number"),
        ({"address": "see https://x.example"}, "Links and e-mail addresses do not belong here"),
        ({"note": "We guarantee results"}, "promises a result"),
        ({"Monday-closes": "08:00"}, "On Monday the clinic would close before it opens"),
        ({"Friday-opens": "08:00"}, "Friday has only one of its two times"),
        ({"reason": ""}, "Please say why"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    console: NewClient, engine: Engine, form: dict[str, str], said: str
) -> None:
    answer = console("scheduler").post("/clinic", {**FORM, "reason": "", **form})
    assert answer.status_code == 400
    assert said in shown(answer.text)
    for field in ("phone", "address", "note"):
        assert value_of(answer.text, field) == {**FORM, **form}[field]
    assert waiting_proposal(engine, CLINIC_DETAILS) is None


def test_a_text_message_that_gets_too_long_is_named(console: NewClient) -> None:
    hours = {
        f"{day}-{end}": f"{hour + number:02d}:15"
        for number, day in enumerate(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"))
        for end, hour in (("opens", 5), ("closes", 15))
    }
    answer = console("scheduler").post("/clinic", {**FORM, **hours, "address": f"1 {'x' * 118}"})
    assert (answer.status_code, "takes 3 segments" in shown(answer.text)) == (400, True)


def test_mondays_hours_are_taken_over_with_one_button(console: NewClient, engine: Engine) -> None:
    page = console("scheduler").post("/clinic/check", {**FORM, "copy": "yes"}).text
    assert [value_of(page, f"{day}-opens") for day in ("Tuesday", "Friday", "Saturday")] == ["09:00", "09:00", ""]
    assert "Monday to Friday 9 am to 5 pm" in shown(page)
    assert waiting_proposal(engine, CLINIC_DETAILS) is None


def test_going_back_is_one_step_and_the_settings_are_the_first_version(console: NewClient, engine: Engine) -> None:
    take_live(console, engine)
    take_live(console, engine, phone="312 555 0143")
    admin = console("admin")
    assert admin.post("/clinic/back", {"version": "1", "shown": "2"}).status_code == 303
    details = read_in_force(engine).details
    assert details is not None
    assert details.phone == "(312) 555-0142"
    assert admin.post("/clinic/back", {"version": "0", "shown": "3"}).status_code == 303
    assert read_in_force(engine).details is None
    assert "What is set by whoever runs the assistant." in shown(admin.get("/clinic").text)


def test_details_that_are_stored_and_cannot_be_read_are_left_in_one_step(console: NewClient, engine: Engine) -> None:
    content = '{"phone": 1, "address": "", "hours": {}, "note": ""}'
    broken = put_back(engine, CLINIC_DETAILS, content, shown=SHIPPED, shipped_digest="d", reason="Test", by="anya").id
    admin = console("admin")
    assert admin.get("/clinic").status_code == 200
    back = admin.post("/clinic/back", {"version": str(broken), "shown": str(broken)})
    assert (back.status_code, "cannot be read" in shown(back.text)) == (400, True)
    assert admin.post("/clinic/back", {"version": "0", "shown": str(broken)}).status_code == 303


def test_settings_that_change_under_the_details_are_told(
    console: NewClient, engine: Engine, settings: Settings, event_loop_thread: EventLoopThread
) -> None:
    take_live(console, engine)
    admin = console("admin")
    assert "has changed its settings" not in shown(admin.get("/clinic").text)
    changed = console_settings(settings.var_dir, DATABASE_URL=str(engine.url), CLINIC_PHONE="312 555 0199")
    with ConsoleClient(make_app(changed, engine), event_loop_thread) as client:
        client.cookies, client.csrf = admin.cookies, admin.csrf
        assert "has changed its settings" in shown(client.get("/clinic").text)
        assert client.post("/clinic/keep", {"shown": "1"}).status_code == 303
        assert "has changed its settings" not in shown(client.get("/clinic").text)
    assert newest_version(engine) == 2


def test_what_was_typed_is_not_lost_with_the_session(console: NewClient) -> None:
    again = console("scheduler").post("/clinic", {**FORM, "show_again": "yes"})
    assert (again.status_code, value_of(again.text, "address")) == (409, FORM["address"])

"""A clinic changes what the assistant says: nothing unsafe goes live, a second person releases, one step goes back."""

import re

import pytest
from sqlalchemy.engine import Engine

from clinic import clock
from clinic.answers.in_force import read_in_force
from clinic.answers.proposals import Change, propose, waiting_proposal
from clinic.answers.tables import ContentProposal
from clinic.answers.versions import SHIPPED, newest_version, put_back, version_in_force
from clinic.answers.wordings import SMS, WEB, Wording, digest_of_shipped, stored_form, wordings_of
from clinic.database import transaction
from clinic.settings import Settings
from console import answer_texts, answers
from console.app import make_app
from console.bot_health import BotHealth
from tests.console.app_client import ConsoleClient, EventLoopThread
from tests.console.audit_rows import audit_rows
from tests.console.conftest import NewClient, console_settings
from tests.console.page_markup import Markup, foreign_elements

POP, POP_PAGE = "utter_faq/can_i_pop", "/answers/faq.can_i_pop"
DANGER_PAGE = "/answers/safety.emergency"
TEXT = "Please don't squeeze or scrape them yourself. It can scar the skin or cause an infection."
OTHER = f"{TEXT} Leave it to the clinic."
FORM = {"web-1": OTHER, "sms-1": TEXT, "reason": "Kinder"}


def shown(page: str) -> str:
    return re.sub(r"\s+", " ", " ".join(Markup(page).texts))


def waiting(engine: Engine, subject: str = POP) -> dict[str, str]:
    proposal = waiting_proposal(engine, subject)
    assert proposal is not None
    return {"proposal": str(proposal.id)}


def put_live(engine: Engine, text: str = OTHER, digest: str = "of before", response: str = POP) -> int:
    before = version_in_force(engine, response)
    content = stored_form([Wording(WEB, text, ("M9",)), Wording(SMS, TEXT, ("M9",))])
    number = int(before.id) if before else SHIPPED
    return int(put_back(engine, response, content, shown=number, shipped_digest=digest, reason="Test", by="anya").id)


def words_of(engine: Engine, response: str = POP) -> list[str]:
    return [wording.text for wording in read_in_force(engine).wordings.get(response, ())]


def test_proposals_of_the_same_moment_are_all_shown_in_order_with_what_becomes_of_them(
    console: NewClient, engine: Engine
) -> None:
    content = stored_form([Wording(WEB, OTHER, ("M9",)), Wording(SMS, TEXT, ("M9",))])
    digest = digest_of_shipped(wordings_of(answer_texts.shipped_responses()[POP]))
    with transaction(engine) as session:
        for name in ("anya", "carla", "dora"):
            own = {
                "subject": POP,
                "content": content,
                "based_on": SHIPPED,
                "shipped_digest": digest,
                "state": "waiting",
            }
            session.add(ContentProposal(**own, reason=f"By {name}", proposed_by=name, proposed_at=clock.now()))
    boris = console("reviewer", "boris")
    page = shown(boris.get(POP_PAGE).text)
    places = [page.index(f"Proposed by {name}") for name in ("anya", "carla", "dora")]
    assert places == sorted(places)
    assert "2 more proposals wait for the same, in this order." in page
    assert "If it goes live, the others cannot go live any more" in page
    assert boris.post(f"{POP_PAGE}/release", waiting(engine)).status_code == 303
    page = shown(boris.get(POP_PAGE).text)
    assert "Proposed by carla" in page
    assert "1 more proposal waits for the same" in page
    assert "Something else was put in force since this was written, so it cannot go live any more." in page


def test_the_list_is_by_topic_and_found_by_words(console: NewClient, engine: Engine) -> None:
    client = console("reader")
    assert "What milia are" in client.get("/answers").text
    assert "Emergency" not in shown(client.get("/answers").text)
    assert "Emergency" in client.get("/answers?topic=safety").text
    found = shown(client.get("/answers?q=SQUEEZE+scar").text)
    assert "Can I pop them" in found
    assert "What milia are" not in found
    assert "No answer has these words" in client.get("/answers?q=xyzzy").text
    assert client.get("/answers?topic=nothing").status_code == 200
    assert "Changed by the clinic (" not in shown(client.get("/answers").text)
    put_live(engine)
    assert "Can I pop them" in shown(client.get("/answers?topic=changed").text)


def test_every_answer_has_a_page_with_its_facts_and_what_it_costs(console: NewClient) -> None:
    client = console("reviewer")
    for key, answer in answer_texts.all_answers().items():
        page = client.get(f"/answers/{key}")
        assert page.status_code == 200, key
        assert foreign_elements(page.text) == [], key
        assert answer.title in shown(page.text)
    page = shown(client.get(POP_PAGE).text)
    assert "M9 Do not squeeze or scrape them off yourself" in page
    assert "124 characters, 1 segment to pay for, plain alphabet (GSM-7, 160 characters in a segment)" in page
    assert "Easy for readers of 7 years and more (school grade 2)" in page
    danger = shown(client.get(DANGER_PAGE).text)
    assert "Each wording says: to call 911 that it is to be done now Written just so: 911" in danger
    assert client.get("/answers/faq.nothing").status_code == 404


def test_a_reader_sees_and_changes_nothing(console: NewClient, engine: Engine) -> None:
    client = console("reader")
    assert "<textarea" not in client.get(POP_PAGE).text
    for step in ("", "/check", "/release", "/reject", "/back", "/keep"):
        assert client.post(f"{POP_PAGE}{step}", FORM).status_code == 403
    assert newest_version(engine) == 0


@pytest.mark.parametrize(
    ("page", "form", "said"),
    [
        (POP_PAGE, {"web-1": f"{TEXT} It costs $50."}, "“$” names a price"),
        (POP_PAGE, {"web-1": f"{TEXT} They will be gone for good."}, "promises a result"),
        (POP_PAGE, {"web-1": f"{TEXT} Ask {{nobody}}."}, "{nobody} is no placeholder"),
        (POP_PAGE, {"sms-1": f"{TEXT} " * 4}, "segments ("),
        (POP_PAGE, {"web-1": "", "sms-1": TEXT}, "at least one way to say it as a website"),
        (POP_PAGE, {"reason": " "}, "Please say why"),
        (POP_PAGE, {"reason": "x" * 301}, "Please say it in 300 characters"),
        (DANGER_PAGE, {"web-1": "Go to an emergency room now.", "sms-1": "Call 911 now."}, "It has to keep “911”"),
    ],
)
def test_what_must_not_go_live_is_not_even_kept_and_the_page_says_why(
    console: NewClient, engine: Engine, page: str, form: dict[str, str], said: str
) -> None:
    typed = {"web-1": OTHER, "sms-1": TEXT, "reason": "Kinder", **form}
    answer = console("reviewer").post(page, typed)
    assert answer.status_code == 400
    assert said in shown(answer.text)
    assert typed["sms-1"].strip() in shown(answer.text)
    assert (waiting_proposal(engine, POP), newest_version(engine)) == (None, 0)


def test_checking_keeps_nothing(console: NewClient, engine: Engine) -> None:
    client = console("reviewer")
    good = client.post(f"{POP_PAGE}/check", {**FORM, "web-1": f"{OTHER} Not even gently."})
    assert good.status_code == 200
    assert "Nothing stands against it" in shown(good.text)
    assert "“gently”. Are they true?" in shown(good.text)
    bad = client.post(f"{POP_PAGE}/check", {**FORM, "sms-1": f"{TEXT} 😀"})
    assert "This cannot go live yet" in shown(bad.text)
    assert "dear alphabet (UCS-2" in shown(bad.text)
    assert waiting_proposal(engine, POP) is None


def test_a_second_person_takes_it_live_and_the_history_says_who_when_and_why(
    console: NewClient, engine: Engine
) -> None:
    anya, boris = console("reviewer", "anya"), console("reviewer", "boris")
    typed = {**FORM, "web-1": OTHER.replace("'", "\u2019"), "sms-1": f"{TEXT} \u2013 please"}
    assert anya.post(POP_PAGE, typed).status_code == 303
    assert newest_version(engine) == 0
    assert "somebody else has to take it live" in shown(anya.get(POP_PAGE).text)
    alone = anya.post(f"{POP_PAGE}/release", waiting(engine))
    assert (alone.status_code, newest_version(engine)) == (400, 0)
    assert "Somebody else, a reviewer or an admin, has to take it live" in shown(alone.text)
    seen = shown(boris.get(POP_PAGE).text)
    assert f"New {OTHER}" in seen
    assert "No longer said" in seen
    assert "1 change of what the assistant says waits" in shown(boris.get("/").text)
    assert "Can I pop them" in shown(boris.get("/answers?topic=waiting").text)
    assert boris.post(f"{POP_PAGE}/release", waiting(engine)).status_code == 303
    assert words_of(engine) == [OTHER, f"{TEXT} - please"]
    assert read_in_force(engine).wordings[POP][0].facts == ("M9", "M12")
    assert "Kinder Written by Anya, taken live by Boris." in shown(boris.get(POP_PAGE).text)
    rows = [(row.action, row.actor, row.subject) for row in audit_rows(engine) if row.action.startswith("answer.")]
    assert ("answer.proposed", "anya", "faq.can_i_pop") in rows
    assert ("answer.released", "boris", "faq.can_i_pop") in rows


def test_one_person_may_do_both_where_the_clinic_has_chosen_so(
    engine: Engine, settings: Settings, console: NewClient, event_loop_thread: EventLoopThread
) -> None:
    alone = console_settings(settings.var_dir, DATABASE_URL=str(engine.url), CONSOLE_RELEASE="one_person")
    admin = console("admin")
    with ConsoleClient(make_app(alone, engine), event_loop_thread) as client:
        client.cookies, client.csrf = admin.cookies, admin.csrf
        assert client.post(POP_PAGE, FORM).status_code == 303
        assert "At your clinic one person may propose and take live" in shown(client.get(POP_PAGE).text)
        assert client.post(f"{POP_PAGE}/release", waiting(engine)).status_code == 303
    assert newest_version(engine) == 1


def test_what_waits_is_checked_again_before_it_goes_live(console: NewClient, engine: Engine) -> None:
    content = stored_form([Wording(WEB, f"{TEXT} It costs $50."), Wording(SMS, TEXT)])
    propose(engine, Change(POP, content, "Slipped in", SHIPPED, "x"), "anya")
    boris = console("reviewer", "boris")
    page = shown(boris.get(POP_PAGE).text)
    assert "It cannot go live as it is: “$” names a price" in page
    assert "Take it live" not in page
    assert boris.post(f"{POP_PAGE}/release", waiting(engine)).status_code == 400
    assert newest_version(engine) == 0
    assert boris.post(f"{POP_PAGE}/reject", waiting(engine)).status_code == 303
    assert waiting_proposal(engine, POP) is None


def test_somebody_elses_change_is_neither_overwritten_nor_released_unseen(console: NewClient, engine: Engine) -> None:
    anya, boris = console("reviewer", "anya"), console("reviewer", "boris")
    anya.post(POP_PAGE, FORM)
    assert boris.post(POP_PAGE, FORM).status_code == 409
    first = waiting(engine)
    anya.post(POP_PAGE, {**FORM, "web-1": f"{TEXT} Please ask the clinic."})
    assert boris.post(f"{POP_PAGE}/release", first).status_code == 409
    put_live(engine)
    assert "put in force since this was written" in shown(boris.get(POP_PAGE).text)
    assert boris.post(f"{POP_PAGE}/release", waiting(engine)).status_code == 409
    # A proposal of one answer is none of another.
    assert boris.post(f"{DANGER_PAGE}/release", waiting(engine)).status_code == 404
    assert boris.post(f"{POP_PAGE}/release", {"proposal": "x"}).status_code == 400


def test_going_back_is_one_step(console: NewClient, engine: Engine) -> None:
    client = console("reviewer")
    first = put_live(engine)
    second = put_live(engine, f"{TEXT} Please ask the clinic.")
    assert client.post(f"{POP_PAGE}/back", {"version": str(first), "shown": str(first)}).status_code == 409
    assert client.post(f"{POP_PAGE}/back", {"version": str(first), "shown": str(second)}).status_code == 303
    assert words_of(engine) == [OTHER, TEXT]
    assert client.post(f"{POP_PAGE}/back", {"version": "0", "shown": str(second + 1)}).status_code == 303
    assert words_of(engine) == []
    assert "As it came with the assistant" in shown(client.get(POP_PAGE).text)
    assert client.post(f"{POP_PAGE}/back", {"version": "99", "shown": str(second + 2)}).status_code == 404
    unsafe = put_live(engine, f"{TEXT} It costs $50.")
    put_live(engine)
    back = client.post(f"{POP_PAGE}/back", {"version": str(unsafe), "shown": str(unsafe + 1)})
    assert (back.status_code, words_of(engine)) == (400, [OTHER, TEXT])


def test_an_update_under_ones_own_wording_is_told_until_somebody_decides(console: NewClient, engine: Engine) -> None:
    client = console("admin")
    number = put_live(engine)
    assert "An update changed the wording under 1 answer of yours" in shown(client.get("/").text)
    assert "Can I pop them" in shown(client.get("/answers?topic=look").text)
    assert "The wording that came with the assistant was changed" in shown(client.get(POP_PAGE).text)
    assert client.post(f"{POP_PAGE}/keep", {"shown": str(number)}).status_code == 303
    assert "was changed" not in shown(client.get(POP_PAGE).text)
    assert "An update" not in shown(client.get("/").text)
    assert words_of(engine) == [OTHER, TEXT]


def test_a_wording_that_an_update_makes_unfit_is_named(console: NewClient, engine: Engine) -> None:
    put_live(engine)
    assert "Your wording is not said" not in shown(console("reviewer").get(POP_PAGE).text)
    put_live(engine, f"{TEXT} See {{old_name}}.")
    page = shown(console("reviewer").get(POP_PAGE).text)
    assert "nothing fills in old_name any more" in page
    assert "Your wording is not said" in shown(console("reviewer").get("/answers?topic=look").text)


def test_what_is_stored_and_cannot_be_read_is_named_and_one_step_leaves_it(console: NewClient, engine: Engine) -> None:
    client = console("reviewer")
    broken = put_back(engine, POP, "no JSON", shown=SHIPPED, shipped_digest="d", reason="Test", by="anya").id
    page = client.get(POP_PAGE)
    assert page.status_code == 200
    assert "what is stored cannot be read" in shown(page.text)
    assert client.get("/answers").status_code == 200
    back = client.post(f"{POP_PAGE}/back", {"version": str(broken), "shown": str(broken)})
    assert (back.status_code, "cannot be read" in shown(back.text)) == (400, True)
    assert client.post(f"{POP_PAGE}/back", {"version": "0", "shown": str(broken)}).status_code == 303
    assert "cannot be read" not in shown(client.get("/").text)


def test_what_was_typed_is_not_lost_with_the_session(console: NewClient, engine: Engine) -> None:
    client = console("reviewer")
    again = client.post(POP_PAGE, {**FORM, "show_again": "yes"})
    assert again.status_code == 409
    assert OTHER in shown(again.text)
    assert "This is not saved yet" in shown(again.text)
    assert waiting_proposal(engine, POP) is None


def test_hostile_words_are_words(console: NewClient) -> None:
    page = console("reviewer").post(
        f"{POP_PAGE}/check", {"web-1": "<script>alert(1)</script>{{7*7}}", "sms-1": "</textarea><img src=x>"}
    )
    assert foreign_elements(page.text) == []
    assert "It has a < or a >" in shown(page.text)


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (BotHealth("m", "", 1), "says it now"),
        (BotHealth("m", "", 0), "not taken up the last change yet"),
        (None, "does not answer"),
    ],
)
def test_the_page_says_whether_the_assistant_has_taken_it_up(
    console: NewClient, engine: Engine, monkeypatch: pytest.MonkeyPatch, known: BotHealth | None, said: str
) -> None:
    client = console("reader")
    assert "/answers/bot" not in client.get(POP_PAGE).text
    put_live(engine)
    monkeypatch.setattr(answers, "ask_bot", lambda _settings: known)
    assert "/answers/bot" in client.get(POP_PAGE).text
    assert said in shown(client.get("/answers/bot").text)

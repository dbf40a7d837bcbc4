"""The turn log says what happened in each conversation, and nothing of who it was."""

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from rasa.shared.core.events import ActiveLoop, SlotSet
from sqlalchemy import text
from sqlalchemy.engine import Engine

from clinic.answers.versions import CLINIC_DETAILS, put_back
from clinic.clinic_details import ClinicDetails
from clinic.contact import NO_DETAILS
from clinic.database import transaction
from conversations.event_rows import EVENTS
from conversations.projection import Projection
from conversations.tracker_store import ConversationStore
from tests.conversations.told import (
    ANYONE,
    BEGAN,
    LISTEN,
    bot,
    choice,
    logged,
    name_given,
    project,
    say,
    session,
    turns,
    visitor,
    whole_log,
)


@pytest.fixture
def engine(sqlite_engine: Engine) -> Engine:
    """What a row says is the same on every database; where databases differ is in the other tests."""
    return sqlite_engine


async def test_a_turn_shows_what_was_understood_and_what_was_said(store: ConversationStore, engine: Engine) -> None:
    said = [
        bot("utter_faq/what_are_milia", "Milia are cysts.", at=0.2, facts=["M1", "M4"]),
        bot("utter_offer_staff", "Shall I?", at=0.25, buttons=("Ask the staff",)),
    ]
    asked = visitor(second_label="faq/causes", candidates=["faq/causes", "help"], message_id="m1", confidence=0.55)
    await say(store, *session(), asked, *said, LISTEN)
    assert project(engine) == 1
    (turn,) = turns(engine)
    assert (turn.conversation_id, turn.ordinal, turn.message_id, turn.channel) == (ANYONE, 1, "m1", "web")
    assert (turn.text, turn.language, turn.outcome, turn.latency_ms) == ("what are milia?", "en", "answered", 250)
    assert (turn.label, turn.confidence, turn.second_label) == ("faq/what_are_milia", 0.55, "faq/causes")
    assert json.loads(turn.candidates) == ["faq/causes", "help"]
    assert json.loads(turn.ranking)[0] == {"label": "faq/what_are_milia", "confidence": 0.55}
    assert turn.hour == int(BEGAN) // 3600
    assert turn.started_at.replace(tzinfo=timezone.utc) == datetime.fromtimestamp(BEGAN, timezone.utc)
    answer, offer = json.loads(turn.responses)
    assert answer["version"].startswith("utter_faq/what_are_milia/any/1@")
    assert (answer["facts"], answer["text"], offer["choices"]) == (["M1", "M4"], "Milia are cysts.", ["Ask the staff"])
    conversation = logged(engine)
    assert (conversation.turn_count, conversation.last_outcome, conversation.least_confidence) == (1, "answered", 0.55)


async def test_the_version_of_a_response_changes_with_its_wording_alone(
    store: ConversationStore, engine: Engine
) -> None:
    for at, wording in enumerate(("One.", "One.", "Two.")):
        await say(store, visitor(at=at), bot("utter_greet", wording, at=at + 0.5))
    await say(store, visitor(at=9), bot("utter_details_noted", "Thank you, Ann.", at=9.5, details_shown="Ann"))
    project(engine)
    versions = [json.loads(turn.responses)[0]["version"] for turn in turns(engine)]
    assert versions[0] == versions[1] != versions[2]
    assert versions[3] == "utter_details_noted/any/1"


async def test_bringing_it_up_to_date_again_writes_nothing(store: ConversationStore, engine: Engine) -> None:
    await say(store, *session(), visitor(), bot("utter_greet"), LISTEN)
    projection = Projection(engine)
    assert projection.bring_up_to_date() == 1
    before = whole_log(engine, with_ids=True)
    assert projection.bring_up_to_date() == project(engine) == 0
    assert whole_log(engine, with_ids=True) == before


async def test_a_conversation_that_nobody_has_said_anything_in_is_not_in_the_log(
    store: ConversationStore, engine: Engine
) -> None:
    await say(store, *session())
    assert project(engine) == 0
    assert logged(engine) is None
    await say(store, visitor(), bot("utter_greet"))
    assert project(engine) == 1


async def test_a_turn_that_gets_more_events_later_keeps_its_place_and_its_id(
    store: ConversationStore, engine: Engine
) -> None:
    projection = Projection(engine)
    await say(store, visitor(at=0), bot("utter_greet"))
    await say(store, visitor(at=1))
    projection.bring_up_to_date()
    early = turns(engine)
    assert early[1].outcome == "failed"
    await say(store, bot("utter_faq/causes", at=1.2))
    await say(store, visitor(at=2), bot("utter_thanks", at=2.1))
    projection.bring_up_to_date()
    late = turns(engine)
    assert [(turn.id, turn.event_id, turn.ordinal) for turn in late[:2]] == [
        (turn.id, turn.event_id, turn.ordinal) for turn in early
    ]
    assert [turn.outcome for turn in late] == ["conversation", "answered", "conversation"]
    assert [turn.latency_ms for turn in late] == [500, 200, 100]


async def test_what_a_new_session_says_belongs_to_the_message_that_began_it(
    store: ConversationStore, engine: Engine
) -> None:
    await say(
        store,
        *session(),
        visitor(at=0),
        ActiveLoop("appointment_form"),
        SlotSet("requested_slot", "contact_name"),
        SlotSet("topic", "call_back"),
        bot("utter_ask_contact_name", at=0.1),
    )
    project(engine)
    expired = bot("utter_form_expired", "Your request was left open.", at=7200.0)
    await say(store, *session(expired), visitor("hi", "greet", at=7200.1), bot("utter_greet", at=7200.2))
    project(engine)
    first, second = turns(engine)
    assert (first.form, first.requested_slot, first.latency_ms) == ("appointment_form", "contact_name", 100)
    assert json.loads(first.slots) == {"topic": "call_back"}
    assert [each["response"] for each in json.loads(second.responses)] == ["utter_form_expired", "utter_greet"]
    assert (second.form, second.requested_slot, second.slots, second.outcome) == (None, None, "{}", "conversation")


async def test_nothing_stands_before_the_answer_to_what_is_urgent(store: ConversationStore, engine: Engine) -> None:
    urgent = visitor("it is swelling", "safety/emergency", at=7200.1)
    said_before = bot("utter_form_expired", at=7200.0)
    await say(store, *session(said_before), urgent, bot("utter_safety/emergency", at=7200.2))
    project(engine)
    (turn,) = turns(engine)
    assert [each["response"] for each in json.loads(turn.responses)] == ["utter_safety/emergency"]
    assert (turn.safety, turn.outcome, logged(engine).has_safety) == ("safety/emergency", "safety", True)


async def test_a_failed_turn_is_told_by_its_mark(store: ConversationStore, engine: Engine) -> None:
    await say(store, visitor(), bot("utter_turn_failed", turn_failed=True))
    await say(
        store,
        visitor("where are you?", "uncovered/clinic_logistics"),
        bot("utter_uncovered/clinic_logistics", NO_DETAILS),
    )
    project(engine)
    assert [turn.outcome for turn in turns(engine)] == ["failed", "uncovered"]


async def test_a_tapped_choice_has_no_ranking_and_the_language_of_what_was_typed(
    store: ConversationStore, engine: Engine
) -> None:
    await say(store, visitor("hola", "greet", language="es"), bot("utter_spanish"))
    await say(store, choice("Request an appointment", "request_appointment", at=1), bot("utter_appointment_started"))
    project(engine)
    tapped = turns(engine)[1]
    assert (tapped.text, tapped.confidence, tapped.ranking) == ("Request an appointment", 1.0, "[]")
    assert (tapped.language, logged(engine).language) == ("es", "es")


async def test_a_conversation_once_in_spanish_stays_so(store: ConversationStore, engine: Engine) -> None:
    await say(store, visitor("hola", "greet", language="es"), bot("utter_spanish"))
    await say(store, visitor("ok", "affirm", at=1), bot("utter_affirm", at=1.1))
    project(engine)
    assert logged(engine).language == "es"


async def test_messages_that_say_the_same_have_the_same_digest(store: ConversationStore, engine: Engine) -> None:
    for at, said in enumerate(("Does it hurt?", "does  it HURT", "does it hurt!", "does it bleed?", "?!", "...")):
        await say(store, visitor(said, at=at), bot("utter_greet"))
    project(engine)
    digests = [turn.text_digest for turn in turns(engine)]
    assert len(set(digests[:3])) == 1
    assert len(set(digests)) == 4


async def test_personal_slots_are_only_said_to_be_there(store: ConversationStore, engine: Engine) -> None:
    given: dict[str, Any] = {
        "contact_name": "Ann Miller",
        "phone": "+13125550147",
        "email": "ann@example.org",
        "preferred_time": "after my chemo",
        "reason": "a spot",
        "message_text": "call my husband",
        "open_questions": ["does it hurt?"],
        "also_for": [["son", "Tom"]],
        "pending_change": [["phone", "+13125550199"]],
        "a_slot_of_tomorrow": "4111 1111",
        "topic": "call_back",
        "offer": {"not": "a word"},
        "misses": 2,
        "apologised": True,
    }
    await say(store, visitor(), *(SlotSet(name, value) for name, value in given.items()), bot("utter_greet"))
    project(engine)
    shown = json.loads(turns(engine)[0].slots)
    assert shown == dict.fromkeys(given, "given") | {"topic": "call_back", "misses": 2, "apologised": True}


async def test_a_slot_that_is_emptied_is_no_longer_given(store: ConversationStore, engine: Engine) -> None:
    await say(store, visitor(at=0), SlotSet("phone", "+13125550147"), SlotSet("topic", "x"), bot("utter_greet"))
    await say(store, visitor(at=1), SlotSet("phone", None), SlotSet("open_questions", []), bot("utter_greet"))
    project(engine)
    assert [json.loads(turn.slots) for turn in turns(engine)] == [{"phone": "given", "topic": "x"}, {"topic": "x"}]


async def test_no_name_or_number_of_the_visitor_is_in_the_log(store: ConversationStore, engine: Engine) -> None:
    named = {"entity": "person", "start": 0, "end": 11, "value": "Zebulon Qux"}
    await say(
        store,
        visitor("Zebulon Qux 312 555 0147", "inform", entities=[named]),
        SlotSet("contact_name", "Zebulon Qux"),
        SlotSet("phone", "+13125550147"),
        SlotSet("also_for", [["son", "Wolfram Qux"]]),
        SlotSet("pending_change", [["contact_name", "Nepomuk Qux"], ["preferred_time", "mornings"]]),
        bot("utter_ask_confirmation", "Zebulon Qux, (312) 555-0147?", contact_name="Zebulon Qux"),
        bot("utter_which_request", "Which one?", buttons=("For Wolfram", "For my son in the mornings")),
        bot("", "Nepomuk said so."),
    )
    project(engine)
    (turn,) = turns(engine)
    everything = f"{turn.text} {turn.responses} {turn.slots}"
    assert not any(word in everything for word in ("Zebulon", "Qux", "0147", "Wolfram", "Nepomuk"))
    # What tells nobody who it is stays.
    assert "For my son in the mornings" in turn.responses


async def test_a_name_that_comes_up_later_is_taken_out_of_what_was_said_before(
    store: ConversationStore, engine: Engine
) -> None:
    await say(store, visitor("wolpertinger wants to know", at=0), bot("utter_greet"))
    for at in range(1, 6):
        await say(store, visitor("what are milia?", at=at), bot("utter_faq/what_are_milia"))
    projection = Projection(engine)
    projection.bring_up_to_date()
    before = turns(engine)
    assert "wolpertinger" in before[0].text
    await name_given(store, "Wolpertinger")
    projection.bring_up_to_date()
    after = turns(engine)
    assert "wolpertinger" not in after[0].text
    assert after[0].text_digest != before[0].text_digest
    assert [turn.id for turn in after[:6]] == [turn.id for turn in before]
    await say(store, visitor("wolpertinger again", at=9), bot("utter_greet", at=9.1))
    projection.bring_up_to_date()
    assert "wolpertinger" not in turns(engine)[-1].text


async def test_the_clinics_own_number_stays_readable(store: ConversationStore, engine: Engine) -> None:
    await say(store, visitor("is 312-555-0100 you?"), bot("utter_goodbye", "Call the clinic at 312-555-0100."))
    Projection(engine, allowed=["312-555-0100"]).bring_up_to_date()
    (turn,) = turns(engine)
    assert "312-555-0100" in turn.text
    assert "312-555-0100" in turn.responses


async def test_a_number_that_the_staff_entered_for_the_clinic_stays(store: ConversationStore, engine: Engine) -> None:
    for number, phone in enumerate(("(312) 555-0142", "(312) 555-0143")):
        content = ClinicDetails(phone).stored_form()
        put_back(engine, CLINIC_DETAILS, content, shown=number, shipped_digest="x", reason="Test", by="anya")
    await say(store, *session(), visitor("is it (312) 555-0142? mine is 312-555-0144"), LISTEN)
    project(engine)
    assert turns(engine)[0].text == "is it (312) 555-0142? mine is [phone]"


HOSTILE = [
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "'; DROP TABLE events; -- \" \\",
    '=HYPERLINK("http://x")',
    "[my pic](phone) {{7*7}} ${7*7} {% raw %}",
    "\u202egnp.exe\u2066 \u200b\ufeff",
    "e\u0301" * 100 + "\U0001f469\u200d\U0001f4bb",
    "a" * 5000,
    '{"text": null}',
    "/restart",
    "   ",
]


async def test_hostile_texts_are_stored_as_they_were_written(store: ConversationStore, engine: Engine) -> None:
    for at, said in enumerate(HOSTILE):
        await say(store, visitor(said, at=at), bot("utter_greet", said, at=at + 0.1, buttons=(said,)))
    project(engine)
    stored = turns(engine)
    assert [turn.text for turn in stored] == HOSTILE
    assert [json.loads(turn.responses)[0]["text"] for turn in stored] == HOSTILE


async def test_what_no_database_takes_is_replaced(store: ConversationStore, engine: Engine) -> None:
    said = "null \x00 and half \ud83d of a smile"
    await say(store, visitor(said, label="x" * 200, channel="c" * 90), bot(said, said, buttons=(said,)))
    assert project(engine) == 1
    (turn,) = turns(engine)
    assert turn.text == "null \ufffd and half ? of a smile"
    assert (len(turn.label), len(turn.channel)) == (80, 20)


@pytest.mark.parametrize(
    "broken",
    ['{"event": "user"}', "no JSON", "[]", "null", '{"timestamp": "now", "text": "x", "parse_data": {}}',
     '{"timestamp": 1e300, "text": "x", "parse_data": {}}'],
)  # fmt: skip
async def test_an_event_that_cannot_be_read_is_left_out_and_said(
    store: ConversationStore, engine: Engine, caplog: pytest.LogCaptureFixture, broken: str
) -> None:
    await say(store, visitor(at=0), bot("utter_greet"), visitor("secret", at=1), bot("utter_thanks", at=1.5))
    with transaction(engine) as connection:
        second = connection.execute(text("SELECT max(id) FROM events WHERE type_name = 'user'")).scalar()
        connection.execute(EVENTS.update().where(EVENTS.c.id == second).values(data=broken))
    projection = Projection(engine)
    assert projection.bring_up_to_date() == 1
    assert projection.unreadable == 1
    assert [record.getMessage() for record in caplog.records] == [
        f"left out of the turn log: event {second} of type user"
    ]
    assert projection.bring_up_to_date() == 0


class TestAttention:
    """Why a reviewer should look at a conversation."""

    async def reason(self, store: ConversationStore, engine: Engine, *events: Any) -> tuple[str | None, float | None]:
        await say(store, *events)
        project(engine)
        row = logged(engine)
        since = row.attention_since and row.attention_since.replace(tzinfo=timezone.utc) - datetime.fromtimestamp(
            BEGAN, timezone.utc
        )
        return row.attention, None if since is None else since / timedelta(seconds=1)

    async def test_not_understood_twice(self, store: ConversationStore, engine: Engine) -> None:
        once = [visitor("??", at=1, confidence=0.1), bot("utter_not_understood")]
        twice = [visitor("blorb", "out_of_scope", at=2), bot("utter_out_of_scope")]
        third = [visitor("flim", at=3), bot("utter_unclear")]
        assert await self.reason(store, engine, *once) == ("low_confidence", 1.0)
        assert await self.reason(store, engine, *twice, *third) == ("repeated_fallback", 2.0)
        assert logged(engine).fallback_count == 3

    async def test_unsure(self, store: ConversationStore, engine: Engine) -> None:
        sure = [visitor(at=1, confidence=0.40), bot("utter_greet")]
        assert await self.reason(store, engine, *sure) == (None, None)
        unsure = [visitor(at=2, confidence=0.39), bot("utter_greet"), visitor(at=3, confidence=0.2), bot("utter_greet")]
        assert await self.reason(store, engine, *unsure) == ("low_confidence", 2.0)
        assert logged(engine).least_confidence == pytest.approx(0.2)

    async def test_not_for_an_answer_that_a_form_took(self, store: ConversationStore, engine: Engine) -> None:
        asked = [visitor("book", "request_appointment"), ActiveLoop("appointment_form"), bot("utter_ask_contact_name")]
        answered = [visitor("Zed", "help", at=1, confidence=0.1), bot("utter_ask_contact")]
        assert await self.reason(store, engine, *asked, *answered) == (None, None)
        assert logged(engine).least_confidence == pytest.approx(0.9)
        question = [visitor("hm?", "faq/causes", at=2, confidence=0.1), bot("utter_faq/causes")]
        assert await self.reason(store, engine, *question) == ("low_confidence", 2.0)

    async def test_two_of_a_hundred_others(self, store: ConversationStore, engine: Engine) -> None:
        names = [f"conversation-{number}" for number in range(100)]
        for name in names:
            await say(store, visitor(), bot("utter_greet"), conversation=name)
        project(engine)
        sampled = [name for name in names if logged(engine, name).attention == "sample"]
        assert 1 <= len(sampled) <= 5
        await say(store, visitor(at=9, confidence=0.1), bot("utter_greet", at=9.1), conversation=sampled[0])
        project(engine)
        assert logged(engine, sampled[0]).attention == "low_confidence"

"""From "what are these white bumps" to a stored request, over HTTP, and what must hold on the way."""

import pytest

from tests.conversation.instance import RunningInstance, Visitor

pytestmark = [pytest.mark.live, pytest.mark.model]


def requests_named(instance: RunningInstance, name: str) -> list[tuple[str, ...]]:
    return instance.rows(
        "SELECT plain('appointment_requests.contact_name', contact_name) AS name,"
        " plain('appointment_requests.phone', phone),"
        " plain('appointment_requests.preferred_time', preferred_time), status"
        f" FROM appointment_requests WHERE name = '{name}'"
    )


def test_a_newcomer_asks_two_questions_and_leaves_a_request(instance: RunningInstance, visitor: Visitor) -> None:
    assert "automated" in visitor.greeting[0]["text"]
    first = visitor.messages("what are these white bumps")
    assert "cysts" in first[0]["text"]
    assert first[0]["source"]["facts"] == ["M1", "M4"]
    popped = visitor.messages("can I pop them")
    assert "M9" in popped[0]["source"]["facts"]
    assert "name" in visitor.say("I'd like an appointment")
    visitor.say("Nora Quist")
    visitor.say("312 555 0142")
    assert "Shall I send" in visitor.say("tuesday mornings")
    assert requests_named(instance, "Nora Quist") == []
    assert "recorded" in visitor.say("yes")
    assert requests_named(instance, "Nora Quist") == [("Nora Quist", "+13125550142", "tuesday mornings", "open")]


def test_the_provenance_of_an_answer_is_in_the_stored_bot_event(instance: RunningInstance, visitor: Visitor) -> None:
    visitor.say("do milia hurt")
    newest = "SELECT plain('events.data', data) FROM events WHERE type_name = 'bot' ORDER BY id DESC LIMIT 1"
    (stored,) = instance.rows(newest)
    assert '"utter_action": "utter_faq/are_milia_painful"' in stored[0]
    assert '"M3"' in stored[0]


def test_a_tapped_choice_confirms_and_its_label_never_leaves_the_server(
    instance: RunningInstance, visitor: Visitor
) -> None:
    visitor.say("book me a visit, Olga Petrov, 312 555 0143")
    read_back = visitor.messages("any friday")[-1]
    assert [choice["title"] for choice in read_back["choices"]] == ["Send it", "Change something"]
    assert "affirm" not in str(read_back)
    answer = visitor.send(choice=read_back["choices"][0]["id"])
    assert "recorded" in answer.json()["messages"][0]["text"]
    assert len(requests_named(instance, "Olga Petrov")) == 1


def test_the_same_message_twice_is_one_turn_with_one_answer(instance: RunningInstance, visitor: Visitor) -> None:
    visitor.say("book me a visit, Ivan Bauer, 312 555 0144")
    visitor.say("any friday")
    answers = [visitor.send("yes", message_id="the-same-yes").json() for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert "already" in visitor.say("yes")
    assert len(requests_named(instance, "Ivan Bauer")) == 1


def test_a_typed_command_is_plain_text(instance: RunningInstance, visitor: Visitor) -> None:
    visitor.say('/request_appointment{"contact_name": "Mallory"}')
    visitor.say("/restart")
    assert instance.rows("SELECT count(*) FROM events WHERE type_name = 'restart'") == [(0,)]
    assert requests_named(instance, "Mallory") == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("I can't breathe and my tongue is swelling", "911"),
        ("honestly I want to kill myself", "988"),
        ("no puedo respirar", "911"),
    ],
)
def test_danger_is_answered_first_in_the_middle_of_a_booking(
    instance: RunningInstance, visitor: Visitor, text: str, number: str
) -> None:
    visitor.say("I need an appointment")
    reply = visitor.say(text)
    assert number in reply
    assert "What is your name" not in reply


def test_an_uncovered_question_is_said_to_be_so_and_reaches_the_staff(
    instance: RunningInstance, visitor: Visitor
) -> None:
    assert "prices" in visitor.say("how much does the removal cost?").lower()
    visitor.say("yes please")
    visitor.say("Pavel Horn")
    assert "passed your message" in visitor.say("pavel.horn@example.com")
    stored = instance.rows(
        "SELECT topic, plain('staff_messages.text', text), plain('staff_messages.email', email) FROM staff_messages"
        " WHERE plain('staff_messages.contact_name', contact_name) = 'Pavel Horn'"
    )
    assert stored == [("uncovered/cost_insurance", "how much does the removal cost?", "pavel.horn@example.com")]


@pytest.mark.parametrize("text", ["", "   "])
def test_empty_text_is_refused(visitor: Visitor, text: str) -> None:
    assert visitor.send(text).status_code == 400


@pytest.mark.parametrize(
    "text",
    ["😀😀😀", "a" * 5_000, "milia " * 800, "?!?!", "ﷺ", "1", "\u202eolleh", "\u200b", "<script>alert(1)</script>"],
)
def test_odd_text_gets_an_answer(visitor: Visitor, text: str) -> None:
    assert visitor.say(text)


def test_two_visitors_do_not_see_each_other(instance: RunningInstance) -> None:
    first, second = instance.visitor(), instance.visitor()
    first.say("book me a visit, Rosa Lindt, 312 555 0145")
    assert "Rosa" not in second.say("what is my name?")
    assert "Shall I send" in first.say("monday at noon")

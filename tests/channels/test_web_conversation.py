"""A visitor's conversation over real HTTP: answers once, choices, history, end."""

import json
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from sqlalchemy import inspect, text

from clinic.database import make_engine
from tests.channels.action_server import ActionServer
from tests.channels.bot_process import BotProcess, Visitor
from tests.encryption_keys import KEYS

COMMANDS = ["/restart", "/affirm", '/faq{"contact_name": "Eve"}', " /  /restart", "//restart", "/", "/session_start"]


def everything_in(bot: BotProcess) -> str:
    """All that the database holds, as whoever has its keys can read it."""
    engine = make_engine(f"sqlite:///{bot.database}")
    with engine.connect() as connection:
        return "\n".join(
            KEYS.decrypt(str(value), table, column)
            for table in inspect(engine).get_table_names()
            for row in connection.execute(text(f"SELECT * FROM {table}")).mappings()
            for column, value in row.items()
        )


def test_a_session_begins_with_a_token_and_a_greeting(visitor: Visitor) -> None:
    opened = visitor.opened.json()
    assert set(opened) == {"token", "expires_at", "messages"}
    assert "automated assistant" in opened["messages"][0]["text"]
    assert visitor.history() == [{"sender": "assistant", **opened["messages"][0]}]


def test_a_question_is_answered_with_its_source(visitor: Visitor) -> None:
    (message,) = visitor.say("what are milia?")
    assert "cyst" in message["text"]
    assert message["choices"] == []
    assert message["source"]["title"] == "From the clinic's page on milia"
    assert "M1" in message["source"]["facts"]


def test_the_same_question_again_is_answered_in_other_words(visitor: Visitor) -> None:
    first, second = visitor.say("what are milia?"), visitor.say("what are milia?")
    assert first[0]["text"] != second[0]["text"]


def test_what_a_visitor_typed_is_never_filled_in_again(visitor: Visitor) -> None:
    (message,) = visitor.say("an appointment please")
    assert "Ann {clinic_name}" in message["text"]


def test_the_same_id_again_gets_the_same_answer_and_is_one_turn(
    bot: BotProcess, visitor: Visitor, actions: ActionServer
) -> None:
    first = visitor.client.post("/messages", json={"id": "same", "text": "what are milia?"})
    second = visitor.client.post("/messages", json={"id": "same", "text": "what are milia?"})
    assert first.status_code == second.status_code == 200
    assert first.json() == second.json()
    assert len(actions.calls) == 1
    visitor.say("can I pop them?")
    assert len(bot.heard()) == 2


@pytest.mark.parametrize("mode", ["ok", "slow"])
def test_twenty_at_once_with_one_id_are_one_turn(visitor: Visitor, actions: ActionServer, mode: str) -> None:
    actions.mode = mode
    body = {"id": "same", "text": "what are milia?"}
    with ThreadPoolExecutor(20) as threads:
        responses = list(threads.map(lambda _number: visitor.client.post("/messages", json=body), range(20)))
    assert {response.status_code for response in responses} == {200}
    assert len({response.text for response in responses}) == 1
    assert len(actions.calls) == 1
    assert [entry["sender"] for entry in visitor.history()] == ["assistant", "visitor", "assistant"]


def test_many_messages_at_once_are_answered_one_after_the_other(bot: BotProcess, visitor: Visitor) -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda number: visitor.send(text=f"what are milia {number}"), range(8)))
    assert {answer.status_code for answer in answers} == {200}
    visitor.say("what are milia at last")
    assert len(bot.heard()) == 9


def test_an_id_cannot_stand_for_two_messages(visitor: Visitor) -> None:
    visitor.client.post("/messages", json={"id": "same", "text": "what are milia?"})
    other = visitor.client.post("/messages", json={"id": "same", "text": "can I pop them?"})
    assert (other.status_code, other.json()["error"]["code"]) == (400, "id_reused")


@pytest.mark.parametrize("command", COMMANDS)
def test_typed_commands_are_plain_text(visitor: Visitor, actions: ActionServer, command: str) -> None:
    visitor.say("my name is Ann, what are milia?")
    actions.calls.clear()
    visitor.say(command)
    message = actions.calls[-1]["tracker"]["latest_message"]
    assert message["text"] == command.strip()
    assert message["intent"]["name"] in ("out_of_scope", "start_over")
    assert actions.calls[-1]["tracker"]["slots"]["contact_name"] == "Ann"
    assert visitor.history()[-2] == {"sender": "visitor", "id": "m2", "text": command.strip()}


def test_details_after_a_slash_keep_their_place(visitor: Visitor, actions: ActionServer) -> None:
    typed = "/ my name is Ann"
    visitor.say(typed)
    (entity,) = actions.calls[-1]["tracker"]["latest_message"]["entities"]
    assert typed[entity["start"] : entity["end"]] == "Ann"


def test_a_choice_means_its_label_and_is_shown_by_its_title(visitor: Visitor, actions: ActionServer) -> None:
    (message,) = visitor.say("an appointment please")
    assert [choice["title"] for choice in message["choices"]] == ["Send it", "About milia"]
    assert "affirm" not in json.dumps(message["choices"])
    response = visitor.send(choice=message["choices"][0]["id"])
    assert response.status_code == 200
    understood = actions.calls[-1]["tracker"]["latest_message"]
    assert understood["understanding"]["label"] == "affirm"
    assert understood["text"] == "Send it"
    assert visitor.history()[-2]["text"] == "Send it"


def test_a_choice_with_a_group_gives_the_group_as_intent(visitor: Visitor, actions: ActionServer) -> None:
    (message,) = visitor.say("an appointment please")
    (answer,) = visitor.send(choice=message["choices"][1]["id"]).json()["messages"]
    assert actions.calls[-1]["tracker"]["latest_message"]["intent"]["name"] == "faq"
    assert "M1" in answer["source"]["facts"]


def test_a_choice_sent_again_gets_the_same_answer_after_it_is_off_offer(visitor: Visitor) -> None:
    (message,) = visitor.say("an appointment please")
    body = {"id": "chosen", "choice": message["choices"][0]["id"]}
    first = visitor.client.post("/messages", json=body)
    for _ in range(2):
        visitor.say("an appointment please")
    assert visitor.client.post("/messages", json=body).json() == first.json()
    late = visitor.send(choice=message["choices"][0]["id"])
    assert (late.status_code, late.json()["error"]["code"]) == (400, "unknown_choice")
    assert [len(entry["choices"]) for entry in visitor.history() if "choices" in entry] == [0, 0, 0, 2, 2]


def test_a_choice_of_nobody_or_of_somebody_else_is_refused(bot: BotProcess, visitor: Visitor) -> None:
    (message,) = Visitor(bot).say("an appointment please")
    for choice in ("made-up", message["choices"][0]["id"], "affirm"):
        response = visitor.send(choice=choice)
        assert (response.status_code, response.json()["error"]["code"]) == (400, "unknown_choice")
    assert len(visitor.history()) == 1


def test_visitors_cannot_read_each_other(bot: BotProcess) -> None:
    ann, bea = Visitor(bot), Visitor(bot)
    ann.say("my name is Ann, what are milia?")
    assert "Ann" not in json.dumps(bea.history())
    bea.send(text="what are milia?")
    assert len(ann.history()) == 3


def test_an_ended_session_is_refused_and_nothing_of_it_is_left(bot: BotProcess, visitor: Visitor) -> None:
    visitor.say("my name is Trillianmcmillan, what are milia?")
    assert "Trillianmcmillan" in everything_in(bot)
    assert visitor.client.delete("/sessions").status_code == 204
    for response in (
        visitor.client.get("/messages"),
        visitor.client.delete("/sessions"),
        visitor.send(text="what are milia?"),
    ):
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"] == "Bearer"
    assert "Trillianmcmillan" not in everything_in(bot)


def test_a_visitor_who_leaves_in_the_middle_finds_the_answer(visitor: Visitor, actions: ActionServer) -> None:
    actions.mode = "slow"
    with pytest.raises(httpx.ReadTimeout):
        visitor.client.post("/messages", json={"id": "left", "text": "what are milia?"}, timeout=0.2)
    actions.mode = "ok"
    answer = visitor.client.post("/messages", json={"id": "left", "text": "what are milia?"})
    assert answer.status_code == 200
    assert len(actions.calls) == 1

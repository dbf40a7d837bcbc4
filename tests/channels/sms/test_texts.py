"""A text is one turn and one answer, whatever comes in how often."""

import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest

from channels.sms.simulate import texts_in
from clinic.sms_text import segments
from tests.channels.action_server import ActionServer
from tests.channels.bot_process import BotProcess
from tests.channels.sms.phone import Phone
from tests.channels.sms.rows import counts, rows


def text_id() -> str:
    return f"SM{secrets.token_hex(16)}"


def test_the_first_answer_names_the_clinic_and_says_it_is_automated_and_the_next_do_not(phone: Phone) -> None:
    first, second = phone.say("what are milia"), phone.say("what are milia")
    assert first.startswith("Nima Skin Institute, automated assistant. Reply STOP to end texts.")
    assert "automated" not in second


def test_a_text_is_one_turn_with_the_number_known_to_the_actions_alone(
    bot: BotProcess, phone: Phone, actions: ActionServer
) -> None:
    phone.say("what are milia")
    (call,) = actions.calls
    assert call["tracker"]["latest_message"]["metadata"]["sender_phone"] == phone.number
    assert call["tracker"]["latest_input_channel"] == "sms"
    conversation = call["tracker"]["sender_id"]
    assert conversation.startswith("sms-")
    assert phone.number[1:] not in conversation
    kept = rows(bot, "SELECT number FROM text_contacts WHERE conversation_id = ?", conversation)
    assert len(kept) == 1
    assert phone.number[1:] not in kept[0][0]


def test_the_same_number_is_always_the_same_conversation_and_another_one_is_not(bot: BotProcess) -> None:
    number = Phone(bot).number
    before = counts(bot)["text_contacts"]
    Phone(bot, number).say("what are milia")
    Phone(bot, number).say("what are milia")
    Phone(bot).say("what are milia")
    assert counts(bot)["text_contacts"] == before + 2


def test_a_text_that_is_delivered_again_gets_the_same_answer_and_causes_nothing(
    bot: BotProcess, phone: Phone, actions: ActionServer
) -> None:
    fields = phone.fields("what are milia")
    first = phone.post(fields)
    phone.say("I want an appointment")
    before = counts(bot)
    again = phone.post(fields)
    assert (again.status_code, again.content) == (200, first.content)
    assert counts(bot) == before
    assert len(actions.calls) == 2


def test_it_gets_the_same_answer_after_a_restart(model, actions: ActionServer, tmp_path) -> None:
    bot = BotProcess(tmp_path, model, actions.port)
    bot.start()
    phone = Phone(bot)
    fields = phone.fields("what are milia")
    first = phone.post(fields)
    bot.kill()
    bot.start()
    try:
        assert phone.post(fields).content == first.content
        assert len(actions.calls) == 1
    finally:
        bot.stop()


@pytest.mark.parametrize("body", ["what are milia", "STOP", "please stop texting me", "help", "I can't breathe"])
def test_twenty_copies_at_once_are_one_turn_with_one_answer(bot: BotProcess, phone: Phone, body: str) -> None:
    phone.say("what are milia")
    before = counts(bot)
    fields = phone.fields(body)
    with ThreadPoolExecutor(20) as pool:
        responses = list(pool.map(lambda _: Phone(bot, phone.number).post(fields), range(20)))
    assert {response.status_code for response in responses} == {200}
    assert len({response.content for response in responses}) == 1
    assert texts_in(responses[0].text)
    after = counts(bot)
    assert after["turns"] == before["turns"] + 1
    assert after["consents"] - before["consents"] == (1 if "st" in body.lower() else 0)


def test_texts_that_come_in_together_are_all_answered(bot: BotProcess, phone: Phone) -> None:
    with ThreadPoolExecutor(6) as pool:
        replies = list(pool.map(lambda _: Phone(bot, phone.number).send("what are milia"), range(6)))
    assert all(len(reply) == 1 for reply in replies)
    assert sum("automated" in reply[0] for reply in replies) == 1


@pytest.mark.parametrize("answer", ["1", "#1", "option 1", "Send it", "send it!", "sned it", "the first one"])
def test_a_numbered_choice_is_taken_by_its_number_its_words_or_a_slip(phone: Phone, answer: str) -> None:
    offer = phone.say("I want an appointment")
    assert offer.endswith("\nReply 1 for Send it, 2 for About milia.")
    assert phone.say(answer).startswith("Your request is recorded")


def test_the_second_choice_is_the_second(phone: Phone) -> None:
    phone.say("I want an appointment")
    assert "white cysts" in phone.say("2")


def test_a_number_is_just_a_number_when_nothing_was_offered_last(phone: Phone, actions: ActionServer) -> None:
    phone.say("I want an appointment")
    phone.say("what are milia")
    phone.say("1")
    assert actions.calls[-1]["tracker"]["latest_message"]["text"] == "1"


def test_a_fixed_answer_in_between_leaves_the_offer_open(phone: Phone) -> None:
    phone.say("I want an appointment")
    phone.say("HELP")
    assert phone.say("1").startswith("Your request is recorded")


def test_the_offer_is_remembered_over_a_restart(model, actions: ActionServer, tmp_path) -> None:
    bot = BotProcess(tmp_path, model, actions.port)
    bot.start()
    phone = Phone(bot)
    phone.say("I want an appointment")
    bot.kill()
    bot.start()
    try:
        assert phone.say("1").startswith("Your request is recorded")
    finally:
        bot.stop()


@pytest.mark.parametrize("count", ["1", "10"])
def test_a_picture_alone_gets_the_fixed_answer(phone: Phone, actions: ActionServer, count: str) -> None:
    media = {"NumMedia": count, "MediaUrl0": "http://127.0.0.1:9/picture", "MediaContentType0": "image/jpeg"}
    assert "we cannot look at photos here" in phone.say("", **media)
    assert not actions.calls


def test_a_picture_with_words_gets_both_answers(phone: Phone) -> None:
    reply = phone.say("what are milia", NumMedia="1", MediaUrl0="http://127.0.0.1:9/picture")
    assert "we cannot look at photos here" in reply
    assert "white cysts" in reply or "MORE" in reply
    assert segments(reply) <= 2


def test_what_is_urgent_comes_before_the_word_on_pictures(phone: Phone) -> None:
    reply = phone.say("my face is swelling", NumMedia="1")
    assert reply.startswith("This sounds like an emergency")


@pytest.mark.parametrize("body", ["", "   ", "\n", "\u0000", "\x07"])
def test_a_text_without_words_gets_a_fixed_answer(phone: Phone, actions: ActionServer, body: str) -> None:
    assert "empty" in phone.say(body)
    assert not actions.calls


@pytest.mark.parametrize(
    "body", ["a" * 1_600, "🎉", "/restart", "👩‍👩‍👧 what are milia 🎉" * 40, "ü" * 1_600], ids=lambda body: body[:8]
)
def test_long_texts_emoji_and_commands_are_just_texts(phone: Phone, body: str) -> None:
    assert segments(phone.say(body)) <= 2


def test_a_text_has_sixteen_hundred_characters_at_most(phone: Phone, actions: ActionServer) -> None:
    phone.say("b" * 5_000)
    assert len(actions.calls[-1]["tracker"]["latest_message"]["text"]) == 1_600


@pytest.mark.parametrize(
    "sender",
    ["12345", "AMAZON", "", "+447700900123", "+14165550123", "+19005550123", "whatsapp:+13125550123", "+1312",
     "3125550123",
     "+13125550123 ", "client:ann"],
)  # fmt: skip
def test_senders_that_are_not_answered_get_nothing_and_leave_nothing(
    bot: BotProcess, phone: Phone, sender: str
) -> None:
    before = counts(bot)
    assert phone.send("what are milia", From=sender) == []
    assert counts(bot) == before


def test_other_countries_are_answered_once_they_are_listed(model, actions: ActionServer, tmp_path) -> None:
    bot = BotProcess(tmp_path, model, actions.port, SMS_COUNTRIES="US,CA")
    bot.start()
    try:
        assert Phone(bot, "+14165550123").say("what are milia")
        assert Phone(bot, "+447700900123").send("what are milia") == []
    finally:
        bot.stop()


def test_a_fault_is_said_and_the_next_text_works(phone: Phone, actions: ActionServer) -> None:
    actions.mode = "fault"
    assert "never stored twice" in phone.say("what are milia")
    actions.mode = "ok"
    assert "white cysts" in phone.say("what are milia")


def test_without_a_database_urgent_texts_are_told_where_help_is(model, actions: ActionServer, tmp_path) -> None:
    bot = BotProcess(tmp_path, model, actions.port)
    bot.start()
    try:
        bot.database.rename(tmp_path / "gone.sqlite3")
        assert "never stored twice" in Phone(bot).say("what are milia")
        assert Phone(bot).say("my face is swelling").startswith("This sounds like an emergency")
    finally:
        bot.stop()


def test_names_numbers_and_words_appear_in_no_log(model, actions: ActionServer, tmp_path) -> None:
    bot = BotProcess(tmp_path, model, actions.port)
    bot.start()
    try:
        phone = Phone(bot, "+13125550177")
        phone.send("my name is Zebulon and I have lupus")
        phone.send("please stop texting me Zebulon")
        phone.send("START")
        actions.mode = "fault"
        phone.send("Zebulon has lupus")
        phone.post(phone.fields("Zebulon has lupus"), signed="forged")
        phone.send("Zebulon has lupus", From="+447700900177")
    finally:
        bot.stop()
    log = bot.log_text()
    for canary in ("5550177", "Zebulon", "lupus", "900177", phone.token):
        assert canary not in log

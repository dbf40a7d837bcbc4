"""Who wants a person, and who leaves word for the staff, in many voices; and what only sounds like it."""

import time

import pytest

from clinic.readings.staff_wishes import asks_for_a_person, leaves_word_for_staff

LONGEST_MESSAGE = 5_000
SECONDS_FOR_THE_LONGEST = 20.0
"""Hundreds of times what it takes, so that only a pattern that blows up fails, and no pause of the machine."""


@pytest.mark.parametrize(
    "text",
    [
        "ask the staff if they take Aetna",
        "can you ask the doctor whether I can wear makeup after",
        "Can you please ask the nurse how long the redness lasts?",
        "can someone check with the doctor if it's ok while breastfeeding",
        "tell the doctor I'm allergic to lidocaine",
        "could u ask the doc what cream 2 use",
        "pls ask front desk is there parking",
        "Would you be so kind as to ask Dr. Whitlow whether my pacemaker matters?",
        "I'd like you to ask the physician about my blood thinner.",
        "please let the nurse know that I use a wheelchair",
        "ask them if i can bring my baby",
        "thanks! also ask the doctor if i can swim the day after",
        "you ask doctor for me? please ask doctor how many days no work",
        "Just ask your damn manager why nobody called me back",
        "would you mind asking the nurse if a scab is normal",
        "Please put this before the doctor: I had a transplant in 2019.",
        "I wanted to ask the doctor if both eyes can be done at once",
        "hey can u ask ur nurse if i can still go to practice after",
        "Hi, could one of you ask the receptionist whether the elevator works?",
        "let them know I'm running late",
        "yo ask the doc if itll leave a mark",
        "I should be obliged if you would ask the doctor whether my blood thinner is any hindrance.",
        "pls ask MD if pt on isotretinoin can have extraction",
        "please you ask doctor is good for baby of six month",
        "can ask to nurse how many day i not work after",
        "ask the doctor please how much money for one eye",
        "tell to doctor i have sugar in blood",
        "Ask the staff, if you would, whether there is a lift, for I use a cane.",
    ],
)
def test_word_for_the_staff_is_recognised(text: str) -> None:
    assert leaves_word_for_staff(text)


@pytest.mark.parametrize(
    "text",
    [
        "should I tell the doctor about my allergy first?",
        "do i need to tell the doctor beforehand",
        "can the doctor tell over text what mine are",
        "Is there a doctor I could ask directly",
        "yes ask them",
        "ask the staff",
        "yeah tell the staff",
        "By all means pass my question along to the staff.",
        "my mom told me to ask the doctor if they are dangerous",
        "did you ask the doctor if I can come",
        "my doctor told me it was milia",
        "what will the nurse ask me about",
        "ask your nurse to contact me",
        "I forgot to ask the doctor about my cream",
        "can I ask you if milia are harmful",
        "can you tell me if they hurt",
        "tell me about milia",
        "Anna Kowal",
        "nope, no need to ask staff",
        "could the doctor tell me if it is milia",
        "does the office ask about insurance",
        "yes tell them, my name is Gil Frost",
        "when you ask the doctor if it hurts, what do they say",
        "what happens if I tell the doctor I'm pregnant",
        "can I tell the doctor I changed my mind",
    ],
)
def test_what_only_names_the_staff_is_no_word_for_them(text: str) -> None:
    assert not leaves_word_for_staff(text)


@pytest.mark.parametrize(
    "text",
    [
        "I just want to talk to a human",
        "real person",
        "HUMAN!!",
        "human please",
        "can I speak to someone",
        "no bots. person.",
        "i said a real person",
        "get me an agent now",
        "operator",
        "is there someone real there",
        "just let me speak to the staff",
        "I want a person, not a robot",
        "need 2 talk 2 some1",
    ],
)
def test_a_wish_for_a_person_is_recognised(text: str) -> None:
    assert asks_for_a_person(text)


@pytest.mark.parametrize(
    "text",
    [
        "Anna Person",
        "Rupert Vance",
        "my name is Anna, I want to talk to a person",
        "I want to talk to a person about my bill from May",
        "can a person catch it",
        "is this a real milium",
        "call me",
        "312 555 0142",
        "no",
        "why do you need my name",
        "",
    ],
)
def test_names_and_other_words_are_no_wish_for_a_person(text: str) -> None:
    assert not asks_for_a_person(text)


@pytest.mark.parametrize("repeated", ["person ", "i want to ", "can you please ", "ask the ", ", please ", "tell a b "])
def test_a_message_that_goes_on_and_on_is_read_soon(repeated: str) -> None:
    began = time.process_time()
    for text in (repeated * (LONGEST_MESSAGE // len(repeated)), f"{repeated * 20}x"):
        asks_for_a_person(text)
        leaves_word_for_staff(text)
    assert time.process_time() - began < SECONDS_FOR_THE_LONGEST


@pytest.mark.parametrize(
    "text", ["do I need to tell the doctor I am on accutane", "should I ask them if it is covered"]
)
def test_a_question_whether_to_tell_them_is_no_word_for_them(text: str) -> None:
    assert not leaves_word_for_staff(text)

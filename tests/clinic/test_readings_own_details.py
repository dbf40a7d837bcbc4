"""Questions of a visitor about what the clinic holds of them."""

from __future__ import annotations

import pytest

from clinic.readings.own_details import ALL, asks_for_own, points_at_own_details, points_at_what_is_known

ASKED = [
    ("what's my number?", {"phone"}),
    ("whats my number", {"phone"}),
    ("what phone do you have for me", {"phone"}),
    ("which name did i give", {"contact_name"}),
    ("what info do you have on me", ALL),
    ("when was my appointment request for again", {"preferred_time"}),
    ("wat number did i put", {"phone"}),
    ("what is my name", {"contact_name"}),
    ("What e-mail address did I give you?", {"email"}),
    ("which email do u have for me", {"email"}),
    ("what name and number do you have for me?", {"contact_name", "phone"}),
    ("do you have my number?", {"phone"}),
    ("did you get my number right", {"phone"}),
    ("did i give you my email", {"email"}),
    ("do you still have my phone number and email?", {"phone", "email"}),
    ("what time did i ask for", {"preferred_time"}),
    ("what day did I say?", {"preferred_time"}),
    ("what day do you have me down for", {"preferred_time"}),
    ("when did i say i want to come", {"preferred_time"}),
    ("what was my preferred time", {"preferred_time"}),
    ("what do you know about me", ALL),
    ("what did i tell you so far?", ALL),
    ("What details do you have so far", ALL),
    ("can you read back my info please", ALL),
    ("show me my details", ALL),
    ("show me my request", ALL),
    ("can you tell me my number", {"phone"}),
    ("remind me what number i gave", {"phone"}),
    ("I forgot which email I put", {"email"}),
    ("is my number on file", {"phone"}),
    ("who am i", {"contact_name"}),
    ("do you remember my name?", {"contact_name"}),
    ("what number do you have", {"phone"}),
    ("cuál es mi número", {"phone"}),
    ("que nombre les di", {"contact_name"}),
    ("hi this is Dana. what phone number is on file for me?", {"phone"}),
    ("what have you got down for me", ALL),
    ("can i see what i told you", ALL),
    ("which phone number have you got", {"phone"}),
    ("could you please repeat my phone number", {"phone"}),
    ("is my phone number right?", {"phone"}),
    ("whats the phone number u got for me", {"phone"}),
    ("what is the name on my request", {"contact_name"}),
    ("what number will you call me on", {"phone"}),
    ("what did i say my name was", {"contact_name"}),
    ("tell me everything you have about me", ALL),
    ("what appointment time did I request", {"preferred_time"}),
    ("do you have the right number for me", {"phone"}),
]


@pytest.mark.parametrize(("text", "fields"), ASKED)
def test_a_question_about_own_details_names_them(text: str, fields: frozenset[str]) -> None:
    assert asks_for_own(text) == fields


@pytest.mark.parametrize(
    "text",
    [
        "what's your number",
        "whats the clinics phone number",
        "is my number safe with you",
        "what time are you open",
        "do you have my size",
        "why do you need my number",
        "what do you need my name for",
        "what times do you have",
        "what days do you have available for me",
        "what time do you have on friday",
        "can I change my number",
        "what happens to my info",
        "what do you do with my info",
        "who sees my details",
        "delete my data",
        "send my request",
        "did you get my request",
        "did you get my email",
        "what is my diagnosis",
        "what's my name got to do with it",
        "what number do i call",
        "what email can i write to",
        "my number is 312-555-0100",
        "my name is Dana Fox",
        "what information do you need from me",
        "what's the doctor's name",
        "what's the name of the cream",
        "when is my appointment",
        "do you have my results",
        "is my appointment confirmed",
        "what should i do",
        "tell me about milia",
        "how many times do i need to come",
        "what stuff do you use",
        "what do you have for milia",
        "what do you know about milia",
        "is it the right time to come",
        "what's the best time to reach you",
        "do you share my phone number",
        "is the price right?",
        "can you see my bumps",
        "what do i tell the doctor",
        "what's my status",
        "",
    ],
)
def test_other_questions_ask_for_no_own_details(text: str) -> None:
    assert asks_for_own(text) is None


@pytest.mark.parametrize(
    "text",
    ["you already have my name", "you have my number already", "u got my details from before", "same number as before"],
)
def test_who_says_that_a_detail_is_known_points_at_it(text: str) -> None:
    assert points_at_own_details(text)


@pytest.mark.parametrize("text", ["I already gave you that", "you have it already", "you already know who I am"])
def test_who_says_so_without_naming_it_points_at_it_where_it_is_asked(text: str) -> None:
    assert points_at_what_is_known(text)
    assert not points_at_own_details(text)


@pytest.mark.parametrize(
    "text",
    ["you have it all wrong", "do you have my number", "do you have my number?", "you don't have my number", "mondays"],
)
def test_other_words_do_not_point_at_what_is_known(text: str) -> None:
    assert not points_at_what_is_known(text)

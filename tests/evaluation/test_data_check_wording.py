"""Reading level, forbidden wording and the length of text messages."""

import pytest

from clinic.answers.forbidden_wording import forbidden_wordings
from clinic.answers.plain_text import sentences, words_of
from clinic.answers.reading_level import readability_grade
from tests.evaluation.conftest import SmallProject

ANSWERS = "data/responses/answers.yml"
WEB_LINE = "  - text: Hello. What would you like?\n"


def say(project: SmallProject, text: str, channel: str = "web") -> None:
    """Let `utter_greet` say something else."""
    old = WEB_LINE if channel == "web" else f"{WEB_LINE}    channel: sms\n"
    project.replace(ANSWERS, old, old.replace("Hello. What would you like?", f'"{text}"'))


def test_a_sentence_of_twenty_six_words_is_found_and_one_of_twenty_five_is_not(project: SmallProject) -> None:
    say(project, f"{'we go ' * 12}now.")
    assert project.findings() == {}
    project.replace(ANSWERS, "go now.", "go on now.")
    (found,) = project.findings()["easy to read"]
    assert found.startswith(f"{ANSWERS}:13: utter_greet (web) has a sentence of 26 words, the limit is 25:")


def test_long_words_are_found(project: SmallProject) -> None:
    say(project, "Dermatological consultations necessitate comprehensive preliminary investigations.")
    (found,) = project.findings()["easy to read"]
    assert "utter_greet (web) reads at grade" in found


def test_the_grade_follows_the_formula() -> None:
    # 4 words of 12 letters in 2 sentences: 4.71 * 12 / 4 + 0.5 * 4 / 2 - 21.43.
    assert readability_grade("One two. Six ten!") == pytest.approx(4.71 * 3 + 0.5 * 2 - 21.43)


def test_an_unavoidable_medical_word_counts_as_a_short_one() -> None:
    assert readability_grade("An autoimmune response.") == readability_grade("An skin response.")
    assert readability_grade("An autocratic response.") > readability_grade("An autoimmune response.")


def test_a_spanish_answer_is_held_to_its_sentences_alone(project: SmallProject) -> None:
    project.replace("actions/answer.py", "def", 'SPANISH = "utter_spanish"\n\n\ndef')
    project.append(ANSWERS, "  utter_spanish:\n  - text: Comuniquémonos inmediatamente telefónicamente.\n")
    assert project.findings() == {}


def test_a_point_inside_a_number_or_an_address_ends_no_sentence() -> None:
    assert sentences("Write to anna@example.com at 3.30 pm. Is it right? Yes!") == [
        "Write to anna@example.com at 3.30 pm.",
        "Is it right?",
        "Yes!",
    ]


def test_a_contraction_is_one_word() -> None:
    assert words_of("I can't say, e-mail anna@example.com.") == ["I", "can't", "say", "e-mail", "anna@example.com"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Your bumps will be gone.",
        "We guarantee it.",
        "It is guaranteed.",
        "I promise you clear skin.",
        "They won't come back.",
        "None will come back.",
        "It will clear up your skin.",
        "That is completely safe.",
        "It won't hurt.",
        "The removal is painless.",
        "They are gone for good.",
        "They will go away.",
        "It costs about 200.",
        "That is $50.",
        "Some fifty dollars.",
        "It is free of charge.",
        "Insurance will pay for it.",
        "You have milia.",
        "You've got a milium.",
        "Yours are milia.",
        "Those bumps look like milia.",
        "These are probably milia.",
        "That sounds like milia.",
        "It is nothing.",
        "It's just nothing.",
        "That is harmless.",
        "Your bumps are harmless.",
        "This looks like cancer.",
        "You don't have cancer.",
        "Don't worry.",
        "There is nothing to worry about.",
        "You are booked.",
        "You’re booked.",
        "Your appointment is confirmed.",
        "Your time is now scheduled.",
        "You are all set.",
        "Confirmed for Monday.",
        "See you Monday.",
        "I've booked it.",
        "I can't judge it, but yours are milia.",
        "We can't see you today; you are booked on Monday.",
    ],
)
def test_a_promise_a_price_a_verdict_or_a_booking_is_found(sentence: str) -> None:
    assert forbidden_wordings(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "I can't promise that none will come back.",
        "I can't tell whether yours are milia.",
        "Nobody here can say that you have milia.",
        "If it is milia, the clinic can remove it.",
        "Milia are not harmful.",
        "They are harmless, so you don't have to.",
        "Milia themselves do not hurt.",
        "It is not a booking yet.",
        "Nothing is booked until they do.",
        "The staff have not marked it as booked.",
        "I have no prices or insurance details.",
        "Call or text 988, any time, for free.",
        "That is fine.",
        "This sounds like an emergency.",
        "The clinic can remove them safely.",
        "You are not booked.",
    ],
)
def test_a_denial_or_a_plain_fact_is_fine(sentence: str) -> None:
    assert forbidden_wordings(sentence) == []


def test_forbidden_wording_is_found_in_a_response(project: SmallProject) -> None:
    say(project, "Hello. You have milia.")
    (found,) = project.findings()["no promise, price or verdict"]
    assert found == (
        f"{ANSWERS}:13: utter_greet (web) says 'You have milia', which gives a verdict on the visitor's skin; say that "
        "somebody has to see it."
    )


def test_a_character_outside_gsm_is_found_in_a_text_message_alone(project: SmallProject) -> None:
    say(project, "La clínica")
    assert project.findings() == {}
    say(project, "La clínica, el inglés", "sms")
    (found,) = project.findings()["text messages are short"]
    assert found.startswith(f"{ANSWERS}:14: utter_greet (sms) has í, which GSM-7 does not;")


def test_a_text_message_of_three_segments_is_found_once_its_variables_are_filled(project: SmallProject) -> None:
    # 287 septets as written, 307 with the longest wording for the phone number; two segments hold 306.
    say(project, f"{'We go. ' * 39}{{call_clinic}}".ljust(287, "."), "sms")
    (found,) = project.findings()["text messages are short"]
    assert "takes 307 septets, filled in, in 3 segments; shorten it to 2 segments." in found
    project.replace(ANSWERS, "We go. We go.", "We go. We go")
    assert project.findings() == {}


def test_a_variable_without_a_value_is_found(project: SmallProject) -> None:
    say(project, "Hello {first_nmae}.", "sms")
    (found,) = project.findings()["variables are known"]
    assert "utter_greet uses {first_nmae}, which has no value to measure with" in found

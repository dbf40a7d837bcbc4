"""One text of two segments at most, with what matters most in it, and nothing lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.sms import reply_text
from channels.sms.reply_text import Parts, fit, plain_marks
from clinic.sms_text import characters_outside_gsm, segments

MORE = "Reply MORE for the rest."
INTRODUCTION = "Nima Skin Institute, automated assistant. Reply STOP to end texts."
EMERGENCY = (
    "This sounds like an emergency. Call 911 now or go to the nearest emergency room. Do not wait for an answer here."
)
LONG = " ".join(f"This is sentence {number} of a long answer about milia." for number in range(1, 5))
QUESTION = "When would suit you best? Your own words are fine."
CHOICES = "Reply 1 for Send it, 2 for Change something."


def words(text: str) -> list[str]:
    return text.replace(MORE, "").split()


def test_a_short_turn_is_one_text() -> None:
    fitted = fit(Parts(("Hello.", "What is your name?"), INTRODUCTION, CHOICES), MORE)
    assert fitted.text == f"{INTRODUCTION} Hello. What is your name?\n{CHOICES}"
    assert not fitted.rest


def test_what_is_urgent_comes_before_who_is_texting() -> None:
    fitted = fit(Parts((EMERGENCY, QUESTION), INTRODUCTION, urgent=True), MORE)
    assert fitted.text.startswith(EMERGENCY)
    assert INTRODUCTION in fitted.text


def test_the_question_at_the_end_and_the_choices_stay_and_the_middle_waits() -> None:
    fitted = fit(Parts((LONG, LONG, QUESTION), choices=CHOICES), MORE)
    assert segments(fitted.text) <= 2
    assert fitted.text.startswith("This is sentence 1")
    assert fitted.text.endswith(f"{QUESTION} {MORE}\n{CHOICES}")
    assert words(f"{fitted.text.split(QUESTION)[0]} {fitted.rest}") == words(f"{LONG} {LONG}")


def test_who_is_texting_is_said_also_when_one_sentence_fills_the_text() -> None:
    endless = " ".join(["Monday 9 am to 5 pm,"] * 30)
    fitted = fit(Parts((endless, QUESTION), INTRODUCTION, CHOICES), MORE)
    assert fitted.text.startswith(f"{INTRODUCTION} Monday 9 am to 5 pm,")
    assert segments(fitted.text) <= 2


@pytest.mark.parametrize(
    "hours",
    [
        "Hours: Monday to Thursday 8:30 am to 5:30 pm, Friday 8:30 am to 4 pm, Saturday 9 am to noon, closed Sunday.",
        "Hours: Mon. to Thu. 8:30 a.m. to 5:30 p.m., Fri. 8:30 a.m. to 4 p.m., Sat. 9 a.m. to 1 p.m. by appointment.",
    ],
)
def test_the_first_sentence_is_whole_in_the_first_text_beside_who_is_texting(hours: str) -> None:
    others = "Address: 1200 N. Michigan Avenue, Suite 400, Chicago, IL 60611. Phone: (312) 555-0100."
    offer = "Shall I pass your question to the staff?"
    choices = "Reply 1 for Ask the staff, 2 for Request an appointment."
    fitted = fit(Parts((f"{hours} {others}", offer), INTRODUCTION, choices), MORE)
    assert fitted.text.startswith(f"{INTRODUCTION} {hours}")
    assert words(f"{fitted.text} {fitted.rest}").count("Phone:") == 1


def test_what_is_urgent_is_never_cut() -> None:
    fitted = fit(Parts((EMERGENCY, LONG, LONG), INTRODUCTION, CHOICES, urgent=True), MORE)
    assert fitted.text.startswith(EMERGENCY)
    assert segments(fitted.text) <= 2


def test_the_rest_can_be_asked_for_until_nothing_is_left() -> None:
    fitted = fit(Parts((LONG, LONG, LONG, QUESTION), INTRODUCTION, CHOICES), MORE)
    heard = [fitted.text]
    while fitted.rest:
        fitted = fit(Parts((fitted.rest,)), MORE)
        heard.append(fitted.text)
    assert sum(" ".join(heard).count(f"sentence {number} ") for number in range(1, 5)) == 12
    assert len(heard) <= 4


def test_typographic_marks_become_plain_ones() -> None:
    assert (
        plain_marks("Don’t – “now” … ok • José Nuñez Ångström Łódź")
        == 'Don\'t - "now" ... ok - José Nuñez Ångström Lodz'
    )
    assert characters_outside_gsm(plain_marks("Şebnem Dvořák Müller")) == []
    assert plain_marks("Şebnem Dvořák") == "Sebnem Dvorak"


def test_a_name_that_gsm_does_not_know_stays_as_it_is_in_two_segments_of_its_own_kind() -> None:
    fitted = fit(Parts(("Thanks, 李雷. " + LONG, QUESTION)), MORE)
    assert "李雷" in fitted.text
    assert segments(fitted.text) <= 2


@given(
    st.lists(st.text(min_size=1, max_size=700).filter(str.strip), min_size=1, max_size=4),
    st.sampled_from(["", INTRODUCTION]),
    st.sampled_from(["", CHOICES]),
    st.booleans(),
)
def test_no_text_is_ever_longer_than_two_segments(messages: list[str], first: str, choices: str, urgent: bool) -> None:
    fitted = fit(Parts(tuple(messages), first, choices, urgent), MORE)
    assert segments(fitted.text) <= 2
    assert fitted.text or not "".join(plain_marks(message) for message in messages)


@pytest.mark.parametrize("pattern", ["a", "[", "\u0142", "\u6f22", "\U0001f600", "ab ", "One. "])
@pytest.mark.parametrize("urgent", [False, True])
def test_a_text_of_twice_the_length_is_twice_the_work_and_no_more(
    pattern: str, urgent: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[int] = []

    def counting(text: str) -> int:
        looked_at.append(len(text))
        return segments(text)

    monkeypatch.setattr(reply_text, "segments", counting)

    def work(length: int) -> int:
        looked_at.clear()
        long = (pattern * length)[:length]
        fitted = fit(Parts((long, QUESTION), choices=CHOICES, urgent=urgent), MORE)
        assert segments(fitted.text) <= 2
        return sum(looked_at)

    assert work(24_000) <= 2.5 * work(12_000)
    assert work(12_000) < 200_000  # characters; each of these looks at a text of 300 or so is needed


def test_an_introduction_that_leaves_no_room_at_all_still_ends() -> None:
    assert reply_text._words_that_fit("word", "n" * 400, "Reply MORE.")[0]

"""What a clinic may make the assistant say: the shipped wordings pass, and what could harm anybody is stopped."""

import pytest

from clinic.answers.answer_checks import check_answer, resting_on_facts
from clinic.answers.plain_text import tidied
from clinic.answers.problems import stopping
from clinic.answers.reading_level import reading_age
from clinic.answers.response_files import ResponseFiles
from clinic.answers.response_topics import response_topics
from clinic.answers.sample_values import SMS as LONG
from clinic.answers.sample_values import values
from clinic.answers.standard import Standard
from clinic.answers.wordings import SMS, WEB, Wording, variations_of, wordings_of
from clinic.settings import PROJECT_ROOT

SHIPPED = ResponseFiles(PROJECT_ROOT / "data" / "responses").responses()
POP = "utter_faq/can_i_pop"
POP_TEXT = "Please don't squeeze or scrape them yourself. It can scar the skin or cause an infection."
EMERGENCY = "utter_safety/emergency"


def standard(response: str) -> Standard:
    content = response_topics()
    shipped = wordings_of(SHIPPED[response])
    return Standard(response, content.topic(response), shipped, content.facts, frozenset({"www.clinic.example"}))


def found(response: str, text: str, channel: str = WEB) -> str:
    """What stops a wording, beside the shipped one of the other channel."""
    other = next(each for each in standard(response).shipped if each.channel != channel)
    problems = check_answer([Wording(channel, text), other], standard(response), values(LONG))
    return " ".join(problem.said for problem in stopping(problems))


@pytest.mark.parametrize("response", SHIPPED)
def test_every_shipped_wording_passes_with_the_facts_that_it_names(response: str) -> None:
    shipped = wordings_of(SHIPPED[response])
    assert check_answer(shipped, standard(response), values(LONG)) == []
    assert resting_on_facts(shipped, standard(response)) == shipped
    assert [each["id"] for each in variations_of(response, shipped)] == [each["id"] for each in SHIPPED[response]]


def test_another_way_to_say_the_same_passes_with_its_facts() -> None:
    said = Wording(WEB, f"{POP_TEXT} Ask here for an appointment, and the clinic can do it.")
    assert found(POP, said.text) == ""
    assert resting_on_facts([said], standard(POP)) == (Wording(WEB, said.text, ("M9", "M12")),)
    assert resting_on_facts([Wording(WEB, POP_TEXT)], standard(POP)) == (Wording(WEB, POP_TEXT, ("M9",)),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{POP_TEXT} Removal costs $50.", "names a price"),
        (f"{POP_TEXT} Here they will be gone for good.", "promises a result"),
        (f"{POP_TEXT} Your bumps are harmless.", "gives a verdict"),
        (f"{POP_TEXT} You are booked for Monday.", "calls a request a booking"),
        (f"{POP_TEXT} Call 312 555 0142.", "has the number 312 555 0142"),
        (f"{POP_TEXT} Ask {{nobody}}.", "{nobody} is no placeholder"),
        (f"{POP_TEXT} Use {{}} or }}.", "belongs to no placeholder"),
        (f"{POP_TEXT} <b>Please</b>.", "has a < or a >"),
        (f"{POP_TEXT} It takes 10 minutes.", "names the number 10"),
        (f"{POP_TEXT} A laser helps.", "“laser” is about illness or treatment"),
        (f"{POP_TEXT} See https://shop.example/milia.", "none of the clinic's own sites"),
        (f"{POP_TEXT} See http://www.clinic.example.", "has to begin with https://"),
        (f"{POP_TEXT} See clinic.org/milia.", "without https:// in front"),
        (f"{POP_TEXT} See [here](https://www.clinic.example).", "behind other words"),
        (f"{POP_TEXT} javascript:alert(1)", "no link that may be sent"),
        (f"{POP_TEXT} Write to a@b.example.", "e-mail address a@b.example"),
        (f"{POP_TEXT} A clean needle is fine.", "may do it themselves"),
        (f"{POP_TEXT} Try some lemon.", "“lemon” is about illness or treatment"),
        (f"{POP_TEXT} Removal is on the house.", "names a price"),
        (f"{POP_TEXT} There is no need to see anybody.", "keeps somebody from being seen"),
        (f"{POP_TEXT} The staff call you back today.", "says when somebody gets in touch"),
        ("Please leave them to the clinic.", "no longer says not to squeeze or scrape them (M9"),
        (
            "You can squeeze them gently. It may scar the skin or cause an infection. Don't scrape.",
            "may do it themselves",
        ),
        (f"{POP_TEXT} {'Please ask ' * 14}us.", "A sentence has"),
        (f"{POP_TEXT} {'Dermatological consultations necessitate comprehensive preliminaries. ' * 2}", "school grade"),
        (f"{POP_TEXT} See shop.xyz.", "without https:// in front"),
        (f"{POP_TEXT} See https://shop.xyz\\@www.clinic.example/.", "no plain web address"),
        (f"{POP_TEXT} See https://www.clinic.example@shop.xyz.", "no plain web address"),
        (f"{POP_TEXT} See https://www.clinic.example:8443/.", "no plain web address"),
        (f"{POP_TEXT} Yours are h\u0430rmless.", "а (cyrillic small letter a)"),
        (f"{POP_TEXT} Your bumps are h\u00e1rmless.", "gives a verdict"),
        (f"{POP_TEXT} See shop\u3002com.", "ideographic full stop"),
        (f"{POP_TEXT} {{call_clinic}} \u3164\u2800", "hangul filler"),
        (f"{POP_TEXT} \u0336", "combining long stroke overlay"),
        ("\u00a1!", "It has no words"),
        (f"{POP_TEXT} You don't need a doctor.", "keeps somebody from being seen"),
        (f"{POP_TEXT} Stay at home.", "says to do nothing"),
        (f"{POP_TEXT} It is free.", "names a price"),
        (f"{POP_TEXT} Use a clean sharp blade.", "may do it themselves"),
        (f"{POP_TEXT} In an emergency, come to us.", "does not name 911"),
        (f"{POP_TEXT} Text STOP.", "phone companies act"),
        ("x" * 601, "characters, 600 are the limit"),
    ],
)
def test_what_nobody_may_read_is_stopped(text: str, said: str) -> None:
    assert said in found(POP, text)


@pytest.mark.parametrize(
    ("response", "text", "said"),
    [
        ("utter_faq/are_milia_harmful", "Milia are harmful. I can't judge yours.", "that they are not harmful"),
        (
            "utter_faq/are_milia_harmful",
            "Milia are not harmful, but they are dangerous.",
            "opposite of the clinic's page",
        ),
        ("utter_faq/need_removal", "They are harmless, but you must have them removed. No doubt.", "must be removed"),
        (
            "utter_faq/retinol_use",
            "Put a small amount of retinol on the eyelids in the evening.",
            "keep it away from them",
        ),
        ("utter_uncovered/go_away_on_own", "Milia go by themselves.", "something is not so"),
        ("utter_not_stored", "All is stored, thank you. Or {call_clinic}.", "something is not so"),
        ("utter_ask_confirmation", "Shall I send it for {contact_name}?", "has to keep {preferred_time}"),
    ],
)
def test_what_an_answer_rests_on_cannot_be_turned_round(response: str, text: str, said: str) -> None:
    assert said in found(response, text)


@pytest.mark.parametrize(
    ("response", "text", "said"),
    [
        (EMERGENCY, "This sounds bad. Please go to an emergency room now.", "keep “911”"),
        (EMERGENCY, "You can't wait. Call 911 now, only if it never passes.", "that it may be nothing"),
        (EMERGENCY, "Call 911 now. It is surely not serious.", "what it is not"),
        (EMERGENCY, "This sounds like an emergency. Call 911 now. It is hardly ever serious.", "what it is not"),
        (EMERGENCY, "Don't wait. Call 911 now and take an antihistamine.", "“antihistamine” is about illness"),
        (EMERGENCY, "No need to call 911 now.", "keeps somebody from calling for help"),
        (EMERGENCY, "You can call 911 when you like, or tomorrow. Do it at once.", "says that it can wait"),
        ("utter_safety/self_harm", "I'm so sorry. Please call 911 now.", "keep “988”"),
        ("utter_safety/changing_lesion", "Please {call_clinic} if you like.", "that the spot should be looked at"),
        ("utter_safety/infection_or_injury", "See a doctor. Call 911 with fever. Or {call_clinic}.", "be seen soon"),
        ("utter_turn_failed", "It may not have got through. Or {call_clinic}.", "keep “911”"),
        ("utter_sms_opted_out", "{clinic_name}: no more texts.", "keep “START”"),
    ],
)
def test_wording_for_danger_and_for_carriers_keeps_its_words(response: str, text: str, said: str) -> None:
    channel = SMS if response.startswith("utter_sms") else WEB
    problems = check_answer([Wording(channel, text)], standard(response), values(LONG))
    assert said in " ".join(problem.said for problem in stopping(problems))


def test_a_text_message_is_measured_with_the_longest_values() -> None:
    text = f"{POP_TEXT} {'The clinic can remove them safely. ' * 5}"
    assert found(POP, f"{text}Ask us.", SMS) == ""
    assert "3 segments (3" in found(POP, f"{text}You can {{call_clinic}}. {{clinic_name}} can help you here.", SMS)
    assert "more than twice as much" in found(POP, f"{POP_TEXT} 😀", SMS)


def test_new_words_are_for_the_second_person_to_weigh() -> None:
    wordings = [Wording(WEB, f"{POP_TEXT} Not even with clean hands."), *standard(POP).shipped[2:]]
    (problem,) = check_answer(wordings, standard(POP), values(LONG))
    assert not problem.stops
    assert "“clean”, “hands”" in problem.said


def test_each_channel_has_one_to_four_different_ways() -> None:
    web, sms = standard(POP).shipped[0], standard(POP).shipped[2]
    said = [problem.said for problem in check_answer([web, web], standard(POP), values(LONG))]
    assert said == [
        "Two ways to say it as a website are the same. Leave one of them empty.",
        "There has to be at least one way to say it as a text message.",
    ]
    five = [Wording(WEB, f"{POP_TEXT}{' Please.' * number}") for number in range(5)]
    assert "may be 4 ways" in check_answer([*five, sms], standard(POP), values(LONG))[0].said
    only_sms = check_answer([web, *standard("utter_sms_more").shipped], standard("utter_sms_more"), values(LONG))
    assert "This is never sent as a website." in [problem.said for problem in only_sms]


def test_what_cannot_be_seen_hides_no_word() -> None:
    assert tidied("It  costs \uff0450\u200b,\nno\u00ad w. “Yes”") == 'It costs $50, no w. "Yes"'
    assert "names a price" in found(POP, tidied(f"{POP_TEXT} It costs \uff0450."))


def test_the_reading_age_is_that_of_the_grade() -> None:
    assert reading_age("We go.") == 6
    assert reading_age("Comprehensive preliminary investigations necessitate consultations.") > 14

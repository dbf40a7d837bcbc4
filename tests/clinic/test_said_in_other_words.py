"""A verdict, a price, a promise, praise and a duration are stopped however they are put, and harmless words are not."""

import pytest

from tests.clinic.test_answer_checks import POP, POP_TEXT, found, standard

VERDICT = "gives a verdict"
PRICE = "names a price"
PROMISE = "promises a result"
PRAISE = "praises the clinic"
DURATION = "says how long or how often"


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("What you describe sounds like milia.", VERDICT),
        ("Looks like milia.", VERDICT),
        ("It looks very much like milia.", VERDICT),
        ("Those bumps are nothing but milia.", VERDICT),
        ("Yours are surely harmless.", VERDICT),
        ("That is definitely milia.", VERDICT),
        ("That's clearly just milia.", VERDICT),
        ("Those little white bumps are only milia.", VERDICT),
        ("Yours are not milia.", VERDICT),
        ("Your bumps aren't dangerous.", VERDICT),
        ("Your little bumps may well be dangerous.", VERDICT),
        ("What you tell me points to milia.", VERDICT),
        ("You surely have milia.", VERDICT),
        ("What you have there is milia.", VERDICT),
        ("You're dealing with milia.", VERDICT),
        ("Your bumps can't be dangerous.", VERDICT),
        ("There is no danger.", VERDICT),
        ("There is no reason to worry.", VERDICT),
        ("There is no need for concern.", VERDICT),
        ("You needn't be alarmed.", VERDICT),
        ("The first visit is free this week.", PRICE),
        ("Ask for a free first visit.", PRICE),
        ("First visit free.", PRICE),
        ("Most people pay little.", PRICE),
        ("It is free of charge.", PRICE),
        ("Ask for a discount.", PRICE),
        ("There is no extra cost.", PRICE),
        ("Removal is affordable.", PRICE),
        ("It is inexpensive.", PRICE),
        ("It is not very expensive.", PRICE),
        ("It doesn't cost much.", PRICE),
        ("We remove them for less.", PRICE),
        ("It takes fifty dollars.", PRICE),
        ("Removal costs about fifty.", PRICE),
        ("We charge nothing.", PRICE),
        ("We remove them for fifty.", PRICE),
        ("We don't charge for it.", PRICE),
        ("Our rates are low.", PRICE),
        ("Our prices are fair, at a low rate.", PRICE),
        ("You will love the result.", PROMISE),
        ("You'll be so happy with it.", PROMISE),
        ("You won't regret it.", PROMISE),
        ("You get the best results here.", PROMISE),
        ("Then you have perfect skin.", PROMISE),
        ("It is painless.", PROMISE),
        ("It is done without any pain.", PROMISE),
        ("Removal is not painful.", PROMISE),
        ("It hardly hurts.", PROMISE),
        ("It always works.", PROMISE),
        ("Your skin will be flawless.", PROMISE),
        ("We cure milia.", PROMISE),
        ("They come off for good.", PROMISE),
        ("They are away forever.", PROMISE),
        ("Our clinic is the best in town.", PRAISE),
        ("We are the leading experts.", PRAISE),
        ("It takes ten minutes.", DURATION),
        ("It is a ten-minute visit.", DURATION),
        ("It is done in half an hour.", DURATION),
        ("One visit is enough, or two or three visits.", DURATION),
        ("Two or three visits are enough.", DURATION),
        ("The skin needs a few days.", DURATION),
        ("It takes an hour.", DURATION),
        ("It is done in seconds.", DURATION),
    ],
)
def test_verdicts_prices_promises_and_durations_are_stopped_however_they_are_put(sentence: str, said: str) -> None:
    assert said in found(POP, f"{POP_TEXT} {sentence}")


def test_a_duration_that_the_wording_came_with_may_be_said() -> None:
    shipped = standard("utter_turn_failed")
    assert any("in a minute" in each.text for each in shipped.shipped)
    text = "Sorry, did that get through? Send it in a minute. Or {call_clinic}. In an emergency, call 911."
    assert "in a minute" not in found("utter_turn_failed", text)
    assert "“in a week”" in found("utter_turn_failed", text.replace("a minute", "a week"))


@pytest.mark.parametrize(
    "sentence",
    [
        "Milia are harmless cysts.",
        "Milia look like small white bumps.",
        "They are harmless, so the choice is yours.",
        "Many people have them.",
        "I can't say what your bump is.",
        "Only somebody who sees your skin can say whether yours are milia.",
        "I can't tell if what you describe is milia.",
        "Other bumps can look like milia.",
        "If you have milia, ask the clinic.",
        "Please feel free to ask.",
        "Use a soap that is fragrance-free.",
        "I have no prices here.",
        "I don't know what it costs, and I don't want to guess.",
        "Ask the staff whether it is free.",
        "Nobody here knows if it is expensive.",
        "Tell me which days are free for you.",
        "Which time suits you best?",
        "The best way is to ask the clinic.",
        "Would you love to ask more?",
        "Nobody can promise that they are gone for good.",
        "There is good reason to leave them alone, for good reasons.",
        "I can't say how many minutes it takes.",
        "Which day of the week is easy for you?",
        "A visit is a good idea.",
        "Take your time.",
        "Would one of these days suit you?",
        "This is what the page says.",
        "That is fine.",
        "For one, please do not squeeze them.",
        "It's not clear from here what your bumps are.",
        "Please show a spot that changes to the clinic.",
        "The staff know what it costs.",
        "They can look at your bumps.",
        "A visit can show what your bumps are.",
        "It looks like that did not get through.",
        "How long it takes is not on the page.",
        "Ask me two questions at once if you like.",
        "Your own words are fine.",
    ],
)
def test_harmless_words_stay_allowed(sentence: str) -> None:
    assert found(POP, f"{POP_TEXT} {sentence}") == ""

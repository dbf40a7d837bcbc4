"""The explicit way to a safety label: danger in plain words, and silence at idioms and denials."""

import pytest

from nlu.safety_phrases import SafetyPhrases
from nlu.text_cleaning import clean_text

PHRASES = SafetyPhrases()


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("i cant breathe", "safety/emergency"),
        ("I can't see anything", "safety/emergency"),
        ("can't see anything on my left side", "safety/emergency"),
        ("me cuesta trabajo respirar", "safety/emergency"),
        ("I can’t breathe properly since the cream", "safety/emergency"),
        ("my throat is swelling shut", "safety/emergency"),
        ("He passed out in the kitchen", "safety/emergency"),
        ("stop, my tongue is swelling", "safety/emergency"),
        ("she is not breathing", "safety/emergency"),
        ("no puedo respirar", "safety/emergency"),
        ("se me hincha la lengua", "safety/emergency"),
        ("no me deja de sangrar, no para", "safety/emergency"),
        ("i want to kill myself", "safety/self_harm"),
        ("there's no point living like this", "safety/self_harm"),
        ("I don't want to live anymore", "safety/self_harm"),
        ("quiero morirme", "safety/self_harm"),
        ("I'd rather die than keep living like this", "safety/self_harm"),
        ("id rather die than wake up tomorrow", "safety/self_harm"),
        ("I want to disappear for good", "safety/self_harm"),
        ("with these bumps i want to disappear forever", "safety/self_harm"),
        ("my phone is dead and i want to die", "safety/self_harm"),
        ("i changed my mind, i want to die", "safety/self_harm"),
        ("no reason to live", "safety/self_harm"),
        ("don't want to wake up", "safety/self_harm"),
        ("I need the suicide hotline", "safety/self_harm"),
        ("i'm going to die if nobody finds me", "safety/self_harm"),
        ("gonna kms outside your clinic", "safety/self_harm"),
        ("ya no quiero seguir viviendo", "safety/self_harm"),
        ("I picked it and now it is red and swollen", "safety/infection_or_injury"),
        ("there is pus coming out", "safety/infection_or_injury"),
        ("i picked it monday and now it is red", "safety/infection_or_injury"),
        ("i picked a spot and now it's red and swollen", "safety/infection_or_injury"),
        ("this mole doubled in size", "safety/changing_lesion"),
        ("this spot changed to black", "safety/changing_lesion"),
        ("a sore that won't heal", "safety/changing_lesion"),
    ],
)
def test_danger_is_heard(text: str, label: str) -> None:
    assert PHRASES.find(clean_text(text)) == label


@pytest.mark.parametrize(
    "text",
    [
        "",
        "...",
        "nothing bleeding, nothing swollen, just curious",
        "No redness, no swelling, it is only ugly",
        "these dots will be the death of me",
        "I'd die of embarrassment",
        "I'm dying to get rid of these",
        "would kill for an appointment this week",
        "my phone died",
        "what are milia",
        "is it bleeding edge technology",
        "it has never bled and isn't growing",
        "yes I want it changed, go",
        "it won't let me send this",
        "the thing won't load",
    ],
)
def test_idioms_and_denials_raise_nothing(text: str) -> None:
    assert PHRASES.find(clean_text(text)) is None


@pytest.mark.parametrize(
    "text",
    [
        "I'd rather not say who I am",
        "anonymous please",
        "no reason you should need to ask where i live",
        "no reason to ask where i live",
        "i dont want live chat",
        "it's not worth my life savings",
        "these forms take half my life",
        "I don't want to be here all day",
        "I don't want to wake my baby, text only",
        "i do not wake up early, afternoons",
        "I'm done with this form, end it here",
        "i want to go on with the form, sorry for the pause",
        "i live 20 kms away",
        "I blacked out my name on the photo",
        "i can't see anything open on friday",
        "i can't see anything on the form",
        "lost my vision insurance card",
        "i'm going blue cross next year",
        "my temp address is 105 oak st",
        "i picked a time and it went red",
        "I picked Tuesday and now the button is red",
        "got a spot friday, changed my mind",
        "can my spot be changed",
        "any spot with dr black",
        "ya no quiero seguir con el formulario",
        "me falta salir del trabajo",
    ],
)
def test_talk_about_the_form_and_the_booking_raises_nothing(text: str) -> None:
    assert PHRASES.find(clean_text(text)) is None


@pytest.mark.parametrize(
    "text",
    [
        "going to die of old age before this form ends",
        "gonna die of heat in that waiting room",
        "i'm going to die waiting for your callback",
        "I'm going to die laughing",
        "gonna die if my mom finds out",
        "omg chill im not gonna die",
        "dying over here",
        "i'd rather die than give you my number",
        "i'd rather die than be seen like this",
        "rather be dead than wear that dress",
        "my battery is gonna die",
        "my phone's going to die",
        "killing me with these fees",
        "your fees won't stop bleeding us dry",
        "I want these bumps to disappear forever",
        "make them disappear for good",
        "me voy a morir de risa",
    ],
)
def test_exaggeration_raises_nothing(text: str) -> None:
    assert PHRASES.find(clean_text(text)) is None


def test_the_most_urgent_of_several_wins() -> None:
    assert PHRASES.find("i picked it and now it is swollen and i can't breathe") == "safety/emergency"


def test_a_denial_in_another_clause_does_not_cover_a_danger() -> None:
    assert PHRASES.find("no redness but my throat is swelling") == "safety/emergency"

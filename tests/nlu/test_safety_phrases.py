"""The explicit way to a safety label: danger in plain words, and silence at idioms and denials."""

import pytest

from nlu.safety_phrases import SafetyPhrases
from nlu.text_cleaning import clean_text

PHRASES = SafetyPhrases()


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("i cant breathe", "safety/emergency"),
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
        ("I picked it and now it is red and swollen", "safety/infection_or_injury"),
        ("there is pus coming out", "safety/infection_or_injury"),
        ("this mole doubled in size", "safety/changing_lesion"),
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
    ],
)
def test_idioms_and_denials_raise_nothing(text: str) -> None:
    assert PHRASES.find(clean_text(text)) is None


def test_the_most_urgent_of_several_wins() -> None:
    assert PHRASES.find("i picked it and now it is swollen and i can't breathe") == "safety/emergency"


def test_a_denial_in_another_clause_does_not_cover_a_danger() -> None:
    assert PHRASES.find("no redness but my throat is swelling") == "safety/emergency"

import pytest

from clinic.sms_text import GSM_BASIC, GSM_EXTENSION, characters_outside_gsm, segments, septets


def test_the_alphabet_has_the_sizes_of_the_standard() -> None:
    # 128 code points less the escape to the extension table; ten extension characters.
    assert len(GSM_BASIC) == 127
    assert len(GSM_EXTENSION) == 10
    assert not GSM_BASIC & GSM_EXTENSION


def test_plain_text_takes_one_septet_a_character() -> None:
    assert septets("Call 911 now.") == 13


@pytest.mark.parametrize("character", sorted(GSM_EXTENSION))
def test_an_extension_character_takes_two_septets(character: str) -> None:
    assert septets(f"a{character}b") == 4


@pytest.mark.parametrize("character", ["é", "ñ", "¿", "ü", "à", "Ñ", "É", "£", "Δ"])
def test_accented_letters_of_the_alphabet_take_one_septet(character: str) -> None:
    assert septets(character) == 1


@pytest.mark.parametrize("character", ["á", "í", "ó", "ú", "’", "–", "…", "ç", "😀", "\t"])
def test_a_character_outside_the_alphabet_has_no_septets(character: str) -> None:
    assert septets(f"ok {character}") is None
    assert characters_outside_gsm(f"ok {character}{character}") == [character]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 0),
        ("a", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("á" * 70, 1),
        ("á" * 71, 2),
        ("á" * 134, 2),
        ("á" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_segments_follow_the_limits_of_the_standard(text: str, parts: int) -> None:
    assert segments(text) == parts


def test_one_curly_apostrophe_turns_a_short_text_into_two_segments() -> None:
    assert segments("a" * 71) == 1
    assert segments("a" * 70 + "’") == 2


def test_an_extension_character_is_not_split_between_segments() -> None:
    # 152 + the pair leaves one septet of the first part unused, so 306 septets no longer fit two parts.
    text = "a" * 152 + "€" + "a" * 152
    assert septets(text) == 306
    assert segments(text) == 3


def test_a_surrogate_pair_is_not_split_between_segments() -> None:
    assert segments("á" * 66 + "😀" + "á" * 66) == 3

"""A name that is known already, after the visitor spells it, adds to it, repeats it or gives another."""

from __future__ import annotations

import pytest

from clinic.readings.name_changes import changed_name, merged_name
from clinic.readings.spellings import respelled
from tests.clinic.name_answers import NAMES, NO_NAMES

RESPELLED = [
    ("John", "it's Jon without the h", "Jon"),
    ("John Miller", "Jon without an h", "Jon Miller"),
    ("Catherine", "that's Katherine with a K", "Katherine"),
    ("Catherine Jones", "katherine with a k", "Katherine Jones"),
    ("Catherine Jones", "with a k", "Katherine Jones"),
    ("Smith", "Smyth with a y", "Smyth"),
    ("Anna Smith", "smith with a y", "Anna Smyth"),
    ("Lena Brant", "no, B-R-A-N-D-T", "Lena Brandt"),
    ("Lena Brant", "b r a n d t", "Lena Brandt"),
    ("Lena Brant", "its spelled b.r.a.n.d.t", "Lena Brandt"),
    ("Lena Brant", "B as in boy, R as in red, A as in apple, N as in nancy, D as in dog, T as in tom", "Lena Brandt"),
    ("Lena Brant", "last name is spelled B R A N D T", "Lena Brandt"),
    ("Ana Philips", "two Ls in Philips", "Ana Phillips"),
    ("Ana Philips", "Phillips with two l's", "Ana Phillips"),
    ("Ana Phillips", "only one l", "Ana Philips"),
    ("Mat Fox", "Matt with two t's", "Matt Fox"),
    ("Mat Fox", "double t", "Matt Fox"),
    ("Sara Lee", "Sarah with an h", "Sarah Lee"),
    ("Sara Lee", "with an h", "Sarah Lee"),
    ("Sarah Lee", "no h", "Sara Lee"),
    ("Brian Cole", "bryan with a y not an i", "Bryan Cole"),
    ("Brian Cole", "brian with a y", "Bryan Cole"),
    ("Ann Wu", "Anne with an e", "Anne Wu"),
    ("Eric Stone", "k not c", "Erik Stone"),
    ("Steven Cho", "Stephen with a ph", "Stephen Cho"),
    ("Lena Brant", "Brandt not Brant", "Lena Brandt"),
    ("Lena Brant", "not Brant, Brandt", "Lena Brandt"),
    ("Lena Brant", "it's Brandt", "Lena Brandt"),
    ("Lena Brant", "its spelled brandt", "Lena Brandt"),
    ("Lena Brant", "sorry, Brandt", "Lena Brandt"),
    ("Ian Mcdonald", "McDonald with a capital D", "Ian McDonald"),
    ("Lena Brandt", "change Lena to Leena", "Leena Brandt"),
    ("Filip", "its with a ph", "Philip"),
    ("Shawn", "it's Sean, s e a n", "Sean"),
    ("Obrien", "O'Brien with an apostrophe", "O'Brien"),
    ("Jose Vega", "José with an accent", "José Vega"),
    ("Kris Lopes", "L-O-P-E-Z", "Kris Lopez"),
    ("Lena Brant", "L-E-N-A B-R-A-N-D-T", "Lena Brandt"),
    ("Jon Miler", "M-I-double L-E-R", "Jon Miller"),
]


@pytest.mark.parametrize(("name", "text", "right"), RESPELLED)
def test_a_name_takes_the_spelling_that_is_said(name: str, text: str, right: str) -> None:
    assert respelled(name, text) == right


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Lena Brandt", "you spelled it wrong"),
        ("Lena Brandt", "that's not how you spell my name"),
        ("Brian Cole", "no i want friday"),
        ("Brian Cole", "can I come with a friend"),
        ("Brian Cole", "I need an appointment with a doctor"),
        ("Lena Brandt", "it's wrong"),
        ("Lena Brandt", "X-Y-Z"),
        ("Lena Brandt", "yes"),
        ("Lena Brandt", ""),
        ("Lena Brandt", "u r a bot"),
        ("Lena Brandt", "my name is spelled wrong"),
        ("Hannah Hill", "without the q"),
        ("Lena Brandt", "no it's not"),
        ("Geoff", "jeff with a g"),
        ("Ana Lee", "at 2 p.m. on a friday"),
        ("Ana Lee", "there are two in the corner"),
        ("", "with a k"),
    ],
)
def test_an_unclear_spelling_changes_no_name(name: str, text: str) -> None:
    assert respelled(name, text) is None


EVERYDAY = [
    "can i come with a friend",
    "without a doubt",
    "tuesday at 2 p.m. please",
    "2 a.m. is too late",
    "2pm or 3 p",
    "i have two is that ok",
    "can i do it not at 3",
    "do not be late",
    "can u see me with u or dr ruiz",
    "it's fine",
    "no, friday",
    "no i want to change the time",
    "its ok",
    "it's for my son",
    "yes that's right",
    "I'd like an appointment with a dermatologist",
    "not friday, thursday",
    "it's under my eye",
    "change friday to thursday",
    "sorry, tuesday",
    "i meant tuesday",
    "is it a b or a c",
    "i am a d student",
    "one more question",
    "my number is three one two five five five oh one oh one",
    "it's on the lid, not the cheek",
    "how about one?",
    "thanks a lot",
    "u r so nice",
    "actually later",
]


@pytest.mark.parametrize("text", EVERYDAY)
def test_an_everyday_message_respells_nobody(text: str) -> None:
    assert {name: respelled(name, text) for name in NAMES if respelled(name, text)} == {}


@pytest.mark.parametrize(
    "name", ["Dana Fox", "Max", "Philip Cole", "Ana Lee", "Tim Burns", "Mary K. Jones", "Will Long"]
)
def test_no_answer_without_a_name_respells_one(name: str) -> None:
    assert {text: respelled(name, text) for text in NO_NAMES if respelled(name, text)} == {}


MERGED = [
    ("Lena", "Brandt", "my last name is Brandt", "Lena Brandt"),
    ("Lena", "Brandt", "surname Brandt", "Lena Brandt"),
    ("Lena", "Brandt", "mi apellido es Brandt", "Lena Brandt"),
    ("Lena Fox", "Brandt", "my last name is Brandt", "Lena Brandt"),
    ("Brandt", "Lena", "first name is Lena", "Lena Brandt"),
    ("Nora Quinn", "Nora", "Nora", "Nora Quinn"),
    ("Nora Quinn", "nora", "it's nora", "Nora Quinn"),
    ("Nora Quinn", "Mrs. Quinn", "Mrs. Quinn", "Nora Quinn"),
    ("Lena", "Lena Brandt", "Lena. Lena Brandt", "Lena Brandt"),
    ("Nora Q.", "Nora Quinn", "Nora Quinn", "Nora Quinn"),
    ("Nora Quinn", "Nora Q.", "Nora Q.", "Nora Quinn"),
    ("Nora Quinn", "Dana Fox", "actually it's Dana Fox", "Dana Fox"),
    ("Lena", "Maria", "no, my name is Maria", "Maria"),
    ("Lena", "Brandt", "Brandt", "Lena Brandt"),
    ("Catherine Jones", "Katherine", "it's Katherine", "Katherine Jones"),
    ("nora quinn", "Nora Quinn", "Nora Quinn", "Nora Quinn"),
    ("Ana Quinn", "Maria", "middle name Maria", "Ana Maria Quinn"),
    ("Maria de la Cruz", "Vega", "my last name is now Vega", "Maria Vega"),
    ("Lena", "Lena Brandt", "last name Brandt, Lena Brandt", "Lena Brandt"),
    ("Mrs. Patel", "Asha Patel", "Asha Patel", "Asha Patel"),
]


@pytest.mark.parametrize(("known", "given", "text", "name"), MERGED)
def test_a_known_name_and_a_given_one_make_one(known: str, given: str, text: str, name: str) -> None:
    assert merged_name(known, given, text) == name


@pytest.mark.parametrize(
    ("known", "text", "given", "name"),
    [
        ("Lena", "my last name is Brandt", None, "Lena Brandt"),
        ("Lena", "last name Brandt", None, "Lena Brandt"),
        ("Lena", "Brandt is my last name", None, "Lena Brandt"),
        ("Lena", "my last name is van der Berg", None, "Lena van der Berg"),
        ("Lena Brant", "Brandt with a d", None, "Lena Brandt"),
        ("Lena", "tuesday at 3", None, None),
        (None, "my last name is Brandt", None, "Brandt"),
        (None, "Lena Brandt", "Lena Brandt", "Lena Brandt"),
        ("Lena", "why do you need my last name", None, None),
    ],
)
def test_a_message_changes_the_known_name(known: str | None, text: str, given: str | None, name: str | None) -> None:
    assert changed_name(known, text, given) == name


@pytest.mark.parametrize(
    ("known", "text", "given", "right"),
    [
        ("Cal Reuter", "my name is Carl Reuter not Cal", "Carl Reuter", "Carl Reuter"),
        ("Cal Reuter", "its carl not cal", "Carl", "Carl Reuter"),
        ("Cal Reuter", "it's Carl, not Cal", "Carl", "Carl Reuter"),
        ("Cal Reuter", "Carl, not Cal Reuter", None, "Carl Reuter"),
        ("Cal Reuter", "it's Carl Reuter, not Cal Reuter", "Carl Reuter", "Carl Reuter"),
        ("Cal Reuter", "Carl instead of Cal please", None, "Carl Reuter"),
        ("Cal Reuter", "not Cal, Carl Reuter", None, "Carl Reuter"),
        ("Cal Reuter", "not cal. its carl", "Carl", "Carl Reuter"),
        ("Cal Reuter", "change Cal Reuter to Carl Reuter", None, "Carl Reuter"),
        ("Cal Reuter", "change my name to Carl Reuter", "Carl Reuter", "Carl Reuter"),
        ("Cal Reuter", "Bob Miller not Cal Reuter", None, "Bob Miller"),
        ("Cal Reuter", "Reiter rather than Reuter", None, "Cal Reiter"),
        ("Cal", "Carl Reuter not Cal", None, "Carl Reuter"),
        ("Maria Lopez Garcia", "Ana Maria not Maria", None, "Ana Maria Lopez Garcia"),
        ("Lena Brandt", "my last name is Brant, not Brandt", "Brant", "Lena Brant"),
        ("Jan van der Berg", "van den Berg not van der Berg", None, "Jan van den Berg"),
    ],
)
def test_a_name_that_is_set_against_the_known_one_takes_its_place_once(
    known: str, text: str, given: str | None, right: str
) -> None:
    assert changed_name(known, text, given) == right


@pytest.mark.parametrize(
    "text",
    ["not Cal", "Cal Reuter not Carl", "i said Cal, not Carl", "im Cal not a bot", "Reuter not Cal", "not today"],
)
def test_nothing_is_exchanged_where_no_known_word_is_called_wrong(text: str) -> None:
    assert changed_name("Cal Reuter", text, None) is None

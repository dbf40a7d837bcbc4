"""Whom an appointment is for, and who writes, in the words people use for it."""

from __future__ import annotations

import pytest

from clinic.readings.patients import SELF, Patient, contact_name, read_patient, read_patient_name

FOR_ANOTHER = [
    ("I want to book for my son Max", "son", ("Max",)),
    ("appointment for my 4 year old", "child", ()),
    ("its for my mom, Rosa Delgado", "mother", ("Rosa Delgado",)),
    ("for my daughters Ana and Mia", "daughter", ("Ana", "Mia")),
    ("my husband needs to come in", "husband", ()),
    ("for my kid not me", "child", ()),
    ("booking on behalf of my father Stan Nowak", "father", ("Stan Nowak",)),
    ("I'm Dana Fox, booking for my son Max", "son", ("Max",)),
    ("Max Fox is my son's name", "son", ("Max Fox",)),
    ("Max is my son", "son", ("Max",)),
    ("patient: Max Fox, DOB 3/4/2019", None, ("Max Fox",)),
    ("Patient name: Max Fox", None, ("Max Fox",)),
    ("pt: Gladys Moore dob 1/2/1938", None, ("Gladys Moore",)),
    ("his name is Max", None, ("Max",)),
    ("her name is lucia", None, ("Lucia",)),
    ("my son's name is Max Fox", "son", ("Max Fox",)),
    ("my sons name is max", "son", ("Max",)),
    ("my daughter is called Wren", "daughter", ("Wren",)),
    ("My son is Max", "son", ("Max",)),
    ("can i get an appt 4 my daughter pls", "daughter", ()),
    ("Good afternoon. I would like to schedule a visit for my granddaughter Lily.", "granddaughter", ("Lily",)),
    ("its for my grandson, tyler", "grandson", ("Tyler",)),
    ("no its not for me its for my wife", "wife", ()),
    ("not me, my husband", "husband", ()),
    ("it's for my mother in law", "relative", ()),
    ("for mom", "mother", ()),
    ("its for my dad", "father", ()),
    ("It's for my baby, she's 6 weeks old", "baby", ()),
    ("need a appointment for my 6 month old", "baby", ()),
    ("for my newborn daughter", "daughter", ()),
    ("my little girl needs to be seen", "daughter", ()),
    ("My 3 yr old son needs an appointment", "son", ()),
    ("my kids Leo and Mia need appointments", "child", ("Leo", "Mia")),
    ("for my son Max and my daughter Mia", "child", ("Max", "Mia")),
    ("can my daughter come in friday", "daughter", ()),
    ("can you see my son tomorrow?", "son", ()),
    ("can i bring my daughter in", "daughter", ()),
    ("I'd like to bring my mom in to be seen", "mother", ()),
    ("book my son in please", "son", ()),
    ("my son has bumps under his eyes can i book him in", "son", ()),
    ("My baby has white bumps on her nose, can I make an appointment?", "baby", ()),
    ("my friend wants an appointment", "friend", ()),
    ("booking for a friend", "friend", ()),
    ("I'm a nurse at Oakwood, booking for one of our residents, Mr. Hal Stone", "patient", ("Hal Stone",)),
    ("I am calling on behalf of a patient of mine", "patient", ()),
    ("appointment for my patient Gladys Moore please", "patient", ("Gladys Moore",)),
    ("para mi hijo Mateo", "son", ("Mateo",)),
    ("quiero una cita para mi mamá", "mother", ()),
    ("mi esposo necesita una cita", "husband", ()),
    ("es para mi hija", "daughter", ()),
    ("it's for Max, my son", "son", ("Max",)),
    ("It's for Max, he's 4", None, ("Max",)),
    ("this is Max's mom", "child", ("Max",)),
    ("I'm his mother", "child", ()),
    ("appointment for my son's milia", "son", ()),
    ("it's for my sister's son", "other", ()),
    ("it's for someone else", "other", ()),
    ("not for me", "other", ()),
    ("for my boyfriend jake", "partner", ("Jake",)),
    ("this is for my daugther", "daughter", ()),
    ("For my wife Nguyễn Thị Lan", "wife", ("Nguyễn Thị Lan",)),
    ("the patient is my son Max Fox", "son", ("Max Fox",)),
    ("my mom would like to make an appointment", "mother", ()),
    ("FOR MY SON MAX", "son", ("Max",)),
    ("my aunt wants to get some milia removed", "aunt", ()),
    ("for my son, friday at 3", "son", ()),
    ("for my daughter grace", "daughter", ("Grace",)),
    ("for my husband monday", "husband", ()),
    ("i want my son to get checked", "son", ()),
    ("its my daughter who needs it", "daughter", ()),
    ("my brother also wants one", "brother", ()),
    ("and one for my daughter too", "daughter", ()),
    ("Rosa Delgado, she's my mom", "mother", ("Rosa Delgado",)),
    ("I'm the caregiver of Gladys Moore", "patient", ("Gladys Moore",)),
    ("this is Dana, Max's mom", "child", ("Max",)),
    ("i am booking on behalf of Stan Nowak", None, ("Stan Nowak",)),
    ("its for her", "other", ()),
    ("my mother Rosa", "mother", ("Rosa",)),
    ("my dad isnt good with phones so im booking for him", "father", ()),
    ("My mother is 82 and has bumps near her eyes. Could she be seen this week?", "mother", ()),
    ("my daughter is 3 and has milia, i want an appointment", "daughter", ()),
    ("My patient John Doe DOB 1/1/1950 needs removal", "patient", ("John Doe",)),
    ("I'd like to book for Max Fox, I'm his mom Dana Fox", "child", ("Max Fox",)),
    ("I'm the patient's mother, Dana Fox", "child", ()),
    ("for both of my kids", "child", ()),
    ("for my son max fox, 312-555-0100", "son", ("Max Fox",)),
    ("my sun max needs an appointment", "son", ("Max",)),
    ("book my sun Leo in please", "son", ("Leo",)),
    ("can my sun max come in friday", "son", ("Max",)),
    ("appointment re: resident Mr. Alvarez", "patient", ("Mr. Alvarez",)),
    ("re: patient Gladys Moore, needs a visit", "patient", ("Gladys Moore",)),
    ("for hubby", "husband", ()),
    ("appt 4 daughter, 11, Mia Santos, after school", "daughter", ("Mia Santos",)),
    ("my daughter (3) Mia needs an appointment", "daughter", ("Mia",)),
    ("for my son 4pm friday", "son", ()),
    ("for my son Max, 4 pm", "son", ("Max",)),
    ("appt for husband", "husband", ()),
    ("for my lil one", "baby", ()),
    ("appt for my lil one leo", "baby", ("Leo",)),
]


@pytest.mark.parametrize(("text", "relation", "names"), FOR_ANOTHER)
def test_whom_it_is_for_is_read(text: str, relation: str | None, names: tuple[str, ...]) -> None:
    assert read_patient(text) == Patient(relation, names)


@pytest.mark.parametrize(
    "text",
    [
        "it's for me",
        "no it's for myself",
        "me",
        "for me",
        "myself",
        "just me",
        "its for me",
        "nope, just for me",
        "for me please",
        "The appointment is for me.",
        "para mí",
        "es para mi",
        "I'm the patient",
        "no, for me not my son",
        "its for me only",
        "this is for me, Dana Fox",
    ],
)
def test_saying_that_it_is_for_oneself_is_read(text: str) -> None:
    assert read_patient(text) == Patient(SELF)


def test_the_one_who_writes_may_come_as_well() -> None:
    assert read_patient("for me and my son Max") == Patient("son", ("Max",), with_contact=True)
    assert read_patient("it's for myself and my wife") == Patient("wife", with_contact=True)
    assert read_patient("my sister and I want to come in") == Patient("sister", with_contact=True)
    assert read_patient("me and my daughter") == Patient("daughter", with_contact=True)


@pytest.mark.parametrize(
    "text",
    [
        "My son is picking me up at 3",
        "my mom had milia too",
        "my sister said to call you",
        "my friend recommended you",
        "my husband made me book this",
        "is it safe for my baby?",
        "what cream is good for my son",
        "is milia normal for my newborn?",
        "my mom has milia too and I want to book",
        "friday works for me",
        "that's good for me",
        "my daughter can come with me?",
        "I have to pick up my kids at 3",
        "my son has school until 3",
        "thanks for my reminder",
        "it's me, Dana",
        "can you do that for me",
        "my doctor's name is Smith",
        "I'm Dana Fox",
        "Dana Fox",
        "I'm a patient",
        "are you taking new patients",
        "is the doctor good with kids",
        "do you see children?",
        "after I drop off my daughter",
        "it's my mom's birthday on friday",
        "my wife thinks it's milia",
        "hello",
        "",
        "my kid gave me a cold",
        "my boss won't let me off",
        "call my husband at 312-555-0100",
        "my mom will drive me",
        "sorry my baby was crying",
        "a friend told me about you",
        "I can't, I have my kids that day",
        "my cat needs an appointment lol",
        "what's a good gift for my mom",
        "I'm here for milia",
        "my mom wants me to get it checked",
        "bro",
        "my mom wants to know if i can get an appointment",
        "my husband will bring me",
        "i have to pick up my son at 3 so after that",
        "my daughter in law recommended u",
        "my daughter wants to know what time you open",
        "can I bring my mom with me",
        "my baby keeps me up, so afternoons",
        "cancel my husband's dinner",
        "for the milia",
    ],
)
def test_somebody_who_is_only_spoken_of_is_no_patient(text: str) -> None:
    assert read_patient(text) is None


CONTACTS = [
    ("I'm Dana Fox, booking for my son Max", "Dana Fox"),
    ("Dana Fox here, appointment for my mom Rosa Fox", "Dana Fox"),
    ("patient: Max Fox, DOB 3/4/2019", None),
    ("my name is Dana Fox and my daughter is called Mia", "Dana Fox"),
    ("for my son Max Fox, 312-555-0100", None),
    ("Dana Fox, 312-555-0100, it's for my daughter Mia", "Dana Fox"),
    ("It's for Max, my son. I'm Dana.", "Dana"),
    ("this is Max's mom", None),
    ("patient: Max Fox. contact: my name is Dana Fox", "Dana Fox"),
    ("I'm Dana Fox", "Dana Fox"),
    ("for my mom", None),
    ("name: Dana Fox, patient: Max Fox", "Dana Fox"),
    ("Dana Fox, mother of Max Fox", "Dana Fox"),
    ("for my son. my name is dana fox and his name is max", "Dana Fox"),
]


@pytest.mark.parametrize(("text", "name"), CONTACTS)
def test_the_one_who_writes_keeps_their_own_name(text: str, name: str | None) -> None:
    assert contact_name(text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Max", "Max"),
        ("max fox", "Max Fox"),
        ("his name is Max", "Max"),
        ("Ana and Mia", "Ana and Mia"),
        ("it's Mia, she's 4", "Mia"),
        ("my daughter Mia", "Mia"),
        ("Ana, Mia and Leo", "Ana, Mia and Leo"),
        ("why do you need that", None),
        ("idk", None),
        ("my son", None),
        ("no", None),
        ("she is called Wren", "Wren"),
    ],
)
def test_an_answer_to_the_patients_name_is_read(text: str, name: str | None) -> None:
    assert read_patient_name(text) == name


def test_several_names_make_one_text() -> None:
    assert Patient("child", ("Ana", "Mia", "Leo")).name == "Ana, Mia and Leo"
    assert Patient("son").name is None


def test_somebody_may_come_with_the_one_who_writes_without_a_my() -> None:
    assert read_patient("for me and husband") == Patient("husband", (), with_contact=True)


@pytest.mark.parametrize(
    "text",
    ["my sun spots need to be seen", "appointment for my sun damage", "my sun max burned me", "is it safe for son"],
)
def test_the_sun_is_nobody_s_son_without_a_name_and_a_visit(text: str) -> None:
    assert read_patient(text) is None

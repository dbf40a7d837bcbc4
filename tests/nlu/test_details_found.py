"""What the finders take out of messages as visitors write them, and what they leave alone."""

from __future__ import annotations

import pytest

from clinic.readings.finders import find_body_sites, find_details, find_persons, find_times

PERSONS = [
    ("I'm Dana Wells, do they hurt?", "Dana Wells"),
    ("I’m Dana Wells", "Dana Wells"),
    ("my name is anna kowalski", "anna kowalski"),
    ("name's Carmen Ibarra", "Carmen Ibarra"),
    ("this is Bob", "Bob"),
    ("Name: Lena Brandt", "Lena Brandt"),
    ("me llamo José Zieliński", "José Zieliński"),
    ("for me, Lena Brandt, 312-555-0100", "Lena Brandt"),
    ("Luis Ortega 7735550188 want removal any tues", "Luis Ortega"),
    ("can you book me under Daniel Okafor", "Daniel Okafor"),
    ("im maria lopez can i come in", "maria lopez"),
    ("Can I come in?\n\nThanks,\nDana Wells", "Dana Wells"),
    ("Could you call me back? - Rosa Martinez", "Rosa Martinez"),
    ("This is Mrs. Patel", "Mrs. Patel"),
    ("this is Dr. Ana Ruiz, a patient", "Ana Ruiz"),
    ("My name is Siobhán O’Brien.", "Siobhán O'Brien"),
    ("Jean-Luc D'Angelo here, quick question", "Jean-Luc D'Angelo"),
    ("my name is Jan van der Berg and i have milia", "Jan van der Berg"),
    ("my name is Miguel de la Cruz", "Miguel de la Cruz"),
    ("I am Nguyễn Văn Anh", "Nguyễn Văn Anh"),
    ("I am Nguye\u0302\u0303n Va\u0306n Anh", "Nguyễn Văn Anh"),
    ("hey its Priya. can I get these removed?", "Priya"),
    ("my names jamal washington 773 555 0142", "jamal washington"),
    ("yes please. Grace Okonkwo. 312 555 0199.", "Grace Okonkwo"),
    ("312-555-0100 Emma Johnson Friday 3pm", "Emma Johnson"),
    ('"Emma Johnson" <emma@example.com>', "Emma Johnson"),
    ("first name Li, last name Wei", "Li Wei"),
    ("I am Will and my number is 312-555-0111", "Will"),
    ("MY NAME IS MARIA LOPEZ", "MARIA LOPEZ"),
    ("my name is April Jones", "April Jones"),
    ("my name is xochitl", "xochitl"),
    ("Dana Wells, I'd like an appointment", "Dana Wells"),
    ("Emma", "Emma"),
    ("Appointment for Agnieszka Nowak-Wójcik please", "Agnieszka Nowak-Wójcik"),
    ("I'm Dana. Thanks, Dana Wells", "Dana Wells"),
    ("anna kowalski, my cell is 312 555 0100", "anna kowalski"),
    ("name Ravi Shankar num 3125550123", "Ravi Shankar"),
    ("it's me again, Dana", "Dana"),
    ("My husband Greg and I have milia. I'm Sandra Liu.", "Sandra Liu"),
    ("Yes you can use Tomas Herrera and 312 555 0170", "Tomas Herrera"),
    ("my name is J. Robert Smith Jr.", "J. Robert Smith Jr."),
]

NO_PERSONS = [
    "I'm scared",
    "I'M SCARED",
    "I'm in pain",
    "im allergic to lidocaine",
    "I'm free Tuesday",
    "this is ridiculous",
    "This Is Ridiculous",
    "my name is not important",
    "my name is private",
    "name is none of your business",
    "idk",
    "hello",
    "yes please",
    "why do you need my name?",
    "why do you need it",
    "milia removal",
    "Milia",
    "I want to see Dr. Nima",
    "this is for Dr. Ruiz",
    "Hi Nima",
    "is this Nima Skin Institute?",
    "Tuesday",
    "April",
    "in May or June",
    "I'm Irish and burn easily",
    "this is my third message",
    "this is for my daughter",
    "my daughter's name is Mia",
    "my doctor's name is Smith",
    "is Mario Badescu drying lotion ok?",
    "this is Sephora stuff",
    "I am will call you later",
    "it's hope or nothing",
    "for Thursday",
    "call me back",
    "call me at 312-555-0100",
    "thanks a lot",
    "Mark my appointment as cancelled",
    "hi Sarah",
    "I'm Mexican-American",
    "this is spam",
    "My son Leo has these on his cheeks",
    "Thanks, Mom",
    "- Sent from my iPhone",
    "",
]

TIMES = [
    ("can I come next friday at 2?", "next friday at 2"),
    ("tmrw after 3", "tmrw after 3"),
    ("wed or thurs after 5", "wed or thurs after 5"),
    ("mornings, any day but Wednesday", "mornings, any day but Wednesday"),
    ("weekday evenings", "weekday evenings"),
    ("want removal any tues", "any tues"),
    ("Saturday if you're open, otherwise Monday", "Saturday if you're open, otherwise Monday"),
    ("Saturday if you’re open, otherwise Monday please", "Saturday if you’re open, otherwise Monday"),
    ("the week of the 14th", "the week of the 14th"),
    ("asap please", "asap"),
    ("whenever", "whenever"),
    ("no preference", "no preference"),
    ("how about Dec 3rd?", "Dec 3rd"),
    ("12/4 works", "12/4"),
    ("after work", "after work"),
    ("lunch time is best", "lunch time"),
    ("not before noon on wednesday", "not before noon on wednesday"),
    ("this afternoon", "this afternoon"),
    ("2day if possible", "2day if possible"),
    ("Friday around noon", "Friday around noon"),
    ("I can't do Mondays, Tuesday works", "can't do Mondays, Tuesday"),
    ("Tuesdays ok but mondays don't work", "Tuesdays ok but mondays don't work"),
    ("can't do Tuesday or Thursday, otherwise open", "can't do Tuesday or Thursday, otherwise open"),
    ("Sunday works but not before 11", "Sunday works but not before 11"),
    ("I'd love an appointment sometime next week, mornings preferably", "sometime next week, mornings preferably"),
    ("Could we do Dec 12 around 10:30 or so?", "Dec 12 around 10:30 or so"),
    ("Tue/Thu 2-4pm", "Tue/Thu 2-4pm"),
    ("sat/sun", "sat/sun"),
    ("between 9 and 11 on friday", "between 9 and 11 on friday"),
    ("a week from friday", "a week from friday"),
    ("call me tomorrow at 9", "tomorrow at 9"),
    ("move my Tuesday appointment to Friday", "Friday"),
    ("please move it from Tuesday to Friday", "Friday"),
    ("I had it since May, can I come Thursday?", "Thursday"),
    ("in the morning my skin is dry, can I book an appointment next week", "next week"),
    ("el martes por la tarde", "martes por la tarde"),
    ("I'm Dana Wells, 312-555-0100, Friday at 2", "Friday at 2"),
    ("Do you have any slots left this month?", "any slots left this month"),
    ("I'm traveling until the 20th so after that", "until the 20th so after that"),
    ("could I get something before Thanksgiving?", "before Thanksgiving"),
    ("any time but Monday mornings", "any time but Monday mornings"),
]

NO_TIMES = [
    "my son is picking me up at 3",
    "My daughter will pick me up at 4:30",
    "I have had it since May",
    "I've had these for 3 weeks",
    "2 years ago",
    "at night I use retinol",
    "in the morning my skin is dry",
    "should I use retinol in the evening or morning?",
    "I use retinol at night on mondays and thursdays",
    "I noticed them last week",
    "I popped one on Saturday and now it's red",
    "they come back every summer",
    "got burned in July, could that be why",
    "will they go away in a few weeks",
    "I'm in the sun a lot, sat outside all day",
    "the sun or an injury?",
    "it may be milia",
    "I have about 5 on my cheek",
    "2mm",
    "good morning, are these harmful?",
    "Have a nice weekend",
    "whenever I squeeze it hurts",
    "are you open saturdays?",
    "what are your hours on sunday",
    "does Dr. Patel work on Fridays?",
    "I had an appointment Tuesday",
    "do I still have an appointment thursday?",
    "I'm 30 years old",
    "do milia hurt?",
    "my dob is 3/14/1988",
    "can I pay 50/50",
    "they're 1-2 mm, about 10-12 of them",
    "today my eyelid is swollen",
    "i had them removed last year but they came back in June",
    "",
]

BODY_SITES = [
    ("bumps on my eyelids", ["eyelid"]),
    ("under my eyes", ["under_eye"]),
    ("undereye area", ["under_eye"]),
    ("my left cheek and nose", ["cheek", "nose"]),
    ("on my forehead, chin, lips", ["forehead", "chin", "lips"]),
    ("back of my neck", ["neck"]),
    ("chest arms and legs", ["chest", "arms", "legs"]),
    ("all over my back", ["back"]),
    ("on my scalp", ["scalp"]),
    ("can you get them down there", ["genitals"]),
    ("on my penis", ["genitals"]),
    ("private parts", ["genitals"]),
    ("behind my ear", ["ear"]),
    ("around my eyes", ["eye_area"]),
    ("my face", ["face"]),
    ("came back in May", []),
    ("call me back", []),
    ("it costs an arm and a leg", []),
    ("I'm all ears", []),
    ("do they hurt", []),
]


@pytest.mark.parametrize(("message", "name"), PERSONS)
def test_the_visitors_name_is_found(message: str, name: str) -> None:
    assert [found.value for found in find_persons(message)] == [name]


@pytest.mark.parametrize("message", NO_PERSONS)
def test_what_is_no_name_of_the_visitor_is_left_alone(message: str) -> None:
    assert find_persons(message) == []


@pytest.mark.parametrize(("message", "words"), TIMES)
def test_the_preferred_time_is_found_word_for_word(message: str, words: str) -> None:
    assert [found.text for found in find_times(message)] == [words]


@pytest.mark.parametrize("message", NO_TIMES)
def test_history_habit_and_questions_about_hours_are_no_preferred_time(message: str) -> None:
    assert find_times(message) == []


@pytest.mark.parametrize(("message", "sites"), BODY_SITES)
def test_places_on_the_body_are_named_alike(message: str, sites: list[str]) -> None:
    assert [found.value for found in find_body_sites(message)] == sites


MIXED = [
    (
        "I'm Dana Wells, 312-555-0100, do they hurt?",
        [("person", "Dana Wells"), ("phone", "3125550100")],
    ),
    (
        "name is Tyrone Biggs, phone (773)555-0121, tyrone@example.org. saturday morning?",
        [
            ("person", "Tyrone Biggs"),
            ("phone", "7735550121"),
            ("email", "tyrone@example.org"),
            ("time", "saturday morning"),
        ],
    ),
    (
        "Luis Ortega 7735550188 want removal any tues, under my eye",
        [("person", "Luis Ortega"), ("phone", "7735550188"), ("time", "any tues"), ("body_site", "under_eye")],
    ),
    (
        "312 555 0167, sorry, 312 555 0176",
        [("phone", "3125550167"), ("phone", "3125550176")],
    ),
    (
        "I’m Zoë – call 312–555–0100 “after 5”",
        [("person", "Zoë"), ("phone", "3125550100"), ("time", "after 5")],
    ),
    (
        "my number is 312-555-0100 but I can't breathe",
        [("phone", "3125550100")],
    ),
    ("are milia dangerous?", []),
    ("", []),
    ("\u200b\u200b", []),
    ("😀👍", []),
]


@pytest.mark.parametrize(("message", "details"), MIXED)
def test_several_details_in_one_message_are_told_apart(message: str, details: list[tuple[str, str]]) -> None:
    assert [(found.kind, found.value) for found in find_details(message)] == details


def test_an_accent_typed_as_its_own_character_belongs_to_the_name() -> None:
    message = "my name is Jose\u0301, call 312-555-0100"
    person = find_persons(message)[0]
    assert (person.value, person.text) == ("José", "Jose\u0301")


def test_a_name_before_a_contact_does_not_reach_back_over_a_full_stop() -> None:
    found = find_details("sí por favor, que me llamen. Marisol Vega, 773-555-0128")
    assert [detail.value for detail in found if detail.kind == "person"] == ["Marisol Vega"]

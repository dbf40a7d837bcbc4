"""Phone, address and hours as a front desk types them, and as people read them."""

import pytest

from clinic.answers.detail_checks import check_details
from clinic.answers.in_force import ContentInForce
from clinic.answers.response_files import ResponseFiles
from clinic.clinic_details import ClinicDetails, TypedDetails, read_details, typed_of, with_details
from clinic.contact import clinic_variables
from clinic.opening_hours import WEEKDAYS, HoursError, read_hours
from clinic.settings import PROJECT_ROOT, load_settings

NINE_TO_FIVE = ("09:00", "17:00")
WORKDAYS = dict.fromkeys(WEEKDAYS[:5], NINE_TO_FIVE)
SHIPPED = ResponseFiles(PROJECT_ROOT / "data" / "responses").responses()


def typed(phone: str = "", address: str = "", note: str = "", **hours: tuple[str, str]) -> TypedDetails:
    return TypedDetails(phone, address, hours, note)


@pytest.mark.parametrize(
    ("hours", "shown"),
    [
        (WORKDAYS, "Monday to Friday 9 am to 5 pm, closed on Saturday and Sunday"),
        (
            {**WORKDAYS, "Saturday": ("09:30", "12:00")},
            "Monday to Friday 9 am to 5 pm, Saturday 9:30 am to noon, closed on Sunday",
        ),
        (
            {"Monday": NINE_TO_FIVE, "Wednesday": NINE_TO_FIVE, "Sunday": ("00:00", "23:59")},
            "Monday and Wednesday 9 am to 5 pm, Sunday 12 am to 11:59 pm, closed on Tuesday and Thursday to Saturday",
        ),
        (dict.fromkeys(WEEKDAYS, ("10:00", "18:00")), "Monday to Sunday 10 am to 6 pm"),
    ],
)
def test_hours_are_said_with_as_few_words_as_can_be(hours: dict[str, tuple[str, str]], shown: str) -> None:
    read = read_hours(hours)
    assert read is not None
    assert read.shown == shown
    assert type(read).from_stored_form(read.stored_form()) == read


def test_no_hours_at_all_are_none() -> None:
    assert read_hours({}) is None
    assert read_hours(dict.fromkeys(WEEKDAYS, (" ", ""))) is None


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (("09:00", ""), "only one of its two times"),
        (("17:00", "09:00"), "close before it opens"),
        (("09:00", "09:00"), "close before it opens"),
        (("nine", "17:00"), "“nine” on Monday is no time"),
        (("25:00", "26:00"), "is no time"),
    ],
)
def test_hours_that_cannot_be_are_refused_by_their_day(hours: tuple[str, str], said: str) -> None:
    with pytest.raises(HoursError, match=said):
        read_hours({"Monday": hours})


def test_details_are_brought_into_form() -> None:
    details, problems = read_details(
        typed("312.555.0142 ext 3", " 1 N. Michigan\u2019s  Ave ", "closed for lunch.", **WORKDAYS)
    )
    assert problems == []
    assert (details.phone, details.address, details.note) == (
        "(312) 555-0142 ext. 3",
        "1 N. Michigan's Ave",
        "closed for lunch",
    )
    assert ClinicDetails.from_stored_form(details.stored_form()) == details
    assert read_details(typed_of(details)) == (details, [])


@pytest.mark.parametrize(
    ("given", "place", "said"),
    [
        (typed("123 456"), "phone", "Digits are missing"),
        (typed("123 456 7890"), "phone", "no such number"),
        (typed("call us"), "phone", "Digits are missing"),
        (typed(address="see https://x.example"), "address", "Links and e-mail"),
        (typed("+44 20 7946 0958"), "phone", "abroad or costs extra"),
        (typed("900 555 0199"), "phone", "abroad or costs extra"),
        (typed("876 555 0100"), "phone", "abroad or costs extra"),
        (typed(address="shop.xyz"), "address", "space after the full stop"),
        (typed(note="Ask at 312 555 0199"), "note", "one alone"),
        (typed(address="1 Main St. Call 312 555 0199"), "address", "one alone"),
        (typed(address="Do not call 911, come to 1 Main St"), "address", "keeps somebody from calling"),
        (typed(note="In an emergency wait here"), "note", "does not name 911"),
        (typed(address=". ."), "address", "no words"),
        (typed(address="1"), "address", "a street and a number"),
        (typed(address="Anna Miller"), "address", "a street and a number"),
        (typed(address="\u039b\u03a3 1"), "address", "plain letters"),
        (typed(address="<b>1 Main St</b>"), "address", "plain marks"),
        (typed(address="{phone}"), "address", "plain marks"),
        (typed(address="x" * 121), "address", "121 characters"),
        (typed(address="東京"), "address", "plain letters"),
        (typed(note="free of charge"), "note", "names a price"),
        (typed(note="First visit free"), "note", "names a price"),
        (typed(note="We cure milia"), "note", "promises a result"),
        (typed(note="Milia leave for good"), "note", "promises a result"),
        (typed(note="Call 312 555 9999"), "note", "one alone"),
        (typed(note="Call 312 155 9999"), "note", "one alone"),
        (typed(note="Call us at 555-9999"), "note", "one alone"),
        (typed(address="1 Main St, best clinic in town"), "address", "praises the clinic"),
        (typed(note="x" * 81), "note", "81 characters"),
        (typed(Monday=("9", "")), "hours", "only one"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(given: TypedDetails, place: str, said: str) -> None:
    _, (problem,) = read_details(given)
    assert problem.place == place
    assert said in problem.said


@pytest.mark.parametrize("phone", ["800 555 0100", "787 555 0100", "(312) 555-0142"])
def test_a_number_that_everybody_can_call_is_taken(phone: str) -> None:
    assert read_details(typed(phone))[1] == []


@pytest.mark.parametrize(
    "address", ["1200 N. Michigan Ave., Suite 400, Chicago, IL 60611-1234", "12 Rue d'\u00c9t\u00e9, St. Louis"]
)
def test_an_address_is_no_link_and_no_phone_number(address: str) -> None:
    assert read_details(typed(address=address))[1] == []


@pytest.mark.parametrize(
    "note",
    [
        "Closed on public holidays",
        "Parking behind the house",
        "Free parking behind the house",
        "Second floor, ring twice",
        "Call ahead on Saturdays",
        "Closed for two weeks in August",
        "No visits from 24 to 31 December",
        "Last visit half an hour before we close",
        "Wheelchairs: use the door at 14 Oak Lane, step-free",
    ],
)
def test_an_ordinary_note_is_taken(note: str) -> None:
    assert read_details(typed(note=note))[1] == []


def test_each_thing_that_is_wrong_with_a_note_is_said() -> None:
    _, problems = read_details(typed(note="We cure milia for good"))
    assert {problem.place for problem in problems} == {"note"}
    assert all("promises a result" in problem.said for problem in problems)


def test_what_is_entered_takes_the_place_of_the_settings() -> None:
    settings = load_settings(
        {"CLINIC_PHONE": "312 555 0100", "CLINIC_HOURS": "By appointment", "CLINIC_ADDRESS": "Here"}
    )
    details, _ = read_details(typed("312 555 0142", "", "Closed on holidays", **WORKDAYS))
    said = clinic_variables(with_details(settings, details))
    assert said["call_clinic"] == "call the clinic at (312) 555-0142"
    hours = "Monday to Friday 9 am to 5 pm, closed on Saturday and Sunday. Closed on holidays"
    assert said["logistics"] == f"Hours: {hours}. Phone: (312) 555-0142."
    assert with_details(settings, None) == settings
    without_hours = with_details(settings, ClinicDetails(note="Closed on holidays"))
    assert without_hours.clinic_hours == "By appointment. Closed on holidays"


def test_details_with_which_a_text_message_gets_too_long_are_refused() -> None:
    settings = load_settings({})
    short = ClinicDetails("(312) 555-0142", "1 Main St, Chicago")
    assert check_details(short, SHIPPED, ContentInForce(), settings) == []
    hours = read_hours({day: (f"{number:02d}:30", "19:45") for number, day in enumerate(WEEKDAYS, start=5)})
    long = ClinicDetails("(312) 555-0142", f"1 {'x' * 118}", hours)
    (problem,) = check_details(long, SHIPPED, ContentInForce(), settings)
    assert "takes 3 segments" in problem.said

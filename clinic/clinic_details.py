"""The clinic's phone number, address and hours as the staff entered them; what is not entered is the operator's."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import phonenumbers

from clinic.answers.contact_checks import EMAIL, LINK, names_a_number, site_problems
from clinic.answers.plain_text import tidied, unusual_characters, without_accents, words_of
from clinic.answers.problems import Problem
from clinic.answers.text_checks import said_problems
from clinic.opening_hours import WEEKDAYS, HoursError, OpeningHours, read_hours
from clinic.readings.phones import PhoneStatus, read_phone
from clinic.settings import Settings
from clinic.sms_text import characters_outside_gsm, plain_marks

PHONE = "phone"
ADDRESS = "address"
HOURS = "hours"
NOTE = "note"
LONGEST_ADDRESS = 120
LONGEST_NOTE = 80
# Where 911 is answered, which the assistant names beside the clinic's number. Calls to the other islands of the
# numbering plan cost what calls abroad do: https://www.nanpa.com/numbering/numbering-plan-area-npa-codes
HOME_REGIONS = ("US", "PR", "VI", "GU", "AS", "MP", "CA")
FOREIGN_PHONE = "This number is abroad or costs extra to call. Give one that everybody can call."
STREET = re.compile(r"[^\W\d_]{2}")
HOUSE_NUMBER = re.compile(r"\d")
NO_ADDRESS = "An address has a street and a number, such as 12 Main St."
FOREIGN_MARKS = re.compile(r"[<>{}\[\]|\\^~]")


@dataclass(frozen=True)
class ClinicDetails:
    """What the assistant tells of the clinic. Empty: it does not know it. `note` is said after the hours."""

    phone: str = ""
    address: str = ""
    hours: OpeningHours | None = None
    note: str = ""

    def hours_shown(self, otherwise: str) -> str:
        """The hours in words, with the note; `otherwise` where no day has any."""
        shown = self.hours.shown if self.hours else otherwise
        return ". ".join(part.rstrip(".") for part in (shown, self.note) if part)

    def stored_form(self) -> str:
        """The details as JSON."""
        hours = self.hours.stored_form() if self.hours else {}
        return json.dumps({PHONE: self.phone, ADDRESS: self.address, HOURS: hours, NOTE: self.note}, ensure_ascii=False)

    @classmethod
    def from_stored_form(cls, stored: str) -> "ClinicDetails":
        """The details that `stored_form` made JSON of.

        Raises:
            ValueError, KeyError, TypeError: it is nothing that `stored_form` wrote.
        """
        read = json.loads(stored)
        if not all(isinstance(read[name], str) for name in (PHONE, ADDRESS, NOTE)):
            raise ValueError("these are no details")
        hours = OpeningHours.from_stored_form(read[HOURS]) if read[HOURS] else None
        return cls(read[PHONE], read[ADDRESS], hours, read[NOTE])


@dataclass(frozen=True)
class TypedDetails:
    """What a form holds, as it was typed. `hours` are opening and closing time by weekday."""

    phone: str
    address: str
    hours: Mapping[str, tuple[str, str]]
    note: str


def with_details(settings: Settings, details: ClinicDetails | None) -> Settings:
    """The settings with the details in force; None leaves the operator's, and so do hours of which none is entered."""
    if details is None:
        return settings
    hours = details.hours_shown(settings.clinic_hours)
    return replace(settings, clinic_phone=details.phone, clinic_address=details.address, clinic_hours=hours)


def read_details(typed: TypedDetails) -> tuple[ClinicDetails, list[Problem]]:
    """The details of a form, and what is wrong with them. What is wrong is left out of the details."""
    problems: list[Problem] = []
    phone, said = _phone(typed.phone)
    problems += [Problem(PHONE, each) for each in said]
    address = plain_marks(tidied(typed.address))
    problems += [Problem(ADDRESS, each) for each in _address_problems(address)]
    note = plain_marks(tidied(typed.note)).rstrip(".")
    problems += [Problem(NOTE, each) for each in _text_problems(note, LONGEST_NOTE)]
    hours = None
    try:
        hours = read_hours(typed.hours)
    except HoursError as error:
        problems.append(Problem(HOURS, str(error)))
    return ClinicDetails(phone, address, hours, note), problems


def typed_of(details: ClinicDetails) -> TypedDetails:
    """The details as the form shows them."""
    stored = details.hours.stored_form() if details.hours else {}
    hours = {day: (stored[day][0], stored[day][1]) if day in stored else ("", "") for day in WEEKDAYS}
    return TypedDetails(details.phone, details.address, hours, details.note)


def _phone(typed: str) -> tuple[str, list[str]]:
    text = tidied(typed)
    if not text:
        return "", []
    reading = read_phone(text)
    if reading.status is PhoneStatus.COMPLETE and reading.display and reading.e164:
        return (reading.display, []) if _is_clinics(reading.e164) else ("", [FOREIGN_PHONE])
    if reading.status is PhoneStatus.INCOMPLETE:
        return "", ["Digits are missing. A full number has ten, such as 312 555 0100."]
    return "", ["There is no such number: the area code or the next three digits do not exist. Please check it."]


def _is_clinics(e164: str) -> bool:
    """Whether a patient can call it at the usual price."""
    number = phonenumbers.parse(e164)
    dear = phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.PREMIUM_RATE
    return not dear and phonenumbers.region_code_for_number(number) in HOME_REGIONS


def _address_problems(address: str) -> list[str]:
    """What is wrong with an address. It is nobody's data from then on, so that a name or a digit cannot be one."""
    problems = _text_problems(address, LONGEST_ADDRESS)
    looks_like_one = STREET.search(address) and HOUSE_NUMBER.search(address)
    return problems or ([] if looks_like_one or not address else [NO_ADDRESS])


def _text_problems(text: str, longest: int) -> list[str]:
    if not text:
        return []
    problems = [] if words_of(text) else ["It has no words."]
    problems += said_problems(without_accents(text))
    if len(text) > longest:
        problems.append(f"It has {len(text)} characters, {longest} are the limit.")
    if LINK.search(text) or EMAIL.search(text):
        problems.append("Links and e-mail addresses do not belong here.")
    problems += site_problems(text)
    if names_a_number(text):
        problems.append("A phone number does not belong here. The assistant tells one alone, that of the clinic.")
    if FOREIGN_MARKS.search(text):
        problems.append("Write it with letters, digits and plain marks alone.")
    outside = sorted({*characters_outside_gsm(text), *unusual_characters(text)})
    if outside:
        problems.append(f"A text message cannot have {' '.join(outside)}. Write it with plain letters.")
    return problems

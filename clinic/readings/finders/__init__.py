"""Finding names, phone numbers, e-mail addresses, times and places on the body in a message: plain Python, no Rasa."""

from __future__ import annotations

from clinic.readings.finders.births import scan_births
from clinic.readings.finders.body_sites import scan_body_sites
from clinic.readings.finders.emails import scan_emails
from clinic.readings.finders.persons import scan_persons
from clinic.readings.finders.phones import scan_phones
from clinic.readings.finders.plain_text import Detail, PlainText
from clinic.readings.finders.rejected_persons import without_rejected
from clinic.readings.finders.times import scan_times

PERSON = "person"
PHONE = "phone"
EMAIL = "email"
TIME = "time"
BODY_SITE = "body_site"


def find_details(text: str) -> list[Detail]:
    """Everything that is found in a message, in order of place; of two finds at one place the surer kind wins."""
    message = PlainText.of(text)
    emails = scan_emails(message)
    without_emails = message.without(emails)
    phones = scan_phones(without_emails)
    without_contacts = without_emails.without(phones)
    persons = without_rejected(without_contacts, scan_persons(without_contacts))
    without_persons = without_contacts.without(persons)
    found = {
        EMAIL: emails,
        PHONE: phones,
        PERSON: persons,
        TIME: scan_times(without_persons.without(scan_births(without_persons))),
        BODY_SITE: scan_body_sites(without_persons),
    }
    details = [message.detail(kind, find) for kind, finds in found.items() for find in finds]
    return sorted(details, key=lambda detail: (detail.start, detail.end))


def find_emails(text: str) -> list[Detail]:
    """The e-mail addresses and attempts at one in a message."""
    return _of_kind(text, EMAIL)


def find_phones(text: str) -> list[Detail]:
    """The phone numbers and attempts at one in a message."""
    return _of_kind(text, PHONE)


def find_persons(text: str) -> list[Detail]:
    """The visitor's name in a message: at most one."""
    return _of_kind(text, PERSON)


def find_times(text: str) -> list[Detail]:
    """The preferred time in a message: at most one phrase, verbatim."""
    return _of_kind(text, TIME)


def find_body_sites(text: str) -> list[Detail]:
    """The places on the body that a message names."""
    return _of_kind(text, BODY_SITE)


def _of_kind(text: str, kind: str) -> list[Detail]:
    return [detail for detail in find_details(text) if detail.kind == kind]

"""From an e-mail address as it was typed to one that mail can be sent to."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

from clinic.readings.finders import find_emails

LONGEST_ADDRESS = 254
"""The longest address a mail server has to take (RFC 5321, section 4.5.3.1.3)."""


def read_email(text: str) -> str | None:
    """Read an e-mail address: a find of the finder, its value, or what was typed when asked for one.

    Returns the address with its domain in lower case and the part before the @ as it was typed; None where it cannot
    exist ("anna@example"). Nothing is looked up. Test domains are taken, so that an instance can be tried out.
    """
    found = find_emails(text)
    typed = found[0].value if found else text.strip()
    try:
        checked = validate_email(typed, check_deliverability=False, test_environment=True, strict=True)
    except EmailNotValidError:
        return None
    if "." not in checked.domain or len(checked.normalized) > LONGEST_ADDRESS:
        return None
    return checked.normalized


def is_email_attempt(text: str) -> bool:
    """Whether an answer was meant as an e-mail address, valid or not ("anna@example", "anna.example.com")."""
    return bool(find_emails(text))

"""From an e-mail address as it was typed to one that mail can be sent to."""

from __future__ import annotations

from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from nlu.detail_finders import find_emails

LONGEST_ADDRESS = 254
"""The longest address a mail server has to take (RFC 5321, section 4.5.3.1.3)."""


@dataclass(frozen=True)
class EmailReading:
    """`address` is given where it can exist: domain in lower case, the part before the @ as it was typed."""

    address: str | None

    @property
    def is_valid(self) -> bool:
        """Whether the address can exist; whether it does is not looked up."""
        return self.address is not None


def read_email(text: str) -> EmailReading:
    """Read an e-mail address: a find of the finder, its value, or what was typed when asked for one.

    An attempt ("anna@example") gives a reading without an address. Test domains are taken, so that an instance can be
    tried out with example addresses.
    """
    found = find_emails(text)
    typed = found[0].value if found else text.strip()
    try:
        checked = validate_email(typed, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return EmailReading(None)
    if "." not in checked.domain or len(checked.normalized) > LONGEST_ADDRESS:
        return EmailReading(None)
    return EmailReading(checked.normalized)


def is_email_attempt(text: str) -> bool:
    """Whether an answer was meant as an e-mail address, valid or not ("anna@example", "anna.example.com")."""
    return bool(find_emails(text))

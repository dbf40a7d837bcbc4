"""What visitors gave to be reached by, to read and to click: nothing of theirs can add to a link."""

import re
from urllib.parse import quote

from clinic.readings.phones import read_phone

_PHONE = re.compile(r"(\+\d{5,20})(?:x(\d{1,10}))?")


def tel_link(phone: str | None) -> str | None:
    """A `tel:` link (RFC 3966) for an E.164 number with `x` and an extension; None for anything else."""
    found = _PHONE.fullmatch(phone or "")
    if found is None:
        return None
    number, extension = found.groups()
    return f"tel:{number};ext={extension}" if extension else f"tel:{number}"


def mail_link(email: str | None) -> str | None:
    """A `mailto:` link (RFC 6068) for the address alone: a `?` in it begins no subject and no copy to others."""
    return f"mailto:{quote(email, safe='@')}" if email else None


def shown_phone(phone: str | None) -> str | None:
    """A number as Americans write it, "(312) 555-0142", with its extension."""
    return (read_phone(phone).display or phone) if phone else None

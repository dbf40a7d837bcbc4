"""The clinic's own details as words for a reply. What nobody has filled in is never invented."""

from clinic.settings import Settings

NO_DETAILS = "I don't have the clinic's address, hours or other details here."
CLINIC_VARIABLES = ("clinic_name", "call_clinic", "logistics")
"""What any response may use, on either channel."""


def clinic_variables(settings: Settings) -> dict[str, str]:
    """The values of `CLINIC_VARIABLES`; give settings with the details in force (clinic/clinic_details.py)."""
    return {
        "clinic_name": settings.clinic_name,
        "call_clinic": f"call the clinic at {settings.clinic_phone}"
        if settings.clinic_phone
        else "contact the clinic directly",
        "logistics": _logistics(settings),
    }


def _logistics(settings: Settings) -> str:
    known = [
        f"{name}: {value.rstrip('.')}."
        for name, value in (
            ("Address", settings.clinic_address),
            ("Hours", settings.clinic_hours),
            ("Phone", settings.clinic_phone),
        )
        if value
    ]
    return " ".join(known) if known else NO_DETAILS


def public_details(settings: Settings) -> tuple[str, ...]:
    """The clinic's own name, numbers and address: nobody's data, so they stay in redacted texts."""
    details = (settings.clinic_name, settings.clinic_phone, settings.clinic_address)
    return tuple(detail for detail in details if detail)

"""The clinic's own details as words for a reply. What nobody has filled in is never invented."""

from collections.abc import Sequence

from clinic.settings import Settings

NO_DETAILS = "I don't have the clinic's address, hours or other details here. The staff can tell you."
CLINIC_VARIABLES = ("clinic_name", "call_clinic", "logistics")
"""What any response may use, on either channel."""
ADDRESS, HOURS, PHONE = "address", "hours", "phone"


def clinic_variables(settings: Settings) -> dict[str, str]:
    """The values of `CLINIC_VARIABLES`; give settings with the details in force (clinic/clinic_details.py)."""
    return {
        "clinic_name": settings.clinic_name,
        "call_clinic": f"call the clinic at {settings.clinic_phone}"
        if settings.clinic_phone
        else "contact the clinic directly",
        "logistics": logistics(settings),
    }


def logistics(settings: Settings, asked_for: Sequence[str] = ()) -> str:
    """Address, hours and phone as far as they are known, those of `asked_for` before the others and in its order."""
    details = {ADDRESS: settings.clinic_address, HOURS: settings.clinic_hours, PHONE: settings.clinic_phone}
    order = dict.fromkeys((*(name for name in asked_for if name in details), *details))
    known = [f"{name.capitalize()}: {details[name].rstrip('.')}." for name in order if details[name]]
    return " ".join(known) if known else NO_DETAILS


def public_details(settings: Settings) -> tuple[str, ...]:
    """The clinic's own name, numbers and address: nobody's data, so they stay in redacted texts."""
    details = (settings.clinic_name, settings.clinic_phone, settings.clinic_address)
    return tuple(detail for detail in details if detail)

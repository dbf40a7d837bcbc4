"""The clinic's own details as words for a reply. What the operator has not filled in is never invented."""

from clinic.settings import Settings


def clinic_variables(settings: Settings) -> dict[str, str]:
    """The variables that any response may use: `clinic_name`, `call_clinic` and `logistics`."""
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
    return " ".join(known) if known else "I don't have the clinic's address, hours or other details here."

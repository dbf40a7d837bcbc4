"""Stored appointment requests in the forms that other programs of a clinic read: FHIR and iCalendar."""

"""The fixed wording of text messages, from data/responses/sms.yml."""

from channels.wording import ClinicResponses

CHANNEL = "sms"


class SmsWording:
    """Says what only this channel says."""

    def __init__(self, responses: ClinicResponses) -> None:
        self._responses = responses

    def first_contact(self) -> str:
        """Names the clinic, and says that the assistant is automated and how to end it."""
        return self._text("utter_sms_first_contact")

    def choices(self, numbered: str) -> str:
        """Tells how to choose; `numbered` is such as `1 for Send it, 2 for Change something`."""
        return self._responses.text("utter_sms_choices", CHANNEL, choices=numbered)

    def more(self) -> str:
        """Tells how to get the rest of a long answer."""
        return self._text("utter_sms_more")

    def help(self) -> str:
        """The answer to HELP."""
        return self._text("utter_sms_help")

    def opted_out(self) -> str:
        """The one confirmation that no more texts will come."""
        return self._text("utter_sms_opted_out")

    def opted_in(self) -> str:
        """The answer to START."""
        return self._text("utter_sms_opted_in")

    def no_photos(self) -> str:
        """The answer to a picture."""
        return self._text("utter_sms_no_photos")

    def empty(self) -> str:
        """The answer to a text without words."""
        return self._text("utter_sms_empty")

    def too_many(self) -> str:
        """The last answer before a while of silence."""
        return self._text("utter_sms_too_many")

    def urgent(self, safety_label: str) -> str:
        """Where help is."""
        return self._text(f"utter_{safety_label}")

    def _text(self, response: str) -> str:
        return self._responses.text(response, CHANNEL)

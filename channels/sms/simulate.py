"""`python -m channels.sms.simulate`: text with the running bot from a terminal, as a phone and Twilio would.

Requests are signed with the configured token, as Twilio signs them; no account is needed. Settings are read alone: what
the running bot has not made is not made here either.
"""

import argparse
import http
import secrets
import sys
from collections.abc import Iterable
from xml.etree import ElementTree

import requests
from twilio.request_validator import RequestValidator

from channels.sms.signed_form import SIGNATURE_HEADER
from clinic.settings import Settings, SettingsError, load_settings_in_use

PATH = "/webhooks/sms/webhook"
DEFAULT_NUMBER = "+13125550123"
CLINIC_NUMBER = "+13125550100"
SECONDS_TO_WAIT = 40
ID_BYTES = 16


class SimulatedPhone:
    """A phone whose texts reach the bot through a stand-in for Twilio."""

    def __init__(self, settings: Settings, number: str) -> None:
        """Make a phone.

        Raises:
            clinic.settings.SettingsError: no token is set to sign with.
        """
        if not settings.sms.auth_tokens:
            raise SettingsError("TWILIO_AUTH_TOKEN is not set, so the bot refuses every text.")
        self._validator = RequestValidator(settings.sms.auth_tokens[0])
        self._signed_address = f"{settings.public_url}{PATH}"
        # The signature is for the public address, which may not be reachable from here; the bot listens on this one.
        self.address = f"http://{_reachable(settings.bot_host)}:{settings.bot_port}{PATH}"
        self._number = number
        self._to = settings.sms.number or CLINIC_NUMBER

    def send(self, body: str, pictures: int = 0) -> list[str]:
        """Send a text.

        Returns:
            The texts that come back; none when the bot stays silent or answers later.

        Raises:
            requests.RequestException: the bot cannot be reached or refuses the request.
        """
        form = {
            "MessageSid": ("MM" if pictures else "SM") + secrets.token_hex(ID_BYTES),
            "AccountSid": "AC" + "0" * 32,
            "From": self._number,
            "To": self._to,
            "Body": body,
            "NumMedia": str(pictures),
            "FromCity": "",
        }
        headers = {SIGNATURE_HEADER: self._validator.compute_signature(self._signed_address, form)}
        response = requests.post(self.address, data=form, headers=headers, timeout=SECONDS_TO_WAIT)
        response.raise_for_status()
        return texts_in(response.text)


def texts_in(twiml: str) -> list[str]:
    """The texts that a TwiML document sends."""
    # The bot's own answer, and no stranger's XML.
    return [message.text or "" for message in ElementTree.fromstring(twiml).iter("Message")]  # noqa: S314


def main(arguments: list[str] | None = None) -> int:
    """Read texts from standard input, one a line, and show what comes back.

    Returns:
        0 at the end of the input, 1 when the bot cannot be reached.
    """
    parser = argparse.ArgumentParser(
        prog="python -m channels.sms.simulate", description="Text with the running bot; end with Ctrl-D."
    )
    parser.add_argument(
        "--from", dest="number", default=DEFAULT_NUMBER, help="the phone's number, such as +13125550123"
    )
    number = parser.parse_args(arguments).number
    try:
        phone = SimulatedPhone(load_settings_in_use(), number)
    except SettingsError as error:
        return _ended(str(error))
    try:
        _text(phone, sys.stdin)
    except requests.ConnectionError:
        return _ended(
            f"Nothing answers at {phone.address}. Start the bot with `make run`; "
            "if it runs, give this command the same BOT_HOST and BOT_PORT."
        )
    except requests.RequestException as error:
        return _ended(_refusal(phone, error.response.status_code if error.response is not None else None))
    return 0


def _refusal(phone: SimulatedPhone, status: int | None) -> str:
    if status == http.HTTPStatus.FORBIDDEN:
        return (
            f"The bot at {phone.address} does not know this signature (403). Give this command the same VAR_DIR as "
            "the bot, or the same SECRET_KEY and TWILIO_AUTH_TOKEN, and PUBLIC_URL if it is set."
        )
    return f"The bot at {phone.address} refused the text ({status or 'no'} status)."


def _text(phone: SimulatedPhone, lines: Iterable[str]) -> None:
    sys.stdout.write("Write a text and press Enter; Ctrl-D ends.\n")
    for line in lines:
        replies = phone.send(line.rstrip("\n"))
        for reply in replies or ["(no answer)"]:
            sys.stdout.write(f"{reply}\n\n")
        sys.stdout.flush()


def _reachable(host: str) -> str:
    """An address of this machine where a bot that listens on `host` can be reached."""
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared with, not bound to
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _ended(reason: str) -> int:
    sys.stderr.write(f"{reason}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())

"""Reading a request of Twilio's, which is trusted only when it is signed with the account's token.

How it is signed: https://www.twilio.com/docs/usage/security#validating-requests. The form is read from the raw body,
because Sanic drops blank fields, and Twilio signs those too.
"""

from collections.abc import Sequence
from urllib.parse import parse_qsl

from multidict import MultiDict
from sanic.request import Request
from twilio.request_validator import RequestValidator

FORM = "application/x-www-form-urlencoded"
SIGNATURE_HEADER = "x-twilio-signature"
MOST_FIELDS = 500

Form = MultiDict[str]


class ForgedRequestError(PermissionError):
    """The request is not proven to be Twilio's; nothing of it may be used."""


def read_signed_form(request: Request, public_url: str, tokens: Sequence[str]) -> Form:
    """The fields of a request that is signed with one of the tokens.

    Args:
        request: as it came in.
        public_url: the address that Twilio calls, from the settings; headers that a client can set are not looked at.
        tokens: those that are valid, several while one is exchanged; without any, every request is refused.

    Raises:
        ForgedRequestError: the signature is missing or does not fit.
    """
    signature = request.headers.get(SIGNATURE_HEADER, "")
    if not signature or request.headers.get("content-type", "").split(";")[0].strip().lower() != FORM:
        raise ForgedRequestError
    form = _fields(request.body)
    query = f"?{request.query_string}" if request.query_string else ""
    address = f"{public_url}{request.path}{query}"
    # An empty token would let anybody sign.
    if not any(RequestValidator(token).validate(address, form, signature) for token in tokens if token):
        raise ForgedRequestError
    return form


def _fields(body: bytes) -> Form:
    try:
        text = body.decode("ascii")
        return MultiDict(parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS))
    except ValueError:
        raise ForgedRequestError from None

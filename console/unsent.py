"""What somebody typed and could not save, since the session had ended or a fault came between: it is never lost.

Where the session has ended, the form travels through the login page, sealed, so that only the person who typed it sees
it again. Where a fault came between, the page that tells of it has the form too.
"""

import json
import zlib
from dataclasses import dataclass

from cryptography.fernet import InvalidToken
from starlette.datastructures import FormData

from clinic import clock
from console.keys import cipher_for
from console.sessions import LONGEST_SESSION

PURPOSE = "unsent-form"
SEALED_FIELD = "unsent"
SHOW_AGAIN_FIELD = "show_again"
TOKEN_FIELD = "csrf"  # noqa: S105 - the name of the field
NOT_KEPT = (TOKEN_FIELD, SHOW_AGAIN_FIELD)


@dataclass(frozen=True)
class Unsent:
    """A form that was not saved: where it was sent, its fields but for the token, and which texts a person typed."""

    path: str
    fields: tuple[tuple[str, str], ...]
    texts: tuple[str, ...]
    token: str = ""


def unsent_form(path: str, form: FormData, text_fields: tuple[str, ...]) -> Unsent | None:
    """The form that was sent; None when nobody typed anything into it.

    Args:
        path: where it was sent.
        form: what it holds.
        text_fields: the names of the fields into which people type.
    """
    fields = tuple((name, str(value)) for name, value in form.multi_items() if name not in NOT_KEPT)
    texts = tuple(value for name, value in fields if name in text_fields and value.strip())
    return Unsent(path, fields, texts, str(form.get(TOKEN_FIELD, ""))) if texts else None


def seal(secret_key: str, account_id: str, unsent: Unsent) -> str:
    """The form as the login page holds it: readable for us alone, and meant for one account."""
    text = json.dumps({"account": account_id, "path": unsent.path, "fields": unsent.fields, "texts": unsent.texts})
    parcel = cipher_for(secret_key, PURPOSE).encrypt_at_time(zlib.compress(text.encode()), _now())
    return parcel.decode("ascii")


def unseal(secret_key: str, account_id: str, sealed: str) -> Unsent | None:
    """The form; None when it is another account's, too old, or not from here."""
    try:
        parcel = cipher_for(secret_key, PURPOSE).decrypt_at_time(
            sealed.encode(), int(LONGEST_SESSION.total_seconds()), _now()
        )
    except InvalidToken:
        return None
    kept = json.loads(zlib.decompress(parcel))
    if kept["account"] != account_id:
        return None
    return Unsent(kept["path"], tuple((name, value) for name, value in kept["fields"]), tuple(kept["texts"]))


def _now() -> int:
    return int(clock.now().timestamp())

"""How the staff are told of requests, messages and danger, a part of `clinic.settings.Settings`."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.headerregistry import Address
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from clinic.setting_values import PRODUCTION, SettingsError, development_secret

EMAIL = "email"
WEBHOOK = "webhook"
DEVELOPMENT_WEBHOOK_FILE = "development-webhook-secret"
SHORTEST_WEBHOOK_SECRET = 32
# How the Standard Webhooks specification marks a secret whose rest is the key in base64.
ENCODED_SECRET_PREFIX = "whsec_"  # noqa: S105 - a mark, not a secret
SMTP_FORM = "smtp://user:password@host:port, or smtps:// for TLS from the start"


@dataclass(frozen=True)
class SmtpServer:
    """The mail server that takes our mail. Without a `user` it is asked for no login."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    tls_from_the_start: bool
    starttls: bool


@dataclass(frozen=True)
class NoticeSettings:
    """Whom to tell, and by what. See `.env.example` for each setting's meaning."""

    smtp: SmtpServer | None
    staff_emails: tuple[str, ...]
    sender: str
    webhook_url: str = field(repr=False)
    webhook_secret: str = field(repr=False)

    @property
    def targets(self) -> tuple[str, ...]:
        """What is configured, of `email` and `webhook`."""
        return tuple(target for target, is_on in ((EMAIL, self.smtp), (WEBHOOK, self.webhook_url)) if is_on)

    @property
    def webhook_key(self) -> bytes:
        """The key that signs the webhook: what a `whsec_` secret encodes, otherwise the secret's own letters."""
        if self.webhook_secret.startswith(ENCODED_SECRET_PREFIX):
            return base64.b64decode(self.webhook_secret[len(ENCODED_SECRET_PREFIX) :], validate=True)
        return self.webhook_secret.encode("utf-8")


def read_notice_settings(values: Mapping[str, str], environment: str, var_dir: Path) -> NoticeSettings:
    """Read the settings whose names begin with SMTP_ and STAFF_.

    Raises:
        SettingsError: a value is malformed, only half of what is needed is there, or production's rules are broken.
            Its message repeats no password and no secret.
    """
    smtp = _smtp_server(values.get("SMTP_URL", "").strip())
    emails = tuple(_address("STAFF_EMAIL", text) for text in values.get("STAFF_EMAIL", "").split(",") if text.strip())
    if (smtp is None) == bool(emails):
        missing, given = ("SMTP_URL", "STAFF_EMAIL") if smtp is None else ("STAFF_EMAIL", "SMTP_URL")
        raise SettingsError(f"{given} is set and {missing} is not; e-mail to the staff needs both, or neither.")
    sender = values.get("STAFF_EMAIL_FROM", "").strip()
    url = _webhook_url(values.get("STAFF_WEBHOOK_URL", "").strip(), environment)
    return NoticeSettings(
        smtp=smtp,
        staff_emails=emails,
        sender=_address("STAFF_EMAIL_FROM", sender) if sender else "".join(emails[:1]),
        webhook_url=url,
        webhook_secret=_webhook_secret(values.get("STAFF_WEBHOOK_SECRET", "").strip(), environment, var_dir)
        if url
        else "",
    )


def _smtp_server(text: str) -> SmtpServer | None:
    if not text:
        return None
    parts = _split("SMTP_URL", text, SMTP_FORM)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path not in ("", "/") or parts.fragment:
        raise SettingsError(f"SMTP_URL is malformed; write {SMTP_FORM}.")
    if options not in ({}, {"starttls": "off"}):
        raise SettingsError("SMTP_URL knows no option but ?starttls=off.")
    tls = parts.scheme == "smtps"
    # 465 and 587 take mail from users, 25 from neighbouring servers: RFC 8314, 3.3 and RFC 6409, 3.1.
    usual_port = 465 if tls else 587 if parts.username else 25
    return SmtpServer(
        host=parts.hostname,
        port=parts.port or usual_port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls_from_the_start=tls,
        starttls=not tls and not options,
    )


def _split(name: str, text: str, form: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - a wrong port is found when it is asked for
    except ValueError:
        # The reason would repeat what stands in the address, passwords among it.
        raise SettingsError(f"{name} is malformed; write {form}.") from None
    return parts


def _address(name: str, text: str) -> str:
    """One address by RFC 5322, of ASCII letters so that every mail server takes it; intranet names will do."""
    address = text.strip()
    try:
        parsed = Address(addr_spec=address)
    except (ValueError, IndexError, HeaderParseError):
        parsed = None
    if parsed is None or not address.isascii() or not parsed.domain or parsed.addr_spec != address:
        raise SettingsError(f"{name} holds what is no e-mail address; write front-desk@example.com.")
    return address


def _webhook_url(text: str, environment: str) -> str:
    if not text:
        return ""
    form = "scheme and host, as in https://example.com/hooks/milia"
    parts = _split("STAFF_WEBHOOK_URL", text, form)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.fragment:
        raise SettingsError(f"STAFF_WEBHOOK_URL is malformed; write {form}.")
    if environment == PRODUCTION and parts.scheme != "https":
        raise SettingsError("STAFF_WEBHOOK_URL must begin with https:// in production.")
    return text


def _webhook_secret(given: str, environment: str, var_dir: Path) -> str:
    if given.startswith(ENCODED_SECRET_PREFIX):
        try:
            key = base64.b64decode(given[len(ENCODED_SECRET_PREFIX) :], validate=True)
        except binascii.Error:
            key = b""
        if not key:
            raise SettingsError("STAFF_WEBHOOK_SECRET begins with whsec_, but base64 does not follow.")
    if environment == PRODUCTION and len(given) < SHORTEST_WEBHOOK_SECRET:
        raise SettingsError(
            f"STAFF_WEBHOOK_SECRET needs at least {SHORTEST_WEBHOOK_SECRET} characters in production, so that the "
            "receiver of STAFF_WEBHOOK_URL can tell our notices from others'."
        )
    return given or development_secret(var_dir, DEVELOPMENT_WEBHOOK_FILE)

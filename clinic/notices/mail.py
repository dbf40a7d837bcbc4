"""Notices as e-mail, over SMTP (RFC 5321)."""

import contextlib
import ipaddress
import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime

from clinic import clock
from clinic.notice_settings import SmtpServer
from clinic.notices.claims import ClaimedNotice
from clinic.notices.delivery_error import DeliveryError
from clinic.notices.waiting import Waiting
from clinic.notices.wording import body, subject
from clinic.settings import Settings

SECONDS_PER_STEP = 15.0


class MailSender:
    """Sends each notice as one e-mail to all addresses of the staff."""

    def __init__(self, settings: Settings, server: SmtpServer) -> None:
        self._settings = settings
        self._server = server

    def send(self, notice: ClaimedNotice, waiting: Waiting) -> str | None:
        """Hand the e-mail to the mail server; a remark when it refused some of the addresses.

        Raises:
            DeliveryError: the server did not take it for anyone.
        """
        message = self._message(notice, waiting)
        recipients = self._settings.notices.staff_emails
        try:
            refused = self._hand_over(message, recipients)
        except smtplib.SMTPResponseException as error:
            raise DeliveryError(f"{type(error).__name__} {error.smtp_code}") from error
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise DeliveryError(type(error).__name__) from error
        return f"{refused} of {len(recipients)} recipients refused" if refused else None

    def _hand_over(self, message: EmailMessage, recipients: tuple[str, ...]) -> int:
        connection = self._connect()
        try:
            self._secure(connection)
            if self._server.user:
                connection.login(self._server.user, self._server.password)
            refused = connection.send_message(message, self._settings.notices.sender, recipients)
            # The server has taken the mail: a fault in saying goodbye must not send it again.
            with contextlib.suppress(smtplib.SMTPException, OSError):
                connection.quit()
            return len(refused)
        finally:
            connection.close()

    def _connect(self) -> smtplib.SMTP:
        address = (self._server.host, self._server.port)
        if self._server.tls_from_the_start:
            return smtplib.SMTP_SSL(*address, timeout=SECONDS_PER_STEP, context=ssl.create_default_context())
        return smtplib.SMTP(*address, timeout=SECONDS_PER_STEP)

    def _secure(self, connection: smtplib.SMTP) -> None:
        """Use TLS where the server has it; never say a password in the clear over a network unless told to.

        RFC 3207, 6: whoever sits between can take away the offer of STARTTLS.
        """
        if not self._server.starttls:
            return
        connection.ehlo_or_helo_if_needed()
        if connection.has_extn("starttls"):
            connection.starttls(context=ssl.create_default_context())
        elif self._server.user and not _is_this_machine(self._server.host):
            raise smtplib.SMTPNotSupportedError("the server offers no STARTTLS")

    def _message(self, notice: ClaimedNotice, waiting: Waiting) -> EmailMessage:
        notices = self._settings.notices
        message = EmailMessage(policy=SMTP_POLICY)
        message["Subject"] = subject(notice)
        message["From"] = notices.sender
        message["To"] = ", ".join(notices.staff_emails)
        message["Date"] = format_datetime(clock.now())
        # The same at every attempt, so that a repeated one can be told by it (RFC 5322, 3.6.4).
        message["Message-ID"] = f"<{notice.id}@{notices.sender.rpartition('@')[2]}>"
        # Keeps absence notes from answering (RFC 3834, 5).
        message["Auto-Submitted"] = "auto-generated"
        if notice.is_urgent:
            message["Importance"] = "high"
        message.set_content(body(notice, waiting, self._settings))
        return message


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

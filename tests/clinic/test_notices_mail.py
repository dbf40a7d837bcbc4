"""Staff get an e-mail that says that something waits, and nothing of whom or what it is about."""

import ssl
import subprocess
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.engine import Engine

from clinic.appointment_requests import withdraw_request
from clinic.erasures import erase_records
from clinic.notices.courier import Outcome, couriers
from clinic.settings import Settings
from tests.clinic.notice_receivers import MailServer
from tests.clinic.stored_notices import PERSONAL, notices, settings_for, store_message, store_request
from tests.ports import free_port


def deliver(engine: Engine, settings: Settings) -> Outcome:
    (courier,) = couriers(engine, settings)
    return courier.deliver_next()


def test_a_new_request_arrives_without_anything_personal(engine: Engine, tmp_path: Path) -> None:
    request_id = store_request(engine, ("email",))
    store_message(engine, (), urgency="urgent")
    with MailServer() as server:
        assert deliver(engine, settings_for(tmp_path, mail_port=server.port)) is Outcome.DELIVERED
    (mail,) = server.mails
    (notice,) = notices(engine)
    assert (mail["To"], mail["From"]) == ("desk@example.com", "desk@example.com")
    assert mail["Subject"] == "New appointment request (web chat)"
    assert mail["Message-ID"] == f"<{notice.id}@example.com>"
    assert mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_content()
    assert f"Reference:  {request_id}" in text
    assert "Waiting:    1 appointment request, 1 message (1 urgent)" in text
    assert not any(words in str(mail) for words in PERSONAL)
    assert notice.delivered_at is not None
    assert (notice.next_attempt_at, notice.claimed_until, notice.last_error, notice.attempts) == (None, None, None, 1)


def test_an_urgent_message_says_so_first_and_comes_first(engine: Engine, tmp_path: Path) -> None:
    store_request(engine, ("email",))
    store_message(engine, ("email",), urgency="urgent")
    with MailServer() as server:
        settings = settings_for(tmp_path, mail_port=server.port)
        outcomes = [deliver(engine, settings) for _ in range(3)]
    assert outcomes == [Outcome.DELIVERED, Outcome.DELIVERED, Outcome.NOTHING_DUE]
    assert [mail["Subject"] for mail in server.mails] == [
        "Urgent: new message from a visitor (text message)",
        "New appointment request (web chat)",
    ]
    assert [mail["Importance"] for mail in server.mails] == ["high", None]


def test_a_withdrawal_and_an_erasure_are_told(engine: Engine, tmp_path: Path) -> None:
    request_id = store_request(engine, ())
    with MailServer() as server:
        settings = settings_for(tmp_path, mail_port=server.port)
        conversation_id = _conversation_of(engine, request_id)
        withdraw_request(engine, conversation_id, request_id, ("email",))
        assert deliver(engine, settings) is Outcome.DELIVERED
        erase_records(engine, conversation_id, "web", ("email",))
        assert deliver(engine, settings) is Outcome.DELIVERED
    assert [mail["Subject"] for mail in server.mails] == [
        "Appointment request withdrawn (web chat)",
        "Records erased at a visitor's wish (web chat)",
    ]


def _conversation_of(engine: Engine, request_id: str) -> str:
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT conversation_id FROM appointment_requests")
        return str(rows.scalar_one())


def test_the_time_is_the_clinics(engine: Engine, tmp_path: Path) -> None:
    store_request(engine, ("email",))
    with MailServer() as server:
        deliver(engine, settings_for(tmp_path, mail_port=server.port, CLINIC_TIMEZONE="Asia/Kathmandu"))
    line = next(line for line in server.mails[0].get_content().splitlines() if line.startswith("When:"))
    shown = datetime.strptime(line.removeprefix("When:").strip(), "%A, %B %d, %Y, %H:%M +0545")  # noqa: DTZ007
    created = notices(engine)[0].created_at
    moment = shown.replace(tzinfo=ZoneInfo("Asia/Kathmandu"))
    assert moment.timestamp() == pytest.approx(_utc(created).timestamp(), abs=60)


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("UTC"))


def test_a_mail_reaches_the_others_when_one_address_is_refused(engine: Engine, tmp_path: Path) -> None:
    store_request(engine, ("email",))
    with MailServer() as server:
        server.refused = {"gone@example.com"}
        settings = settings_for(tmp_path, mail_port=server.port, STAFF_EMAIL="gone@example.com, desk@example.com")
        assert deliver(engine, settings) is Outcome.DELIVERED
    assert server.recipients == [["desk@example.com"]]
    assert notices(engine)[0].last_error == "1 of 2 recipients refused"


@pytest.mark.parametrize(
    ("answer", "refused", "error"),
    [
        ("451 try later", set(), "SMTPDataError 451"),
        ("554 no, grace@example.com", set(), "SMTPDataError 554"),
        ("250 OK", {"desk@example.com"}, "SMTPRecipientsRefused"),
    ],
)
def test_a_mail_that_is_not_taken_is_kept_for_later(
    engine: Engine, tmp_path: Path, answer: str, refused: set[str], error: str
) -> None:
    store_request(engine, ("email",))
    with MailServer() as server:
        server.answer, server.refused = answer, refused
        assert deliver(engine, settings_for(tmp_path, mail_port=server.port)) is Outcome.PUT_OFF
    (notice,) = notices(engine)
    assert (notice.last_error, notice.delivered_at, notice.failed_at) == (error, None, None)


def test_a_server_that_is_away_keeps_the_mail_for_later(engine: Engine, tmp_path: Path) -> None:
    store_request(engine, ("email",))
    assert deliver(engine, settings_for(tmp_path, mail_port=free_port())) is Outcome.PUT_OFF
    assert notices(engine)[0].last_error == "ConnectionRefusedError"


def test_a_login_is_used(engine: Engine, tmp_path: Path) -> None:
    store_request(engine, ("email",))
    with MailServer(login=("bot@example.com", "p@ss")) as server:
        url = f"smtp://bot%40example.com:p%40ss@127.0.0.1:{server.port}"
        assert deliver(engine, settings_for(tmp_path, mail_port=server.port, SMTP_URL=url)) is Outcome.DELIVERED
    assert server.logins == ["bot@example.com"]


def test_a_wrong_password_is_told_by_its_status_alone(
    engine: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store_request(engine, ("email",))
    with MailServer(login=("bot", "right")) as server:
        url = f"smtp://bot:wrong-secret@127.0.0.1:{server.port}"
        assert deliver(engine, settings_for(tmp_path, mail_port=server.port, SMTP_URL=url)) is Outcome.PUT_OFF
    assert notices(engine)[0].last_error == "SMTPAuthenticationError 535"
    assert "SMTPAuthenticationError 535" in caplog.text
    assert "wrong-secret" not in caplog.text


def test_a_password_is_not_said_in_the_clear_over_a_network(engine: Engine, tmp_path: Path) -> None:
    store_request(engine, ("email",))
    with MailServer(login=("bot", "right")) as server:
        # This name reaches the same server, and is not known to be this machine.
        url = f"smtp://bot:right@0.0.0.0:{server.port}"
        assert deliver(engine, settings_for(tmp_path, mail_port=server.port, SMTP_URL=url)) is Outcome.PUT_OFF
        assert server.logins == []
        assert notices(engine)[0].last_error == "SMTPNotSupportedError"


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    key, chain = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    names = ["-subj", "/CN=mail", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"]
    subprocess.run([*command, *names, "-keyout", str(key), "-out", str(chain)], check=True, capture_output=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(chain))
    return chain, key


def test_tls_is_used_where_the_server_offers_it(
    engine: Engine, tmp_path: Path, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    with MailServer(tls_context=_context(certificate), login=("bot", "right"), auth_require_tls=True) as server:
        url = f"smtp://bot:right@127.0.0.1:{server.port}"
        settings = settings_for(tmp_path, mail_port=server.port, SMTP_URL=url)
        store_request(engine, ("email",))
        assert deliver(engine, settings) is Outcome.DELIVERED
        monkeypatch.delenv("SSL_CERT_FILE")
        store_request(engine, ("email",))
        assert deliver(engine, settings) is Outcome.PUT_OFF
    assert server.encrypted == [True]
    assert notices(engine)[1].last_error == "SSLCertVerificationError"


def test_tls_from_the_start_is_used_for_smtps(engine: Engine, tmp_path: Path, certificate: tuple[Path, Path]) -> None:
    store_request(engine, ("email",))
    with MailServer(ssl_context=_context(certificate)) as server:
        url = f"smtps://127.0.0.1:{server.port}"
        assert deliver(engine, settings_for(tmp_path, mail_port=server.port, SMTP_URL=url)) is Outcome.DELIVERED


def test_starttls_can_be_switched_off(engine: Engine, tmp_path: Path, certificate: tuple[Path, Path]) -> None:
    store_request(engine, ("email",))
    with MailServer(tls_context=_context(certificate)) as server:
        url = f"smtp://127.0.0.1:{server.port}?starttls=off"
        assert deliver(engine, settings_for(tmp_path, mail_port=server.port, SMTP_URL=url)) is Outcome.DELIVERED
    assert server.encrypted == [False]


def _context(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


def test_nothing_configured_writes_no_notice(engine: Engine, tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    store_request(engine, settings.notice_targets)
    store_message(engine, settings.notice_targets, urgency="urgent")
    assert notices(engine) == []
    assert couriers(engine, settings) == []

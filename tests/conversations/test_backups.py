"""A backup that was restored as docs/production.md says holds the same, and forgets again what was erased since."""

import os
import shutil
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from sqlalchemy import create_engine, func, select
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import OperationalError

from clinic import clock
from clinic.backup import BackupError, back_up, check
from clinic.consents import OUT, has_opted_out, record_consent
from clinic.database import make_engine, transaction
from clinic.erasures import Erasure, WrittenWish, erase_records, find_erasure
from clinic.migrate import migrate
from clinic.settings import PROJECT_ROOT
from console.audit_chain import check_chain
from console.audit_log import record
from conversations.erasure import erase_at_written_wish, erase_conversation, erase_transcript
from conversations.erasure_lookup import what_is_stored
from conversations.retention.journal import BrokenJournalError, Journal, NoJournalError
from conversations.retention.restore import erase_again
from conversations.tracker_store import ConversationStore, create_event_tables
from conversations.turns import Claim, IncomingTurn, answer_turn, claim_turn
from conversations.web_sessions import open_session
from tests.clinic.stored_work import store_request
from tests.conversations import made_up_store
from tests.conversations.conftest import POSTGRESQL_URL
from tests.conversations.told import bot, project, say, visitor

SECRET_KEY = "k" * 40


@pytest.fixture(params=["sqlite", "postgresql"])
def instance(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A migrated database: a file, or a whole database of the server."""
    if request.param == "sqlite":
        engine = make_engine(f"sqlite:///{tmp_path / 'milia.sqlite3'}")
        migrate(engine)
        yield engine
        engine.dispose()
        return
    with _database() as url:
        engine = make_engine(url)
        migrate(engine)
        yield engine
        engine.dispose()


@contextmanager
def _database() -> Iterator[str]:
    if not (shutil.which("pg_dump") and shutil.which("pg_restore")):
        assert os.environ.get("CI") != "true", "the gate needs pg_dump and pg_restore"
        pytest.skip("pg_dump and pg_restore are not installed on this machine")
    name = f"milia_{uuid.uuid4().hex[:12]}"
    server = create_engine(POSTGRESQL_URL, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 2})
    try:
        with server.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
    except OperationalError:
        assert os.environ.get("CI") != "true"
        pytest.skip("no PostgreSQL server answers on this machine")
    yield make_url(POSTGRESQL_URL).set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    server.dispose()


def dumped(engine: Engine, folder: Path) -> Path:
    """A backup of all that is committed now."""
    target = folder / "backup"
    if engine.dialect.name == "sqlite":
        back_up(Path(str(engine.url.database)), target)
    else:
        url = engine.url.render_as_string(hide_password=False)
        subprocess.run(["pg_dump", f"--dbname={url}", "--format=custom", f"--file={target}"], check=True, timeout=60)
    return target


def restore(engine: Engine, backup: Path) -> None:
    """Put the backup in the place of the database, as docs/production.md says."""
    engine.dispose()
    if engine.dialect.name == "sqlite":
        path = Path(str(engine.url.database))
        for end in ("-wal", "-shm"):
            path.with_name(f"{path.name}{end}").unlink(missing_ok=True)
        shutil.copy(backup, path)
    else:
        options = ["--clean", "--if-exists", "--single-transaction", "--exit-on-error"]
        url = engine.url.render_as_string(hide_password=False)
        subprocess.run(["pg_restore", f"--dbname={url}", *options, str(backup)], check=True, timeout=60)
    migrate(engine)


async def talk(engine: Engine, domain: Domain, words: str) -> tuple[str, Claim]:
    """A conversation with a request; its id and the claim of its last turn."""
    store = ConversationStore(domain, engine=engine)
    conversation_id = open_session(engine)
    claim = claim_turn(engine, IncomingTurn(conversation_id, "m1", "web", "d" * 64, words))
    assert isinstance(claim, Claim)
    answer_turn(engine, claim, [{"text": "an answer", "choices": [], "source": None}], [], failed=False)
    now = clock.now().timestamp() - 1_790_000_000.0
    await say(store, visitor(words, at=now), bot("utter_greet", at=now), conversation=conversation_id)
    store_request(engine, conversation_id=conversation_id)
    project(engine)
    return conversation_id, claim


async def test_a_restored_backup_has_every_row_and_a_whole_audit(
    instance: Engine, domain: Domain, tmp_path: Path
) -> None:
    for number in range(5):
        await talk(instance, domain, f"question {number}")
        record(instance, SECRET_KEY, actor="ada", action="queue.viewed")
    before, head = made_up_store.content(instance), check_chain(instance, SECRET_KEY, "")
    backup = dumped(instance, tmp_path)
    await talk(instance, domain, "after the backup")
    record(instance, SECRET_KEY, actor="ada", action="queue.viewed")
    restore(instance, backup)
    assert made_up_store.content(instance) == before
    report = check_chain(instance, SECRET_KEY, "")
    assert (report.is_whole, report.rows) == (True, 5)
    assert report == head
    # And it is a database that can be worked with.
    await talk(instance, domain, "afterwards")
    record(instance, SECRET_KEY, actor="ada", action="queue.viewed")
    assert check_chain(instance, SECRET_KEY, "").is_whole


async def test_what_was_erased_since_the_backup_is_erased_again(
    instance: Engine, domain: Domain, tmp_path: Path
) -> None:
    wished, wish_claim = await talk(instance, domain, "canary one")
    ended, _ = await talk(instance, domain, "canary two")
    written, _ = await talk(instance, domain, "canary three")
    kept, _ = await talk(instance, domain, "canary four")
    stays, _ = await talk(instance, domain, "stays")
    record_consent(instance, wished, "web", state=OUT, means="keyword", wording="stop")
    backup = dumped(instance, tmp_path)
    receipt = erase_records(instance, wished, "web").code
    erase_transcript(instance, wished, wish_claim.turn_id)
    erase_conversation(instance, ended)
    erase_at_written_wish(instance, written, "web", WrittenWish("ada", "letter"))
    kept_receipt = erase_at_written_wish(instance, kept, "web", WrittenWish("ada", "form", "care"))
    journal = Journal(tmp_path / "var")
    assert journal.note_new(instance) == 4
    assert journal.note_new(instance) == 0
    restore(instance, backup)
    assert "turns" in what_is_stored(instance, wished)
    assert erase_again(instance, journal.entries()) == 4
    assert what_is_stored(instance, wished) == {}
    assert what_is_stored(instance, written) == {}
    assert what_is_stored(instance, ended) == {"appointment_requests": 1}
    assert what_is_stored(instance, kept) == {"appointment_requests": 1}
    assert "turns" in what_is_stored(instance, stays)
    assert has_opted_out(instance, wished)
    assert "canary" not in str(made_up_store.content(instance))
    for code, reason in ((receipt, None), (kept_receipt, "care")):
        found = find_erasure(instance, code)
        assert found is not None
        assert found.kept_reason == reason
    # Again, also with what the journal was told of the repetition: nothing more goes.
    before = made_up_store.content(instance)
    journal.note_new(instance)
    assert erase_again(instance, journal.entries()) == 0
    assert made_up_store.content(instance) == before


def test_the_program_repeats_erasures_and_purges_before_the_bots_start(tmp_path: Path) -> None:
    var_dir = tmp_path / "var"
    environment = {**os.environ, "VAR_DIR": str(var_dir), "SECRET_KEY": SECRET_KEY, "DATABASE_URL": ""}
    engine = make_engine(f"sqlite:///{var_dir / 'milia.sqlite3'}")
    var_dir.mkdir()
    migrate(engine)
    command = [sys.executable, "-m", "conversations.retention", "--after-restore"]
    without = subprocess.run(
        command, cwd=PROJECT_ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert (without.returncode, without.stdout) == (4, "")
    assert "no journal" in without.stderr
    store_request(engine, conversation_id="erased")
    erase_records(engine, "erased", "web")
    with transaction(engine) as session:
        row = session.execute(select(Erasure)).scalar_one()
        row.completed_at, row.conversation_id, row.conversation_digest = clock.now(), None, "0" * 64
    Journal(var_dir).note_new(engine)
    done = subprocess.run(
        command, cwd=PROJECT_ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("erased again: 0 conversations\n")
    assert "transcript" in done.stdout
    engine.dispose()


def test_a_journal_that_was_cut_off_in_a_line_is_completed_and_a_spoilt_one_is_said(
    instance: Engine, tmp_path: Path
) -> None:
    journal = Journal(tmp_path / "var")
    with pytest.raises(NoJournalError):
        journal.entries()
    create_event_tables(instance)
    erase_at_written_wish(instance, "one", "web", WrittenWish("ada", "letter"))
    journal.note_new(instance)
    whole = journal.path.read_text(encoding="utf-8")
    journal.path.write_text(whole[:20], encoding="utf-8")
    assert journal.note_new(instance) == 1
    assert len(journal.entries()) == 1
    journal.path.write_text('{"receipt": 1}\n', encoding="utf-8")
    with pytest.raises(BrokenJournalError, match="line 1"):
        journal.entries()
    assert "one" not in whole.split('"')


def test_a_copy_is_made_while_others_write_and_is_sound(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'milia.sqlite3'}")
    migrate(engine)
    for _ in range(300):
        record(engine, SECRET_KEY, actor="ada", action="queue.viewed")
    stop = threading.Event()

    def write() -> None:
        while not stop.wait(0.005):
            record(engine, SECRET_KEY, actor="ada", action="queue.viewed")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        back_up(tmp_path / "milia.sqlite3", tmp_path / "copy")
    finally:
        stop.set()
        writer.join()
    copy = make_engine(f"sqlite:///{tmp_path / 'copy'}")
    report = check_chain(copy, SECRET_KEY, "")
    assert report.is_whole
    assert report.rows >= 300
    copy.dispose()
    engine.dispose()


def test_a_copy_is_for_its_owner_alone_and_overwrites_nothing(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'milia.sqlite3'}")
    migrate(engine)
    back_up(tmp_path / "milia.sqlite3", tmp_path / "copy")
    assert (tmp_path / "copy").stat().st_mode & 0o077 == 0
    with pytest.raises(BackupError, match="already"):
        back_up(tmp_path / "milia.sqlite3", tmp_path / "copy")
    with pytest.raises(BackupError, match="no database"):
        back_up(tmp_path / "nothing", tmp_path / "another")
    content = bytearray((tmp_path / "copy").read_bytes())
    content[4096 * 3 : 4096 * 5] = b"\xff" * 8192
    (tmp_path / "copy").write_bytes(bytes(content))
    with pytest.raises(BackupError):
        check(tmp_path / "copy")
    assert sorted(each.name for each in tmp_path.glob(".copy*")) == []
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(Erasure)).scalar() == 0
    engine.dispose()

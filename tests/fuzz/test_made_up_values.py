"""Made-up texts and bytes, for everything that reads what strangers write: no error but those it names."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from multidict import CIMultiDict

from channels.sms.channel import SmsChannel
from channels.sms.incoming import LONGEST_TEXT, MalformedTextError, read_incoming, read_report
from channels.sms.signed_form import FORM, ForgedRequestError, read_signed_form
from channels.typed_text import without_controls
from channels.web.errors import RefusalError
from channels.web.request_body import read_feedback, read_message
from channels.web.tokens import SessionTokens
from clinic.encryption.keys import KeysError, UnreadableValueError, parse_keys
from clinic.retention_settings import read_retention_settings
from clinic.setting_values import SettingsError
from clinic.settings import load_settings
from console.conversation_filters import TITLES, FiltersError, read_filters
from console.keyset import Place
from conversations.redaction import redact
from conversations.taught_lines import TaughtLine
from conversations.taught_text import UnteachableError, taught_line
from conversations.taught_yaml import misread_lines
from tests.channels.sms.phone import signature
from tests.encryption_keys import KEYS
from tests.fuzz.readers import READERS, UNITS
from tests.fuzzing import tried

SECRET, ADDRESS, TOKEN = "s" * 40, "https://chat.example.com", "t" * 32
PATH = "/webhooks/sms/webhook"
TEXTS = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(UNITS), max_size=12).map("".join))
# What a database takes: the ways in remove control characters and lone surrogates.
STORABLE = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=80)
FIELDS = st.lists(st.tuples(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), STORABLE), max_size=6)
JSON_VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS), lambda inner: st.lists(inner, max_size=3)
)
BODIES = st.one_of(
    st.binary(max_size=200),
    st.dictionaries(st.sampled_from(["id", "text", "choice", "helpful", "other"]), JSON_VALUES).map(
        lambda body: json.dumps(body).encode()
    ),
)


@dataclass
class Sent:
    """A request as far as the readers of bodies look at it."""

    body: bytes
    headers: CIMultiDict[str]
    path: str = PATH
    query_string: str = ""


@pytest.mark.parametrize("reader", READERS)
def test_any_text_is_read(reader: str) -> None:
    @tried(60)
    @given(TEXTS)
    def read(text: str) -> None:
        READERS[reader](text)

    read()


@pytest.mark.parametrize("read", [read_message, read_feedback])
def test_any_body_is_a_message_or_refused(read: Callable[[Sent], object]) -> None:
    @tried(150)
    @given(BODIES, st.sampled_from(["application/json", "application/json; charset=x", "", "text/plain"]))
    def check(body: bytes, kind: str) -> None:
        try:
            sent = read(Sent(body, CIMultiDict({"content-type": kind})))
        except RefusalError as refusal:
            assert refusal.status in (400, 413, 415)
            return
        text = getattr(sent, "text", None)
        assert text is None or (text.strip() == text and without_controls(text) == text != "")

    check()


@tried(150)
@given(st.binary(max_size=300), TEXTS)
def test_a_form_of_any_bytes_is_not_twilios(body: bytes, signed: str) -> None:
    headers = CIMultiDict({"content-type": FORM, "x-twilio-signature": signed})
    with pytest.raises(ForgedRequestError):
        read_signed_form(Sent(body, headers), ADDRESS, [TOKEN])


@tried(150)
@given(FIELDS, st.dictionaries(st.sampled_from(["MessageSid", "From", "NumMedia", "OptOutType", "To"]), STORABLE))
def test_whatever_twilio_signs_is_read_as_it_was_sent(others: list[tuple[str, str]], known: dict[str, str]) -> None:
    fields = [*others, *known.items()]
    headers = CIMultiDict({"content-type": FORM, "x-twilio-signature": signature(TOKEN, ADDRESS + PATH, fields)})
    form = read_signed_form(Sent(urlencode(fields).encode(), headers), ADDRESS, [TOKEN])
    assert list(form.items()) == fields
    with suppress(MalformedTextError):
        incoming = read_incoming(form, ["US"], "+13125550100")
        assert len(incoming.text) <= LONGEST_TEXT
        assert incoming.pictures >= 0
    with suppress(MalformedTextError):
        text = read_report(form, known.get("NumMedia")).text
        assert text is None or text >= 0


@tried(150)
@given(st.text(max_size=60), st.integers(0, 200), st.characters())
def test_only_a_token_of_ours_names_its_session(session_id: str, place: int, other: str) -> None:
    assume(not any("\ud800" <= character <= "\udfff" for character in session_id))
    tokens = SessionTokens(SECRET)
    token, _ = tokens.make(session_id)
    assert tokens.session_id(token) == session_id
    assert SessionTokens("o" * 40).session_id(token) is None
    place %= len(token)
    changed = token[:place] + other + token[place + 1 :]
    assert tokens.session_id(changed) is None or changed == token or _same_bits(token, changed)


def _same_bits(token: str, changed: str) -> bool:
    """The last letter of base64 holds bits that say nothing, so that several letters stand for the same signature."""
    return token[:-1] == changed[:-1]


@tried(200)
@given(STORABLE, st.sampled_from(["requests.name", "requests.phone", "messages.text"]), st.data())
def test_a_stored_value_comes_back_and_no_other_does(text: str, place: str, data: st.DataObject) -> None:
    table, column = place.split(".")
    stored = KEYS.encrypt(text, table, column)
    assert KEYS.decrypt(stored, table, column) == text
    at = data.draw(st.integers(3, len(stored) - 2))
    changed = stored[:at] + data.draw(st.characters()) + stored[at + 1 :]
    if changed != stored:
        with pytest.raises(UnreadableValueError):
            KEYS.decrypt(changed, table, column)


@tried(200)
@given(st.text(max_size=80), st.sampled_from(["", "e1.", "e1.tests.", "e1.tests.AAAA"]))
def test_whatever_is_stored_is_plain_or_unreadable(text: str, beginning: str) -> None:
    stored = beginning + text
    if stored.startswith("e1."):
        with pytest.raises(UnreadableValueError):
            KEYS.decrypt(stored, "requests", "name")
    else:
        assert KEYS.decrypt(stored, "requests", "name") == stored


@tried(150)
@given(st.one_of(st.text(max_size=60), st.text("abk1:=,-", max_size=60)))
def test_any_setting_of_keys_is_read_or_refused_without_showing_it(text: str) -> None:
    try:
        parse_keys(text)
    except KeysError as error:
        assert len(text) < 20 or text not in str(error)


@tried(150)
@given(st.dictionaries(st.sampled_from(sorted(TITLES)), TEXTS))
def test_any_filters_are_taken_or_refused(values: dict[str, str]) -> None:
    try:
        filters = read_filters(values)
    except FiltersError as error:
        assert set(error.problems) <= set(TITLES)
    else:
        assert read_filters(filters.values()) == filters


@tried(200)
@given(st.one_of(TEXTS, st.from_regex(r"[0-9]{0,20}\.[a-z]{0,5}", fullmatch=True)))
def test_any_place_in_the_list_is_read_or_refused(text: str) -> None:
    try:
        place = Place.read(text)
    except ValueError:
        return
    assert Place.read(place.written) == place


@tried(150)
@given(st.integers(0, 10**16 - 1), st.text(min_size=1, max_size=20))
def test_a_place_comes_back_as_it_was_written(microseconds: int, conversation_id: str) -> None:
    moment = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(microseconds=microseconds)
    assert Place.read(Place(moment, conversation_id).written) == Place(moment, conversation_id)


@tried(150)
@given(st.dictionaries(st.sampled_from(["RETENTION_LOG_DAYS", "RETENTION_HOUR", "RETENTION_TEXTS_DAYS"]), TEXTS))
def test_any_retention_is_read_or_refused(values: dict[str, str]) -> None:
    with suppress(SettingsError):
        settings = read_retention_settings(values)
        assert settings.log_days >= settings.transcript_days
        assert 0 <= settings.hour <= 23


@tried(60)
@given(TEXTS)
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    once = redact(text)
    assert redact(once) == once


@tried(20)
@given(st.lists(TEXTS.map(without_controls), min_size=1, max_size=4, unique=True))
def test_a_line_that_is_taught_comes_back_letter_by_letter_or_is_found_out(texts: list[str]) -> None:
    lines = []
    for number, text in enumerate(texts):
        with suppress(UnteachableError):
            lines.append(TaughtLine(str(number), taught_line(redact(text)), "out_of_scope"))
    misread = misread_lines(lines)
    assert misread_lines([line for line in lines if line not in misread]) == []


@tried(100)
@given(TEXTS.map(without_controls))
def test_twiml_is_xml_that_says_just_the_text(text: str) -> None:
    (message,) = ElementTree.fromstring(SmsChannel(load_settings({}))._twiml(text or "x").body)
    assert (message.text or "").replace("\r", "\n") == (text or "x").replace("\r", "\n")

"""Keys are read strictly, and a value is read as it was written, in its own column, or not at all."""

import base64
import logging
import stat
from pathlib import Path

import pytest

from clinic.encryption.keys import KeyRing, KeysError, UnreadableValueError, new_entry, parse_keys
from clinic.settings import SettingsError, load_settings

FIRST, SECOND = new_entry("first"), new_entry("second")
WORDS = "Zoë Álvarez, +1 312 555 0142 \N{FACE WITH THERMOMETER}"
PLACE = ("appointment_requests", "reason")


def ring(*entries: str) -> KeyRing:
    return parse_keys(",".join(entries))


@pytest.mark.parametrize("text", [WORDS, "", "e1.", "x" * 100_000, "a\nb\x00c"])
def test_a_value_is_read_as_it_was_written(text: str) -> None:
    stored = ring(FIRST).encrypt(text, *PLACE)
    assert stored.startswith("e1.first.")
    assert not set(stored.split(".")[2]) - set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    assert ring(FIRST).decrypt(stored, *PLACE) == text


def test_the_same_value_is_never_stored_twice_in_the_same_way() -> None:
    keys = ring(FIRST)
    assert len({keys.encrypt(WORDS, *PLACE) for _ in range(1_000)}) == 1_000


def test_the_first_key_writes_and_all_of_them_read() -> None:
    old = ring(FIRST).encrypt(WORDS, *PLACE)
    turned = ring(SECOND, FIRST)
    assert turned.encrypt(WORDS, *PLACE).startswith("e1.second.")
    assert turned.decrypt(old, *PLACE) == WORDS
    assert ring(FIRST, SECOND).decrypt(turned.encrypt(WORDS, *PLACE), *PLACE) == WORDS


@pytest.mark.parametrize("place", [("appointment_requests", "note"), ("staff_messages", "reason")])
def test_a_value_of_another_column_is_not_read(place: tuple[str, str]) -> None:
    stored = ring(FIRST).encrypt(WORDS, *PLACE)
    with pytest.raises(UnreadableValueError):
        ring(FIRST).decrypt(stored, *place)


def test_a_value_of_which_one_letter_was_changed_is_not_read() -> None:
    keys = ring(FIRST)
    head, payload = "e1.first.", keys.encrypt("Grace", *PLACE)[len("e1.first.") :]
    raw = base64.urlsafe_b64decode(payload + "==")
    for place in range(len(raw)):
        changed = bytes([*raw[:place], raw[place] ^ 1, *raw[place + 1 :]])
        with pytest.raises(UnreadableValueError):
            keys.decrypt(head + base64.urlsafe_b64encode(changed).decode().rstrip("="), *PLACE)


@pytest.mark.parametrize(("written", "other"), [("-", "+"), ("_", "/")])
def test_a_value_in_the_other_alphabet_of_base64_is_not_read(written: str, other: str) -> None:
    values = (ring(FIRST).encrypt("Dana Fox" * 10, *PLACE) for _ in range(1000))
    stored = next(value for value in values if written in value[:-1])
    assert ring(FIRST).decrypt(stored, *PLACE)
    with pytest.raises(UnreadableValueError):
        ring(FIRST).decrypt(stored.replace(written, other, 1), *PLACE)


@pytest.mark.parametrize("stored", ["e1.", "e1.first", "e1.first.", "e1.first.AAAA", "e1.first.\N{BULLET}", "e1..AA"])
def test_what_is_left_of_a_value_is_not_read(stored: str) -> None:
    with pytest.raises(UnreadableValueError):
        ring(FIRST).decrypt(stored, *PLACE)


def test_an_unreadable_value_is_named_by_place_and_key_and_not_by_what_it_holds(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stored = ring(SECOND).encrypt(WORDS, *PLACE)
    with caplog.at_level(logging.ERROR), pytest.raises(UnreadableValueError) as caught:
        ring(FIRST).decrypt(stored, *PLACE)
    for told in (str(caught.value), caplog.text):
        assert "appointment_requests.reason" in told
        assert "'second'" in told
        assert stored.split(".")[2] not in told


def test_words_in_the_place_of_a_key_id_are_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(UnreadableValueError) as caught:
        ring(FIRST).decrypt("e1.My name is Zelda. I have a rash", *PLACE)
    assert "Zelda" not in f"{caught.value} {caplog.text}"


def test_plain_text_of_an_earlier_release_is_read_as_it_is() -> None:
    for text in ("Grace", "", "E1.first.AAAA", "e1 first"):
        assert ring(FIRST).decrypt(text, *PLACE) == text


def test_while_plain_text_is_written_everything_is_read() -> None:
    keys = ring("plain", SECOND, FIRST)
    assert keys.encrypt(WORDS, *PLACE) == WORDS
    assert keys.decrypt(ring(FIRST).encrypt(WORDS, *PLACE), *PLACE) == WORDS
    typed = "e1.first.AAAA"
    assert keys.encrypt(typed, *PLACE) != typed
    assert keys.decrypt(keys.encrypt(typed, *PLACE), *PLACE) == typed


MALFORMED = {
    "no id": FIRST.partition(":")[2],
    "an id with a capital": FIRST.replace("first", "First"),
    "an id with a dot": FIRST.replace("first", "a.b"),
    "an id that is too long": FIRST.replace("first", "a" * 17),
    "no base64": "first:not base64!",
    "a short key": "first:" + base64.b64encode(b"k" * 31).decode(),
    "a long key": "first:" + base64.b64encode(b"k" * 33).decode(),
    "an id twice": f"{FIRST},{SECOND.replace('second', 'first')}",
    "a key twice": f"{FIRST},{FIRST.replace('first', 'second')}",
    "plain alone": "plain",
    "plain in the middle": f"{FIRST},plain,{SECOND}",
    "commas alone": ",,",
}


@pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED)
@pytest.mark.parametrize("environment", ["development", "production"])
def test_malformed_keys_are_refused_by_the_settings_name_without_being_shown(
    text: str, environment: str, tmp_path: Path
) -> None:
    values = {"MILIA_ENVIRONMENT": environment, "SECRET_KEY": "x" * 40, "VAR_DIR": str(tmp_path)}
    with pytest.raises(SettingsError, match="ENCRYPTION_KEYS is malformed") as caught:
        load_settings({**values, "ENCRYPTION_KEYS": text})
    secrets = [part for entry in text.split(",") for part in entry.split(":")[-1:] if len(part) > 8]
    assert not any(secret in str(caught.value) for secret in secrets)


@pytest.mark.parametrize("given", [{}, {"ENCRYPTION_KEYS": ""}, {"ENCRYPTION_KEYS": "  "}])
def test_production_does_not_start_without_keys(given: dict[str, str], tmp_path: Path) -> None:
    values = {"MILIA_ENVIRONMENT": "production", "SECRET_KEY": "x" * 40, "VAR_DIR": str(tmp_path)}
    with pytest.raises(SettingsError, match="ENCRYPTION_KEYS is not set"):
        load_settings({**values, **given})


def test_a_developers_machine_makes_one_key_for_its_owner_alone_and_says_so_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first = load_settings({"VAR_DIR": str(tmp_path)}).encryption_keys
    again = load_settings({"VAR_DIR": str(tmp_path)}).encryption_keys
    assert first == again
    assert load_settings({"VAR_DIR": str(tmp_path / "other")}).encryption_keys != first
    assert stat.S_IMODE((tmp_path / "development-encryption-key").stat().st_mode) == 0o600
    assert caplog.text.count("ENCRYPTION_KEYS is not set") == 2
    assert caplog.messages[0].startswith("Nothing to do for trying it out")


def test_keys_are_in_no_text_that_is_made_of_them_but_the_setting() -> None:
    keys = ring("plain", FIRST, SECOND)
    assert parse_keys(keys.as_setting()) == keys
    secret = FIRST.partition(":")[2]
    assert secret in keys.as_setting()
    assert secret not in repr(keys)
    assert repr(base64.b64decode(secret)) not in repr(keys)


@pytest.mark.parametrize("key_id", ["", "plain", "With Spaces", "a" * 17])
def test_no_key_is_made_under_an_id_that_is_none(key_id: str) -> None:
    with pytest.raises(KeysError):
        new_entry(key_id)

"""How passwords are kept. These tests use the hasher of the product, not the quick one of the others."""

import pytest
from argon2 import PasswordHasher, Type, extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY

from console import passwords
from console.passwords import PasswordRefusedError, check_password, hash_password, password_matches


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher())


def test_passwords_are_kept_as_argon2id_by_the_parameters_of_its_rfc(hasher: None) -> None:
    used = extract_parameters(hash_password("a long enough sentence"))
    assert used.type is Type.ID
    assert used == RFC_9106_LOW_MEMORY


def test_the_same_password_is_never_kept_the_same_way() -> None:
    assert hash_password("a long enough sentence") != hash_password("a long enough sentence")


def test_a_letter_typed_in_another_way_is_the_same_letter() -> None:
    kept = hash_password("contraseña muy larga")
    assert password_matches("contrasen\N{COMBINING TILDE}a muy larga", kept)


def test_what_is_no_hash_fits_no_password() -> None:
    assert not password_matches("a long enough sentence", "no hash")
    assert not password_matches("a long enough sentence", None)


@pytest.mark.parametrize(
    "password", ["correct horse battery", "mi perro se llama Paco", "marialikesgreentea", "🐢🐢🐇🐇🦊 in a row"]
)
def test_ordinary_long_passwords_are_taken(password: str) -> None:
    check_password(password, "maria")


@pytest.mark.parametrize(
    "password", ["", "short", "qwertyuiop12", "QWERTYUIOP12", "mariamaria12", "Maria-maria1", "abababababab"]
)
def test_easy_passwords_are_refused(password: str) -> None:
    with pytest.raises(PasswordRefusedError):
        check_password(password, "maria")


def test_the_list_holds_only_what_is_long_enough_to_be_asked_for_and_nothing_twice() -> None:
    lines = passwords.COMMON_FILE.read_text(encoding="utf-8").splitlines()
    assert len(set(lines)) == len(lines)
    assert all(len(line) >= passwords.SHORTEST for line in lines)

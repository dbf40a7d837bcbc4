import pytest

from clinic.settings import Settings, SettingsError, load_settings
from tests.encryption_keys import ENCRYPTION_KEYS

OWN = {"SECRET_KEY": "x" * 40, "ENCRYPTION_KEYS": ENCRYPTION_KEYS}


def settings(**values: str) -> Settings:
    return load_settings({**OWN, **values})


def test_left_out_the_console_is_on_this_machine_alone() -> None:
    console = settings(CONSOLE_PORT="8123").console
    assert (console.host, console.url, console.is_https) == ("127.0.0.1", "http://127.0.0.1:8123", False)
    assert (console.idle_minutes, console.session_hours) == (30, 12)
    assert (console.needs_two_people, console.needs_totp) == (True, False)


def test_the_names_of_this_machine_stand_for_each_other() -> None:
    console = settings().console
    assert console.origins == ("http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000")
    assert console.hosts == ("127.0.0.1", "localhost", "::1")


def test_of_a_public_address_only_its_own_origin_counts() -> None:
    console = settings(CONSOLE_URL="https://Console.example.com:8443/").console
    assert console.origins == ("https://console.example.com:8443",)
    assert console.hosts == ("console.example.com", "127.0.0.1", "localhost", "::1")
    assert console.is_https


@pytest.mark.parametrize(
    "url", ["console.example.com", "https://a.example/console", "ftp://a.example", "https://", "https://a.example?x=1"]
)
def test_an_address_that_is_none_is_refused_by_name(url: str) -> None:
    with pytest.raises(SettingsError, match="CONSOLE_URL"):
        settings(CONSOLE_URL=url)


def test_production_wants_tls_but_for_this_machine() -> None:
    with pytest.raises(SettingsError, match="https"):
        settings(MILIA_ENVIRONMENT="production", CONSOLE_URL="http://console.example.com")
    assert settings(MILIA_ENVIRONMENT="production", CONSOLE_URL="http://localhost:8000").console.url


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CONSOLE_IDLE_MINUTES", "0"),
        ("CONSOLE_SESSION_HOURS", "200"),
        ("CONSOLE_RELEASE", "nobody"),
        ("CONSOLE_TOTP", "on"),
    ],
)
def test_values_that_make_no_sense_are_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        settings(**{name: value})

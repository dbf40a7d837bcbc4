"""compose.yml agrees with the settings, with the proxy's configuration, and with itself."""

import re

import pytest
from dotenv import dotenv_values

from channels.turn import TURN_SECONDS
from clinic.settings import load_settings
from tests.deploy.proxy import SHIPPED
from tests.deploy.shipped import DEPLOY, FILLED_IN, OF_SANIC, OF_UVICORN, SETTINGS, compose, interpolated

SERVICES = compose()["services"]
OURS = {name: each for name, each in SERVICES.items() if "milia-assistant" in each["image"]}
BOTS = [name for name in OURS if name.startswith("bot-")]
OWN_IMAGE = re.compile(r"[a-z-]+:(\d[\w.]*-)?(bookworm|\d)[\w.-]*")


def environment(service: str) -> dict[str, str]:
    """A service's variables, as Compose fills them in."""
    values = {"BOT_NAME": "chat.example.com", "CONSOLE_NAME": "staff.example.com", "POSTGRES_PASSWORD": "abc"}
    given: dict[str, str] = SERVICES[service]["environment"]
    return {
        name: re.sub(r"\$\{(\w+)[^}]*\}", lambda found: values.get(found[1], ""), text) for name, text in given.items()
    }


def address(service: str) -> str:
    return str(SERVICES[service]["networks"]["front"]["ipv4_address"])


def test_every_variable_of_the_file_is_explained_and_none_besides() -> None:
    named = set(dotenv_values(DEPLOY / ".env.example"))
    assert interpolated((DEPLOY / "compose.yml").read_text(encoding="utf-8")) == named


@pytest.mark.parametrize("service", OURS)
def test_our_programs_are_given_settings_that_there_are(service: str) -> None:
    assert set(SERVICES[service]["environment"]) - {OF_SANIC, OF_UVICORN} <= set(SETTINGS)
    assert SERVICES[service]["env_file"] == "../.env"


@pytest.mark.parametrize("service", OURS)
def test_production_takes_these_settings(service: str) -> None:
    settings = load_settings({**SETTINGS, **FILLED_IN, **environment(service)})
    assert settings.is_production
    assert settings.console.is_https
    assert (settings.public_url, settings.console.url) == ("https://chat.example.com", "https://staff.example.com")
    assert settings.rate_limits


def test_only_the_proxy_can_be_reached_from_outside() -> None:
    assert [name for name, each in SERVICES.items() if "ports" in each] == ["proxy"]
    assert not any(each.get("privileged") or each.get("network_mode") == "host" for each in SERVICES.values())


def test_our_programs_have_no_rights_and_write_to_their_volumes_alone() -> None:
    for each in OURS.values():
        assert each["read_only"]
        assert each["cap_drop"] == ["ALL"]
        assert each["security_opt"] == ["no-new-privileges:true"]
        assert {volume.removesuffix(":ro") for volume in each["volumes"]} <= {
            "models:/app/models",
            "var:/app/var",
            "/tmp",
        }
        assert "mem_limit" in each or each["restart"] == "no"


def test_models_and_files_are_written_by_the_preparation_and_the_console_alone() -> None:
    files = {"models:/app/models", "var:/app/var"}
    assert [name for name, each in OURS.items() if files & set(each["volumes"])] == ["preparation", "console"]
    for bot in BOTS:
        assert set(SERVICES[bot]["volumes"]) == {f"{each}:ro" for each in files} | {"/tmp"}


def test_the_proxy_is_told_all_that_its_configuration_leaves_open() -> None:
    template = (SHIPPED / "templates" / "milia.conf.template").read_text(encoding="utf-8")
    named = interpolated(re.sub(r"(?m)^ *#.*$", "", template))
    assert named == set(SERVICES["proxy"]["environment"])


def test_the_proxy_finds_the_bots_and_the_console() -> None:
    given = environment("proxy")
    servers = re.findall(r"server ([\d.]+:\d+) ", given["BOT_SERVERS"])
    places = [SERVICES[bot]["network_mode"].removeprefix("service:") for bot in BOTS]
    assert servers == [
        f"{address(place)}:{environment(bot)['BOT_PORT']}" for place, bot in zip(places, BOTS, strict=True)
    ]
    assert given["CONSOLE_SERVERS"].startswith(f"server {address('console')}:{environment('console')['CONSOLE_PORT']} ")
    assert f"{given['HTTPS_PORT']}:443" in SERVICES["proxy"]["ports"]


def test_the_proxy_alone_says_where_a_request_comes_from() -> None:
    assert environment("console")[OF_UVICORN] == address("proxy")
    assert all(environment(bot)[OF_SANIC] == "1" for bot in BOTS)


def test_each_bot_shares_its_network_with_an_action_server_that_listens_on_loopback() -> None:
    for bot in BOTS:
        actions = bot.replace("bot", "actions")
        assert SERVICES[actions]["network_mode"] == SERVICES[bot]["network_mode"]
        assert environment(actions)["ACTIONS_PORT"] == environment(bot)["ACTIONS_PORT"]
        # What ends with a bot would leave its action server behind.
        assert SERVICES[bot]["network_mode"].removeprefix("service:") not in OURS


def test_the_console_knows_whom_to_ask_for_the_model_in_force() -> None:
    assert environment("console")["BOT_HOST"] in SERVICES


@pytest.mark.parametrize(
    ("service", "port", "path"),
    [
        ("bot-1", "BOT_PORT", "/health/ready"),
        ("actions-1", "ACTIONS_PORT", "/health"),
        ("console", "CONSOLE_PORT", "/health/ready"),
    ],
)
def test_health_is_asked_where_the_program_listens(service: str, port: str, path: str) -> None:
    program, address_asked = SERVICES[service]["healthcheck"]["test"][-2:]
    assert (DEPLOY.parent / program).is_file()
    assert address_asked == f"http://127.0.0.1:{environment(service)[port]}{path}"


def test_nothing_starts_before_the_preparation_has_ended_well() -> None:
    for name, each in OURS.items():
        if name != "preparation":
            assert each["depends_on"]["preparation"] == {"condition": "service_completed_successfully"}


def test_a_bot_that_is_stopped_has_time_for_its_turns() -> None:
    assert all(int(SERVICES[bot]["stop_grace_period"].removesuffix("s")) > TURN_SECONDS for bot in BOTS)


def test_others_images_are_pinned_to_a_version() -> None:
    for name, each in SERVICES.items():
        if name not in OURS:
            assert OWN_IMAGE.fullmatch(each["image"]), each["image"]


def test_what_is_mounted_is_there() -> None:
    mounted = [text.split(":")[0] for text in SERVICES["proxy"]["volumes"] if text.startswith("./")]
    assert mounted
    assert all((DEPLOY / path).exists() for path in mounted)

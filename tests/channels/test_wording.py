"""The clinic's wording: the channel's variation, not said just before, with every value filled in."""

import itertools
import os
from pathlib import Path

import pytest
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker

from channels.wording import ClinicResponses, WordingError
from clinic.answers.response_files import ResponseFiles, ResponseFilesError
from clinic.settings import Settings, load_settings

RESPONSES = """
responses:
  utter_hello:
  - text: Hello from {clinic_name}.
    metadata: {facts: [M1]}
  - text: Hi.
  - text: Good day.
  - {text: Hello by text., channel: sms}
  utter_named:
  - text: "{name}, shall I call {phone}?"
  utter_noted:
  - text: "Thank you, {details_shown}."
  - text: "Got it, {details_shown}."
  utter_web_only:
  - {text: For the web., channel: web}
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({"CLINIC_NAME": "Skin {name} Clinic", "VAR_DIR": str(tmp_path)})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "responses"
    folder.mkdir()
    (folder / "some.yml").write_text(RESPONSES, encoding="utf-8")
    return folder


@pytest.fixture
def responses(folder: Path, settings: Settings) -> ClinicResponses:
    return ClinicResponses(settings=settings, folder=folder, seconds_between_looks=0.0)


def tracker_after(*texts: str) -> DialogueStateTracker:
    return DialogueStateTracker.from_events("anyone", [BotUttered(text) for text in texts], [])


async def test_the_first_variation_comes_first_with_its_facts_and_id(responses: ClinicResponses) -> None:
    draft = await responses.generate("utter_hello", tracker_after(), "web")
    assert draft == {
        "text": "Hello from Skin {name} Clinic.",
        "metadata": {"facts": ["M1"]},
        "id": "utter_hello/any/1",
    }


async def test_what_was_said_lately_is_not_said_again_while_there_is_another(responses: ClinicResponses) -> None:
    said: list[str] = []
    for _ in range(7):
        said.append((await responses.generate("utter_hello", tracker_after(*said), "web"))["text"])
    assert len(set(said[:3])) == 3
    assert said[:3] == said[3:6]
    assert all(first != second for first, second in itertools.pairwise(said))


@pytest.mark.parametrize("channel", ["web", "sms"])
async def test_can_i_call_you_is_answered_with_the_number_while_a_message_is_taken(
    tmp_path: Path, channel: str
) -> None:
    settings = load_settings({"CLINIC_PHONE": "(312) 555-0142", "VAR_DIR": str(tmp_path)})
    said: list[str] = []
    for _ in range(3):
        draft = await ClinicResponses(settings=settings).generate(
            "utter_staff_message_started", tracker_after(*said), channel
        )
        said.append(draft["text"])
    assert ["(312) 555-0142" in text for text in said] == [True, True, True]


async def test_a_channel_has_its_own_variations(responses: ClinicResponses) -> None:
    assert (await responses.generate("utter_hello", tracker_after(), "sms"))["text"] == "Hello by text."
    assert responses.text("utter_web_only", "web") == "For the web."
    with pytest.raises(WordingError, match="no variation for channel 'sms'"):
        responses.text("utter_web_only", "sms")


async def test_braces_in_a_value_stay_as_they_were_typed(responses: ClinicResponses) -> None:
    values = {"name": "{phone} {clinic_name} {0} %s $x \\1", "phone": "5"}
    draft = await responses.generate("utter_named", tracker_after(), "web", **values)
    assert draft["text"] == "{phone} {clinic_name} {0} %s $x \\1, shall I call 5?"


@pytest.mark.parametrize("values", [{}, {"name": "Ann"}, {"name": "Ann", "phone": None}])
async def test_a_missing_value_is_an_error(
    responses: ClinicResponses, values: dict[str, str | None], caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(WordingError, match="needs a value for"):
        await responses.generate("utter_named", tracker_after(), "web", **values)
    assert "utter_named/any/1" in caplog.text
    assert "Ann" not in caplog.text


async def test_an_unknown_response_is_an_error(responses: ClinicResponses) -> None:
    with pytest.raises(WordingError, match="utter_nothing"):
        await responses.generate("utter_nothing", tracker_after(), "web")


@pytest.mark.parametrize(
    ("asked_for", "said"),
    [
        ("", "Address: 5 Elm St. Hours: 9 to 5. Phone: 312 555 0100."),
        ("hours", "Hours: 9 to 5. Address: 5 Elm St. Phone: 312 555 0100."),
        ("phone", "Phone: 312 555 0100. Address: 5 Elm St. Hours: 9 to 5."),
        ("phone hours", "Phone: 312 555 0100. Hours: 9 to 5. Address: 5 Elm St."),
    ],
)
@pytest.mark.parametrize("channel", ["web", "sms"])
async def test_what_was_asked_for_comes_first_of_the_clinics_details(
    tmp_path: Path, asked_for: str, said: str, channel: str
) -> None:
    details = {"CLINIC_PHONE": "312 555 0100", "CLINIC_ADDRESS": "5 Elm St.", "CLINIC_HOURS": "9 to 5"}
    responses = ClinicResponses(settings=load_settings({**details, "VAR_DIR": str(tmp_path)}))
    label = "utter_uncovered/clinic_logistics"
    draft = await responses.generate(label, tracker_after(), channel, asked_for=asked_for)
    assert draft["text"] == said


def test_a_changed_file_is_read_again_and_a_broken_one_is_not_used(
    folder: Path, responses: ClinicResponses, caplog: pytest.LogCaptureFixture
) -> None:
    write_later(folder / "some.yml", "responses: {utter_hello: [{text: New wording.}]}", 10)
    assert responses.text("utter_hello", "web") == "New wording."
    write_later(folder / "some.yml", "responses: [", 20)
    assert responses.text("utter_hello", "web") == "New wording."
    assert responses.text("utter_hello", "web") == "New wording."
    assert caplog.text.count("some.yml is not valid YAML") == 1
    write_later(folder / "some.yml", "responses: {utter_hello: [{text: Mended.}]}", 30)
    assert responses.text("utter_hello", "web") == "Mended."


def test_the_folder_is_not_looked_at_in_every_turn(folder: Path, settings: Settings) -> None:
    responses = ClinicResponses(settings=settings, folder=folder, seconds_between_looks=3_600.0)
    before = responses.text("utter_hello", "web")
    write_later(folder / "some.yml", "responses: {utter_hello: [{text: New wording.}]}", 10)
    assert responses.text("utter_hello", "web") == before


def test_a_new_file_is_read_too(folder: Path, responses: ClinicResponses) -> None:
    write_later(folder / "other.yml", "responses: {utter_bye: [{text: Bye.}]}", 10)
    assert responses.text("utter_bye", "web") == "Bye."


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "responses: 5",
        "responses: {utter_a: []}",
        "responses: {utter_a: [{}]}",
        "responses: {utter_hello: [{text: twice}]}",
    ],
)
def test_a_broken_file_is_refused_at_start(folder: Path, content: str) -> None:
    (folder / "broken.yml").write_text(content, encoding="utf-8")
    with pytest.raises(ResponseFilesError):
        ResponseFiles(folder)


def test_the_real_responses_can_all_be_said(settings: Settings) -> None:
    responses = ClinicResponses(settings=settings)
    for name in ("utter_welcome", "utter_turn_failed", "utter_safety/emergency", "utter_safety/self_harm"):
        for channel in ("web", "sms"):
            assert "911" in responses.text(name, channel) or name == "utter_safety/self_harm"


def write_later(path: Path, content: str, seconds: int) -> None:
    """Files are told apart by their time, which a fast test would not change."""
    path.write_text(content, encoding="utf-8")
    moment = path.stat().st_mtime + seconds
    os.utime(path, (moment, moment))


async def test_the_same_sentence_with_other_details_counts_as_said(responses: ClinicResponses) -> None:
    first = await responses.generate("utter_noted", tracker_after(), "web", details_shown="Dana")
    said = BotUttered(str(first["text"]), metadata={"id": first["id"]})
    tracker = DialogueStateTracker.from_events("anyone", [said], [])
    second = await responses.generate("utter_noted", tracker, "web", details_shown="(312) 555-0100")
    assert second["id"] != first["id"]

"""The answers as the console lists them: what each is called, under which heading it stands, and where its page is."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from clinic.answers.response_files import ResponseFiles, Responses
from clinic.answers.response_topics import response_topics
from clinic.settings import PROJECT_ROOT
from console.names import label_name
from conversations.answer_kinds import answer_kinds

RESPONSES_FOLDER = PROJECT_ROOT / "data" / "responses"
PREFIX = "utter_"
TEXTS_ALONE = "sms"
HEADINGS = {
    "facts": "Questions about the skin",
    "not_covered": "Not on the page",
    "settings": "The clinic",
    "safety": "Danger",
    "declined": "Diagnosis",
    "transaction": "Requests and data",
    "conversation": "Small talk",
    TEXTS_ALONE: "Text messages alone",
}
"""By the kind of the answer, in the order of the page."""


@dataclass(frozen=True)
class Answer:
    """One answer. `response` is its name in the data, `key` the same in addresses and in the audit."""

    response: str
    key: str
    title: str
    kind: str


@lru_cache(maxsize=1)
def _files() -> ResponseFiles:
    return ResponseFiles(RESPONSES_FOLDER)


def shipped_responses() -> Responses:
    """What the files of this release say.

    Raises:
        clinic.answers.response_files.ResponseFilesError: a file is broken.
    """
    return _files().responses()


def all_answers() -> Mapping[str, Answer]:
    """Every answer by its key, in the order of the files."""
    answers = [_answer(response) for response in shipped_responses()]
    return {answer.key: answer for answer in answers}


def _answer(response: str) -> Answer:
    name = response.removeprefix(PREFIX)
    label = response_topics().topic(response).label
    kind = TEXTS_ALONE if name.startswith(f"{TEXTS_ALONE}_") else answer_kinds().get(response, "conversation")
    return Answer(response, name.replace("/", "."), _title(name, label), kind)


def _title(name: str, label: str) -> str:
    if label:
        return label_name(label)
    return name.removeprefix(f"{TEXTS_ALONE}_").replace("/", " ").replace("_", " ").capitalize()

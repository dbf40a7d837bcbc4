"""What conversations are searched for: the filters of the list, from the form as a person fills it in."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from console.names import CHANNELS, LANGUAGES, OUTCOMES, label_names
from console.typed_days import NoDayError, read_day
from console.typed_numbers import whole_number
from conversations.known_labels import known_labels

LONGEST_WORDS = 200
MOST_WORDS = 8
FLAGS = {"safety": "With a safety message", "waiting": "With a flag that waits", "acknowledged": "With a seen flag"}
FEEDBACK = {"up": "Thumbs up", "down": "Thumbs down"}
REVIEW_STATES = {"unreviewed": "Not reviewed", "reviewed": "Reviewed", "changed": "Gone on since the review"}
TITLES = {
    "words": "words",
    "channel": "channel",
    "language": "language",
    "since": "last activity from",
    "until": "last activity to",
    "label": "understood as",
    "least": "confidence from",
    "most": "confidence to",
    "outcome": "outcome",
    "flag": "flags",
    "feedback": "feedback",
    "review": "review",
}
"""The fields of the form, in words."""
NAMES: Mapping[str, Mapping[str, str]] = {
    "channel": CHANNELS,
    "language": LANGUAGES,
    "label": label_names(),
    "outcome": OUTCOMES,
    "flag": FLAGS,
    "feedback": FEEDBACK,
    "review": REVIEW_STATES,
}
"""What the values of a field are called, where it is a list."""


@dataclass(frozen=True)
class ConversationFilters:
    """What a conversation must be like; empty values filter nothing.

    `words` must all stand in one message. `since` and `until` are days of the last activity in the clinic's zone, both
    included. `least` and `most` bound the confidence in per cent, both included. The filters of `of_a_message` are all
    about one and the same message.
    """

    words: str = ""
    channel: str = ""
    language: str = ""
    since: date | None = None
    until: date | None = None
    label: str = ""
    least: int | None = None
    most: int | None = None
    outcome: str = ""
    flag: str = ""
    feedback: str = ""
    review: str = ""

    @property
    def of_a_message(self) -> bool:
        """Whether any filter looks at single messages."""
        given = (self.words, self.label, self.outcome, self.feedback)
        return any(given) or self.least is not None or self.most is not None

    def values(self) -> dict[str, str]:
        """The filters that are set, as the form's values by field."""
        return {name: str(value) for name, value in asdict(self).items() if value not in ("", None)}


def in_words(filters: ConversationFilters) -> list[str]:
    """Each filter that is set, as it is told above what was found."""
    return [f"{TITLES[name]}: {NAMES.get(name, {}).get(value, value)}" for name, value in filters.values().items()]


class FiltersError(ValueError):
    """Some filters cannot be taken; `problems` says why by field, in words for the person."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = dict(problems)


def read_filters(values: Mapping[str, object]) -> ConversationFilters:
    """The filters of a form, or of a search as it was stored.

    Raises:
        FiltersError: a value is none that the form offers, or makes no sense beside another.
    """
    return _Reader(values).filters()


class _Reader:
    """Reads all fields, so that everything that is wrong can be said at once."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = {name: str(values.get(name) or "").strip() for name in TITLES}
        self._problems: dict[str, str] = {}

    def filters(self) -> ConversationFilters:
        found = ConversationFilters(
            words=self._words(),
            channel=self._one_of("channel", CHANNELS),
            language=self._one_of("language", LANGUAGES),
            since=self._day("since"),
            until=self._day("until"),
            label=self._one_of("label", known_labels()),
            least=self._per_cent("least"),
            most=self._per_cent("most"),
            outcome=self._one_of("outcome", OUTCOMES),
            flag=self._one_of("flag", FLAGS),
            feedback=self._one_of("feedback", FEEDBACK),
            review=self._one_of("review", REVIEW_STATES),
        )
        if found.since and found.until and found.since > found.until:
            self._problems["until"] = "The last day is before the first day."
        if found.least is not None and found.most is not None and found.least > found.most:
            self._problems["most"] = "The upper bound is below the lower one."
        if self._problems:
            raise FiltersError(self._problems)
        return found

    def _words(self) -> str:
        words = " ".join(self._values["words"].replace("\x00", " ").split())
        if len(words) > LONGEST_WORDS or len(words.split()) > MOST_WORDS:
            self._problems["words"] = f"Please give at most {MOST_WORDS} words and {LONGEST_WORDS} characters."
        return words

    def _one_of(self, name: str, known: Mapping[str, str] | tuple[str, ...]) -> str:
        value = self._values[name]
        if value and value not in known:
            self._problems[name] = "Please choose from the list."
        return value

    def _day(self, name: str) -> date | None:
        text = self._values[name]
        if not text:
            return None
        try:
            return read_day(text)
        except NoDayError as error:
            self._problems[name] = str(error)
            return None

    def _per_cent(self, name: str) -> int | None:
        text = self._values[name]
        if not text:
            return None
        number = whole_number(text, most_digits=3)
        if number is None or number > 100:
            self._problems[name] = "Please give a whole number from 0 to 100."
            return None
        return number

"""How the page of an answer shows its wordings: as people read them, what they cost, and what is wrong with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from clinic.answers import sample_values
from clinic.answers.answer_checks import CHANNEL_NAMES, MOST_WAYS, check_answer
from clinic.answers.problems import Problem, place_of
from clinic.answers.reading_level import is_english, readability_grade, reading_age
from clinic.answers.response_topics import response_topics
from clinic.answers.sample_values import READING, SHOWN, filled, filled_with
from clinic.answers.standard import Standard, channels_of
from clinic.answers.wordings import SMS, WEB, Wordings, texts_of, wordings_of
from clinic.contact import clinic_variables
from clinic.settings import Settings
from clinic.sms_text import SEPTETS_ALONE, UNITS_ALONE, segments, septets
from console.answer_texts import Answer, shipped_responses

LOOPBACK = ("127.0.0.1", "localhost", "::1")
ORDER = ("first", "second", "third", "fourth")
CHANNEL_TITLES = {WEB: "On the website", SMS: "As a text message"}


@dataclass(frozen=True)
class ShownText:
    """One way to say it: as it is typed, and as people read it; `field` is its name in the form."""

    field: str
    title: str
    text: str
    read_as: str
    measures: tuple[str, ...]
    problems: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class ShownChannel:
    """The ways of one channel, and a place for one more."""

    title: str
    texts: tuple[ShownText, ...]


@dataclass(frozen=True)
class Placeholder:
    """One name in braces, and what stands for it when it is said; `is_needed` where each wording has to keep it."""

    name: str
    example: str
    is_needed: bool


def standard_of(answer: Answer, settings: Settings) -> Standard:
    """What the wordings of an answer are held to."""
    content = response_topics()
    shipped = wordings_of(shipped_responses()[answer.response])
    return Standard(answer.response, content.topic(answer.response), shipped, content.facts, own_hosts(settings))


def own_hosts(settings: Settings) -> frozenset[str]:
    """The host names of the clinic's own sites: those that embed the chat, and the one that it comes from."""
    named = {urlsplit(address).hostname or "" for address in (*settings.allowed_origins, settings.public_url)}
    return frozenset(named - {"", *LOOPBACK})


def problems_of(wordings: Wordings, standard: Standard, settings: Settings) -> list[Problem]:
    """What is wrong with wordings; `settings` have the clinic's details in force."""
    return check_answer(wordings, standard, longest_values(settings))


def longest_values(settings: Settings) -> dict[str, str]:
    """What placeholders are filled in with when a text is measured: the clinic's details, or longer ones to come."""
    long, own = sample_values.values(sample_values.SMS), clinic_variables(settings)
    return {name: max(own.get(name, ""), value, key=len) for name, value in long.items()}


def shown_channels(
    typed: Mapping[str, Sequence[str]], standard: Standard, settings: Settings, problems: Sequence[Problem]
) -> list[ShownChannel]:
    """The form's fields by channel.

    Args:
        typed: the texts by channel.
        standard: what they are held to.
        settings: with the clinic's details in force.
        problems: what was found in them.
    """
    known = {**sample_values.values(SHOWN), **clinic_variables(settings)}
    channels = []
    for channel in channels_of(standard.shipped):
        texts = [*typed[channel], *([""] if len(typed[channel]) < MOST_WAYS else [])]
        shown = [
            _shown(place_of(channel, number), text, standard, known, problems)
            for number, text in enumerate(texts, start=1)
        ]
        channels.append(ShownChannel(CHANNEL_TITLES[channel], tuple(shown)))
    return channels


def texts_by_channel(wordings: Wordings) -> dict[str, list[str]]:
    """The texts as the form takes them."""
    return {channel: texts_of(wordings, channel) for channel in CHANNEL_TITLES}


def placeholders_of(standard: Standard, settings: Settings) -> list[Placeholder]:
    """The names in braces that an answer may have."""
    known = {**sample_values.values(SHOWN), **clinic_variables(settings)}
    needed = set().union(*(standard.needed(channel) for channel in channels_of(standard.shipped)))
    return [Placeholder(name, known.get(name, ""), name in needed) for name in sorted(standard.allowed)]


def words_that_stay(standard: Standard) -> list[str]:
    """Words that every wording keeps as they are written, such as 911."""
    return sorted(set().union(*(standard.kept_words(channel) for channel in channels_of(standard.shipped))))


def _shown(place: str, text: str, standard: Standard, known: dict[str, str], problems: Sequence[Problem]) -> ShownText:
    channel, _, number = place.partition("-")
    of_place = [problem for problem in problems if problem.place == place]
    read_as = filled_with(text, known)
    return ShownText(
        field=place,
        title=f"{CHANNEL_NAMES[channel].capitalize()}, {ORDER[int(number) - 1]} way"
        if text
        else "Another way to say it",
        text=text,
        read_as=read_as,
        measures=_measures(channel, text, read_as, standard) if text else (),
        problems=tuple(problem.said for problem in of_place if problem.stops),
        warnings=tuple(problem.said for problem in of_place if not problem.stops),
    )


def _measures(channel: str, text: str, read_as: str, standard: Standard) -> tuple[str, ...]:
    measures = [_size(read_as)] if channel == SMS else []
    if is_english(standard.response):
        plain = filled(text, READING)
        grade = max(readability_grade(plain), 1)
        measures.append(f"Easy for readers of {reading_age(plain)} years and more (school grade {grade:.0f})")
    return tuple(measures)


def _size(text: str) -> str:
    """Such as `143 of 160 characters, 1 segment, plain alphabet (GSM-7)`; a clinic pays by the segment."""
    count = segments(text)
    paid = f"{count} segment{'' if count == 1 else 's'} to pay for"
    size = septets(text)
    if size is None:
        return f"{len(text)} characters, {paid}, dear alphabet (UCS-2, {UNITS_ALONE} characters in a segment)"
    return f"{size} characters, {paid}, plain alphabet (GSM-7, {SEPTETS_ALONE} characters in a segment)"

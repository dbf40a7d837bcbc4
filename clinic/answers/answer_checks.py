"""Whether wordings that somebody wrote may be said: each text by itself, and against what the answer rests on."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from clinic.answers.contact_checks import link_problems, number_problems
from clinic.answers.forbidden_wording import denies_something
from clinic.answers.plain_text import placeholders, without_accents, words_of
from clinic.answers.problems import Problem, place_of
from clinic.answers.reading_level import is_english
from clinic.answers.rule_files import rules_of
from clinic.answers.standard import Standard, channels_of, rules_of_kept, stems
from clinic.answers.text_checks import form_problems, reading_problems, said_problems, sms_problems
from clinic.answers.wordings import SMS, Wording, Wordings, texts_of

MOST_WAYS = 4
CHANNEL_NAMES = {"web": "website", "sms": "text message"}
NUMBER = re.compile(r"\d+")


def check_answer(wordings: Sequence[Wording], standard: Standard, clinic: Mapping[str, str]) -> list[Problem]:
    """Everything that is wrong with the wordings of one answer, or that somebody should look at.

    Args:
        wordings: what somebody wants the assistant to say, tidied.
        standard: what the answer is held to.
        clinic: the clinic's own details as placeholders are filled in with them.
    """
    problems = list(_whole(wordings, standard))
    for channel in channels_of(tuple(wordings)):
        for number, text in enumerate(texts_of(wordings, channel), start=1):
            place = place_of(channel, number)
            problems += [Problem(place, said) for said in _stopping(text, channel, standard, clinic)]
            problems += [Problem(place, said, stops=False) for said in _worth_a_look(text, standard)]
    return problems


def resting_on_facts(wordings: Sequence[Wording], standard: Standard) -> Wordings:
    """The wordings with the facts that they rest on: of those that the shipped ones name, those that are still said."""
    if not standard.names_facts:
        return tuple(replace(each, facts=None) for each in wordings)
    return tuple(
        replace(each, facts=tuple(fact for fact in standard.named_facts if says_fact(each.text, fact, standard.facts)))
        for each in wordings
    )


def says_fact(text: str, fact: str, known: Mapping[str, str]) -> bool:
    """Whether a text says what a fact says, as far as words can tell: by its pattern, else by the words of the fact.

    Where neither is known it is taken to be said.

    Args:
        text: the wording.
        fact: the fact's id.
        known: the texts of all facts by id.
    """
    rule = rules_of("essential_words")["facts"].get(fact)
    if rule:
        return _matches(rule, text)
    return fact not in known or bool(stems(text) & stems(known[fact]))


def danger_lost(response: str, text: str) -> list[str]:
    """What a wording for danger has to say and does not, such as `to call 911`."""
    return [
        str(rule["says"])
        for rule in rules_of("essential_words")["danger"].get(response, ())
        if not _matches(rule, text)
    ]


def _whole(wordings: Sequence[Wording], standard: Standard) -> Iterator[Problem]:
    for channel in channels_of(standard.shipped):
        texts = texts_of(wordings, channel)
        if not texts:
            yield Problem("", f"There has to be at least one way to say it as a {CHANNEL_NAMES[channel]}.")
        if len(texts) > MOST_WAYS:
            yield Problem(
                "", f"There may be {MOST_WAYS} ways to say it as a {CHANNEL_NAMES[channel]}, not {len(texts)}."
            )
        if len(set(texts)) < len(texts):
            yield Problem(
                "", f"Two ways to say it as a {CHANNEL_NAMES[channel]} are the same. Leave one of them empty."
            )
    for channel in set(channels_of(tuple(wordings))) - set(channels_of(standard.shipped)):
        yield Problem("", f"This is never sent as a {CHANNEL_NAMES[channel]}.")


def _stopping(text: str, channel: str, standard: Standard, clinic: Mapping[str, str]) -> Iterator[str]:
    plain = without_accents(text)
    yield from form_problems(text, standard.allowed)
    yield from _lost(plain, channel, standard)
    yield from said_problems(plain)
    yield from _unfounded(plain, standard)
    yield from link_problems(plain, standard.own_hosts)
    yield from number_problems(plain, [each.text for each in standard.shipped])
    yield from reading_problems(text, is_english(standard.response))
    if channel == SMS:
        yield from sms_problems(text, clinic)


def _lost(text: str, channel: str, standard: Standard) -> Iterator[str]:
    """What every shipped wording has and this one has not."""
    for name in sorted(standard.needed(channel) - placeholders(text)):
        yield f"It has to keep {{{name}}}, which is filled in when it is said."
    for word in sorted(standard.kept_words(channel) - set(words_of(text))):
        yield f"It has to keep “{word}”, written just so."
    carriers = {word for word in rules_of_kept() if word.isalpha()} - _words_of_shipped(standard)
    for word in sorted(carriers & set(words_of(text))):
        yield f"It names {word}, on which the phone companies act when somebody texts it. Say it in other words."
    for lost in danger_lost(standard.response, text):
        yield f"It is said when something may be urgent, so it has to say {lost}."
    if standard.is_danger:
        for rule in rules_of("essential_words")["danger_never"]:
            if _matches(rule, text):
                yield f"It is said when something may be urgent, and says {rule['says']}."
    if standard.is_denied(channel) and not denies_something(text):
        yield "All wordings that came with it say that something is not so (not, no, nothing). This one does not."


def _unfounded(text: str, standard: Standard) -> Iterator[str]:
    """What the answer says less or more than its facts."""
    for fact in standard.topic.facts:
        if not says_fact(text, fact, standard.facts):
            rule = rules_of("essential_words")["facts"].get(fact, {"says": "what its fact says"})
            yield f"It no longer says {rule['says']} ({fact}: {standard.facts.get(fact, '')})."
    for stem in sorted(standard.fact_words - stems(text)):
        word = _word_of(stem, standard)
        yield f"It no longer has the word “{word}”, which its facts and all wordings that came with it have."
    known = standard.known_words
    said = {word.casefold() for word in words_of(text)}
    for word in sorted((said & set(rules_of("essential_words")["medical"])) - known):
        yield f"“{word}” is about illness or treatment, and neither its facts nor the wording that came with it has it."
    for number in sorted(set(NUMBER.findall(text)) - known):
        yield f"It names the number {number}, which neither its facts nor the wording that came with it has."
    for duration in _durations(text):
        if duration.casefold() not in standard.known_text:
            yield f"“{duration}” says how long or how often. Neither its facts nor the wording that came with it does."


def _durations(text: str) -> list[str]:
    """The words of a text that say how long something takes or how often it is done, each once."""
    found = (match.group(0) for rule in rules_of("essential_words")["durations"] for match in _found(rule, text))
    return list(dict.fromkeys(found))


def _worth_a_look(text: str, standard: Standard) -> Iterator[str]:
    if not is_english(standard.response):
        return
    plain = set(rules_of("essential_words")["plain"])
    known = stems(" ".join(standard.known_words))
    new = [word for word in words_of(text) if word.casefold() not in plain and not stems(word) <= known]
    if new:
        listed = ", ".join(f"“{word}”" for word in dict.fromkeys(new))
        yield f"New words, which neither its facts nor the wording that came with it have: {listed}. Are they true?"


def _words_of_shipped(standard: Standard) -> set[str]:
    return {word for each in standard.shipped for word in words_of(each.text)}


def _word_of(stem: str, standard: Standard) -> str:
    return next(word for word in words_of(standard.shipped[0].text) if word.casefold().startswith(stem))


def _found(pattern: str, text: str) -> Iterator[re.Match[str]]:
    return re.finditer(pattern, text.replace("’", "'"), re.IGNORECASE)


def _matches(rule: Mapping[str, Any], text: str) -> bool:
    return re.search(rule["pattern"], text.replace("’", "'"), re.IGNORECASE) is not None

"""Answers promise no result, name no price, give no verdict on the visitor's skin and call no request a booking."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from evaluation.data_check.content import ProjectContent
from evaluation.data_check.findings import Finding
from evaluation.data_check.response_texts import filled, sentences
from evaluation.located_yaml import ContentError, Located, read_located

WORDING = Path(__file__).with_name("wording.yml")


@dataclass(frozen=True)
class ForbiddenWording:
    """A pattern that no sentence may match, and whether a denial before it makes it harmless."""

    pattern: re.Pattern[str]
    unless_denied: bool
    advice: str


@dataclass(frozen=True)
class WordingRules:
    """The forbidden wordings and how a denial is told."""

    forbidden: tuple[ForbiddenWording, ...]
    denials: re.Pattern[str]
    clause_ends: re.Pattern[str]


def check_wording(content: ProjectContent) -> Iterator[Finding]:
    """Texts that say what no answer may say."""
    for variation in content.variations:
        for sentence in sentences(filled(variation.text, "reading")):
            for said, advice in forbidden_wordings(sentence):
                shown = f"{variation.response} ({variation.channel}) says '{said}', which {advice}."
                yield Finding(variation.path, variation.line, shown)


def forbidden_wordings(sentence: str) -> list[tuple[str, str]]:
    """What `sentence` says and must not, each with what is wrong about it."""
    rules = _rules()
    plain = sentence.replace("’", "'")
    return [
        (match.group(0), wording.advice)
        for wording in rules.forbidden
        for match in wording.pattern.finditer(plain)
        if not (wording.unless_denied and _is_denied(plain[: match.start()], rules))
    ]


def _is_denied(before: str, rules: WordingRules) -> bool:
    return rules.denials.search(rules.clause_ends.split(before)[-1]) is not None


@cache
def _rules() -> WordingRules:
    document = read_located(WORDING)
    forbidden = document.get("forbidden")
    return WordingRules(
        tuple(_forbidden(item) for item in forbidden.items()) if forbidden else (),
        _compiled(document, "denials"),
        _compiled(document, "clause_ends"),
    )


def _forbidden(item: Located) -> ForbiddenWording:
    return ForbiddenWording(_compiled(item, "pattern"), _text(item, "unless_denied") == "true", _text(item, "advice"))


def _compiled(value: Located, name: str) -> re.Pattern[str]:
    return re.compile(_text(value, name), re.IGNORECASE)


def _text(value: Located, name: str) -> str:
    found = value.get(name)
    if found is None:
        raise ContentError(value.path, value.line, f"`{name}` is missing.")
    return found.text()

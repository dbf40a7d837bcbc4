"""What no answer may say: a promise, a price, a verdict on the visitor's skin, a booking."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from clinic.answers.rule_files import rules_of
from clinic.topics import condition_names


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


def denies_something(text: str) -> bool:
    """Whether `text` says of anything that it is not so."""
    return _rules().denials.search(text.replace("’", "'")) is not None


def _is_denied(before: str, rules: WordingRules) -> bool:
    return rules.denials.search(rules.clause_ends.split(before)[-1]) is not None


@cache
def _rules() -> WordingRules:
    document = rules_of("forbidden_wording")
    forbidden = [
        ForbiddenWording(
            _compiled(each["pattern"], document["parts"]), bool(each["unless_denied"]), str(each["advice"])
        )
        for each in document["forbidden"]
    ]
    return WordingRules(tuple(forbidden), _compiled(document["denials"], {}), _compiled(document["clause_ends"], {}))


def _compiled(pattern: str, parts: Mapping[str, str]) -> re.Pattern[str]:
    for name, part in {**parts, "condition": condition_names()}.items():
        pattern = pattern.replace(f"{{{name}}}", f"(?:{part})")
    return re.compile(pattern, re.IGNORECASE)

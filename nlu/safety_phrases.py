"""The explicit way to a safety label: word patterns, read with denials and idioms in mind.

It knows nothing of the learned model and the learned model nothing of it; either one raises a label alone. The patterns
themselves are data, in `safety_phrases.yml`.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from spacy.matcher import Matcher
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from clinic.urgency import ORDER_OF_URGENCY
from clinic.yaml_files import read_yaml

PATTERN_FILE = Path(__file__).with_name("safety_phrases.yml")
DENIAL_REACH = 3
CLAUSE_ENDS = frozenset({".", "!", "?", ";", "but", "although", "though", "pero", "aunque"})
GAP = "_"
_UNDENIABLE = "undeniable "
# spaCy's English tokenizer splits "cant" into "ca" and "nt"; the patterns are written with whole words.
_WORDS = re.compile(r"\w+(?:'\w+)?|[^\w\s]")

_Choice = frozenset[str] | re.Pattern[str]


class SafetyPhrases:
    """Finds the most urgent safety label whose words stand in a text."""

    def __init__(self, pattern_file: Path = PATTERN_FILE) -> None:
        self._vocabulary = Vocab()
        self._matcher = Matcher(self._vocabulary)
        self._denials: frozenset[str] = frozenset()
        self._dangers: list[list[_Choice]] = []
        for kind, rows in read_yaml(pattern_file).items():
            if kind == "denials":
                self._denials = frozenset("|".join(rows).split("|"))
                continue
            self._add(kind, [row for row in rows if not row.startswith("!")])
            self._add(_UNDENIABLE + kind, [row[1:] for row in rows if row.startswith("!")])

    def find(self, text: str) -> str | None:
        """The most urgent label that the cleaned text raises, or None."""
        tokens = _WORDS.findall(text.lower())
        if not self._could_raise(set(tokens)):
            return None
        words = Doc(self._vocabulary, words=tokens)
        matches = [(self._vocabulary.strings[key], words[start:end]) for key, start, end in self._matcher(words)]
        idioms = [span for kind, span in matches if kind.endswith("idioms")]
        raised = {
            kind.removeprefix(_UNDENIABLE)
            for kind, span in matches
            if not kind.endswith("idioms")
            and not any(_overlap(span, idiom) for idiom in idioms)
            and (kind.startswith(_UNDENIABLE) or not self._denied(words, span))
        }
        return next((label for label in ORDER_OF_URGENCY if label in raised), None)

    def _add(self, kind: str, rows: list[str]) -> None:
        patterns = [variant for row in rows for variant in _token_patterns(row.split())]
        if patterns:
            self._matcher.add(kind, patterns)
        if not kind.endswith("idioms"):
            self._dangers += [[_choice(word) for word in row.split() if word != GAP] for row in rows]

    def _could_raise(self, tokens: set[str]) -> bool:
        """Whether some pattern of danger has all its words in the text, in any order.

        Few texts have, and asking costs a twentieth of the matcher.
        """
        return any(all(_stands_in(choice, tokens) for choice in danger) for danger in self._dangers)

    def _denied(self, words: Doc, span: Span) -> bool:
        """Whether a denial stands shortly before, in the same clause: "no redness, no swelling"."""
        for index in range(span.start - 1, max(-1, span.start - 1 - DENIAL_REACH), -1):
            if words[index].text in CLAUSE_ENDS:
                return False
            if words[index].text in self._denials:
                return True
        return False


def _token_patterns(words: list[str]) -> list[list[dict[str, Any]]]:
    """Matcher patterns for one row; a gap becomes up to three optional words that end no sentence."""
    pattern: list[dict[str, Any]] = []
    for word in words:
        if word == GAP:
            pattern += [{"TEXT": {"NOT_IN": sorted(CLAUSE_ENDS)}, "OP": "?"}] * 3
            continue
        choice = _choice(word)
        wanted = {"IN": sorted(choice)} if isinstance(choice, frozenset) else {"REGEX": choice.pattern}
        pattern.append({"TEXT": wanted})
    return [pattern]


def _choice(word: str) -> _Choice:
    """The words that one word of a row stands for."""
    choices = word.split("|")
    if "*" not in word:
        return frozenset(choices)
    return re.compile("^(?:" + "|".join(_as_regex(choice) for choice in choices) + ")$")


def _stands_in(choice: _Choice, tokens: set[str]) -> bool:
    if isinstance(choice, frozenset):
        return not choice.isdisjoint(tokens)
    return any(choice.search(token) for token in tokens)


def _as_regex(choice: str) -> str:
    return choice[:-1] + r"\w*" if choice.endswith("*") else choice


def _overlap(first: Span, second: Span) -> bool:
    return bool(first.start < second.end and second.start < first.end)


@lru_cache(maxsize=1)
def shared_safety_phrases() -> SafetyPhrases:
    """The phrases of this process."""
    return SafetyPhrases()

"""Whether a few words are a plain yes. Nothing doubtful or conditional is: a false yes would store a request."""

import re
from pathlib import Path

import yaml

MOST_WORDS = 12
_WORDS = re.compile(r"[\w'+-]+|[^\w\s]")
_LISTS: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("confirmations.yml").read_text(encoding="utf-8"))
_YES, _BESIDES = frozenset(_LISTS["yes"]), frozenset(_LISTS["besides"])
_DOUBT = re.compile(
    r"\?|\b(?:if|unless|once|when|but|wait|hold|hang|later|maybe|perhaps|idk|dunno|guess|almost|no|not|nope|nah|never|n't"
    r"|don'?t|dont|doesn'?t|isn'?t|hmm+|um+|uh+|first|instead|actually|change|changed|wrong|spell\w*|think|depends|before"
    r"|after|until|cancel|stop|say|says|said|pero|todavía|espera)\b",
    re.IGNORECASE,
)
_WAITING = re.compile(
    r"\W*(?:ok |okay |no |please |pls |can you |just )*"
    r"(?:wait|hold on|hang on|hold up|one (?:sec|second|moment|min)\w*"
    r"|(?:a|gimme a|give me a) (?:sec|second|moment|minute|min)|let me (?:think|check|see|look)|not yet"
    r"|maybe later|later|brb|hmm+|um+|uh+|maybe|not sure|i(?:'m| am|m) not sure|i guess|idk|dunno|i don'?t know|almost"
    r"|yes and no|espera|un momento)\b[\w\s,'.!]{0,40}",
    re.IGNORECASE,
)


def is_plain_yes(text: str) -> bool:
    """Whether every word is a yes or goes with one ("ok send it, thanks"), and at least one is a yes."""
    words = _WORDS.findall(text.lower())
    if not 0 < len(words) <= MOST_WORDS or has_doubt(text):
        return False
    return any(word in _YES for word in words) and all(word in _YES or word in _BESIDES for word in words)


def has_doubt(text: str) -> bool:
    """Whether a word in it asks, negates, corrects, or sets a condition."""
    return _DOUBT.search(text) is not None


def is_waiting(text: str) -> bool:
    """Whether somebody asks for a moment and answers nothing yet: "hold on", "let me think", "hmm"."""
    return _WAITING.fullmatch(text.strip()) is not None

"""Whether a few words are a plain yes. Nothing doubtful or conditional is: a false yes would store a request."""

import re
from pathlib import Path

from clinic.yaml_files import read_yaml

MOST_WORDS = 12
_WORDS = re.compile(r"[\w'+-]+|[^\w\s]")
_LISTS: dict[str, list[str]] = read_yaml(Path(__file__).with_name("confirmations.yml"))
# The five skin tones of emoji (https://www.unicode.org/reports/tr51/#Emoji_Modifiers_Table), and how one is drawn.
_SHADES = re.compile("[\U0001f3fb-\U0001f3ff\ufe0e\ufe0f]")
_SIGNS_AGAIN = re.compile(r"([!.,~])[!.,~]+")
_DRAWN_OUT = re.compile(r"(\w)\1{2,}")
_YES = frozenset(_SHADES.sub("", word) for word in _LISTS["yes"])
_BESIDES = frozenset(_SHADES.sub("", word) for word in _LISTS["besides"])
_DOUBT = re.compile(
    r"\?|\b(?:if|unless|once|when|but|wait|hold|hang|later|maybe|perhaps|idk|dunno|guess|almost|no|not|nope|nah"
    r"|never|n't"
    r"|don'?t|dont|doesn'?t|isn'?t|hmm+|um+|uh+|first|instead|actually|change|changed|wrong|spell\w*|think|depends"
    r"|before"
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
_BEGINS_WITH_YES = re.compile(
    r"\W*(?:yes|yess+|yea|yeah|yep|yup|ya|sure|ok|okay|correct|right|please do|go ahead|do it|absolutely"
    r"|definitely|s[ií])\b",
    re.IGNORECASE,
)
_TAKES_IT_BACK = re.compile(
    r"\?|\b(?:but|wait|no|not|never|if|unless|actually|hold|later|maybe|think|don'?t|dont|except|only|keep)\b",
    re.IGNORECASE,
)


def is_plain_yes(text: str) -> bool:
    """Whether every word is a yes or goes with one ("ok send it, thanks"), and at least one is a yes.

    A thumb of any skin tone counts as it is, and so does a word that is drawn out ("yessss").
    """
    plain = _SIGNS_AGAIN.sub(r"\1", _SHADES.sub("", text.lower()))
    words = [_undrawn(word) for word in _WORDS.findall(plain)]
    if not 0 < len(words) <= MOST_WORDS or has_doubt(text):
        return False
    return any(word in _YES for word in words) and all(word in _YES or word in _BESIDES for word in words)


def _undrawn(word: str) -> str:
    """ "Yessss" is "yes"."""
    return word if word in _YES | _BESIDES else _DRAWN_OUT.sub(r"\1", word)


def begins_with_yes(text: str) -> bool:
    """Whether a yes comes first and nothing takes it back: "yes, change it". Less strict than `is_plain_yes`.

    For questions that name one deed, so that the words after the yes can only be that deed.
    """
    return _BEGINS_WITH_YES.match(text) is not None and _TAKES_IT_BACK.search(text) is None


def has_doubt(text: str) -> bool:
    """Whether a word in it asks, negates, corrects, or sets a condition."""
    return _DOUBT.search(text) is not None


def is_waiting(text: str) -> bool:
    """Whether somebody asks for a moment and answers nothing yet: "hold on", "let me think", "hmm"."""
    return _WAITING.fullmatch(text.strip()) is not None

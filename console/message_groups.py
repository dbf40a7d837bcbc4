"""Messages put together by a word that they share: a plain way to see what they are about."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from console.uncovered_counts import AskedText

MOST_GROUPS = 8
FEWEST_TEXTS = 2
"""A word that only one text has puts nothing together."""
SHORTEST_WORD = 3
EMPTY_WORDS = Path(__file__).with_name("empty_words.txt")
_PLACEHOLDER = re.compile(r"\[[a-z ]+\]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


# Words that most messages have, English and Spanish; they tell nothing of what a message is about.
@dataclass(frozen=True)
class MessageGroup:
    """Messages with the same word, the most frequent first; `word` is empty for those that share none."""

    word: str
    messages: tuple[AskedText, ...]

    @property
    def count(self) -> int:
        """How many messages, repeats included."""
        return sum(message.count for message in self.messages)


def group_messages(messages: Sequence[AskedText]) -> list[MessageGroup]:
    """Put each message into one group: again and again the word that most of those left over share.

    The largest groups come first; messages that share no word with another come last.
    """
    left = {place: words_of(message.text) for place, message in enumerate(messages)}
    groups: list[MessageGroup] = []
    while len(groups) < MOST_GROUPS:
        word = _most_shared(messages, left)
        if word is None:
            break
        members = [place for place, words in left.items() if word in words]
        groups.append(MessageGroup(word, tuple(messages[place] for place in members)))
        left = {place: words for place, words in left.items() if word not in words}
    groups.sort(key=lambda group: (-group.count, group.word))
    rest = tuple(messages[place] for place in left)
    return [*groups, MessageGroup("", rest)] if rest else groups


def words_of(text: str) -> frozenset[str]:
    """The words that may tell what a text is about, in lower case; placeholders of redaction are none."""
    empty = empty_words()
    words = _WORD.findall(_PLACEHOLDER.sub(" ", text).casefold().replace("’", "'"))
    return frozenset(word for word in words if len(word) >= SHORTEST_WORD and word not in empty)


@lru_cache(maxsize=1)
def empty_words() -> frozenset[str]:
    """Words that most messages have, English and Spanish: they tell nothing of what a message is about."""
    return frozenset(EMPTY_WORDS.read_text(encoding="utf-8").split())


def _most_shared(messages: Sequence[AskedText], left: dict[int, frozenset[str]]) -> str | None:
    texts: Counter[str] = Counter()
    repeats: Counter[str] = Counter()
    for place, words in left.items():
        for word in words:
            texts[word] += 1
            repeats[word] += messages[place].count
    shared = [word for word, count in texts.items() if count >= FEWEST_TEXTS]
    # Of words that are as frequent the longer one tells more, and the alphabet decides the rest.
    return min(shared, key=lambda word: (-repeats[word], -len(word), word), default=None)

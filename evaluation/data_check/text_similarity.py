"""Which texts say nearly the same: Jaccard similarity over sets of words or of character trigrams.

Pairs are found with an inverted index over the rarest members of each set (prefix filtering: Chaudhuri, Ganti and
Kaushik, "A Primitive Operator for Similarity Joins in Data Cleaning", ICDE 2006; Bayardo, Ma and Srikant, "Scaling up
all pairs similarity search", WWW 2007). Two sets that are similar enough share one of those, so that nothing is missed.
"""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

APOSTROPHES = re.compile(r"['’‘`´]")
NOT_A_WORD = re.compile(r"[\W_]+")
# Keeps a product such as 0.7 * 10 from being taken for a little more than the whole number it stands for.
ROUNDING = 1e-9


def normalised(text: str) -> str:
    """`text` in lower case, without accents, apostrophes and punctuation, with single spaces."""
    decomposed = unicodedata.normalize("NFKD", APOSTROPHES.sub("", text).casefold())
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return NOT_A_WORD.sub(" ", bare).strip()


def words(text: str) -> frozenset[str]:
    """The different words of a normalised text."""
    return frozenset(text.split())


def trigrams(text: str) -> frozenset[str]:
    """The different runs of three characters of a normalised text, its ends marked by a space."""
    padded = f" {text} "
    return frozenset(padded[start : start + 3] for start in range(len(padded) - 2))


def jaccard(left: frozenset[str], right: frozenset[str]) -> float:
    """The shared part of two sets: 0 nothing in common, 1 equal; 0 when both are empty."""
    shared = len(left & right)
    return shared / (len(left) + len(right) - shared) if shared else 0.0


def similar_pairs(sets: Sequence[frozenset[str]], least: float) -> Iterator[tuple[int, int]]:
    """Every pair of positions (smaller first) in `sets` whose similarity is at least `least`, each pair once."""
    index = _PrefixIndex(sets, least)
    for position, members in enumerate(sets):
        for other in index.candidates(members):
            if other < position and jaccard(sets[other], members) >= least:
                yield other, position
        index.add(position, members)


def similar_across(
    known: Sequence[frozenset[str]], asked: Sequence[frozenset[str]], least: float
) -> Iterator[tuple[int, int]]:
    """Every pair (position in `known`, position in `asked`) whose similarity is at least `least`."""
    index = _PrefixIndex([*known, *asked], least)
    for position, members in enumerate(known):
        index.add(position, members)
    for position, members in enumerate(asked):
        for other in index.candidates(members):
            if jaccard(known[other], members) >= least:
                yield other, position


class _PrefixIndex:
    """Sets by their rarest members."""

    def __init__(self, all_sets: Iterable[frozenset[str]], least: float) -> None:
        self._least = least
        self._frequency = Counter(member for members in all_sets for member in members)
        self._holders: defaultdict[str, list[int]] = defaultdict(list)
        self._sizes: dict[int, int] = {}

    def add(self, position: int, members: frozenset[str]) -> None:
        for member in self._prefix(members):
            self._holders[member].append(position)
        self._sizes[position] = len(members)

    def candidates(self, members: frozenset[str]) -> list[int]:
        """The positions, sorted, of all added sets that may be similar enough."""
        found = {position for member in self._prefix(members) for position in self._holders.get(member, ())}
        fewest, most = self._least * len(members) - ROUNDING, len(members) / self._least + ROUNDING
        return sorted(position for position in found if fewest <= self._sizes[position] <= most)

    def _prefix(self, members: frozenset[str]) -> list[str]:
        """The rarest members, one more than a similar set may lack."""
        ordered = sorted(members, key=lambda member: (self._frequency[member], member))
        return ordered[: len(members) - math.ceil(self._least * len(members) - ROUNDING) + 1]

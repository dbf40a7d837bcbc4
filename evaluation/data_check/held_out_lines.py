"""Training lines that repeat a held-out message, which would make every measurement on those messages worthless."""

from collections.abc import Iterator, Sequence

from evaluation.data_check.content import HeldOutLine, ProjectContent, TrainingLine
from evaluation.data_check.findings import Finding
from evaluation.data_check.text_similarity import normalised, similar_across, trigrams

NEARLY_THE_SAME = 0.8
# Short conventional lines such as "thanks a lot" are what anybody writes; they prove no copying.
WORDS_TO_BE_NEARLY_EQUAL = 4
WORDS_TO_BE_EQUAL = 3


def check_held_out_lines(content: ProjectContent) -> Iterator[Finding]:
    """Training lines equal or nearly equal to a held-out message. The message itself is never shown."""
    held_out = content.held_out or ()
    known = [normalised(message.text) for message in held_out]
    asked = [normalised(line.text) for line in content.lines]
    for message, line in sorted(repeated_pairs(known, asked), key=lambda pair: (pair[1], pair[0])):
        yield _finding(content.lines[line], held_out[message], known[message] == asked[line])


def repeated_pairs(known: Sequence[str], asked: Sequence[str]) -> set[tuple[int, int]]:
    """The pairs (position in `known`, position in `asked`) of normalised texts that are equal or nearly so."""
    return _equal_pairs(known, asked) | _similar_pairs(known, asked)


def _finding(line: TrainingLine, message: HeldOutLine, equal: bool) -> Finding:
    sameness = "the same as" if equal else "nearly the same as"
    advice = f"this line is {sameness} the held-out message at {message.path.name}:{message.line}; remove it."
    return Finding(line.path, line.line, advice)


def _equal_pairs(known: Sequence[str], asked: Sequence[str]) -> set[tuple[int, int]]:
    places: dict[str, list[int]] = {}
    for position, text in enumerate(known):
        if len(text.split()) >= WORDS_TO_BE_EQUAL:
            places.setdefault(text, []).append(position)
    return {(message, line) for line, text in enumerate(asked) for message in places.get(text, ())}


def _similar_pairs(known: Sequence[str], asked: Sequence[str]) -> set[tuple[int, int]]:
    pairs = similar_across([trigrams(text) for text in known], [trigrams(text) for text in asked], NEARLY_THE_SAME)
    return {(message, line) for message, line in pairs if _is_long(known[message]) or _is_long(asked[line])}


def _is_long(text: str) -> bool:
    return len(text.split()) >= WORDS_TO_BE_NEARLY_EQUAL

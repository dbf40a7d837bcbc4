"""Training lines that are there twice, within a label or, worse, under two labels."""

from collections.abc import Iterator

from evaluation.data_check.content import ProjectContent, TrainingLine
from evaluation.data_check.findings import Finding
from evaluation.data_check.text_similarity import normalised, similar_pairs, trigrams, words

NEARLY_THE_SAME = 0.9


def check_repeated_within_label(content: ProjectContent) -> Iterator[Finding]:
    """Lines that stand twice, letter by letter, under one label."""
    first: dict[tuple[str, str], TrainingLine] = {}
    for line in content.lines:
        earlier = first.setdefault((line.label, line.text), line)
        if earlier is not line:
            advice = f"the same line stands under '{line.label}' at {_place(earlier)} already; remove one."
            yield Finding(line.path, line.line, advice)


def check_repeated_across_labels(content: ProjectContent) -> Iterator[Finding]:
    """Lines of different labels that are equal, or nearly, once case, accents and punctuation are set aside."""
    lines = sorted(content.lines, key=lambda line: (line.path, line.line))
    texts = [normalised(line.text) or line.text for line in lines]
    by_words = similar_pairs([_several_words(text) for text in texts], NEARLY_THE_SAME)
    by_trigrams = similar_pairs([trigrams(text) for text in texts], NEARLY_THE_SAME)
    pairs = {*by_words, *by_trigrams}
    for earlier, later in sorted(pairs):
        if lines[earlier].label != lines[later].label:
            sameness = "the same as" if texts[earlier] == texts[later] else "nearly the same as"
            advice = (
                f"'{lines[later].text}' ({lines[later].label}) is {sameness} '{lines[earlier].text}' "
                f"({lines[earlier].label}) at {_place(lines[earlier])}; keep it under the right label alone."
            )
            yield Finding(lines[later].path, lines[later].line, advice)


def _several_words(text: str) -> frozenset[str]:
    """The different words; none for a text that repeats a single one: "ta" and "ta ta" are not the same."""
    different = words(text)
    return different if len(different) > 1 else frozenset()


def _place(line: TrainingLine) -> str:
    return f"{line.path.name}:{line.line}"

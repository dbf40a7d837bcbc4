"""Messages put together by a word that they share."""

from console.message_groups import MOST_GROUPS, group_messages, words_of
from console.uncovered_counts import AskedText


def asked(*texts: str | tuple[str, int]) -> list[AskedText]:
    pairs = [text if isinstance(text, tuple) else (text, 1) for text in texts]
    return [AskedText(text, count, "c", place) for place, (text, count) in enumerate(pairs, 1)]


def grouped(*texts: str | tuple[str, int]) -> list[tuple[str, int, list[str]]]:
    groups = group_messages(asked(*texts))
    return [(group.word, group.count, [message.text for message in group.messages]) for group in groups]


def test_the_largest_group_comes_first_and_what_shares_nothing_last() -> None:
    assert grouped("botox cost", "Laser!", "any botox?", "moon", ("laser scars", 4)) == [
        ("laser", 5, ["Laser!", "laser scars"]),
        ("botox", 2, ["botox cost", "any botox?"]),
        ("", 1, ["moon"]),
    ]


def test_each_message_is_in_one_group_and_none_is_lost() -> None:
    texts = [f"laser botox {number % 3} w{'abc'[number % 3]}x" for number in range(9)]
    shown = [text for _, _, group in grouped(*texts) for text in group]
    assert sorted(shown) == sorted(texts)


def test_a_text_that_says_its_word_twice_is_no_group() -> None:
    assert grouped("laser laser", ("tattoo", 9)) == [("", 10, ["laser laser", "tattoo"])]


def test_there_are_few_groups() -> None:
    texts = [f"{word} {other}" for word in "abcdefghijklmno" for other in ("one", "two")]
    words = [word * 3 for word in "abcdefghijklmno" for _ in range(2)]
    assert len(texts) == len(words)
    assert len(grouped(*words)) == MOST_GROUPS + 1


def test_nothing_gives_no_group() -> None:
    assert grouped() == []


def test_words_that_tell_nothing_are_left_out() -> None:
    assert words_of("Do you have a LASER for [name], [birth date]? ¿Qué es esto? it’s 24/7") == {"laser"}
    assert words_of("can't won’t") == set()

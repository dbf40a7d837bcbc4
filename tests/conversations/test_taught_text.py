"""The training line that a redacted message becomes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.redaction_spans import Kind
from conversations.taught_lines import TaughtLine
from conversations.taught_text import LONGEST_LINE, UnteachableError, taught_line
from conversations.taught_yaml import misread_lines, write_lines

MARKUP = st.sampled_from(
    [
        "[x](phone)",
        '[x]{"entity": "email", "value": "evil"}',
        '[x][{"entity": "a"}, {"entity": "b"}]',
        "[name]",
        "- ",
        "/",
    ]
)
HOSTILE = st.lists(
    st.one_of(st.text(max_size=12), MARKUP, st.sampled_from(list("[](){}\\\n\t|#:'\"&*!%@`-"))), max_size=8
)


@pytest.mark.parametrize(
    ("message", "line"),
    [
        ("what causes them?", "what causes them?"),
        ("my pic [my pic](phone) look", "my pic (my pic)(phone) look"),
        ('[x]{"entity": "email", "value": "evil"} ok', '(x)("entity": "email", "value": "evil") ok'),
        ("two\nlines\tand a tab", "two lines and a tab"),
        ("/greet me", "greet me"),
        ("I'm [name], call [phone] about the bumps", "I'm, call about the bumps"),
        ("hello [name] ([phone]), what is this?", "hello, what is this?"),
        ("zero\u200bwidth and \u202eturned", "zerowidth and turned"),
        ("é as two characters: e\u0301", "é as two characters: é"),
        ("price", "price"),
        ("¿cuánto cuesta? 😊", "¿cuánto cuesta? 😊"),
    ],
)
def test_a_message_becomes_a_plain_line(message: str, line: str) -> None:
    assert taught_line(message) == line


@pytest.mark.parametrize("kind", list(Kind))
def test_what_was_redacted_leaves_no_trace(kind: Kind) -> None:
    assert taught_line(f"please book me in {kind.token}") == "please book me in"


@pytest.mark.parametrize(
    "message", ["", "   ", "...", "[name]", "[name] [phone]", "hi [name]", "[email], ok", "\u200b"]
)
def test_too_little_is_refused(message: str) -> None:
    with pytest.raises(UnteachableError, match="Too little is left"):
        taught_line(message)


def test_a_long_message_is_refused() -> None:
    assert taught_line("a " * (LONGEST_LINE // 2)) == ("a " * (LONGEST_LINE // 2)).strip()
    with pytest.raises(UnteachableError, match="longer than 400 characters"):
        taught_line("ab " * (LONGEST_LINE // 2))


@pytest.mark.parametrize(
    "text",
    [
        "- a dash first",
        "# no comment",
        "a: b, 'c' \"d\" & *e | > %f @g `h` !i",
        "back\\slash \\n and \\",
        "{{ braces }} ${x}",
        "[unbalanced (bracket](x",
        "😊 first",
        "null",
        "1.5",
        "yes",
        "نعم",
        "---",
        "a  b",
    ],
)
def test_rasa_reads_the_line_back_as_it_is_meant(text: str) -> None:
    line = TaughtLine("1", taught_line(f"x {text}"), "faq/causes")
    assert misread_lines([line]) == []


@given(HOSTILE)
@settings(max_examples=60, deadline=None)
def test_no_message_gets_markup_into_the_file(parts: list[str]) -> None:
    try:
        line = TaughtLine("1", taught_line("".join(parts)), "greet")
    except UnteachableError:
        return
    assert misread_lines([line]) == []


def test_lines_that_rasa_would_change_are_found_among_the_others() -> None:
    fine = [TaughtLine(str(number), f"line {number}", "greet") for number in range(3)]
    bad = [
        TaughtLine("entity", "call me at [312](phone)", "greet"),
        TaughtLine("two lines", "one\u2028two", "faq/causes"),
        TaughtLine("space", " in front", "greet"),
    ]
    assert misread_lines([fine[0], bad[0], fine[1], *bad[1:], fine[2]]) == bad


def test_lines_are_written_under_their_labels_as_the_projects_own() -> None:
    content = write_lines([TaughtLine("1", "why me", "faq/causes"), TaughtLine("2", "hey", "greet")])
    assert content == (
        'version: "3.1"\nnlu:\n- intent: faq/causes\n  examples: |\n    - why me\n'
        "- intent: greet\n  examples: |\n    - hey\n"
    )


def test_no_lines_are_no_file() -> None:
    assert write_lines([]) == ""
    assert misread_lines([]) == []

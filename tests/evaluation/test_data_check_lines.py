"""Training lines that repeat each other or a held-out message."""

import json
import random
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.data_check.text_similarity import jaccard, normalised, similar_across, similar_pairs, trigrams
from tests.evaluation.conftest import SmallProject

LineOf = Callable[[str, str], int]
FAQ = "data/nlu/faq.yml"
TALK = "data/nlu/conversation.yml"


def add(project: SmallProject, name: str, message: str) -> None:
    """Add a line to the last entry of a training file."""
    project.append(name, f"    - {message}\n")


def hold_out(project: SmallProject, *messages: str) -> None:
    lines = [json.dumps({"text": message, "label": "greet"}, ensure_ascii=False) + "\n" for message in messages]
    (project.held_out / "messages.jsonl").write_text("".join(lines), encoding="utf-8")


def test_a_line_that_stands_twice_under_a_label_is_found(project: SmallProject, line_of: LineOf) -> None:
    add(project, FAQ, "may I squeeze camel harbour caha")
    first = line_of(FAQ, "squeeze camel harbour")
    (found,) = project.findings()["no line twice in a label"]
    assert found == f"{FAQ}:45: the same line stands under 'faq/can_i_pop' at faq.yml:{first} already; remove one."


def test_another_case_or_mark_within_a_label_is_fine(project: SmallProject) -> None:
    add(project, FAQ, "May I squeeze camel harbour caha?")
    assert project.findings() == {}


@pytest.mark.parametrize(
    ("message", "sameness"),
    [
        ("May I squeeze: camel, harbour, cáhá?!", "the same as"),
        ("harbour camel squeeze may I caha", "nearly the same as"),
        ("may I squeeze camel harbour cahaa", "nearly the same as"),
    ],
)
def test_a_line_under_two_labels_is_found(project: SmallProject, line_of: LineOf, message: str, sameness: str) -> None:
    add(project, TALK, message)
    first = line_of(FAQ, "squeeze camel harbour")
    (found,) = project.findings()["no line under two labels"]
    assert found == (
        f"{FAQ}:{first}: 'may I squeeze camel harbour caha' (faq/can_i_pop) is {sameness} '{message}' "
        f"(request_appointment) at conversation.yml:{line_of(TALK, message)}; keep it under the right label alone."
    )


def test_entity_markup_is_no_part_of_a_message(project: SmallProject) -> None:
    add(project, TALK, 'may I squeeze [camel](animal) [harbour]{"entity": "place"} caha')
    (found,) = project.findings()["no line under two labels"]
    assert "is the same as 'may I squeeze camel harbour caha'" in found


def test_a_repeated_single_word_is_not_the_word_alone(project: SmallProject) -> None:
    add(project, FAQ, "ta")
    add(project, TALK, "ta ta")
    assert project.findings() == {}


def test_lines_of_marks_alone_are_compared_as_they_are(project: SmallProject) -> None:
    add(project, FAQ, "?!")
    add(project, TALK, "...")
    assert project.findings() == {}
    add(project, TALK, "?!")
    assert "no line under two labels" in project.findings()


@pytest.mark.parametrize(
    ("held_out", "sameness"),
    [
        ("May I squeeze camel, harbour caha??", "the same as"),
        ("may I squeeze camel harbour cahas", "nearly the same as"),
    ],
)
def test_a_line_that_repeats_a_held_out_message_is_found_and_the_message_not_shown(
    project: SmallProject, line_of: LineOf, held_out: str, sameness: str
) -> None:
    hold_out(project, "quite another thing", held_out)
    (found,) = project.findings()["no held-out message trained on"]
    place = line_of(FAQ, "squeeze camel harbour")
    assert found == f"{FAQ}:{place}: this line is {sameness} the held-out message at messages.jsonl:2; remove it."


def test_a_line_that_repeats_a_turn_of_a_held_out_dialogue_is_found(project: SmallProject) -> None:
    dialogue = "- name: x\n  turns:\n  - user: may I squeeze camel harbour caha\n    expect: y\n"
    (project.held_out / "dialogues.yml").write_text(dialogue, encoding="utf-8")
    (found,) = project.findings()["no held-out message trained on"]
    assert "the held-out message at dialogues.yml:3" in found


def test_short_conventional_lines_may_be_held_out_too(project: SmallProject) -> None:
    add(project, FAQ, "thanks again")
    hold_out(project, "Thanks again!")
    assert project.findings() == {}


def test_an_equal_line_of_three_words_is_found_and_a_similar_one_is_not(project: SmallProject) -> None:
    add(project, FAQ, "squeezing them hurts")
    hold_out(project, "squeezing them hurts.")
    assert len(project.findings()["no held-out message trained on"]) == 1
    hold_out(project, "squeezing them hurt")
    assert project.findings() == {}


def test_a_line_separator_inside_a_held_out_message_does_not_cut_it(project: SmallProject) -> None:
    hold_out(project, "may I squeeze\u2028camel harbour caha")
    assert len(project.findings()["no held-out message trained on"]) == 1


def test_normalising_sets_aside_case_accents_apostrophes_and_marks() -> None:
    assert normalised("  I CAN'T -- Café, can’t_I?  ") == "i cant cafe cant i"


TOKENS = st.frozensets(st.sampled_from("abcdefghij"), max_size=10)


@settings(max_examples=150)
@given(st.lists(TOKENS, max_size=12), st.sampled_from([0.5, 0.7, 0.8, 0.9, 1.0]))
def test_the_index_finds_exactly_the_pairs_that_comparing_all_finds(sets: list[frozenset[str]], least: float) -> None:
    expected = {
        (left, right)
        for right in range(len(sets))
        for left in range(right)
        if jaccard(sets[left], sets[right]) >= least
    }
    found = list(similar_pairs(sets, least))
    assert len(found) == len(set(found))
    assert set(found) == expected


@settings(max_examples=150)
@given(st.lists(TOKENS, max_size=8), st.lists(TOKENS, max_size=8), st.sampled_from([0.5, 0.8, 0.9]))
def test_the_index_finds_exactly_the_pairs_across_two_lists(
    known: list[frozenset[str]], asked: list[frozenset[str]], least: float
) -> None:
    expected = {
        (left, right)
        for left, one in enumerate(known)
        for right, other in enumerate(asked)
        if jaccard(one, other) >= least
    }
    assert set(similar_across(known, asked, least)) == expected


def test_thirteen_thousand_lines_are_compared_without_looking_at_every_pair() -> None:
    # Words drawn so that few are frequent and most are rare, as in language.
    source = random.Random(7)
    letters = "etaoinshrdlucm"
    vocabulary = ["".join(source.choices(letters, k=source.randint(2, 8))) for _ in range(3000)]
    weights = [1 / rank for rank in range(1, 3001)]
    lines = [" ".join(source.choices(vocabulary, weights, k=source.randint(3, 12))) for _ in range(13_000)]
    started = time.process_time()
    pairs = list(similar_pairs([trigrams(line) for line in lines], 0.9))
    assert time.process_time() - started < 60
    assert all(jaccard(trigrams(lines[left]), trigrams(lines[right])) >= 0.9 for left, right in pairs)

"""Topics beside each other: each check passes a good tree with a second topic and fails a broken one."""

import pytest

from tests.evaluation.conftest import SmallProject, training_entry

FILES = "each topic stands for itself"
ANSWERS = "answers say their topic"
FACTS = "data/facts/pebble_skin.yml"
LABELS = "data/labels.yml"
RESPONSES = "data/responses/pebble_skin.yml"
ADDED_LABELS = (
    "  faq/pebble_what: {group: faq, answer: facts, topic: pebble_skin, same_as: faq/can_i_pop, shown_as: Pebbles}\n"
    "  uncovered/pebble: {group: uncovered, answer: not_covered, topic: pebble_skin, shown_as: Pebbles else}\n"
    "  uncovered/other: {group: uncovered, answer: not_covered, shown_as: Others, of_no_page: true}\n"
)


@pytest.fixture
def project(project: SmallProject) -> SmallProject:
    """With a made-up second topic, in which nothing is to put right."""
    project.append(LABELS, ADDED_LABELS)
    project.write(
        FACTS,
        "title: A page\nnames: [pebble skin]\nnot_covered: uncovered/pebble\n"
        "simplest_question: {what is it: faq/pebble_what}\n"
        "facts:\n  P1: Pebble skin feels like pebbles.\nlabels:\n  faq/pebble_what: [P1]\n",
    )
    said = "".join(
        f"  utter_{label}:\n  - {{text: {text}, metadata: {{facts: {facts}}}}}\n"
        f"  - {{text: {text}, channel: sms, metadata: {{facts: {facts}}}}}\n"
        for label, text, facts in (
            ("faq/pebble_what", "Pebble skin feels like pebbles.", "[P1]"),
            ("uncovered/pebble", "The page on pebble skin does not say that.", "[]"),
            ("uncovered/other", "The page does not say that.", "[]"),
        )
    )
    project.write(RESPONSES, f"responses:\n{said}")
    lines = (
        ("faq/pebble_what", "what is pebble skin"),
        ("uncovered/pebble", "can pebble skin"),
        ("uncovered/other", "a wart"),
    )
    project.write("data/nlu/pebble.yml", "nlu:\n" + "".join(training_entry(*each) for each in lines))
    project.replace("domain.yml", "- greet\n", "- greet\n- uncovered\n")
    project.replace("data/rules/rules.yml", "    - intent: greet\n", "    - intent: greet\n    - intent: uncovered\n")
    return project


def test_a_second_topic_that_stands_for_itself_is_fine(project: SmallProject) -> None:
    assert {title: found for title, found in project.findings().items() if title != "no line under two labels"} == {}


@pytest.mark.parametrize(
    ("file", "old", "new", "advice"),
    [
        (FACTS, "title:", "assumed: true\ntitle:", "exactly one file of facts must say `assumed: true`"),
        ("data/facts/milia.yml", "assumed: true\n", "", "exactly one file of facts must say `assumed: true`"),
        ("data/facts/milia.yml", "M9: Do", "P2: Do", "fact ids begin with 'P' in another file too"),
        (FACTS, "it: faq/pebble_what", "it: faq/gone", "'faq/gone' is no label of data/labels.yml"),
        (FACTS, "not_covered: uncovered/pebble\n", "", "`not_covered:` is missing"),
        (LABELS, "answer: facts, topic: pebble_skin", "answer: facts", "'faq/pebble_what' needs a `topic:`"),
        (LABELS, "facts, topic: pebble_skin", "facts, topic: pebles", "'faq/pebble_what' needs a `topic:`"),
        (LABELS, "facts, topic: pebble_skin", "facts, topic: milia", "but its `topic:` is milia"),
        (LABELS, "same_as: faq/can_i_pop", "same_as: greet", "which is no label of the assumed topic"),
        (LABELS, "same_as: faq/can_i_pop", "same_as: faq/gone", "which is no label of the assumed topic"),
    ],
)
def test_topics_that_get_in_each_others_way_are_found(
    project: SmallProject, file: str, old: str, new: str, advice: str
) -> None:
    project.replace(file, old, new)
    assert any(advice in each for each in project.findings()[FILES])


@pytest.mark.parametrize(
    ("file", "old", "new", "advice"),
    [
        (RESPONSES, "The page on pebble skin does", "The page does", "does not say that it is about pebble skin"),
        (RESPONSES, "facts: [P1]", "facts: [P1, M9]", "rests on facts of milia and pebble_skin"),
        ("data/nlu/pebble.yml", "- a wart badger", "- a Pebble  skin badger", "which has a page now"),
    ],
)
def test_what_leaves_the_topic_open_is_found(project: SmallProject, file: str, old: str, new: str, advice: str) -> None:
    project.replace(file, old, new)
    (found,) = project.findings()[ANSWERS]
    assert advice in found


def test_a_fact_of_either_topic_that_does_not_exist_is_found(project: SmallProject) -> None:
    project.write("actions/facts.py", 'KNOWN, GONE, NO_FACT = "P1", "P7", "Q7"\n')
    assert ["'P7'" in each for each in project.findings()["named facts exist"]] == [True]

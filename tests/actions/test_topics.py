"""A question is answered about the condition that it names or follows, where the clinic has a page on several."""

from collections.abc import Callable

import pytest

from actions.memory import Memory
from actions.topics import about_its_topic, settle
from actions.turn import Turn
from clinic.labels import LabelDetails
from clinic.topics import Topic

NewTurn = Callable[..., Turn]
MILIA = Topic(
    "milia", "On milia", {"M1": "a"}, ("milia",), ("white bumps",), True, None, ("what are milia", "faq/what")
)
KP = Topic("kp", "On KP", {"K1": "b"}, ("kp",), ("chicken skin",), False, "uncovered/kp", ("what is kp", "faq/kp_what"))
LABELS = {
    name: LabelDetails(name, "", name, topic, same_as, of_no_page=name == "uncovered/other", leads_to_a_visit=False)
    for name, topic, same_as in (
        ("faq/what", "milia", None),
        ("faq/hurt", "milia", None),
        ("uncovered/itch", "milia", None),
        ("faq/kp_what", "kp", "faq/what"),
        ("uncovered/kp", "kp", None),
        ("uncovered/other", None, None),
        ("uncovered/cost", None, None),
    )
}
NOTHING, AFTER_MILIA, AFTER_KP = Memory(), Memory(about="milia"), Memory(about="kp")


def settled(turn: Turn, memory: Memory) -> tuple[str, tuple[str, ...], str | None]:
    """What becomes of the label and the candidates, and which topic is remembered."""
    after, remembered = settle(turn, memory, (MILIA, KP), LABELS)
    return after.label, after.candidates, remembered.about


@pytest.mark.parametrize(
    ("text", "label", "memory", "becomes", "remembered"),
    [
        ("what is it", "faq/what", NOTHING, "faq/what", "milia"),
        ("what is it", "faq/what", AFTER_MILIA, "faq/what", "milia"),
        ("what is it", "faq/what", AFTER_KP, "faq/kp_what", "kp"),
        ("and the white bumps, what are they", "faq/what", AFTER_KP, "faq/what", "milia"),
        ("does it hurt", "faq/hurt", AFTER_KP, "uncovered/kp", "kp"),
        # The name decides, whatever understanding made of the message.
        ("does KP hurt", "faq/hurt", NOTHING, "uncovered/kp", "kp"),
        ("what is chicken\n skin", "faq/what", AFTER_MILIA, "faq/kp_what", "kp"),
        ("what are milia", "faq/kp_what", AFTER_KP, "faq/what", "milia"),
        ("are milia and kp the same", "faq/what", AFTER_KP, "faq/what", "milia"),
        ("do you treat kp", "uncovered/other", NOTHING, "uncovered/kp", "kp"),
        # What belongs to no condition stays, and does not change which one is talked about.
        ("do you treat warts", "uncovered/other", AFTER_KP, "uncovered/other", "kp"),
        ("I have cystic acne, not milia", "uncovered/other", NOTHING, "uncovered/other", "milia"),
        ("what does it cost", "uncovered/cost", AFTER_KP, "uncovered/cost", "kp"),
        ("good morning", "greet", AFTER_KP, "greet", "kp"),
    ],
)
def test_a_question_is_about_the_condition_that_it_names_or_follows(
    turn: NewTurn, text: str, label: str, memory: Memory, becomes: str, remembered: str
) -> None:
    assert settled(turn(text=text, label=label), memory) == (becomes, (), remembered)


@pytest.mark.parametrize("memory", [NOTHING, AFTER_MILIA])
def test_where_nothing_tells_which_condition_is_meant_it_is_asked(turn: NewTurn, memory: Memory) -> None:
    label, candidates, remembered = settled(turn(text="rough all over", label="faq/kp_what"), memory)
    assert (label, candidates, remembered) == ("faq/kp_what", ("faq/what", "faq/kp_what"), memory.about)


def test_a_question_that_only_the_other_page_answers_is_asked_in_other_words(turn: NewTurn) -> None:
    asked = turn(text="can milia be tattooed over", label="uncovered/kp", second_label="faq/kp_what")
    after, remembered = settle(asked, AFTER_KP, (MILIA, KP), LABELS)
    assert (after.candidates, after.second_label, remembered.about) == (("uncovered/kp",), None, "milia")


def test_both_questions_of_a_message_and_all_that_is_unclear_go_to_the_topic(turn: NewTurn) -> None:
    two = turn(text="kp: what is it, does it hurt, does it itch", label="faq/hurt", second_label="faq/what")
    assert settle(two, NOTHING, (MILIA, KP), LABELS)[0].second_label == "faq/kp_what"
    same = turn(text="kp: does it hurt, does it itch", label="faq/hurt", second_label="uncovered/itch")
    assert settle(same, NOTHING, (MILIA, KP), LABELS)[0].second_label is None
    unclear = turn(text="kp hm", label="faq/hurt", candidates=("faq/hurt", "faq/what", "uncovered/itch"))
    assert settled(unclear, NOTHING)[1] == ("uncovered/kp", "faq/kp_what")


def test_a_choice_that_was_tapped_means_what_it_says(turn: NewTurn) -> None:
    tapped = turn(text="What it is", label="faq/what", chosen=True)
    assert settled(tapped, AFTER_KP) == ("faq/what", (), "milia")


def test_with_the_one_topic_that_the_product_has_nothing_changes(turn: NewTurn) -> None:
    asked = turn(text="what are milia", label="faq/what_are_milia")
    assert about_its_topic(asked, Memory()) == (asked, Memory())

"""A changed wording may lose a word that says nothing, and no other that its facts and all shipped wordings have."""

import pytest

from clinic.answers.answer_checks import check_answer
from clinic.answers.response_topics import ResponseTopic
from clinic.answers.rule_files import rules_of
from clinic.answers.standard import Standard, stems
from clinic.answers.wordings import WEB, Wording

WEIGHTY = """
not never none nothing nobody no cannot only before after until unless without with under over once twice ten
doctor dermatologist urgent always sometimes less more most least when while then will must should may might
except instead rarely often from every small
"""


def lost(shipped: str, changed: str) -> list[str]:
    topic = ResponseTopic()
    standard = Standard("utter_made_up", topic, (Wording(WEB, shipped, ("F1",)),), {"F1": shipped})
    found = check_answer([Wording(WEB, changed, ("F1",))], standard, {})
    return [each.said for each in found if "no longer has the word" in each.said]


@pytest.mark.parametrize("word", rules_of("essential_words")["fillers"])
def test_a_word_that_says_nothing_may_go(word: str) -> None:
    assert lost(f"Milia {word} are cysts.", "Milia are cysts.") == []


@pytest.mark.parametrize("word", [word for word in WEIGHTY.split() if stems(word)])
def test_a_word_that_weighs_may_not_go(word: str) -> None:
    assert len(lost(f"Milia {word} are cysts.", "Milia are cysts.")) == 1


def test_no_filler_hides_a_word_that_weighs() -> None:
    fillers = rules_of("essential_words")["fillers"]
    assert not stems(" ".join(fillers)) & stems(WEIGHTY)
    assert not set(fillers) & set(WEIGHTY.split())

"""The patient a message names by a label, an age, a pronoun or the one who writes: "patient: Max", "Max's mom"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from clinic.readings import patient_words as words
from clinic.readings.finders.name_words import is_given_name, is_name_word
from clinic.readings.finders.plain_text import PlainText
from clinic.readings.names import read_name
from clinic.readings.patient_names import all_names, name_at

_REACH = 20
_PATIENT_BEFORE_NAME = re.compile(
    r"(?:^|[\n.,;!?(] {0,2}|\b(?:for|re:?|new|see|appt|appointment|book) )"
    r"(?:the |our |my )?(?P<word>pt|patient)\.? (?=[^\W\d_])"
)
# "And his is Elie"; "she is Mrs. Ito" after somebody whose name was not given.
_HIS_IS = re.compile(r"\b(?:his|hers|theirs)(?: is|'s) (?=[^\W\d_])")
_SHE_IS = re.compile(r"\b(?:he|she|they)(?:'s| is| are) (?=[^\W\d_])")
_WITH_BROTHER = re.compile(
    r"\b(?:with|and|bring(?:ing)?) (?:his|her|their) (?:(?:little|big|baby|twin|older|younger|other) )?"
    r"(?:brother|sister|twin|cousin|mom|mum|mother|dad|father|wife|husband|sibling|friend|son|daughter),? (?=[^\W\d_])"
)
_COMES_TOO = re.compile(r"\b(?:come|coming|seen|book\w*|appointments?|appts?|both|too|as well|also|needs?)\b")
_CLAUSE = 60
_HIS, _HERS = (
    frozenset({"son", "father", "husband", "brother", "nephew", "uncle", "grandfather", "grandson"}),
    frozenset({"daughter", "mother", "wife", "sister", "niece", "aunt", "grandmother", "granddaughter"}),
)
_PRONOUN = re.compile(r"\b(?P<his>his|he|he's)\b|\b(?:her|she|she's)\b")


class Mention(NamedTuple):
    """Somebody a message names as the patient, at the place where it does."""

    start: int
    end: int
    relation: str | None
    names: tuple[str, ...]
    too: bool = False


def labelled(message: PlainText) -> Iterator[Mention]:
    """ "Patient: Max Fox", "his name is Max"."""
    for match in words.PATIENT_LABEL.finditer(message.lower):
        name = name_at(message, match.end(), said=True)
        if name and is_name_word(name.words[0].lower()):
            names, end = all_names(message, name)
            yield Mention(match.start(), end, None, names)


def aged(message: PlainText) -> Iterator[Mention]:
    """ "It's for Max, he's 4": a name that more is said of as of somebody else."""
    for match in words.FOR_NAME.finditer(message.lower):
        name = name_at(message, match.end(), said=False)
        if name and words.OF_AGE.match(message.lower, name.end):
            names, end = all_names(message, name)
            yield Mention(match.start(), end, None, names)


def by_the_one_who_writes(message: PlainText) -> Iterator[Mention]:
    """ "This is Max's mom", "I'm the mother of Max Fox": whoever says so writes for Max."""
    for match in words.ONES_PARENT.finditer(message.lower):
        relation = words.relation_to(match["what"] or match["what_of"] or match["kin"].split()[-1])
        if match["what_of"]:
            name = name_at(message, match.end(), said=False)
            if name:
                yield Mention(match.start(), name.end, relation, tuple(filter(None, [read_name(name.value)])))
            continue
        typed = message.plain[slice(*match.span("name"))] if match["name"] else ""
        if all(is_name_word(word.lower()) for word in typed.split()):
            kept = read_name(typed) if typed else None
            yield Mention(match.start(), match.end(), relation, (kept,) if kept else ())


def patient_by_name(message: PlainText) -> Iterator[Mention]:
    """ "For pt Ames", "pt John Ames": somebody in the care of the one who writes."""
    for match in _PATIENT_BEFORE_NAME.finditer(message.lower):
        name = name_at(message, match.end(), said=False)
        if name and (match["word"] == "pt" or name.title or is_given_name(name.words[0].lower())):
            names, end = all_names(message, name)
            yield Mention(match.start("word"), end, words.CARED_FOR, names)


def by_pronoun(message: PlainText) -> Iterator[Mention]:
    """ "And his is Elie": the name of a patient that is spoken of already."""
    for match in _HIS_IS.finditer(message.lower):
        name = name_at(message, match.end(), said=False)
        if name:
            names, end = all_names(message, name)
            yield Mention(match.start(), end, None, names)


def stated(message: PlainText) -> Mention | None:
    """ "She is Mrs. Ito": the name of somebody whom the message speaks of as the patient; None where none is given."""
    for match in _SHE_IS.finditer(message.lower):
        name = name_at(message, match.end(), said=False)
        if name and (name.title or len(name.words) > 1 or is_given_name(name.words[0].lower())):
            names, end = all_names(message, name)
            return Mention(match.start(), end, None, names)
    return None


def companions(message: PlainText) -> Iterator[Mention]:
    """ "He needs to come with his brother Noam too": who comes beside a patient that is known."""
    for match in _WITH_BROTHER.finditer(message.lower):
        name = name_at(message, match.end(), said=False)
        around = message.lower[max(0, match.start() - _CLAUSE) : match.end() + _CLAUSE]
        if name and _COMES_TOO.search(around):
            names, end = all_names(message, name)
            yield Mention(match.start(), end, None, names)


def relation_by_pronoun(message: PlainText, name_place: int) -> str | None:
    """What the one called "his name is Tomás" is to the writer: the first somebody of theirs whom the pronoun fits."""
    pronoun = _PRONOUN.search(message.lower, max(0, name_place - 1), name_place + _REACH)
    if pronoun is None:
        return None
    unlike = _HERS if pronoun["his"] else _HIS
    for match in words.RELATION.finditer(message.lower, 0, name_place):
        negated = words.NEGATED.search(
            message.lower[max(0, match.start() - _CLAUSE) : match.start()].removesuffix("for ")
        )
        relation = words.relation_of(match)
        if not (negated or relation in unlike or words.is_misspelled(match)):
            return relation
    return None

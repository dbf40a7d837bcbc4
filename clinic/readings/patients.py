"""From a message to the person whom an appointment is for, where that is said, apart from the one who writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from clinic.readings import patient_words as words
from clinic.readings.finders import PERSON, find_details
from clinic.readings.finders.name_words import is_given_name
from clinic.readings.finders.plain_text import PlainText
from clinic.readings.names import read_name, read_name_answer
from clinic.readings.patient_mentions import (
    Mention,
    aged,
    by_pronoun,
    by_the_one_who_writes,
    companions,
    labelled,
    patient_by_name,
    relation_by_pronoun,
    stated,
)
from clinic.readings.patient_names import given_names_after, name_before, names_after

SELF = words.SELF
_CLAUSE = 110
_SENTENCE_END = re.compile(r"(?<!\bdr)(?<!\bmr)(?<!\bmrs)(?<!\bms)\.|[?!;\n]")
_CLOSED = re.compile(r" ?(?:$|[.,;!\n(]|please|pls|thanks|and not me|not me)")
_SAYS_WHO = re.compile(r"\b(?:it'?s|it is) $")
_BARE_WORD = re.compile(r"\W*[^\W\d_]+(?:['-][^\W\d_]+)*\W*")
PAIR = 2
# "Sorry, it's for my father": what a correction begins with.
_LEADS_IN = re.compile(
    r"^\W*(?:(?:sorry|actually|oh|oops|wait|well|ok|okay|um|so|hmm)\b[\s,.:;!-]*){1,4}", re.IGNORECASE
)
_LEADS_TO_NAME = re.compile(
    r"\W*(?:(?:no|nope|yes|ok|oh|sorry|her|him|them|it'?s (?:for )?(?:her|him)"
    r"|for her|for him)\b\W*)*"
    r"(?:(?:he|she|they)(?:'s| is| are)|he's|she's)?\W+",
    re.IGNORECASE,
)
_AND = re.compile(r",? (?:and|&|y|n) |, ?|/")


@dataclass(frozen=True)
class Patient:
    """Whom an appointment is for.

    `relation` is what they are to the one who writes, one word of a small vocabulary ("self", "son", "mother",
    "patient" for somebody in the care of a nurse, "other"); None where it is not said. `names` are as they are kept, in
    the order given. `with_contact` says that the one who writes wants to come as well ("for me and my son").
    """

    relation: str | None
    names: tuple[str, ...] = ()
    with_contact: bool = False

    @property
    def name(self) -> str | None:
        """The names as one text ("Ana and Mia Lopez"); None where none is given."""
        return " and ".join(filter(None, [", ".join(self.names[:-1]), *self.names[-1:]])) or None


def read_patient(text: str) -> Patient | None:
    """Whom a message asks an appointment for; None where it does not say.

    Somebody who is only spoken of ("my mom had milia too", "my son is picking me up") is no patient. "It's for me" is
    `SELF`; "it's for someone else" is "other". A single word names nobody but the one who writes ("me"): "Nana" and
    "Papa" may be what somebody is called.
    """
    rest = _LEADS_IN.sub("", text)
    patient = _read_patient(text) or (_read_patient(rest) if rest != text else None)
    if patient is None or _contact_after(patient, text) is None:
        return patient
    return Patient(patient.relation, patient.names[:1], patient.with_contact)


def _contact_after(patient: Patient, text: str) -> str | None:
    """ "For my daughter Zoe, Petra Lang, 312 ...": one child, and then the full name of the one who writes."""
    if len(patient.names) != PAIR or len(patient.names[0].split()) > 1 or len(patient.names[1].split()) < PAIR:
        return None
    first, second = (re.escape(name) for name in patient.names)
    in_a_row = re.search(rf"\b{first}, ?{second}\s*(?:,|$|\d|\()", text, re.IGNORECASE)
    return patient.names[1] if in_a_row else None


def _read_patient(text: str) -> Patient | None:
    message = PlainText.of(text)
    people = list(_people(message))
    if people:
        return _patient(people)
    if words.SELF_WHOLE.fullmatch(message.lower[:200]) and len(message.lower) <= 200:
        return Patient(SELF)
    if words.OTHER_SAID.search(message.lower):
        return Patient(words.OTHER)
    return Patient(SELF) if words.SELF_SAID.search(message.lower) else None


def read_patient_name(text: str) -> str | None:
    """The name in an answer to "what is the patient's name?", or the names ("Ana and Mia"); None without one."""
    patient = read_patient(text)
    if patient is not None and (patient.names or patient.relation != words.OTHER):
        return patient.name
    bare = text.strip(" .,!")
    if bare.islower() and words.relation_named(bare) and not is_given_name(bare):
        return None
    led = _LEADS_TO_NAME.match(text[:_CLAUSE])
    whole = read_name_answer(text) or (read_name_answer(text[led.end() :]) if led and led.group().strip() else None)
    if whole is not None:
        return whole
    several = [read_name_answer(part) for part in _AND.split(text[:_CLAUSE].strip())]
    names = [name for name in several if name is not None]
    return Patient(None, tuple(names)).name if len(names) == len(several) else None


def read_companions(text: str) -> tuple[str, ...]:
    """The names of those who come beside a patient that is known: "he needs to come with his brother Noam too"."""
    names = [name for mention in companions(PlainText.of(text)) for name in mention.names]
    return tuple(dict.fromkeys(names))


def contact_name(text: str) -> str | None:
    """The name of the one who writes, as it is kept, without the name of the patient they write for.

    "I'm Dana Fox, booking for my son Max" is Dana Fox; "patient: Max Fox" gives nobody's name to call back.
    """
    patient = _read_patient(text)
    after = _contact_after(patient, text) if patient is not None else None
    if after is not None:
        return after
    message = PlainText.of(text)
    rest = list(message.plain)
    for person in _people(message):
        rest[person.start : person.end] = "," * (person.end - person.start)
    persons = [detail.value for detail in find_details("".join(rest)) if detail.kind == PERSON]
    return read_name(persons[0]) if persons else None


def _patient(people: list[Mention]) -> Patient:
    relations = [person.relation for person in people if person.relation]
    names: list[str] = []
    for person in people:
        names += [name for name in person.names if name not in names]
    fuller = [name for name in names if not any(other.startswith(f"{name} ") for other in names)]
    relation = words.shared_relation(relations) if relations else None
    return Patient(relation, tuple(fuller), any(person.too for person in people))


def _people(message: PlainText) -> Iterator[Mention]:
    """Everybody the message names as the patient, in order of the kinds of saying so."""
    if _BARE_WORD.fullmatch(message.lower[:_CLAUSE]) and len(message.lower) <= _CLAUSE:
        return
    related = list(_all_related(message))
    yield from related
    named = [*labelled(message), *by_pronoun(message), *patient_by_name(message), *aged(message)]
    for mention in named:
        known = mention.relation or (None if related else relation_by_pronoun(message, mention.start))
        yield mention._replace(relation=known)
    yield from by_the_one_who_writes(message)
    if related or named:
        yield from companions(message)
    later = stated(message) if related and not any(mention.names for mention in related + named) else None
    if later:
        yield later


def _all_related(message: PlainText) -> Iterator[Mention]:
    taken = 0
    for match in words.RELATION.finditer(message.lower):
        if match.start() < taken:
            continue
        person = _related(message, match, counted=taken > 0)
        if person is not None:
            taken = person.end
            yield person


def _related(message: PlainText, match: re.Match[str], counted: bool) -> Mention | None:
    """Somebody named by what they are ("my son Max"), where the words around say that it is for them."""
    before = _SENTENCE_END.split(message.lower[max(0, match.start() - _CLAUSE) : match.start()])[-1]
    relation: str = words.relation_of(match)
    start, end = match.span()
    if words.NEGATED.search(before.removesuffix("for ").removesuffix("para ")) and not before.endswith("only for "):
        return None
    names, end = given_names_after(message, end) if words.is_misspelled(match) else names_after(message, end)
    if words.is_misspelled(match) and not names:
        return None
    named_before = name_before(message, match.start())
    following = message.lower[match.end() : match.end() + _CLAUSE]
    part = words.PART_OF.match(following)
    if words.OF_SOMEBODY_OF_THEIRS.match(following) and not names and not part and not named_before:
        return _child_of_theirs(message, match, before)
    after = message.lower[end : end + _CLAUSE] if names else following
    if _counts(before, after, relation, counted) or named_before or _is_named(message, match, names, relation):
        if named_before:
            names, start = (named_before[0], *names), named_before[1]
        return Mention(start, end, relation, names, _with_contact(before, after))
    return Mention(start, end, relation, names) if _booked_later(message, end, after, relation) else None


def _counts(before: str, after: str, relation: str, counted: bool) -> bool:
    """Whether the words right before and after somebody make them the one the appointment is for."""
    if words.WITH_ME.search(_SENTENCE_END.split(after)[0]) and relation not in words.YOUNG:
        return False
    asked = words.FOR.search(before)
    if asked:
        return _is_request(before[: asked.start()])
    if counted and words.AND.search(before):
        return True
    return bool(
        words.NEEDS.match(after)
        or words.IS_THE_PATIENT.match(after)
        or words.TAKES_BEFORE.search(before)
        or words.THE_PATIENT_IS.search(before)
        or (words.BRINGS_BEFORE.search(before) and words.BROUGHT.match(after))
        or (words.MAY_BEFORE.search(before) and words.COMES.match(after))
        or (words.WANTED_BEFORE.search(before) and words.WANTED.match(after))
        or (words.ANSWERS_WHO.fullmatch(before) and _CLOSED.match(after))
        or (words.ME_AND.fullmatch(before) and _CLOSED.match(after))
        or (_SAYS_WHO.search(before) and words.WHO_HAS_IT.match(after))
    )


def _with_contact(before: str, after: str) -> bool:
    """ "For me and my son", "my sister and I want to come"."""
    asked, needed = words.FOR.search(before), words.NEEDS.match(after)
    return bool((asked and asked["too"]) or (needed and needed["too"]) or words.ME_AND.fullmatch(before))


def _is_request(lead: str) -> bool:
    if words.NOTHING_BEFORE.fullmatch(lead):
        return True
    return words.REQUEST_BEFORE.search(lead) is not None and words.NOT_A_REQUEST.search(lead) is None


def _is_named(message: PlainText, match: re.Match[str], names: tuple[str, ...], relation: str) -> bool:
    """ "My son's name is Max", "my daughter is called Mia"; a carer names nobody but the patient."""
    if names and relation == words.CARED_FOR:
        return True
    said = words.NAMED_AFTER.match(message.lower, match.end()) or words.IS_AFTER.match(message.lower, match.end())
    return bool(names) and said is not None


def _booked_later(message: PlainText, end: int, after: str, relation: str) -> bool:
    """ "My son has bumps, can I bring him in": somebody with a complaint for whom the message then asks."""
    later = message.lower[end : end + 4 * _CLAUSE]
    if words.BOOK_FOR_THEM.search(later):
        return True
    if not words.HAS.match(after):
        return False
    if words.BOOK_THEM.search(later):
        return True
    around = message.lower[max(0, end - 2 * _CLAUSE) : end + 4 * _CLAUSE]
    return relation in words.YOUNG and bool(words.ASKS_TO_COME.search(around)) and not words.IN_PERSON.search(around)


def _child_of_theirs(message: PlainText, match: re.Match[str], before: str) -> Mention | None:
    """ "For my sister's son": whom it is for stands in the next word, and is not next of kin."""
    following = re.match(r"'s (?:\w{1,20} ){0,2}?(?:son|daughter|baby|kids?|child|mom|mother|dad|father)\b",
                         message.lower[match.end() : match.end() + _CLAUSE])  # fmt: skip
    asked = words.FOR.search(before)
    if following is None or asked is None or not _is_request(before[: asked.start()]):
        return None
    names, end = names_after(message, match.end() + following.end())
    return Mention(match.start(), end, words.OTHER, names)

"""What holds for every text that the assistant says, whatever it is about: easy, true to its form, short enough."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping

from clinic.answers.forbidden_wording import forbidden_wordings
from clinic.answers.plain_text import PLACEHOLDER, placeholders, sentences, unusual_characters, words_of
from clinic.answers.reading_level import HIGHEST_GRADE, MOST_WORDS, long_sentences, readability_grade
from clinic.answers.sample_values import READING, filled
from clinic.sms_text import MOST_SEGMENTS, characters_outside_gsm, segments, septets

LONGEST_TEXT = 600
BRACES = re.compile(r"[{}]")
ANGLES = re.compile(r"[<>]")
EMERGENCY = re.compile(r"\bemergenc", re.IGNORECASE)
HELP = re.compile(r"\b911\b")


def reading_problems(text: str, is_english: bool) -> Iterator[str]:
    """Sentences that are too long, and words that are too hard."""
    plain = filled(text, READING)
    for sentence, words in long_sentences(plain):
        yield f"A sentence has {words} words, {MOST_WORDS} are the limit: “{sentence[:60]}…”. Make two of it."
    grade = readability_grade(plain)
    if is_english and grade > HIGHEST_GRADE:
        yield (
            f"It reads like school grade {grade:.0f}, grade {HIGHEST_GRADE:.0f} is the limit. "
            "Use shorter words and sentences."
        )


def said_problems(text: str) -> Iterator[str]:
    """Promises, prices, verdicts and bookings; an emergency without whom to call."""
    if EMERGENCY.search(text) and not HELP.search(text):
        yield "It speaks of an emergency and does not name 911. Say to call 911, or leave the emergency out."
    for sentence in sentences(filled(text, READING)):
        for said, advice in forbidden_wordings(sentence):
            yield f"“{said}” {advice}."


def form_problems(text: str, allowed: Collection[str]) -> Iterator[str]:
    """Placeholders that nobody fills in, and characters that stand for something else, or that nobody can see.

    Args:
        text: the wording.
        allowed: the names that are filled in for it.
    """
    if len(text) > LONGEST_TEXT:
        yield f"It has {len(text)} characters, {LONGEST_TEXT} are the limit."
    for name in sorted(placeholders(text) - set(allowed)):
        known = ", ".join(f"{{{each}}}" for each in sorted(allowed)) or "none"
        yield f"{{{name}}} is no placeholder of this answer, so people would read it as it is. It has: {known}."
    if not words_of(text):
        yield "It has no words."
    unusual = unusual_characters(text)
    if unusual:
        listed = ", ".join(f"{mark} ({unicodedata.name(mark, 'no name').lower()})" for mark in unusual)
        yield f"It has characters that are not of English or Spanish: {listed}. Type them with plain letters and marks."
    if BRACES.search(PLACEHOLDER.sub("", text)):
        yield "It has a brace, { or }, that belongs to no placeholder. Leave it out."
    if ANGLES.search(text):
        yield "It has a < or a >. Leave it out: people would see it as it is."


def sms_problems(text: str, known: Mapping[str, str]) -> Iterator[str]:
    """What makes a text message dear: characters outside of GSM-7, and more than two segments.

    Args:
        text: the wording, with its placeholders.
        known: what they are filled in with, in its longest form.
    """
    outside = characters_outside_gsm(text)
    if outside:
        yield (
            f"It has {' '.join(outside)}, with which a text message holds 70 characters instead of 160 and costs more "
            "than twice as much. Write it with plain letters and marks."
        )
        return
    whole = PLACEHOLDER.sub(lambda found: known.get(found.group(1), found.group(0)), text)
    if characters_outside_gsm(whole):
        return
    if segments(whole) > MOST_SEGMENTS:
        yield (
            f"It takes {segments(whole)} segments ({septets(whole)} characters with the longest values filled in), "
            f"{MOST_SEGMENTS} are the limit. Make it shorter."
        )

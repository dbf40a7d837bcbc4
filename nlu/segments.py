"""Cutting a message into sentences and clauses, so that a question inside a story is understood for itself."""

import re

MOST_SEGMENTS = 4
FEWEST_WORDS = 3
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+|\n+|\s+-+\s+")
_QUESTION = "can|could|do|does|is|are|will|would|should|how|what|why|when|where|who|which"
_CLAUSE_STARTS = re.compile(
    rf",?\s+(?:and|but|also|plus|anyway|btw|or|y|n|&)\s+(?=(?:{_QUESTION}|did|was|i|im|i'm|my|it|if)\b)"
    rf"|,\s+(?=(?:{_QUESTION})\b)",
    re.IGNORECASE,
)

_ASKS = re.compile(
    rf"(?:(?:and|or|so|also|hi|hey|hello|ok|okay)\b[\s,]*)*(?:{_QUESTION}|am|did|was|has|have)\b", re.IGNORECASE
)


def questions_of(text: str) -> list[str]:
    """The segments that each ask something, where there are two or more: "when are you open and what does it cost".

    A question after what it is about, "keratosis pilaris, how do I treat it", must not be understood for itself.
    """
    asked = [part for part in segments_of(text) if part.endswith("?") or _ASKS.match(part)]
    return asked if len(asked) > 1 else []


def segments_of(text: str) -> list[str]:
    """The sentences and clauses of a cleaned text that can stand alone, in order; empty for a single-clause text.

    Very long messages give their first and last two segments: people put the matter first and the question last.
    """
    sentences = [sentence for sentence in _SENTENCE_END.split(text) if sentence and sentence.strip()]
    clauses = [clause.strip(" ,") for sentence in sentences for clause in _CLAUSE_STARTS.split(sentence)]
    whole = [clause for clause in clauses if len(clause.split()) >= FEWEST_WORDS]
    if len(whole) < 2:
        return []
    half = MOST_SEGMENTS // 2
    return whole if len(whole) <= MOST_SEGMENTS else whole[:half] + whole[-half:]

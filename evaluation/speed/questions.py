"""What the measuring visitors write. The texts stay the same, so that results of different days can be compared."""

from typing import Final

FIRST_QUESTION: Final = "what are milia"

QUESTIONS: Final = (
    FIRST_QUESTION,
    "can I pop them myself?",
    "Are milia the same thing as acne or whiteheads?",
    "do they hurt",
    "How do dermatologists remove milia?",
    "is it safe to use retinol around my eyes",
    "I keep getting these little white bumps under my eyes, what causes milia in adults?",
    "are milia harmful in any way",
    "how can I keep new milia from forming",
    "do milia run in families?",
    "can steroid cream cause milia",
    "Where on the face do milia usually show up?",
    "does sun damage lead to milia",
    "do milia have to be removed?",
    "hi, could you tell me what the best way is to get rid of milia, my sister had some and I would rather not wait",
    "does your clinic treat milia",
)

REQUEST: Final = "I would like to request an appointment"
"""Begins the form. The details below are invented: 555-01xx numbers are reserved for fiction (North American plan)."""

DETAILS: Final = ("My name is Jordan Example", "312 555 0142", "next Tuesday afternoon")
"""Answer the form's questions, after which it reads everything back and offers to send it."""


def question(number: int) -> str:
    """The question at a place in the endless cycle of them."""
    return QUESTIONS[number % len(QUESTIONS)]

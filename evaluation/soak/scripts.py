"""What visitors do: they ask, request an appointment, leave a message, delete what they said.

A visitor reads what comes back and goes on from there, since a restart in the middle may change what is asked next.
"""

import random
import re

from evaluation.soak.talk import AbandonedError, Talk
from evaluation.speed.questions import question

# The last ones are what is said where the staff were faster than the visitor's second try.
REQUEST_STORED = re.compile(
    r"recorded|the clinic has your request|I have that one already"
    r"|taken up your request|in the hands of the staff|your request for .* is (with|closed)|closed your request",
    re.IGNORECASE,
)
MESSAGE_STORED = re.compile(r"passed your message|staff have your message", re.IGNORECASE)
ERASED = re.compile(r"receipt", re.IGNORECASE)
ASKED_TO_CONFIRM = re.compile(r"shall I|all right to (send|delete)|is it right", re.IGNORECASE)
NOT_STORED = re.compile(r"could not store|nothing was stored", re.IGNORECASE)
MOST_TURNS = 14
QUESTIONS_BESIDES = 16


async def ask(talk: Talk, chance: random.Random) -> None:
    """Ask a question from the facts."""
    await talk.say(question(chance.randrange(QUESTIONS_BESIDES)), "a question")


async def book(talk: Talk) -> None:
    """Request an appointment until it is called recorded.

    Raises:
        evaluation.soak.talk.AbandonedError: it never was.
    """
    text, step = f"book me a visit, {talk.marker}, {spaced(talk.phone)}", "booking: details"
    for _ in range(MOST_TURNS):
        reply = await talk.say(text, step)
        if REQUEST_STORED.search(reply):
            talk.confirmed_requests = 1
            return
        text, step = _next_in_booking(talk, reply)
    raise talk.give_up(f"{talk.channel}: a request was never called recorded")


async def leave_message(talk: Talk) -> None:
    """Leave a message for the staff until it is called passed on.

    Raises:
        evaluation.soak.talk.AbandonedError: it never was.
    """
    text, step = f"can somebody call me back please, {talk.marker}, {spaced(talk.phone)}", "message: details"
    for _ in range(MOST_TURNS):
        reply = await talk.say(text, step)
        if MESSAGE_STORED.search(reply):
            talk.confirmed_messages = 1
            return
        text, step = _next_in_message(talk, reply)
    raise talk.give_up(f"{talk.channel}: a message was never called passed on")


async def erase(talk: Talk) -> None:
    """Have everything deleted, and keep the receipt.

    Raises:
        evaluation.soak.talk.AbandonedError: it never was.
    """
    text, step = "delete my data", "erasure: wish"
    for _ in range(MOST_TURNS):
        reply = await talk.say(text, step)
        if ERASED.search(reply):
            talk.receipt = reply
            return
        agreed = bool(ASKED_TO_CONFIRM.search(reply))
        text, step = ("yes", "erasure: yes") if agreed else ("delete my data", "erasure: wish")
    raise talk.give_up(f"{talk.channel}: what was said was never deleted")


async def visit(talk: Talk, chance: random.Random) -> None:
    """One visit of a random kind; what went wrong is in the talk's problems."""
    try:
        if chance.random() < 0.4:
            await ask(talk, chance)
        await (leave_message(talk) if chance.random() < 0.25 else book(talk))
        if chance.random() < 0.3:
            await talk.repeat_last()
        if chance.random() < 0.25:
            await erase(talk)
        elif chance.random() < 0.3:
            await ask(talk, chance)
    except AbandonedError:
        # It is in the talk's problems, which the checks report.
        return
    finally:
        talk.is_over = True


def spaced(phone: str) -> str:
    """The number as people write it."""
    return f"{phone[:3]} {phone[3:6]} {phone[6:]}"


def _next_in_booking(talk: Talk, reply: str) -> tuple[str, str]:
    if ASKED_TO_CONFIRM.search(reply) or NOT_STORED.search(reply):
        return "yes", "booking: yes"
    lowered = reply.lower()
    if "time" in lowered or "days" in lowered or "when would" in lowered:
        return "any tuesday", "booking: time"
    if "phone" in lowered or "number" in lowered or "e-mail" in lowered:
        return spaced(talk.phone), "booking: phone"
    if "name" in lowered:
        return f"my name is {talk.marker}", "booking: name"
    return "I would like to request an appointment", "booking: begin"


def _next_in_message(talk: Talk, reply: str) -> tuple[str, str]:
    if ASKED_TO_CONFIRM.search(reply) or NOT_STORED.search(reply):
        return "yes", "message: yes"
    lowered = reply.lower()
    if "phone" in lowered or "number" in lowered or "e-mail" in lowered:
        return spaced(talk.phone), "message: phone"
    if "name" in lowered:
        return f"my name is {talk.marker}", "message: name"
    return "please have the staff call me about my milia", "message: words"

"""What visitors do: they ask, request an appointment, leave a message, delete what they said.

A visitor reads what comes back and goes on from there, since a restart in the middle may change what is asked next.
"""

import random
import re
from collections.abc import Callable

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
Step = tuple[str, str]
"""What a visitor says, and what the step is called where something goes wrong."""
WISH_TO_ERASE: Step = ("delete my data", "erasure: wish")


async def ask(talk: Talk, chance: random.Random) -> None:
    """Ask a question from the facts."""
    await talk.say(question(chance.randrange(QUESTIONS_BESIDES)), "a question")


async def book(talk: Talk) -> None:
    """Request an appointment until it is called recorded.

    Raises:
        evaluation.soak.talk.AbandonedError: it never was.
    """
    first = (f"book me a visit, {talk.marker}, {spaced(talk.phone)}", "booking: details")
    await _say_until(talk, REQUEST_STORED, first, _next_in_booking, "a request was never called recorded")
    talk.confirmed_requests = 1


async def leave_message(talk: Talk) -> None:
    """Leave a message for the staff until it is called passed on.

    Raises:
        evaluation.soak.talk.AbandonedError: it never was.
    """
    first = (f"can somebody call me back please, {talk.marker}, {spaced(talk.phone)}", "message: details")
    await _say_until(talk, MESSAGE_STORED, first, _next_in_message, "a message was never called passed on")
    talk.confirmed_messages = 1


async def erase(talk: Talk) -> None:
    """Have everything deleted, and keep the receipt.

    Raises:
        evaluation.soak.talk.AbandonedError: it never was.
    """
    talk.receipt = await _say_until(talk, ERASED, WISH_TO_ERASE, _next_in_erasure, "what was said was never deleted")


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


async def _say_until(
    talk: Talk, done: re.Pattern[str], first: Step, next_step: Callable[[Talk, str], Step], complaint: str
) -> str:
    """Go on from one reply to the next until one says that it is done; that reply."""
    text, step = first
    for _ in range(MOST_TURNS):
        reply = await talk.say(text, step)
        if done.search(reply):
            return reply
        text, step = next_step(talk, reply)
    raise talk.give_up(f"{talk.channel}: {complaint}")


def _next_in_booking(talk: Talk, reply: str) -> Step:
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


def _next_in_erasure(_talk: Talk, reply: str) -> Step:
    return ("yes", "erasure: yes") if ASKED_TO_CONFIRM.search(reply) else WISH_TO_ERASE


def _next_in_message(talk: Talk, reply: str) -> Step:
    if ASKED_TO_CONFIRM.search(reply) or NOT_STORED.search(reply):
        return "yes", "message: yes"
    lowered = reply.lower()
    if "phone" in lowered or "number" in lowered or "e-mail" in lowered:
        return spaced(talk.phone), "message: phone"
    if "name" in lowered:
        return f"my name is {talk.marker}", "message: name"
    return "please have the staff call me about my milia", "message: words"

"""Questions that the page does not answer: kept, shown before they are sent, and left out where that is wished.

What is kept here is what a request takes along to the staff, no more and no less (docs/conversation.md). Pure logic.
"""

from dataclasses import replace

from actions.memory import STAFF_MESSAGE, Memory
from actions.replies import Reply
from clinic.readings.left_out_questions import read_left_out
from clinic.sms_text import characters_outside_gsm, plain_marks

LONGEST_QUESTION = 500
MOST_OPEN_QUESTIONS = 5
# Topics under which nothing was said that the staff would want to read later.
CHATTER = frozenset({"out_of_scope", "bot_challenge", "privacy_question", "not_understood", "feedback_negative"})
LONGEST_SHOWN = 80
# On a phone all of them share what two segments leave beside the rest of the read-back.
SHOWN_IN_A_TEXT = 90
SHORTEST_IN_A_TEXT = 18
LONGEST_IN_A_TEXT = 40
CUT = "..."


def keep_question(memory: Memory, question: str) -> Memory:
    """The memory with one more question for the staff; the same words count once, and the oldest gives way."""
    kept = question[:LONGEST_QUESTION].strip()
    if not kept or kept in memory.open_questions:
        return memory
    return replace(memory, open_questions=(*memory.open_questions, kept)[-MOST_OPEN_QUESTIONS:])


def without_staff_offer(memory: Memory) -> Memory:
    """The memory without its offer; a question that the page did not answer stays, for whatever is sent later."""
    was_open = memory.offer == STAFF_MESSAGE and memory.topic not in CHATTER
    question = memory.message_text if was_open else None
    return keep_question(memory, question).without_offer() if question else memory.without_offer()


def declined(memory: Memory) -> Memory:
    """The memory after a no. A question that was offered to the staff is taken back by it, those before it are not."""
    kept = memory.open_questions if memory.offer == STAFF_MESSAGE else ()
    return replace(memory.without_request(), open_questions=kept)


def going_along(memory: Memory) -> tuple[str, ...]:
    """What a message to the staff holds: its own words, and the open questions that go with it."""
    own = (memory.message_text,) if memory.message_text else ()
    return (*own, *(question for question in memory.open_questions if question not in own))


def counted(questions: tuple[str, ...]) -> str:
    """How many there are, in the words of a sentence: "question", "3 questions"."""
    return "question" if len(questions) == 1 else f"{len(questions)} questions"


def shown_before_sending(memory: Memory) -> tuple[Reply, ...]:
    """What a yes to the read-back sends beside the request; nothing where no question is open."""
    questions = memory.open_questions
    if not questions:
        return ()
    share = min(LONGEST_IN_A_TEXT, max(SHORTEST_IN_A_TEXT, SHOWN_IN_A_TEXT // len(questions)))
    variables = {
        "questions_counted": counted(questions),
        "questions_shown": _listed([_cut(question, LONGEST_SHOWN) for question in questions]),
        "questions_shown_in_a_text": _listed([_cut(_for_a_text(question), share) for question in questions]),
    }
    return (Reply("utter_questions_go_along", variables),)


def left_out(memory: Memory, text: str, just_shown: bool) -> Memory | None:
    """The memory without the questions that a message leaves out; unchanged where it is not told which, else None."""
    places = read_left_out(text, memory.open_questions, just_shown) if memory.open_questions else None
    if places is None:
        return None
    kept = tuple(question for place, question in enumerate(memory.open_questions) if place not in places)
    return replace(memory, open_questions=kept)


def _listed(questions: list[str]) -> str:
    if len(questions) == 1:
        return f'"{questions[0]}"'
    return " ".join(f'({place}) "{question}"' for place, question in enumerate(questions, start=1))


def _cut(question: str, longest: int) -> str:
    words = " ".join(question.replace('"', "'").split())
    return words if len(words) <= longest else words[: longest - len(CUT)].rstrip() + CUT


def _for_a_text(question: str) -> str:
    """Without what would more than halve a text message (clinic/sms_text.py), such as a smiley."""
    plain = plain_marks(question)
    outside = characters_outside_gsm(plain)
    return "".join(character for character in plain if character not in outside) or CUT

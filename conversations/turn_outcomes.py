"""How a turn ended, from what was said in it. Pure logic."""

from collections.abc import Sequence
from dataclasses import dataclass

from conversations.answer_kinds import AnswerKinds

ANSWERED = "answered"
UNCOVERED = "uncovered"
CLARIFIED = "clarified"
FALLBACK = "fallback"
SAFETY = "safety"
TRANSACTION = "transaction"
CONVERSATION = "conversation"
FAILED = "failed"
OUTCOMES = (SAFETY, FAILED, FALLBACK, CLARIFIED, UNCOVERED, ANSWERED, TRANSACTION, CONVERSATION)

# The outcome that a response gives a turn, where its kind does not tell.
_OUTCOMES_OF_RESPONSES = {
    "utter_turn_failed": FAILED,
    "utter_not_stored": FAILED,
    "utter_not_erased": FAILED,
    "utter_request_not_changed": FAILED,
    "utter_unclear": CLARIFIED,
    "utter_not_understood": FALLBACK,
    "utter_out_of_scope": FALLBACK,
    "utter_detail_not_understood": FALLBACK,
    "utter_spanish": FALLBACK,
    "utter_offer_staff_spanish": FALLBACK,
    # The danger is over.
    "utter_safety_over": CONVERSATION,
    "utter_safety_over_self_harm": CONVERSATION,
    "utter_can_go_on": CONVERSATION,
    "utter_what_next": CONVERSATION,
}
_OUTCOMES_OF_KINDS = {
    "facts": ANSWERED,
    # That nobody can judge a bump in a chat is the approved answer to the question.
    "declined": ANSWERED,
    "settings": ANSWERED,
    "not_covered": UNCOVERED,
    "safety": SAFETY,
    "transaction": TRANSACTION,
    "conversation": CONVERSATION,
}
# Of several responses the one that comes first here says how the turn ended: a request's next question, said after the
# answer to another question, does not hide that answer.
_PRECEDENCE = (FAILED, SAFETY, CLARIFIED, UNCOVERED, ANSWERED, FALLBACK, TRANSACTION, CONVERSATION)


@dataclass(frozen=True)
class Said:
    """One response, as far as it tells how the turn ended.

    `nothing_known` tells that the clinic's own details were asked for and are not filled in.
    """

    response: str
    failed: bool = False
    nothing_known: bool = False


def turn_outcome(said: Sequence[Said], label: str, kinds: AnswerKinds, *, safety: bool, in_form: bool) -> str:
    """How a turn ended.

    Args:
        said: the responses to the visitor's message, without those from before it was looked at.
        label: what the message was taken for; counts where no response is known.
        kinds: what kind of answer each response is.
        safety: whether something urgent was heard in the message.
        in_form: whether a form ran before or after the turn.

    Returns:
        One of `OUTCOMES`.
    """
    if not said or any(each.failed for each in said):
        # A turn in which nobody answers is a fault, whatever it was about.
        return FAILED
    found = {outcome for each in said if (outcome := _outcome_of(each, kinds))}
    found |= {SAFETY} if safety else set()
    found |= {TRANSACTION} if in_form else set()
    if not found:
        found = {_OUTCOMES_OF_KINDS.get(kinds.get(f"utter_{label}", ""), CONVERSATION)}
    return next(outcome for outcome in _PRECEDENCE if outcome in found)


def _outcome_of(said: Said, kinds: AnswerKinds) -> str | None:
    if said.nothing_known:
        return UNCOVERED
    return _OUTCOMES_OF_RESPONSES.get(said.response) or _OUTCOMES_OF_KINDS.get(kinds.get(said.response, ""))

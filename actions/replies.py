"""What an action wants said: response ids with their variables, never text of its own."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from rasa_sdk.executor import CollectingDispatcher

from clinic.labels import answers_within_a_form


@dataclass(frozen=True)
class Choice:
    """Something to tap: `title` is shown, `label` is what it means and never leaves the server."""

    title: str
    label: str


@dataclass(frozen=True)
class Reply:
    """One utterance: a response of data/responses, its variables, and the choices that go with it."""

    response: str
    variables: dict[str, str] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()


ASK_THE_STAFF = Choice("Ask the staff", "talk_to_human")
REQUEST_APPOINTMENT = Choice("Request an appointment", "request_appointment")
SEND_IT = Choice("Send it", "affirm")
CHANGE_IT = Choice("Change something", "deny")
LEAVE_IT_OUT = Choice("Leave out the question", "deny")
LEAVE_THEM_OUT = Choice("Leave out the questions", "deny")
CHANGE_THAT = Choice("Change it", "affirm")
WITHDRAW_IT = Choice("Take it back", "affirm")
KEEP_IT = Choice("Leave it as it is", "deny")
CHANGE_FIRST = Choice("Change that one", "reschedule_appointment")
SECOND_VISIT = Choice("A second visit", "request_appointment")
THAT_ONE_TOO = Choice("Take that one too", "affirm")
NOT_NOW = Choice("Not now", "deny")
DELETE_ALL = Choice("Delete it all", "affirm")
DELETE_NOTHING = Choice("Keep it", "deny")
EASY_TIMES = (Choice("Mornings", "inform"), Choice("Afternoons", "inform"), Choice("Any time", "inform"))
YES_TITLES = frozenset(choice.title for choice in (SEND_IT, CHANGE_THAT, WITHDRAW_IT, THAT_ONE_TOO, DELETE_ALL))
# On the utterance after which the channel erases the conversation (channels/output.py).
ERASED_MARK = "conversation_erased"


def within_a_form(reply: Reply) -> Reply:
    """The reply as it is said while a form goes on: no request is offered, since something is being taken already."""
    wording = f"utter_{reply.response.removeprefix('utter_')}_within_form"
    choices = tuple(choice for choice in reply.choices if choice != REQUEST_APPOINTMENT)
    response = wording if wording in answers_within_a_form() else reply.response
    return replace(reply, response=response, choices=choices)


def say(dispatcher: CollectingDispatcher, replies: Iterable[Reply]) -> None:
    """Hand the replies to Rasa, which picks the wording for the channel."""
    for reply in replies:
        buttons = [{"title": choice.title, "payload": choice.label} for choice in reply.choices]
        dispatcher.utter_message(response=reply.response, buttons=buttons, **reply.variables)

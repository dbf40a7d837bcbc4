"""What visitors may do with the requests of their own conversation: ask, change, take back. Pure logic.

`requests` are always those of the visitor's own conversation, oldest first; nobody else's ever come here.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from actions.answers import answer_within_form, offering_the_staff, questions_in
from actions.corrections import corrected_reading, with_changed_time
from actions.details import CONTACT_NAME, PREFERRED_TIME, read_details, shown
from actions.form_turn import STAFF_FORM, Effect, Step
from actions.memory import CHANGE, NEW_TIME, WITHDRAWAL, Memory
from actions.open_questions import LONGEST_QUESTION
from actions.replies import ASK_THE_STAFF, CHANGE_THAT, KEEP_IT, WITHDRAW_IT, YES_TITLES, Choice, Reply
from actions.turn import Turn
from clinic.appointment_requests import CLOSED_BY_VISITOR, OPEN, StoredAppointmentRequest
from clinic.readings.confirmations import begins_with_yes, has_doubt, is_plain_yes
from clinic.staff_work import BOOKED, CONTACTED

Requests = Sequence[StoredAppointmentRequest]
LONGEST_TITLE = 60
CHANGEABLE = (CONTACT_NAME, "phone", "email", PREFERRED_TIME)
TAKEN_UP = frozenset({CONTACTED, BOOKED})
# Whoever texts for years from one number has many old ones.
MOST_SHOWN = 3
_ORDINALS = {"first": 0, "1st": 0, "1": 0, "second": 1, "2nd": 1, "2": 1, "third": 2, "3rd": 2, "3": 2, "last": -1}
_WORD = re.compile(r"[^\W_]+")


def open_ones(requests: Requests) -> list[StoredAppointmentRequest]:
    """The requests that the staff have not begun to work on."""
    return [request for request in requests if request.status == OPEN]


def request_shown(request: StoredAppointmentRequest) -> str:
    """A request in a few of the visitor's own words: whom it is for where that is somebody else, and when."""
    words = f"{request.patient_name}, {request.preferred_time}" if request.patient_name else request.preferred_time
    return words if len(words) <= LONGEST_TITLE else f"{words[: LONGEST_TITLE - 3].rstrip()}..."


def status(memory: Memory, turn: Turn, requests: Requests) -> Step:
    """What is recorded, and how far it is, as far as this side can know."""
    waiting = open_ones(requests)
    taken_up = [request for request in requests if request.status in TAKEN_UP][-MOST_SHOWN:]
    if not requests:
        asking = offering_the_staff(memory, turn, turn.label)
        return Step(asking, (Reply("utter_appointment_status_none", choices=(ASK_THE_STAFF,)),))
    if not (waiting or taken_up):
        newest = requests[-1]
        taken_back = newest.status == CLOSED_BY_VISITOR
        over = "utter_appointment_status_withdrawn" if taken_back else "utter_appointment_status_closed"
        return Step(memory.without_offer(), (_status(over, [newest]),))
    replies = [_waiting_status(waiting)] if waiting else []
    if taken_up:
        replies.append(_status("utter_appointment_status_with_staff", taken_up))
    return Step(memory.without_offer(), tuple(replies))


def withdraw(memory: Memory, turn: Turn, requests: Requests) -> Step:
    """Somebody wants to take a request back: ask once; without an open one the staff are asked."""
    waiting = open_ones(requests)
    if not waiting:
        return Step(memory.without_offer(), follow_up=STAFF_FORM)
    wanted = pick(waiting, turn.text)
    offered = replace(memory.without_offer(), offer=WITHDRAWAL)
    if wanted is None:
        return Step(offered, (_which(waiting, "cancel_appointment"),))
    return confirm_withdrawal(offered, wanted)


def reschedule(memory: Memory, turn: Turn, requests: Requests) -> Step:
    """Somebody wants another time on a request, or other details."""
    waiting = open_ones(requests)
    if not waiting:
        return Step(memory.without_offer(), follow_up=STAFF_FORM)
    wanted = pick(waiting, turn.text)
    offered = replace(memory.without_offer(), offer=NEW_TIME)
    if wanted is None:
        return Step(offered, (_which(waiting, "reschedule_appointment"),))
    return _with_new_details(replace(offered, target_request=wanted.id), turn, wanted, asked=None)


def correct(memory: Memory, turn: Turn, requests: Requests) -> Step | None:
    """Details that differ from the newest open request: propose the change; None when they change nothing."""
    waiting = open_ones(requests)
    if not waiting:
        return None
    wanted = pick(waiting, turn.text) or waiting[-1]
    different = _different(wanted, _read_against(wanted, memory, turn))
    if not different:
        return None
    return _confirm_change(replace(memory.without_offer(), target_request=wanted.id), different)


def take_up(memory: Memory, turn: Turn, requests: Requests) -> Step | None:
    """The step after an offer about a stored request; None when the message is about something else."""
    waiting = open_ones(requests)
    wanted = next((request for request in waiting if request.id == memory.target_request), None)
    if wanted is None:
        return _take_up_choice(memory, turn, waiting) or _too_late(memory, turn, requests)
    if memory.offer == NEW_TIME:
        return _take_up_new_time(memory, turn, wanted)
    if memory.offer == CHANGE:
        pending = dict(memory.pending_change)
        earlier = pending.get(PREFERRED_TIME, wanted.preferred_time)
        found = read_details(turn, PREFERRED_TIME if _is_bare(turn) else None).found
        different = _different(wanted, with_changed_time(earlier, turn, found))
        if {name: pending.get(name) for name in different} != different:
            return _confirm_change(memory, {**pending, **different})
    if agrees(turn):
        return Step(memory, effect=Effect.WITHDRAW if memory.offer == WITHDRAWAL else Effect.CHANGE)
    if turn.label in ("deny", "stop"):
        return Step(memory.without_offer(), (Reply("utter_request_kept"),))
    return None


def pick(requests: Requests, text: str) -> StoredAppointmentRequest | None:
    """The request that a message means: the only one, or the one it names by person, time or place in the row."""
    if len(requests) == 1:
        return requests[0]
    exact = [request for request in requests if request_shown(request).casefold() == text.strip().casefold()]
    if len(exact) == 1:
        return exact[0]
    words = set(_words(text))
    named = [request for request in requests if words.intersection(_words(request.patient_name or ""))]
    if len(named) == 1:
        return named[0]
    timed = [request for request in requests if request.preferred_time.casefold() in text.casefold()]
    if len(timed) == 1:
        return timed[0]
    places = [place for word, place in _ORDINALS.items() if word in words and place < len(requests)]
    return requests[places[0]] if len(places) == 1 else None


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _waiting_status(waiting: Requests) -> Reply:
    if len(waiting) == 1:
        return _status("utter_appointment_status", waiting)
    return Reply("utter_appointment_status_many", {"requests_shown": "; ".join(map(request_shown, waiting))})


def _status(response: str, requests: Requests) -> Reply:
    return Reply(response, {"preferred_time": " and for ".join(map(request_shown, requests))})


def _which(waiting: Requests, label: str) -> Reply:
    return Reply("utter_which_request", choices=tuple(Choice(request_shown(request), label) for request in waiting))


def _take_up_choice(memory: Memory, turn: Turn, waiting: Requests) -> Step | None:
    if not waiting:
        return None
    if turn.label in ("deny", "stop"):
        return Step(memory.without_offer(), (Reply("utter_request_kept"),))
    wanted = pick(waiting, turn.text)
    if wanted is None:
        return None
    chosen = replace(memory, target_request=wanted.id)
    if memory.offer == WITHDRAWAL:
        return confirm_withdrawal(chosen, wanted)
    return _with_new_details(chosen, turn, wanted, asked=None)


def _too_late(memory: Memory, turn: Turn, requests: Requests) -> Step | None:
    """The staff took the request in hand while its visitor was being asked about it."""
    target = next((request for request in requests if request.id == memory.target_request), None)
    if target is not None and target.status == CLOSED_BY_VISITOR and memory.offer == WITHDRAWAL and agrees(turn):
        # It is taken back already and the reply was lost; doing it again only says so.
        return Step(memory, effect=Effect.WITHDRAW)
    gone = requests and not open_ones(requests)
    return not_changeable(memory, turn) if gone and (agrees(turn) or read_details(turn, None).found) else None


def _take_up_new_time(memory: Memory, turn: Turn, wanted: StoredAppointmentRequest) -> Step | None:
    if turn.label in ("deny", "stop", "cancel_appointment") and not read_details(turn, None).found:
        return Step(memory.without_offer(), (Reply("utter_request_kept"),))
    return _with_new_details(memory, turn, wanted, asked=PREFERRED_TIME)


def _with_new_details(memory: Memory, turn: Turn, wanted: StoredAppointmentRequest, asked: str | None) -> Step:
    reading = read_details(turn, asked)
    found = with_changed_time(wanted.preferred_time, turn, reading.found)
    different = {} if turn.text == request_shown(wanted) else _different(wanted, found)
    if different:
        return _confirm_change(memory, different)
    ask = Reply("utter_ask_new_time", {"request_shown": request_shown(wanted)})
    asking = replace(memory, offer=NEW_TIME)
    if reading.problem is not None:
        return Step(asking, (Reply(reading.problem),))
    if asked is not None and questions_in(turn) and not turn.candidates:
        answers, asking = answer_within_form(turn, asking)
        return Step(asking, (*answers, ask))
    return Step(asking, (ask,))


def _confirm_change(memory: Memory, values: dict[str, str]) -> Step:
    asked = Reply("utter_confirm_change", {"details_shown": shown(values)}, (CHANGE_THAT, KEEP_IT))
    return Step(replace(memory, offer=CHANGE, pending_change=tuple(values.items())), (asked,))


def _read_against(request: StoredAppointmentRequest, memory: Memory, turn: Turn) -> dict[str, str]:
    """The details of a message in the light of the request: "Moll without the h" is a new spelling of its name."""
    stored = replace(
        memory,
        contact_name=request.contact_name,
        phone=request.phone or "",
        email=request.email,
        preferred_time=request.preferred_time,
        asked=None,
    )
    return corrected_reading(stored, turn, read_details(turn, None)).found


def _different(request: StoredAppointmentRequest, found: dict[str, str]) -> dict[str, str]:
    return {name: found[name] for name in CHANGEABLE if name in found and found[name] != getattr(request, name)}


def agrees(turn: Turn) -> bool:
    """Whether the message says yes to the one deed that was asked about."""
    if turn.text in YES_TITLES or is_plain_yes(turn.text) or begins_with_yes(turn.text):
        return True
    return turn.label == "affirm" and not has_doubt(turn.text)


def _is_bare(turn: Turn) -> bool:
    return turn.label not in ("affirm", "deny", "stop") and not questions_in(turn)


def stored_under(requests: Requests, turn: Turn, request_key: str | None) -> StoredAppointmentRequest | None:
    """The open request that this very form stored, when the reply that said so was lost."""
    key = f"{turn.conversation_id}:{request_key}"
    return next((request for request in open_ones(requests) if request.idempotency_key == key), None)


def confirm_withdrawal(memory: Memory, wanted: StoredAppointmentRequest) -> Step:
    """Ask whether a stored request shall be taken back."""
    asked = Reply("utter_confirm_withdrawal", {"request_shown": request_shown(wanted)}, (WITHDRAW_IT, KEEP_IT))
    return Step(replace(memory.without_offer(), offer=WITHDRAWAL, target_request=wanted.id), (asked,))


def not_changeable(memory: Memory, turn: Turn) -> Step:
    """The staff were faster: offer to pass the wish on."""
    wish = ", ".join((turn.text, shown(dict(memory.pending_change)))).strip(", ")
    asking = replace(offering_the_staff(memory, turn, "change_of_request"), message_text=wish[:LONGEST_QUESTION])
    return Step(asking, (Reply("utter_not_changeable", choices=(ASK_THE_STAFF,)),))

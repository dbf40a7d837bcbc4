"""Why an entry is in the queue, in the words of the front desk."""

from clinic.appointment_requests import CLOSED_BY_VISITOR
from clinic.flags import ERASED_CONVERSATION, TOO_MANY_TEXTS
from clinic.outbox import CHANGED_REQUEST, ERASED, NEW_MESSAGE, NEW_REQUEST, WITHDRAWN_REQUEST
from clinic.staff_work import CONTACTED
from clinic.urgency import SAFETY_PREFIX
from console.names import label_name, language_name
from console.queue_entries import Entry
from console.queue_kinds import Kind, Rank
from console.queue_send_sources import TEXT_BY_REPORT, TEXT_TO_SEND
from console.queue_sources import BY_BOTH, BY_EMAIL, BY_PHONE, FOR_SOMEBODY_ELSE, UNREACHABLE
from console.work_words import topic_name

ENGLISH = "en"
KIND_NAMES = {
    Kind.SAFETY: "Safety",
    Kind.ALERT: "Alert",
    Kind.SEND: "Not sent",
    Kind.REQUEST: "Request",
    Kind.MESSAGE: "Message",
    Kind.REVIEW: "Review",
}
TAB_NAMES = {
    Kind.SAFETY: "Safety",
    Kind.ALERT: "Other alerts",
    Kind.SEND: "Not sent",
    Kind.REQUEST: "Requests",
    Kind.MESSAGE: "Messages",
    Kind.REVIEW: "To review",
}
_SAFETY = {
    "safety/emergency": "May be a medical emergency",
    "safety/self_harm": "May be thinking of harming themselves",
    "safety/infection_or_injury": "May have an infection or an injury",
    "safety/changing_lesion": "Asks about skin cancer or tells of a spot that changes",
}
_ALERTS = {TOO_MANY_TEXTS: "A number texted very often, so the assistant stopped answering it"}
_TARGETS = {"email": "An e-mail to the staff", "webhook": "A notice to the staff's own system"}
_NOTICES = {
    NEW_REQUEST: "a new appointment request",
    CHANGED_REQUEST: "a changed appointment request",
    WITHDRAWN_REQUEST: "an appointment request that was taken back",
    NEW_MESSAGE: "a new message",
    ERASED: "data that a visitor had deleted",
}
_TEXT_FAULTS = {
    "opted out": "The person asked for no more texts.",
    "21610": "The person asked for no more texts.",
    "no number": "Their number is not known.",
    "country": "Numbers of their country are not texted.",
}
_WAYS = {
    BY_PHONE: "a phone number",
    BY_EMAIL: "an e-mail address",
    BY_BOTH: "a phone number and an e-mail address",
    UNREACHABLE: "no way to answer",
}
_ATTENTION = {
    "repeated_fallback": "The assistant did not understand several times",
    "low_confidence": "The assistant was not sure what was meant",
    "sample": "Picked by chance, to check answers that looked right",
}


def why(entry: Entry) -> str:
    """Why the entry is there: one sentence without a full stop."""
    if entry.kind is Kind.SAFETY:
        label = entry.subject or ""
        return _SAFETY.get(label, f"Flagged as urgent: {label_name(label)}")
    if entry.kind is Kind.ALERT:
        return _ALERTS.get(entry.subject or "", f"Flagged: {label_name(entry.subject or '')}")
    if entry.kind is Kind.SEND:
        return _why_not_sent(entry)
    if entry.kind is Kind.REVIEW:
        return _why_worth_a_look(entry)
    return _why_it_waits(entry)


def about(entry: Entry) -> str:
    """What a request or message is about, in our words and never the visitor's; empty for the rest."""
    left = f"Left {_WAYS.get(entry.reference or '', _WAYS[UNREACHABLE])}."
    if entry.kind is Kind.REQUEST:
        whom = "For somebody else." if entry.detail == FOR_SOMEBODY_ELSE else "For themselves."
        return f"{whom} {left}"
    if entry.kind is not Kind.MESSAGE:
        return ""
    language, _, topic = (entry.detail or "").partition(" ")
    spoken = "" if language == ENGLISH else f" In {language_name(language)}."
    return f"About: {topic_name(topic)}.{spoken} {left}"


def remark(entry: Entry) -> str:
    """What else is known of it, such as the fault that kept a text from being sent; empty where nothing is."""
    if entry.kind is Kind.SAFETY and entry.conversation_id == ERASED_CONVERSATION:
        return "The visitor deleted their conversation. Nobody can read any more what was said."
    if entry.lost_request:
        return "The visitor has taken back their appointment request since."
    if entry.kind is not Kind.SEND or not entry.detail:
        return ""
    if entry.conversation_id is None:
        return f"Fault: {entry.detail}"
    return _TEXT_FAULTS.get(entry.detail, f"The carrier's code: {entry.detail}")


def _why_not_sent(entry: Entry) -> str:
    if entry.subject == TEXT_TO_SEND:
        return "A text message could not be sent"
    if entry.conversation_id is not None:
        is_lost = entry.subject == TEXT_BY_REPORT or not entry.detail
        return "A text message did not arrive" if is_lost else "A text message could not be sent"
    topic = (entry.reference or "").partition(":")[0]
    way = _TARGETS.get(entry.subject or "", "A notice to the staff")
    about = "danger that was heard" if topic.startswith(SAFETY_PREFIX) else _NOTICES.get(topic, "something new")
    return f"{way} about {about} did not go out"


def _why_it_waits(entry: Entry) -> str:
    thing = "An appointment request" if entry.kind is Kind.REQUEST else "A message"
    if entry.subject == CONTACTED:
        return f"{thing} is marked as contacted for more than 2 days, and is not closed"
    if entry.subject == CLOSED_BY_VISITOR:
        return f"{thing} was taken back by the visitor; see it and close it"
    return "An urgent message waits" if entry.rank == Rank.URGENT_MESSAGE else f"{thing} waits"


def _why_worth_a_look(entry: Entry) -> str:
    attention = _ATTENTION.get(entry.subject or "", "")
    if not entry.amount:
        return attention
    verdict = "An answer" if entry.amount == 1 else f"{entry.amount} answers"
    said = f"{verdict} did not help, the visitor said"
    # A random sample adds nothing to a visitor's own word.
    return f"{said}. {attention}" if attention and entry.subject != "sample" else said

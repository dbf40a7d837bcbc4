"""What the console calls labels, outcomes and channels: in words, as the front desk says it."""

from clinic.labels import label_details

OUTCOMES = {
    "answered": "Answered",
    "uncovered": "Not covered",
    "clarified": "Asked back",
    "fallback": "Not understood",
    "safety": "Safety",
    "transaction": "Request or message",
    "conversation": "Small talk",
    "failed": "Failed",
}
CHANNELS = {"web": "Website", "sms": "Text message"}
LANGUAGES = {"en": "English", "es": "Spanish", "other": "Other language"}


def label_name(label: str) -> str:
    """The label in words; one that the data no longer has, or not yet, is shown as it is."""
    details = label_details().get(label)
    return details.shown_as if details else label


def label_names() -> dict[str, str]:
    """All labels in words by name, in the order of `data/labels.yml`."""
    return {name: details.shown_as for name, details in label_details().items()}


def outcome_name(outcome: str) -> str:
    """The outcome in words."""
    return OUTCOMES.get(outcome, outcome)


def channel_name(channel: str) -> str:
    """The channel in words."""
    return CHANNELS.get(channel, channel)


def language_name(language: str) -> str:
    """The language in words."""
    return LANGUAGES.get(language, language)

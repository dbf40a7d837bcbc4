"""The details that the running bot would find in a text."""

from rasa.shared.nlu.training_data.message import Message

from nlu.details import DetailExtractor


def details_of(text: str) -> list[tuple[str, str, str]]:
    """Kind, words and value of each detail."""
    message = Message.build(text)
    DetailExtractor().process([message])
    return [(found["entity"], found["text"], found["value"]) for found in message.get("entities")]

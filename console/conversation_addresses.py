"""The addresses of conversations and of single messages in them."""

from urllib.parse import quote

TURNS_OF_A_PAGE = 50


def address_of(conversation_id: str) -> str:
    """The address of a conversation's page."""
    return f"/conversations/{quote(conversation_id, safe='')}"


def address_of_turn(conversation_id: str, ordinal: int) -> str:
    """The address that leads to a turn, also to one that is not on the first page."""
    page = f"?turn={ordinal}" if ordinal > TURNS_OF_A_PAGE else ""
    return f"{address_of(conversation_id)}{page}#turn-{ordinal}"

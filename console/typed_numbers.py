"""Numbers that stand in addresses and forms, where anybody may have written anything."""


def whole_number(text: str, most_digits: int) -> int | None:
    """The number that ASCII digits write, and no more of them than these; None for any other text."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= most_digits else None

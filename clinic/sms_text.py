"""How long a text message is on the air: septets of the GSM 7-bit alphabet and the segments a text is split into.

Source: 3GPP TS 23.038, sections 6.2.1 and 6.2.1.1 (default alphabet and its extension table), and TS 23.040, section
9.2.3.24.1 (the header of a concatenated message takes 7 of the 160 septets, or 3 of the 70 UCS-2 units).
"""

import unicodedata

GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Sent as an escape and a second septet.
GSM_EXTENSION = frozenset("\f^{}\\[~]|€")

SEPTETS_ALONE = 160
SEPTETS_IN_PART = 153
UNITS_ALONE = 70
UNITS_IN_PART = 67
MOST_SEGMENTS = 2
"""No text message of the assistant takes more."""
PLAIN_MARKS = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201a": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u201e": '"',
        "\u00ab": '"',
        "\u00bb": '"',
        "\u2010": "-",
        "\u2011": "-",
        "\u2012": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u2015": "-",
        "\u2212": "-",
        "\u2026": "...",
        "\u2022": "-",
        "\u00b7": "-",
        "\u00d7": "x",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\u200b": "",
        "\u200d": "",
        "\ufeff": "",
        "\t": " ",
        # Letters that Unicode does not take apart into a plain one and a mark.
        "\u0141": "L",
        "\u0142": "l",
        "\u0110": "D",
        "\u0111": "d",
        "\u0131": "i",
    }
)


def septets(text: str) -> int | None:
    """The septets `text` takes in the GSM 7-bit alphabet, or None when a character of it has no place there."""
    sizes = _gsm_sizes(text)
    return None if sizes is None else sum(sizes)


def segments(text: str) -> int:
    """The parts a carrier sends `text` in: as GSM-7 when every character allows it, else as UCS-2; 0 for no text."""
    sizes = _gsm_sizes(text)
    if sizes is not None:
        return _parts(sizes, SEPTETS_ALONE, SEPTETS_IN_PART)
    return _parts([_ucs2_units(character) for character in text], UNITS_ALONE, UNITS_IN_PART)


def characters_outside_gsm(text: str) -> list[str]:
    """The characters of `text`, each once and sorted, that force a text message into UCS-2."""
    return sorted({character for character in text if character not in GSM_BASIC and character not in GSM_EXTENSION})


def plain_marks(text: str) -> str:
    """The text with typographic marks and unknown accents in GSM-7's own characters, as far as it goes.

    One curly apostrophe would more than halve what a segment holds (3GPP TS 23.038).
    """
    straight = text.translate(PLAIN_MARKS)
    for character in characters_outside_gsm(straight):
        base = "".join(part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part))
        if base and not characters_outside_gsm(base):
            straight = straight.replace(character, base)
    return straight.strip()


def _gsm_sizes(text: str) -> list[int] | None:
    if characters_outside_gsm(text):
        return None
    return [2 if character in GSM_EXTENSION else 1 for character in text]


def _ucs2_units(character: str) -> int:
    return 2 if ord(character) > 0xFFFF else 1


def _parts(sizes: list[int], alone: int, in_part: int) -> int:
    if sum(sizes) <= alone:
        return 1 if sizes else 0
    parts, room = 1, in_part
    for size in sizes:
        # A character of two units is never cut in the middle: it opens the next part.
        if size > room:
            parts, room = parts + 1, in_part
        room -= size
    return parts

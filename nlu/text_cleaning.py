"""Bringing a visitor's text into one plain form before it is understood.

Chat text arrives with curly quotes, zero-width characters, full-width or look-alike letters. Everything downstream sees
the cleaned form; what the visitor typed is kept elsewhere, untouched.
"""

import re
import unicodedata

LONGEST_TEXT = 5_000
_INVISIBLE = dict.fromkeys(
    [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF, 0x00AD, *range(0xFE00, 0xFE10)]
)
_PUNCTUATION = str.maketrans(
    {"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "…": "...", "´": "'", "`": "'"}
)
# Cyrillic and Greek letters that look like Latin ones: used to slip words past a filter, never in an English message.
_LOOK_ALIKES = str.maketrans("асеорхуіјѕԁһАВЕКМНОРСТХоονρα", "aceopxyijsdhABEKMHOPCTXoovpa")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_STRETCHED = re.compile(r"(.)\1{3,}", re.DOTALL)
_SPACES = re.compile(r"\s+")
_LATIN = re.compile(r"[a-zA-Z]")


def clean_text(text: str) -> str:
    """The text in compatibility form, without invisible characters, stretched letters and surplus space.

    Text beyond 5,000 characters is left out: no channel lets more in, and nothing may be slow.
    """
    plain = unicodedata.normalize("NFKC", text[:LONGEST_TEXT]).translate(_INVISIBLE).translate(_PUNCTUATION)
    plain = _CONTROL.sub(" ", plain)
    if _LATIN.search(plain):
        plain = plain.translate(_LOOK_ALIKES) if _mixes_scripts_in_a_word(plain) else plain
    return _SPACES.sub(" ", _STRETCHED.sub(r"\1\1\1", plain)).strip()


def _mixes_scripts_in_a_word(text: str) -> bool:
    return any(_LATIN.search(word) and any("\u0370" <= letter <= "\u052f" for letter in word) for word in text.split())

"""Which places of a text were redacted, worked out from the redacted text alone."""

import re

from conversations.redaction_spans import TOKEN, Kind
from evaluation.redaction.lines import Place


class AlignmentError(ValueError):
    """A redacted text is not the text it was made from with tokens in it."""


def redacted_places(text: str, redacted: str) -> list[Place]:
    """The places of `text` in whose stead `redacted` has a token.

    Raises:
        AlignmentError: something else than putting tokens in place happened to the text.
    """
    literal = TOKEN.split(redacted)
    kinds = [Kind(token[1:-1]) for token in TOKEN.findall(redacted)]
    match = re.fullmatch("(.+?)".join(map(re.escape, literal)), text, re.DOTALL)
    if match is None:
        raise AlignmentError("The redacted text is no redaction of its text.")
    places = [Place(*match.span(index), kind) for index, kind in enumerate(kinds, start=1)]
    return [place for place in places if text[place.start : place.end] != place.kind.token]

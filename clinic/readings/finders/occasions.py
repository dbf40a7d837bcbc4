"""What visitors time their days by: "after my bridge club", "when the kids are in school", "before my shift"."""

from __future__ import annotations

from clinic.topics import condition_names

# A clause ends before these, so that no more than the occasion itself is taken.
_STOPS = (
    r"(?:and|or|but|so|if|then|please|pls|plz|thanks|thank|thx|works?|would|best|can|could|because|unless|you|do|does"
    r"|instead|though|not|no|is that|what|how|why|will|i think)\b"
)
_STOPS_OF_A_NAME = rf"(?:{_STOPS}|(?:is|are|was|on|at|in|for|from|to|with|i|my|it|they|that|which|when|it's)\b)"
# Places on the body and what happens to the skin time nothing: "around my eyes", "after my facial".
_BODY = (
    rf"(?:skin|eye\w*|face|facials?|nose|cheek\w*|lips?|mouth|chin|forehead|neck|{condition_names()}|bumps?|spots?|cysts?|surgery|surgeries"
    r"|period|birth\w*|pregnan\w*|burn\w*|first|last|next|past|old|new)\b"
)
_KEPT_BY = (
    r"(?:my|our|his|her|their|the(?= (?:kids?|kiddos|children|baby|gym|game|school|meeting|class|service|mass|lesson"
    r"|practice|bus|rush|nanny|sitter)\b))"
)
_WORD = r"[^\W\d_][^\W\d_'-]{0,19}(?:['-][^\W\d_]{1,10})?"
_DOES = (
    r"(?:am|is|are|get|gets|got|finish(?:es)?|goes|go|leaves?|drop|drops|pick|picks|has|have|starts?|ends?|comes?|come"
    r"|off|done|out|takes?|take|put|at|in)"
)
OCCASION = (
    rf"(?:after|before|during) {_KEPT_BY} (?!{_BODY}){_WORD}(?: (?!{_STOPS_OF_A_NAME}){_WORD}){{0,2}}"
    rf"(?! (?:is|are|gets?|goes|leaves?|finish(?:es)?) )"
    rf"|(?:after|before|when|while|once|until|till) (?:i|i'm|im|we|we're|he|he's|she|she's|they|they're"
    rf"|{_KEPT_BY} (?!{_BODY}){_WORD}) {_DOES}(?: (?!{_STOPS}){_WORD}){{0,5}}"
)
"""One occasion by which somebody places a visit; a time only beside a day, or as an answer to "when?"."""

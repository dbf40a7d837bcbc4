"""Which part of the body a message speaks of."""

from __future__ import annotations

import re

from clinic.readings.finders.plain_text import Found, PlainText

_EYES = r"(?:eye|eyes|eyez|eyeball|eyeballs)"
_OWN = r"(?:my|his|her|your|ur|the|our|their|each|both)"
# Where two lines fit at one place the earlier wins ("under my eyes" before "eyes", "my neck" before "my back").
_SITES = (
    ("under_eye", rf"(?:under|below|beneath|undr)[ -]?(?:{_OWN} )?(?:left |right |lower |both )?{_EYES}"),
    ("under_eye", r"tear troughs?|eye ?bags?|bags under"),
    ("eyebrow", r"eye ?brows?|brow bones?|brows?|brow line"),
    ("eyelid", r"(?:upper |lower )?eye ?-?lids?|lids?|eye ?lash(?:es)?(?: line)?|lash(?: ?line|es)|waterline"),
    ("eye_area", rf"(?:around|near|by|beside|corners? of|side of) (?:{_OWN} )?(?:left |right )?{_EYES}"),
    ("eye_area", r"eye area|crow'?s feet"),
    ("neck", r"neck|nape|throat"),
    ("ear", r"ear ?lobes?|ears?"),
    ("nose", r"nose|noses|nostrils?|schnoz|nasal"),
    ("cheek", r"cheeks?(?! of)|cheek ?bones?"),
    ("forehead", r"fore ?heads?|temples?|t[- ]zone"),
    ("chin", r"chins?|jaw(?: ?lines?)?|jaws"),
    ("lips", r"(?:upper |lower |top |bottom )?lips?|mouth|lip line"),
    ("chest", r"chest|breasts?|boobs?|nipples?|areolas?|cleavage|d[eé]colletage|sternum|collar ?bones?|tits?"),
    ("genitals", r"genitals?|genitalia|groin|penis|dick|scrotum|testicles?|balls(?! of)|ball ?sack"),
    ("genitals", r"vagina|vag|vulva"),
    ("genitals", r"labia|privates|private (?:parts?|areas?)|intimate (?:area|parts?)|down there|pubic(?: area)?"),
    ("genitals", r"foreskin|nether regions?|crotch|bikini (?:line|area)"),
    ("armpit", r"arm ?pits?|under ?arms?"),
    ("arms", r"(?:upper |fore)?arms?|elbows?|wrists?|biceps?"),
    ("hands", r"(?:my|his|her|the|both|your|of|on) hands?|fingers?|knuckles?"),
    ("legs", r"legs?|thighs?|calves|shins?|knees?|ankles?"),
    ("feet", r"feet|(?:my|his|her|left|right) foot|toes?"),
    # "Come back", "back in May": the back of a person is somebody's.
    ("back", r"(?:on|across|over|down) (?:my|his|her|the) (?:upper |lower )?back(?! of)|(?:upper|lower) back"),
    ("back", r"my back(?! of)|shoulders?|shoulder blades?"),
    ("buttocks", r"buttocks?|butt(?: cheeks?)?|bum|booty"),
    ("stomach", r"stomach|belly|abdomen|tummy|torso"),
    ("scalp", r"scalp|hair ?lines?|(?:on|of) (?:my|his|her|the) head(?! start)"),
    ("eye_area", rf"{_EYES}(?! doctor| contact)"),
    ("face", r"faces?|facial area"),
)
_NOT_A_SITE = r"leg up|arms? and a leg|by ear|all ears|face[- ]to[- ]face|face ?time|eye doctor|on the nose"
_GROUP_NAMES = tuple(f"site{index}" for index in range(len(_SITES)))
_PATTERN = re.compile(
    rf"\b(?:(?P<idiom>{_NOT_A_SITE})|"
    + "|".join(f"(?P<{group}>{words})" for group, (_, words) in zip(_GROUP_NAMES, _SITES, strict=True))
    + r")(?!\w)"
)
_SITE_OF_GROUP = dict(zip(_GROUP_NAMES, (site for site, _ in _SITES), strict=True))


def scan_body_sites(message: PlainText) -> list[Found]:
    """Every place on the body that is named, in order; the value is one word for it ("under_eye", "genitals")."""
    return [
        Found(match.start(), match.end(), _SITE_OF_GROUP[match.lastgroup])
        for match in _PATTERN.finditer(message.lower)
        if match.lastgroup in _SITE_OF_GROUP
    ]

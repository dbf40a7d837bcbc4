"""Telling Spanish and other languages from English by their commonest words: short chat lines give no more to go on."""

import re

ENGLISH, SPANISH, OTHER = "en", "es", "other"
_WORDS = re.compile(r"[^\W\d_]+")
_SPANISH = frozenset(
    "hola buenas buenos días tardes noches el la los las un una unos unas de del y o que qué quien quién como cómo cuando cuándo "
    "donde dónde por para porque con sin en es son está están estoy soy somos tengo tiene tienen tener hay haber hacer hace hago "
    "puedo puede pueden quiero quiere quisiera necesito necesita te se le nos mi mis su sus tu tus yo usted ustedes ella ellos "
    "sí si muy más menos pero también ya ahora hoy mañana ayer cita citas gracias favor ayuda piel cara ojo ojos párpado hijo "
    "hija bebé bolitas granitos puntos blancos blancas duele cuesta cuánto cuanto seguro hablan hablo español inglés llamen llame "
    "llamar quitar sacar esto eso esta este estos estas al lo fue ser desde hasta ojalá respirar morir ayúdenme".split()
)
_ENGLISH = frozenset(
    "the a an and or of to in on at is are was were be been am i you he she it we they my your his her its our this that these "
    "those do does did can could will would should have has had what why how when where who which not with for from about but "
    "so if me them there here yes ok okay please thanks any some get got just like want need bump bumps white skin".split()
)
_SPANISH_LETTERS = re.compile(r"[¿¡ñ]")
_FOREIGN_SCRIPT = re.compile(r"[\u0370-\u1fff\u3040-\u9fff\uac00-\ud7af]")


def language_of(text: str) -> str:
    """`es`, `other` for text in a foreign script, else `en`; names and numbers alone count as English."""
    letters = [letter for letter in text if letter.isalpha()]
    if letters and sum(bool(_FOREIGN_SCRIPT.match(letter)) for letter in letters) > len(letters) / 2:
        return OTHER
    words = [word.lower() for word in _WORDS.findall(text)]
    spanish = sum(word in _SPANISH for word in words) + 2 * bool(_SPANISH_LETTERS.search(text.lower()))
    english = sum(word in _ENGLISH for word in words)
    enough = spanish >= 2 or (spanish == 1 and len(words) <= 2 and english == 0 and words[:1] in (["hola"], ["gracias"]))
    return SPANISH if enough and spanish > english else ENGLISH

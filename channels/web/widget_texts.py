"""The words of the chat widget: `widget/texts/<language>.yml`, with the clinic's own details filled in."""

from pathlib import Path

from channels.web.tokens import LIFETIME
from clinic.settings import PROJECT_ROOT, Settings
from clinic.yaml_files import read_yaml

FOLDER = PROJECT_ROOT / "widget" / "texts"
FIRST_LANGUAGE = "en"
SECONDS_OF_AN_HOUR = 3_600

Texts = dict[str, str]


class WidgetTextsError(ValueError):
    """A file of texts cannot be used; the message names the file."""


def widget_texts(settings: Settings, folder: Path = FOLDER) -> dict[str, Texts]:
    """The texts by language code, English first.

    Raises:
        WidgetTextsError: a language lacks a text that English has, or has one more.
    """
    paths = sorted(folder.glob("*.yml"), key=lambda path: (path.stem != FIRST_LANGUAGE, path.stem))
    languages = {path.stem: _read(path) for path in paths}
    for language, texts in languages.items():
        different = set(texts) ^ set(languages[FIRST_LANGUAGE])
        if different:
            raise WidgetTextsError(f"{language}.yml does not have the texts of English: {', '.join(sorted(different))}")
    return {language: _filled(texts, settings) for language, texts in languages.items()}


def _read(path: Path) -> Texts:
    content = read_yaml(path)
    if not isinstance(content, dict) or not all(isinstance(text, str) for text in content.values()):
        raise WidgetTextsError(f"{path.name} must have one text for each name")
    return {str(name): " ".join(text.split()) for name, text in content.items()}


def _filled(texts: Texts, settings: Settings) -> Texts:
    hours = int(LIFETIME.total_seconds()) // SECONDS_OF_AN_HOUR
    values = {"{clinic_name}": settings.clinic_name, "{kept_hours}": str(hours)}
    return {name: _with_values(text, values) for name, text in texts.items()}


def _with_values(text: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(name, value)
    return text

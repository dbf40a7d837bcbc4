import ast

from dotenv import dotenv_values

from clinic.settings import PROJECT_ROOT, load_settings

EXAMPLE = {name: value or "" for name, value in dotenv_values(PROJECT_ROOT / ".env.example").items()}


def _settings_that_are_read() -> set[str]:
    """The names handed to the functions and methods by which clinic/*settings.py read the environment."""
    trees = [ast.parse(path.read_text()) for path in (PROJECT_ROOT / "clinic").glob("*settings.py")]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    texts = [word.value for call in calls for word in call.args if isinstance(word, ast.Constant)]
    return {text for text in texts if isinstance(text, str) and text.isupper() and text.replace("_", "").isalpha()}


def test_the_example_names_every_setting_and_no_other() -> None:
    assert set(EXAMPLE) == _settings_that_are_read()


def test_the_example_shows_the_defaults() -> None:
    own = {"SECRET_KEY": "x" * 40}
    assert load_settings({**EXAMPLE, **own}) == load_settings(own)

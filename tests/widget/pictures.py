"""Pictures for people to look at, in `var/screenshots/`."""

from pathlib import Path

from clinic.settings import PROJECT_ROOT
from tests.widget.chat_page import ChatPage

FOLDER = PROJECT_ROOT / "var" / "screenshots"


def keep(chat: ChatPage, name: str, whole_page: bool = False) -> Path:
    """Write a picture, which must show more than one colour."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}.png"
    picture = chat.page.screenshot(path=path, full_page=whole_page)
    assert len(picture) > 5_000
    return path

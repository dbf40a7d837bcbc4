"""The elements of a page as a browser reads them, to see that no visitor's text has become one."""

from html.parser import HTMLParser

LINKS = ("/", "#", "tel:+", "mailto:")


class Markup(HTMLParser):
    """Every element with its attributes, and every text, entities resolved."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def foreign_elements(page: str) -> list[str]:
    """What no page of the console has: scripts and pictures that are not files of ours, handlers, links elsewhere."""
    found = []
    for tag, attributes in Markup(page).elements:
        foreign_file = tag in ("script", "img", "iframe", "object", "embed", "base", "style") and not attributes.get(
            "src", ""
        ).startswith("/static/")
        handler = any(name.startswith("on") or name == "style" for name in attributes)
        address = attributes.get("href", attributes.get("action", "/"))
        foreign_link = not address.startswith(LINKS) or (address.startswith("mailto:") and "?" in address)
        if foreign_file or handler or foreign_link:
            found.append(f"<{tag} {attributes}>")
    return found

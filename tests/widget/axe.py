"""axe-core's rules of accessibility (https://github.com/dequelabs/axe-core), run on a page."""

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

SCRIPT = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """Each rule that is broken, and by which elements; the widget's shadow tree is looked at as well."""
    page.wait_for_load_state()  # before its style sheet is there, a page's buttons are too small
    page.evaluate(SCRIPT)
    found = page.evaluate("tags => axe.run(document, { runOnly: tags, resultTypes: ['violations'] })", TAGS)
    return [f"{rule['id']}: {[node['target'] for node in rule['nodes']]}" for rule in found["violations"]]

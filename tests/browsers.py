"""Debian's Chromium for tests; Playwright's own is not fetched.

Most tests use its headless shell: the same engine without the browser's own windows, at less than half the processor
time. Where that is not installed, and in tests of a whole instance, it is Chromium itself.
"""

import shutil

from playwright.sync_api import Browser, Playwright

SHELL, WHOLE = "chromium-headless-shell", "chromium"


def start_chromium(playwright: Playwright, *arguments: str, whole: bool = False) -> Browser:
    """A running browser; `arguments` go to its command line."""
    program = (None if whole else shutil.which(SHELL)) or shutil.which(WHOLE)
    assert program, "these tests need Chromium (Debian: apt-get install chromium)"
    return playwright.chromium.launch(executable_path=program, args=["--no-sandbox", *arguments])

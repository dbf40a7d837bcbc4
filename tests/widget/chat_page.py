"""A page with the chat, as its visitor uses it."""

from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

# Watches both live lines of the widget from the moment that it is on the page: what is said, and for how long.
WATCH_ANNOUNCEMENTS = """
window.announced = [];
new MutationObserver(() => {
  const root = document.querySelector('milia-chat')?.shadowRoot;
  if (!root || window.watched) return;
  window.watched = true;
  for (const line of root.querySelectorAll('[aria-live]')) {
    new MutationObserver((changes) => {
      for (const change of changes) {
        for (const node of change.addedNodes) {
          const shown = line.getClientRects().length > 0;
          const from = performance.now();
          window.announced.push({ text: node.textContent, markup: node.innerHTML, shown, from, node });
        }
        for (const node of change.removedNodes) {
          window.announced.find((each) => each.node === node).until = performance.now();
        }
      }
    }).observe(line, { childList: true });
  }
}).observe(document, { childList: true, subtree: true });
"""
# What breaks the page's security policy, and what a payload would do if it ran.
WATCH_BREACHES = """
window.breaches = [];
addEventListener('securitypolicyviolation', (event) => window.breaches.push(event.violatedDirective));
window.alert = window.confirm = window.prompt = () => { window.__pwned = true; };
"""


class ChatPage:
    """The chat on one page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.widget = page.locator("milia-chat")
        self.launcher = self.widget.locator(".launcher")
        self.panel = self.widget.locator("dialog")
        self.field = self.widget.get_by_label("Write your question")
        self.replies = self.widget.locator(".assistant:not(.writing)")
        self.sent = self.widget.locator(".visitor")
        self.notices = self.widget.locator(".notice")

    def open(self) -> None:
        """Open the chat and wait for the greeting."""
        self.launcher.click()
        expect(self.replies).to_have_count(1)

    def write(self, text: str) -> None:
        self.field.fill(text)
        self.field.press("Enter")

    def ask(self, text: str) -> Locator:
        """Send a text and return the last reply to it."""
        before = self.replies.count()
        self.write(text)
        expect(self.replies).not_to_have_count(before)
        expect(self.widget.locator(".writing")).to_have_count(0)
        return self.replies.nth(self.replies.count() - 1)

    def button(self, name: str) -> Locator:
        return self.widget.get_by_role("button", name=name, exact=True)

    def end(self) -> None:
        self.button("End and clear").click()
        self.button("Delete it").click()

    @property
    def focused(self) -> str:
        """What has the focus: `page` when that is nothing of the widget, else the class, id or name of the element."""
        found: str = self.page.evaluate(
            """() => {
              const inside = document.activeElement?.shadowRoot?.activeElement;
              return inside ? inside.className || inside.id || inside.localName : 'page';
            }"""
        )
        return found

    @property
    def announced(self) -> list[dict[str, Any]]:
        """What the live lines said: text, markup, from, until (milliseconds), and whether the line was shown."""
        said: list[dict[str, Any]] = self.page.evaluate("announced.map(({ node, ...rest }) => rest)")
        return said

    @property
    def stored(self) -> dict[str, Any]:
        """Everything that the browser keeps for the page."""
        kept: dict[str, Any] = self.page.evaluate(
            """async () => ({
              session: { ...sessionStorage },
              local: { ...localStorage },
              databases: (await indexedDB.databases()).map((database) => database.name),
              caches: window.caches ? await caches.keys() : [],
              cookies: document.cookie,
            })"""
        )
        return kept

    def overflows(self) -> bool:
        """Whether the page, or a part of the chat, can be scrolled sideways."""
        found: bool = self.page.evaluate(
            """() => {
              const root = document.querySelector('milia-chat').shadowRoot;
              const parts = [document.documentElement, ...root.querySelectorAll('dialog, .scroller, .composer, .help')];
              return parts.some((part) => part.scrollWidth > part.clientWidth + 1);
            }"""
        )
        return found


def chat_on(context: BrowserContext, address: str) -> ChatPage:
    """The chat on the page of this address, in a new tab."""
    page = context.new_page()
    page.goto(address)
    return ChatPage(page)

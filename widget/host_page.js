// What the widget has to do with the page around it.

// Follows the visitor's choice of light or dark, or the page's.
function followScheme(root) {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    root.dataset.scheme = options.scheme || (dark.matches ? "dark" : "light");
  };
  dark.addEventListener("change", apply);
  apply();
}

// Scrolls what has the focus on the page out from under the chat (WCAG 2.2, 2.4.11).
function keepFocusInView(host, parts) {
  addEventListener("focusin", (event) => {
    if (!(event.target instanceof Element) || event.target === host) return;
    const focused = event.target.getBoundingClientRect();
    if (parts.some((part) => covers(part.getBoundingClientRect(), focused))) {
      event.target.scrollIntoView({ block: "center", inline: "nearest" });
    }
  });
}

function covers(over, under) {
  const within = over.left <= under.left && over.right >= under.right;
  return within && over.top < under.bottom && over.bottom > under.top;
}

// Lets any element of the page open the chat: <button data-milia-open hidden>. It is shown once that works.
function adoptOpeners(open) {
  for (const opener of document.querySelectorAll("[data-milia-open]")) {
    opener.hidden = false;
    opener.addEventListener("click", () => open(opener));
  }
}

// Not by a style element, which a strict policy of the page would refuse.
function style(shadow) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLES);
  shadow.adoptedStyleSheets = [sheet];
}

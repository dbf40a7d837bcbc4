"""One script tag on any page: how the script is served, what it may need of the page, and what the page can choose."""

import gzip
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from playwright.sync_api import expect

from channels.web.widget_script import SCRIPTS, STYLES, phone_link, widget_script
from channels.web.widget_texts import WidgetTextsError, widget_texts
from clinic.settings import PROJECT_ROOT, load_settings
from tests import loopback
from tests.channels.bot_process import BotProcess
from tests.widget.chat_page import ChatPage, chat_on
from tests.widget.conftest import PHONE, NewContext
from tests.widget.host_site import BODY, HostSite
from tests.widget.talking_actions import TalkingActions

LARGEST_SCRIPT = 15_000
LONGEST_FILE = 300


def test_the_script_is_small_and_made_of_short_files() -> None:
    details = {
        "CLINIC_PHONE": PHONE,
        "CLINIC_ADDRESS": "100 North Example Street, Chicago",
        "CLINIC_HOURS": "Mon-Fri 9-5",
    }
    assert len(widget_script(load_settings(details)).compressed) <= LARGEST_SCRIPT
    folder = PROJECT_ROOT / "widget"
    assert {path.stem for path in folder.glob("*.js")} == set(SCRIPTS)
    assert {path.stem for path in folder.glob("styles/*.css")} == set(STYLES)
    for path in [*folder.glob("*.js"), *folder.glob("styles/*.css")]:
        assert len(path.read_text(encoding="utf-8").splitlines()) < LONGEST_FILE


def test_the_script_makes_no_html_and_no_style_attribute() -> None:
    script = widget_script(load_settings({})).plain.decode()
    forbidden = ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "Function(", "localStorage")
    for name in (*forbidden, "cookie", 'setAttribute("style', "cssText", "DOMParser"):
        assert name not in script


def test_the_script_is_served_compressed_and_asked_for_again_only_when_it_changed(bot: BotProcess) -> None:
    plain = loopback.get(f"{bot.web}/widget.js", headers={"Accept-Encoding": "identity"})
    compressed = loopback.get(f"{bot.web}/widget.js", headers={"Accept-Encoding": "br, gzip"})
    assert "Content-Encoding" not in plain.headers
    assert compressed.headers["Content-Encoding"] == "gzip"
    assert compressed.content == plain.content
    assert int(compressed.headers["Content-Length"]) <= LARGEST_SCRIPT
    assert plain.headers["ETag"] != compressed.headers["ETag"]
    for answer in (plain, compressed):
        assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
        assert answer.headers["Cache-Control"] == "public, max-age=300"
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Set-Cookie" not in answer.headers
        known = {"If-None-Match": f'"x", W/{answer.headers["ETag"]}'}
        encoding = {"Accept-Encoding": answer.headers.get("Content-Encoding", "identity")}
        again = loopback.get(f"{bot.web}/widget.js", headers=known | encoding)
        assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "gzip;q=0.0", "x-gzip-not", "deflate, br;q=1"])
def test_who_does_not_take_gzip_gets_none(bot: BotProcess, accepted: str) -> None:
    answer = loopback.get(f"{bot.web}/widget.js", headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in answer.headers
    assert answer.text.startswith("(() => {")


def test_any_site_may_load_the_script_but_only_listed_ones_may_chat(
    bot: BotProcess, site: HostSite, new_context: NewContext
) -> None:
    address = site.embed(bot.url).replace("localhost", "127.0.0.1")
    chat = chat_on(new_context(), address)
    chat.launcher.click()
    expect(chat.notices).to_contain_text("The assistant can't be reached just now.")
    expect(chat.widget.locator(".help").get_by_role("link", name="911")).to_be_visible()


def test_what_the_clinic_is_called_cannot_break_out_of_the_script() -> None:
    name = "</script><script>alert(1)</script>\"'`${x}\u2028 {kept_hours}"
    script = widget_script(load_settings({"CLINIC_NAME": name, "CLINIC_PHONE": "*.[("})).plain.decode()
    line = next(line for line in script.split("\n") if line.startswith("const CONFIGURATION = "))
    assert "<" not in line
    assert json.loads(line.removeprefix("const CONFIGURATION = ").removesuffix(";"))["clinic"]["name"] == name


@pytest.mark.parametrize(
    ("phone", "link"),
    [("(312) 555-0199", "tel:3125550199"), ("+1 312 555 0199", "tel:+13125550199"), ("", ""), ("n/a", "")],
)
def test_phone_links_hold_digits_alone(phone: str, link: str) -> None:
    assert phone_link(phone) == link


def test_every_language_has_every_text(tmp_path: Path) -> None:
    languages = widget_texts(load_settings({"CLINIC_NAME": "Clinic"}))
    assert list(languages) == ["en", "es"]
    for texts in languages.values():
        assert "Clinic" in texts["label"]
        assert "24" in texts["keeping"]
        assert not any("{clinic_name}" in text or "{kept_hours}" in text for text in texts.values())
    (tmp_path / "en.yml").write_text("one: One\ntwo: Two\n")
    (tmp_path / "fr.yml").write_text("one: Un\n")
    with pytest.raises(WidgetTextsError, match=r"fr\.yml does not have the texts of English: two"):
        widget_texts(load_settings({}), tmp_path)
    (tmp_path / "fr.yml").write_text("one: 1\n")
    with pytest.raises(WidgetTextsError, match=r"fr\.yml must have one text for each name"):
        widget_texts(load_settings({}), tmp_path)


def talk(chat: ChatPage) -> None:
    """Use all that there is."""
    chat.open()
    chat.ask("what are milia?")
    chat.button("Yes").click()
    chat.ask("I want an appointment")
    chat.button("Send it").click()
    expect(chat.replies).to_have_count(4)
    chat.field.fill("a\nb\nc\nd")
    chat.page.set_viewport_size({"width": 380, "height": 700})
    chat.page.set_viewport_size({"width": 1280, "height": 800})
    chat.field.fill("")
    chat.end()
    expect(chat.notices).to_be_visible()


@pytest.mark.parametrize("page", ["demo", "another site"])
def test_a_strict_policy_is_never_broken_and_nobody_else_is_asked(
    bot: BotProcess, site: HostSite, new_context: NewContext, page: str
) -> None:
    site.strictly(bot.url)
    address = f"{bot.web}/demo" if page == "demo" else site.embed(bot.url)
    context = new_context()
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    complaints: list[str] = []
    chat = chat_on(context, address)
    chat.page.on("console", lambda message: complaints.append(message.text))
    talk(chat)
    assert chat.page.evaluate("breaches") == []
    assert site.reports == []
    assert complaints == []
    assert {url.split("/")[2] for url in asked} <= {bot.url.split("/")[2], site.origin.split("/")[2]}
    assert context.cookies() == []


def test_the_policy_of_these_tests_is_watched(bot: BotProcess, site: HostSite, new_context: NewContext) -> None:
    site.strictly(bot.url)
    chat = chat_on(new_context(), site.embed(bot.url, body=f"{BODY}<p style='color: red'>x</p>"))
    assert chat.page.evaluate("breaches") == ["style-src-attr"]
    chat.page.wait_for_timeout(300)
    assert len(site.reports) == 1


def test_the_page_and_the_chat_leave_each_others_styles_alone(
    bot: BotProcess, site: HostSite, new_context: NewContext
) -> None:
    chat = chat_on(new_context(), site.embed(bot.url))
    before = chat.page.locator("p").first.evaluate("p => getComputedStyle(p).cssText + getComputedStyle(p).color")
    chat.open()
    assert before == chat.page.locator("p").first.evaluate(
        "p => getComputedStyle(p).cssText + getComputedStyle(p).color"
    )
    style = chat.button("Send").evaluate("b => [getComputedStyle(b).textTransform, getComputedStyle(b).fontFamily]")
    assert style[0] == "none"
    assert style[1].startswith("system-ui")


def test_attributes_of_the_script_tag_choose_how_it_looks(
    bot: BotProcess, site: HostSite, new_context: NewContext
) -> None:
    attributes = (
        'data-title="Ask Nima" data-label="Chat" data-greeting="Welcome." data-position="left" data-accent="#7a1f5c" '
        'data-color-scheme="dark" data-suggestions="One?| Two?"'
    )
    chat = chat_on(new_context(), site.embed(bot.url, attributes=attributes))
    assert chat.launcher.bounding_box()["x"] < 100  # type: ignore[index]
    expect(chat.launcher).to_have_accessible_name("Chat")
    chat.open()
    expect(chat.panel).to_have_accessible_name("Ask Nima")
    expect(chat.replies.locator(".bubble")).to_have_text("Assistant: Welcome.")
    expect(chat.button("Two?")).to_be_visible()
    assert chat.widget.locator(".chat").get_attribute("data-scheme") == "dark"
    chat.ask("what are milia?")
    chat.page.reload()
    chat.launcher.click()
    expect(chat.replies.first.locator(".bubble")).to_have_text("Assistant: Welcome.")


def test_properties_of_the_page_choose_colours(bot: BotProcess, site: HostSite, new_context: NewContext) -> None:
    chat = chat_on(new_context(), site.embed(bot.url))
    chat.page.evaluate(
        """() => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync('milia-chat { --milia-accent: rgb(1, 2, 3); --milia-edge: 50px; }');
          document.adoptedStyleSheets = [sheet];
        }"""
    )
    assert chat.launcher.evaluate("b => getComputedStyle(b).backgroundColor") == "rgb(1, 2, 3)"
    assert chat.launcher.evaluate("b => getComputedStyle(b).right") == "50px"


@pytest.mark.parametrize(
    ("page_language", "browser_language", "shown"),
    [
        ("es", "en-US", "Haga una pregunta"),
        ("en", "es-MX", "Ask a question"),
        ("", "es-MX", "Haga una pregunta"),
        ("fr", "de", "Ask a question"),
    ],
)
def test_the_words_are_those_of_the_page_or_the_browser(
    bot: BotProcess, site: HostSite, new_context: NewContext, page_language: str, browser_language: str, shown: str
) -> None:
    address = site.embed(bot.url)
    site.pages["/"] = site.pages["/"].replace('lang="en"', f'lang="{page_language}"')
    chat = chat_on(new_context(locale=browser_language), address)
    expect(chat.launcher).to_have_accessible_name(shown)


def test_the_page_can_open_close_and_hear(bot: BotProcess, site: HostSite, new_context: NewContext) -> None:
    chat = chat_on(new_context(), site.embed(bot.url))
    chat.page.evaluate(
        """() => {
          window.heard = [];
          for (const name of ['open', 'close', 'send', 'reply', 'end']) {
            MiliaChat.addEventListener(name, (event) => heard.push([event.type, JSON.stringify(event)]));
          }
        }"""
    )
    chat.page.evaluate("MiliaChat.send(' what are milia? ')")
    expect(chat.widget.locator(".source")).to_be_visible()
    assert chat.page.evaluate("MiliaChat.isOpen") is True
    chat.page.evaluate("MiliaChat.close()")
    chat.page.evaluate("MiliaChat.end()")
    expect(chat.panel).to_be_hidden()
    heard = chat.page.evaluate("heard")
    assert [name for name, _ in heard if name != "reply"] == ["open", "send", "close", "end"]
    assert ["reply"] in [[name] for name, _ in heard]
    assert all(told == '{"isTrusted":false}' for _, told in heard)


def test_loading_it_twice_makes_one_chat(bot: BotProcess, site: HostSite, new_context: NewContext) -> None:
    twice = (
        f'{BODY}<script src="{bot.web}/widget.js"></script><script type="module" src="{bot.web}/widget.js"></script>'
    )
    chat = chat_on(new_context(), site.embed(bot.url, body=twice))
    chat.page.wait_for_load_state("load")
    expect(chat.widget).to_have_count(1)


@pytest.mark.parametrize(
    "tag",
    ['<script src="{}"></script>', '<script type="module" src="{}"></script>', '<script async src="{}"></script>'],
)
def test_every_kind_of_script_tag_works(bot: BotProcess, site: HostSite, new_context: NewContext, tag: str) -> None:
    address = site.embed(bot.url)
    site.pages["/"] = (
        "<!doctype html><html lang=en><head><title>x</title>"
        f"{tag.format(bot.web + '/widget.js')}</head><body>x</body></html>"
    )
    chat = chat_on(new_context(), address)
    chat.open()
    expect(chat.ask("what are milia?")).to_contain_text("small white cysts")


def test_without_javascript_the_demo_page_shows_help_and_contact(bot: BotProcess, new_context: NewContext) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{bot.web}/demo")
    expect(page.get_by_role("banner").get_by_role("link", name="911")).to_be_visible()
    expect(page.get_by_role("banner").get_by_role("link", name=PHONE)).to_be_visible()
    assert "The assistant needs JavaScript" in page.locator("noscript").inner_text()
    expect(page.get_by_role("button")).to_have_count(0)


def test_the_demo_page_shows_the_clinics_facts_and_the_tag_that_it_uses(bot: BotProcess, chat: ChatPage) -> None:
    facts: dict[str, Any] = yaml.safe_load((PROJECT_ROOT / "data/facts/milia.yml").read_text(encoding="utf-8"))["facts"]
    shown = " ".join(chat.page.locator("main").inner_text().split())
    for fact in facts.values():
        assert " ".join(fact.split()) in shown
    assert f'<script src="{bot.web}/widget.js" defer></script>' in shown


def test_a_browser_that_takes_gzip_gets_few_bytes(bot: BotProcess, actions: TalkingActions) -> None:
    with httpx.stream("GET", f"{bot.web}/widget.js", headers={"Accept-Encoding": "gzip"}) as answer:
        sent = b"".join(answer.iter_raw())
    assert len(sent) <= LARGEST_SCRIPT
    assert gzip.decompress(sent).startswith(b"(() => {")

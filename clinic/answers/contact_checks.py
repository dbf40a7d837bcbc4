"""Links, numbers and addresses in a wording: links lead to the clinic's own sites, its number is a placeholder."""

import re
from collections.abc import Collection, Iterator
from urllib.parse import urlsplit

import phonenumbers

LINK = re.compile(r"(?:[a-z][a-z0-9+.-]*://|www\.|javascript:|data:|mailto:|tel:)[^\s<>()\[\]]*", re.IGNORECASE)
# Phones make a link of any word behind a full stop without a space; there are too many endings to list them.
BARE_SITE = re.compile(r"(?<![@\w.-])(?:[^\W_](?:[\w-]*\w)?\.)+[^\W\d_]{2,}\b(?:/\S*)?")
MARKED_LINK = re.compile(r"\[[^\]]*\]\(")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# What somebody would dial although no plan has it: ten digits in groups, or seven behind a word such as "call".
DIALLED = re.compile(
    r"(?<![\w-])(?:\+?1[ .-]?)?\(?\d{3}\)?[ .-]?\d{3}[ .-]\d{4}(?![\w-])"
    r"|\b(?:call|phone|text|ring|dial|tel|fax|number)\b\D{0,12}\d{3}[ .-]?\d{4}(?![\w-])",
    re.IGNORECASE,
)
REGION = "US"


def link_problems(text: str, own_hosts: Collection[str]) -> Iterator[str]:
    """What is wrong with the links of a text.

    Args:
        text: the wording.
        own_hosts: the host names of the clinic's own sites.
    """
    if MARKED_LINK.search(text):
        yield "It has a link behind other words. Write the address itself, so that people see where it leads."
    links = LINK.findall(text)
    for link in links:
        yield from _link(link.rstrip(".,;:!?"), own_hosts)
    yield from site_problems(text)


def site_problems(text: str) -> Iterator[str]:
    """What a phone makes a link of although nothing says that it is one."""
    for site in BARE_SITE.findall(EMAIL.sub(" ", LINK.sub(" ", text))):
        yield (
            f"“{site}” is a web address without https:// in front. Write the whole address, or if it is none, a space "
            "after the full stop."
        )


def names_a_number(text: str) -> bool:
    """Whether there is a phone number in a text that could be called; parts of an address are none."""
    valid = phonenumbers.PhoneNumberMatcher(text, REGION, leniency=phonenumbers.Leniency.VALID)
    return valid.has_next() or DIALLED.search(text) is not None


def number_problems(text: str, shipped: Collection[str]) -> Iterator[str]:
    """Phone numbers and e-mail addresses that the shipped wordings do not have."""
    known = " ".join(shipped)
    for found in phonenumbers.PhoneNumberMatcher(text, REGION, leniency=phonenumbers.Leniency.POSSIBLE):
        if found.raw_string not in known:
            yield f"It has the number {found.raw_string}. Write {{call_clinic}} instead, which stays right."
    for email in EMAIL.findall(text):
        if email not in known:
            yield f"It has the e-mail address {email}. Leave it out: what people send there is not protected."


def _link(link: str, own_hosts: Collection[str]) -> Iterator[str]:
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
        is_plain = parts.port is None and not set("@\\") & set(link)
    except ValueError:
        yield f"“{link}” is no web address."
        return
    if parts.scheme.lower() != "https" or not host:
        yield f"“{link}” is no link that may be sent: it has to begin with https://."
    elif not is_plain:
        # Browsers take "\\" for "/", so that what stands before an "@" is the site: https://url.spec.whatwg.org/#url-parsing
        yield f"“{link}” is no plain web address. Leave out @, \\ and a number behind a colon."
    elif host.lower() not in own_hosts:
        sites = ", ".join(sorted(own_hosts)) or "none is set up"
        yield f"The link leads to {host}, which is none of the clinic's own sites ({sites})."

"""Links, numbers and addresses in a wording: links lead to the clinic's own sites, its number is a placeholder."""

import re
from collections.abc import Collection, Iterator
from urllib.parse import urlsplit

import phonenumbers

LINK = re.compile(r"(?:[a-z][a-z0-9+.-]*://|www\.|javascript:|data:|mailto:|tel:)[^\s<>()\[\]]*", re.IGNORECASE)
BARE_SITE = re.compile(
    r"(?<![@\w.-])(?:[a-z0-9-]+\.)+(?:com|org|net|io|co|ly|gl|me|info|biz|us|health|clinic|link)\b(?:/\S*)?",
    re.IGNORECASE,
)
MARKED_LINK = re.compile(r"\[[^\]]*\]\(")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
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
    for site in BARE_SITE.findall(EMAIL.sub(" ", LINK.sub(" ", text))):
        yield f"“{site}” is a web address without https:// in front. Write the whole address."


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
    except ValueError:
        yield f"“{link}” is no web address."
        return
    if parts.scheme.lower() != "https" or not host:
        yield f"“{link}” is no link that may be sent: it has to begin with https://."
    elif host.lower() not in own_hosts:
        sites = ", ".join(sorted(own_hosts)) or "none is set up"
        yield f"The link leads to {host}, which is none of the clinic's own sites ({sites})."

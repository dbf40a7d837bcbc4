"""An id is taken over only in a form that says nothing about anybody."""

import re
from contextvars import copy_context

import pytest

from monitoring.request_ids import begin_request, current_request_id

MADE = re.compile(r"[0-9a-f]{32}")


@pytest.mark.parametrize(
    "given", ["0123456789abcdef0123456789abcdef", "2f1b6c1e-6e0e-4f5c-9a51-0f2f7c9ad0aa", "ABCDEF0123456789"]
)
def test_what_proxies_make_is_taken(given: str) -> None:
    assert copy_context().run(begin_request, given) == given


@pytest.mark.parametrize(
    "given",
    [
        None,
        "",
        "Zaphod-Beeblebrox",
        "3125550142",
        "+13125550142",
        "1-312-555-0142",
        "a" * 15,
        "a" * 65,
        "a--" * 8,
        "0123456789abcdef\n0123456789abcdef",
        "0123456789abcdef ",
        "a@b.example.0123456789",
    ],
)
def test_anything_else_gets_one_of_ours(given: str | None) -> None:
    made = copy_context().run(begin_request, given)
    assert MADE.fullmatch(made)
    assert made != given


def test_it_holds_for_its_own_context_alone() -> None:
    context = copy_context()
    made = context.run(begin_request, None)
    assert context.run(current_request_id) == made
    assert current_request_id() != made

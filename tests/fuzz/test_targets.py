"""The targets of the fuzzer with texts that hypothesis makes, and with what was found before."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.__main__ import NAMES
from tests.fuzz.targets import TARGETS, run

SIGNS = st.sampled_from(
    "aA1[]().,;:-–? \n\r\t\x00\x85\u2028\u200b\u202e\u0301\u0315漢。한'\"#*&!{}|>%@`~\\\ud800"
)
PARTS = st.sampled_from(
    ["[1]", "[2][3]", "[4]–[6]", "[a]", "[note 1]", "[citation needed]", "The gate opens.", "  ",
     "documents:\n- ", "id: a\n  ", "title: A\n  ", "file: a.txt\n", "&a ", "*a", "<<: ", "!!int ",
     "cite ", "what is ", "and the ", "new question: ", "https://", "](", "2007", "== x =="]
)  # fmt: skip
TEXTS = st.lists(SIGNS | PARTS, max_size=60).map("".join)


def test_every_target_has_its_name() -> None:
    assert tuple(TARGETS) == NAMES


@pytest.mark.parametrize("name", NAMES)
@given(data=TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass")) | st.binary(max_size=60))
@settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
def test_raises_nothing_but_what_people_can_act_on(name: str, data: bytes) -> None:
    run(name, data)

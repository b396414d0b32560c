"""What all tests share."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

from tests.parsing import collect_nothing_while_parsing

collect_nothing_while_parsing()

# Answers by words alone, unless a test says so: the same with the extra `meaning` and without.
os.environ["FOOTNOTE_MEANING"] = "off"

# Two workers on two cores take turns: how long an example takes, or is made, tells nothing.
settings.register_profile("footnote", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# Thousands of mutants meet the same tests: few examples, and the same ones each time.
settings.register_profile(
    "mutation",
    settings.get_profile("footnote"),
    max_examples=25,
    derandomize=True,
    database=None,
)
settings.load_profile("footnote")

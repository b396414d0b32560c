"""What all tests share."""

from __future__ import annotations

from hypothesis import settings

# Two workers on two cores take turns: how long an example takes tells nothing.
settings.register_profile("footnote", deadline=None)
settings.load_profile("footnote")

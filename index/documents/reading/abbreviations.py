"""Full stops that end an abbreviation, and no sentence."""

from __future__ import annotations

import re

__all__ = ["ends_with_abbreviation"]

_ABBREVIATION_END = re.compile(
    r"\b(?:(?:[A-Z]|[a-z]\.[a-z])|Mr|Mrs|Ms|Dr|Prof|Gen|Adm|Lt|Col|Sgt|Capt|Rev|Hon|Pres|Sen|Rep|Gov|Inc|Ltd|Co|Corp"
    r"|Jr|Sr|St|Mt|No|Nos|vs|etc|al|ca|cf|approx|Fig|pp|vol|Jan|Feb|Mar|Apr|Aug|Sept|Sep|Oct|Nov|Dec)\.$"
)


def ends_with_abbreviation(text: str) -> bool:
    """Whether the full stop that ends a text may be that of an abbreviation."""
    return bool(_ABBREVIATION_END.search(text))

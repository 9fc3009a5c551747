"""What a tune without a title is called: its prompt. Knows no models."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 60
# Marks that turn the direction of writing would turn the page around the title too.
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def title_of(prompt: str) -> str:
    """The prompt on one line, cut at 60 characters, safe in a T: field."""
    straight = _TURNS.sub("", prompt)
    plain = "".join(c if unicodedata.category(c) not in ("Cc", "Cs", "Zl", "Zp") else " " for c in straight)
    # ABC reads % as a comment's start and \ as an escape; their wide twins look alike and mean nothing.
    line = re.sub(r"\s+", " ", plain).strip().replace("%", "％").replace("\\", "＼")
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"

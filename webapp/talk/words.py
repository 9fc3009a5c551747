"""What may stand in a comment, and the sentence on what may not."""

from __future__ import annotations

from webapp.plain_text import can_be_read, plain_lines


class WordsError(ValueError):
    """A sentence says what is wrong with the text."""


def clean_words(text: str, longest: int, *, may_be_empty: bool = False) -> str:
    """The text as it is kept. Raises WordsError where nothing can be read in it, or where it is too long."""
    if "\x00" in text:
        raise WordsError("There is a character in it that cannot be kept. Write it once more without.")
    text = plain_lines(text)
    if not can_be_read(text):
        if may_be_empty:
            return ""
        raise WordsError("Write a few words first.")
    if len(text) > longest:
        raise WordsError(f"That is {len(text) - longest:,} characters too long; {longest:,} are the most.")
    return text

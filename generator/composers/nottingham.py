"""The first account: three LSTM layers of 256 that read the Nottingham tunes as letters, chords and headers and all.

Its network is `charlstm.py`'s, its course `letters_course.py`'s; the mended one, `nottingham-mended`, learns canonical
tunes and stops at their end. See nottingham.md.
"""

from __future__ import annotations

from generator.composers.letters_alone import compose

__all__ = ["compose"]

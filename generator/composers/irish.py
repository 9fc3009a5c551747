"""The second account: one LSTM layer of 1,024 that reads Irish tunes as letters, titles and headers and all.

Its network is `charlstm.py`'s, its course `letters_course.py`'s; the mended one, `irish-mended`, learns canonical tunes
and stops at their end. See irish.md.
"""

from __future__ import annotations

from generator.composers.letters_alone import compose

__all__ = ["compose"]

"""The nottingham composers' course: what both accounts' networks share is in letters_course.py."""

from __future__ import annotations

from generator.composers.charlstm import CharLSTMConfig as MODEL
from generator.composers.letters_course import LettersTraining as TRAINING
from generator.composers.letters_course import train

__all__ = ["MODEL", "TRAINING", "train"]

"""Words → feeling → chord style → conditions. No torch anywhere in here."""

from generator.prompts.interpretation import interpret
from generator.prompts.styles import style_names

__all__ = ["interpret", "style_names"]

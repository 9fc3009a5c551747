"""Training configurations to courses: which model, how large, taught how. Knows no files of tunes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from generator.composers.charlstm import CharLSTMConfig
from generator.composers.charlstm_course import CharLSTMCourse
from generator.composers.folkrnn import FolkRNNConfig
from generator.composers.folkrnn_course import FolkRNNCourse
from generator.composers.transformer import TransformerConfig
from generator.composers.transformer_course import TransformerCourse
from generator.encoding import Tune
from generator.training import Course, TrainingConfig

_COURSES = {
    "transformer": (TransformerConfig, TransformerCourse.from_tunes),
    "charlstm": (CharLSTMConfig, CharLSTMCourse.from_tunes),
    "folkrnn": (FolkRNNConfig, FolkRNNCourse.from_tunes),
}
_FIXED = {"vocabulary"}  # follows from the notation or the tunes, so no configuration may set it


class ConfigError(ValueError):
    """A training configuration that cannot be used; the message is a sentence."""


@dataclass(frozen=True)
class Configuration:
    composer: str
    model: TransformerConfig | CharLSTMConfig | FolkRNNConfig
    training: TrainingConfig

    def course(self, tunes: list[Tune], tests: list[Tune]) -> Course:
        start: Callable[..., Course] = _COURSES[self.composer][1]
        return start(self.model, tunes, tests)


def read_configuration(path: Path) -> Configuration:
    """Raises ConfigError for anything but a composer's name with known settings of the right kind."""
    try:
        written = json.loads(path.read_text())
    except OSError as wrong:
        raise ConfigError(f"The file {path} cannot be read: {wrong.strerror}.") from wrong
    except ValueError as wrong:
        raise ConfigError(f"The file {path} is not JSON.") from wrong
    if not isinstance(written, dict):
        raise ConfigError(f"The file {path} must hold a JSON object with a composer.")
    if unknown := set(written) - {"composer", "model", "training"}:
        raise ConfigError(f"The file {path} holds unknown settings: {', '.join(sorted(unknown))}.")
    composer = written.get("composer")
    if composer not in _COURSES:
        raise ConfigError(f"The composer in {path} must be one of: {', '.join(sorted(_COURSES))}.")
    model = _filled(_COURSES[composer][0], written.get("model", {}), "model")
    return Configuration(composer, model, _filled(TrainingConfig, written.get("training", {}), "training"))


def _filled(shape: type, settings: object, part: str) -> Any:
    """A config dataclass from JSON settings; each must be of the kind of its default and not below zero."""
    if not isinstance(settings, dict):
        raise ConfigError(f"The {part} settings must be a JSON object.")
    usual = {f.name: f.default for f in fields(shape) if f.name not in _FIXED}
    if unknown := set(settings) - set(usual):
        raise ConfigError(f"Unknown {part} settings: {', '.join(sorted(unknown))}.")
    for name, value in settings.items():
        if not _fits(value, usual[name]):
            raise ConfigError(f"The {part} setting {name} cannot be {json.dumps(value)}.")
    return shape(**settings)


def _fits(value: object, usual: object) -> bool:
    if isinstance(usual, bool) or isinstance(value, bool):
        return isinstance(value, bool) and isinstance(usual, bool)
    if isinstance(usual, int):
        return isinstance(value, int) and value >= 0
    return isinstance(value, int | float) and 0 <= value < float("inf")

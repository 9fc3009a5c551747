"""Training configurations to composers at school: which model, how large, taught how, from which files."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, fields
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from generator.brief import BriefError
from generator.composers.charlstm import CharLSTMConfig
from generator.composers.charlstm_course import CharLSTMCourse
from generator.composers.folkrnn import FolkRNNConfig
from generator.composers.folkrnn_course import FolkRNNCourse
from generator.composers.transformer import TransformerConfig
from generator.composers.transformer_course import TransformerCourse
from generator.corpora import read_corpus
from generator.encoding import Tune
from generator.training import Course, Trainer, TrainingConfig

_COURSES = {
    "transformer": (TransformerConfig, TransformerCourse.from_tunes),
    "charlstm": (CharLSTMConfig, CharLSTMCourse.from_tunes),
    "folkrnn": (FolkRNNConfig, FolkRNNCourse.from_tunes),
}
MENDED = "-mended"
_FOLDER = Path(__file__).parent / "composers"
_FIXED = {"vocabulary"}  # follows from the notation or the tunes, so no configuration may set it


class ConfigError(ValueError):
    """A training configuration that cannot be used; the message is a sentence."""


@dataclass(frozen=True)
class Configuration:
    """`model` and `training` are the composer's own config dataclasses."""

    composer: str
    model: Any
    training: Any

    def course(self, tunes: list[Tune], tests: list[Tune]) -> Course:
        start: Callable[..., Course] = _COURSES[self.composer][1]
        return start(self.model, tunes, tests)

    def train(self, data: list[str], valid: list[str] | None, out: Path) -> dict[str, Any]:
        """Trains, or goes on where a run in `out` was cut off; what came of it, for one line of JSON.

        Raises BriefError where the files hold too little, UnreadableFile where one cannot be read.
        """
        if module := _own_course(self.composer):
            return module.train(self, data, valid, out)
        tunes, tests = tunes_of(data, valid)
        trainer = Trainer(self.course(tunes, tests), self.training, out)
        trainer.run()
        return {"tunes": len(tunes), "valid": len(tests), **trainer.record[-1]}


def tunes_of(data: list[str], valid: list[str] | None, *, source: str = "") -> tuple[list[Tune], list[Tune]]:
    """Tunes to learn from and tunes to measure on, of one collection where it is named. Raises BriefError when there
    are none.
    """
    corpus = read_corpus(data, source=source)
    tests = read_corpus(valid, source=source).tunes if valid else corpus.split("valid")
    tunes = corpus.tunes if valid else corpus.split("train")
    if not tunes or not tests:
        kind = f"tunes of {source}" if source else "usable tunes"
        raise BriefError({"data": f"These files hold too few {kind} to learn from and to measure on."})
    return tunes, tests


def _own_course(composer: str) -> ModuleType | None:
    """The course of a composer that does not learn from canonical tunes in the common way.

    It is a module NAME_course, which has MODEL and TRAINING, config dataclasses, and
    `train(configuration, data, valid, out) -> dict`. A mended composer without one shares that of its faithful one.
    """
    if composer in _COURSES:
        return None
    for name in (composer.replace("-", "_"), composer.removesuffix(MENDED)):
        if (_FOLDER / f"{name}_course.py").exists():
            return import_module(f"generator.composers.{name}_course")
    return None


def _known() -> list[str]:
    """Whatever has a configuration beside its model."""
    return sorted(path.stem for path in _FOLDER.glob("*.json") if "." not in path.stem)


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
    if composer not in _known():
        raise ConfigError(f"The composer in {path} must be one of: {', '.join(_known())}.")
    own = _own_course(composer)
    shapes = (own.MODEL, own.TRAINING) if own else (_COURSES[composer][0], TrainingConfig)
    model, training = (_filled(shape, written.get(part, {}), part)
                       for shape, part in zip(shapes, ("model", "training"), strict=True))  # fmt: skip
    return Configuration(composer, model, training)


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
    if isinstance(usual, str):
        return isinstance(value, str)
    if isinstance(usual, int):
        return isinstance(value, int) and value >= 0
    return isinstance(value, int | float) and 0 <= value < float("inf")

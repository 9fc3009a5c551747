"""How the accounts' character networks are taught: raw text, cut as each account cuts it. Knows no sampling."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from generator.brief import BriefError
from generator.composers.charlstm import CharLSTM, CharLSTMConfig, State
from generator.composers.letters import raw_text, rows_of
from generator.corpora import split_of
from generator.training import Trainer, TrainingConfig, bits

if TYPE_CHECKING:
    from generator.abc_files import Row

UNSEEN = 8  # bits for a character that no text to learn from has
MENDED = "-mended"
_TEST_ROWS = 8
_TOO_LITTLE = "These files hold too few tunes of {} to learn from and to measure on."


@dataclass(frozen=True)
class LettersTraining(TrainingConfig):
    """`rows`, `window` and `carried` say how the text is cut; a mended composer learns whole tunes instead."""

    source: str = ""  # the collection; "" takes every tune of the files
    passes: float = 0.0  # after which to stop; 0 stops by the minutes alone
    rows: int = 16
    window: int = 64
    carried: bool = True  # the state goes on from batch to batch; otherwise windows begin at random places
    wide_passes: float = 0.0  # a mended composer's first passes, through every tune of the files; .5 is half of them


def train(configuration: Any, data: list[str], valid: list[str] | None, out: Path) -> dict[str, Any]:
    """Trains, or goes on where a run in `out` was cut off. Raises BriefError, UnreadableFile."""
    trainer = trainer_of(configuration, data, valid, out)
    trainer.run()
    return {**trainer.course.sizes, **trainer.record[-1]}


def trainer_of(configuration: Any, data: list[str], valid: list[str] | None, out: Path) -> Trainer:
    if configuration.composer.endswith(MENDED):
        from generator.composers.letters_mending import mended_course

        return Trainer(mended_course(configuration, data, valid), configuration.training, out)
    source = configuration.training.source
    lessons, tests = texts_of(data, valid, source)
    if len(lessons) < 2 or len(tests) < 2:
        raise BriefError({"data": _TOO_LITTLE.format(source or "any kind")})
    course = RawCourse(configuration.composer, configuration.model, configuration.training, lessons, tests)
    return AccountTrainer(course, configuration.training, out)


def texts_of(data: list[str], valid: list[str] | None, source: str) -> tuple[str, str]:
    """Text to learn and text to measure on; without files for the latter, a split by family."""
    rows = rows_of(data, source)
    if valid:
        return raw_text(rows), raw_text(rows_of(valid, source))
    return tuple(raw_text(row for row in rows if _split(row) == name) for name in ("train", "valid"))


def _split(row: Row) -> str:
    fields = row.fields or {}
    return split_of(str(fields.get("family") or fields.get("title") or row.where))


@dataclass
class Batch:
    characters: Tensor  # (rows, window) int64
    targets: Tensor  # (rows, window) int64
    begins: bool  # whether the state is empty before it


class RawCourse:
    """One text, its characters as integers; every character is guessed from those before it."""

    def __init__(
        self, name: str, config: CharLSTMConfig, training: LettersTraining, lessons: str, tests: str, seed: int = 1
    ) -> None:
        self.name, self.training = name, training
        self.vocabulary = "".join(sorted(set(lessons)))
        self.lessons = numbered(lessons, self.vocabulary)
        self.tests = tests
        torch.manual_seed(seed)
        self.model = CharLSTM(replace(config, vocabulary=len(self.vocabulary)))
        self.sources = dict(Counter([training.source or "all"]))
        self.sizes = {"characters": len(self.lessons), "valid_characters": len(tests)}
        self._state: State | None = None

    def epoch(self, *, symbols: int, seed: int) -> Iterator[Batch]:
        """One pass; `symbols` is what rows and windows make of it."""
        return self._going_on() if self.training.carried else self._drawn(seed)

    def _going_on(self) -> Iterator[Batch]:
        """The text in rows; a batch is the next window of each, so that a row's state goes on."""
        rows, window = self.training.rows, self.training.window
        length = (len(self.lessons) - 1) // rows
        inputs, targets = (self.lessons[at : at + rows * length].reshape(rows, length) for at in (0, 1))
        for start in range(0, max(1, length - window + 1), window):
            cut = slice(start, start + window)
            yield _batch(inputs[:, cut], targets[:, cut], begins=start == 0)

    def _drawn(self, seed: int) -> Iterator[Batch]:
        rng, window = np.random.default_rng(seed), min(self.training.window, len(self.lessons) - 1)
        for _ in range(max(1, len(self.lessons) // (self.training.rows * window))):
            starts = rng.integers(0, len(self.lessons) - window, self.training.rows)
            cut = self.lessons[starts[:, None] + np.arange(window + 1)]  # (rows, window + 1)
            yield _batch(cut[:, :-1], cut[:, 1:], begins=True)

    def passes(self, batch: Batch, before: float) -> float:
        return before + batch.characters.numel() / len(self.lessons)

    def loss(self, forward: Callable[..., Tensor], batch: Batch, device: torch.device) -> Tensor:
        state = None if batch.begins or self._state is None else self._state
        logits, left = self.model.carried(batch.characters.to(device), state)  # (rows, window, vocab)
        self._state = tuple(part.detach() for part in left)
        return F.cross_entropy(logits.flatten(0, 1).float(), batch.targets.to(device).flatten())

    def bits_per_character(self) -> float:
        return raw_bits(self.model, self.vocabulary, self.tests)


@torch.inference_mode()
def raw_bits(model: CharLSTM, vocabulary: str, text: str) -> float:
    """Per character of a raw text, headers and all, cut in a few rows that each begin with an empty state."""
    known = numbered("".join(character for character in text if character in vocabulary), vocabulary)
    unseen, rows = len(text) - len(known), min(_TEST_ROWS, len(known) - 1)
    length = (len(known) - 1) // rows
    inputs, targets = (torch.from_numpy(known[at : at + rows * length]).view(rows, length) for at in (0, 1))
    device = model.dense.weight.device
    logits = model(inputs.to(device)).float()  # (rows, length, vocab)
    nats = F.cross_entropy(logits.flatten(0, 1), targets.to(device).flatten(), reduction="sum")
    return (bits(float(nats)) + UNSEEN * unseen) / (rows * length + unseen)


def _batch(inputs: np.ndarray, targets: np.ndarray, *, begins: bool) -> Batch:
    return Batch(*(torch.from_numpy(np.ascontiguousarray(cut)) for cut in (inputs, targets)), begins)


def numbered(text: str, vocabulary: str) -> np.ndarray:
    """(characters,) int64 places in the vocabulary."""
    number = {character: index for index, character in enumerate(vocabulary)}
    return np.array([number[character] for character in text], np.int64)


class AccountTrainer(Trainer):
    """Plain Adam as the accounts have it: one rate, gradients as they are; ends with the last of its passes."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        adam = torch.optim.Adam(self.model.parameters(), lr=self.config.learning_rate)
        adam.param_groups[0]["initial_lr"] = self.config.learning_rate
        self.optimizers = [adam]

    @property
    def _finished(self) -> bool:
        return super()._finished or bool(self.config.passes and self.passes >= self.config.passes)

    def _rate(self) -> float:
        return 1.0

    def _clip(self) -> None:
        pass

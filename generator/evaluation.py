"""Bits per character of a composer on a file of tunes, by the contract's definition. Knows no web.

A tune is scored whole; one longer than the transformer's context is scored in windows that overlap by half.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import torch
from safetensors import SafetensorError

from generator import checkpoints
from generator import vocabulary as V
from generator.abc_files import Row, read_rows
from generator.composers import charlstm_course, folkrnn_course, transformer_course
from generator.composers.charlstm import CharLSTM, CharLSTMConfig
from generator.composers.folkrnn import FolkRNN, FolkRNNConfig
from generator.composers.transformer import Transformer, TransformerConfig
from generator.encoding import Example, free_example, tune_from
from generator.notation import NotationError, Score
from generator.training import bits

_BITS_OF_EXCLUDED = 8  # a character
_RAW = ("nottingham", "irish")
_NOT_CANONICAL = (
    "The composer {} reads raw text, headers and all, and gives canonical tunes no probability; "
    "python -m generator.measures.letters measures it on its own text."
)


class UnknownComposer(ValueError):
    """No checkpoint of that name; the message is a sentence."""


class Scorer(Protocol):
    composer: str

    def admit(self, score: Score) -> None:
        """Raises NotationError for a score that this composer gives no probability."""

    def nats(self, scores: list[Score]) -> float:
        """Minus the log-likelihood of bodies and ends, given meter and key, summed."""


def evaluate(path: Path, *, composer: str = "transformer", checkpoint: Path | None = None) -> dict:
    """The contract's figures for a file. Raises UnreadableFile and UnknownComposer."""
    began = time.perf_counter()
    scorer = scorer_of(checkpoint or _shipped(composer))
    scores, excluded = admitted(read_rows(path), scorer)
    characters = sum(len(score.without_chords().body) for score in scores)
    unscored = sum(len("".join(text.split())) for text in excluded)
    total = bits(scorer.nats(scores)) + _BITS_OF_EXCLUDED * unscored
    return {
        "composer": scorer.composer,
        "tunes": len(scores),
        "characters": characters + unscored,
        "bits_per_character": round(total / (characters + unscored), 4) if characters + unscored else None,
        "excluded": len(excluded),
        "seconds": round(time.perf_counter() - began, 2),
    }


def admitted(rows: Iterator[Row], scorer: Scorer) -> tuple[list[Score], list[str]]:
    """Scores that can be given a probability, and the text of every other line."""
    scores, excluded = [], []
    for row in rows:
        try:
            score = _score(row)
            scorer.admit(score)
            scores.append(score)
        except NotationError:
            text = (row.fields or {}).get("abc")
            excluded.append(text if isinstance(text, str) and text.strip() else row.text)
    return scores, excluded


def _score(row: Row) -> Score:
    fields = row.fields or {}
    if not all(isinstance(fields.get(name), str) for name in ("abc", "M", "K")):
        raise NotationError("no notes, meter or key")
    unit = fields.get("L")
    return tune_from({"abc": fields["abc"], "M": fields["M"], "K": fields["K"],
                      "L": unit if isinstance(unit, str) else None}).score  # fmt: skip


def _shipped(composer: str) -> Path:
    folder = Path(__file__).parent / "composers"
    known = sorted(path.stem for path in folder.glob("*.safetensors"))
    if composer not in known:
        raise UnknownComposer(f"There is no composer {composer}; known are: {', '.join(known) or 'none'}.")
    return folder / f"{composer}.safetensors"


def scorer_of(checkpoint: Path) -> Scorer:
    """The scorer of whichever composer a checkpoint holds. Raises UnknownComposer."""
    try:
        metadata = checkpoints.read_metadata(checkpoint)
        if metadata["composer"] in _RAW:
            raise UnknownComposer(_NOT_CANONICAL.format(metadata["composer"]))
        config, build, scorer = _SCORERS[metadata["composer"]]
        model = build(config(**metadata["config"])).eval()
    except UnknownComposer:
        raise
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as wrong:
        raise UnknownComposer(f"The file {checkpoint} is no checkpoint of a composer.") from wrong
    checkpoints.load_weights(checkpoint, model)
    asked = scorer(model.to("cuda" if torch.cuda.is_available() else "cpu"))
    asked.composer = metadata["composer"]  # some share a network
    return asked


class CharLSTMScorer:
    composer = "charlstm"

    def __init__(self, model: CharLSTM) -> None:
        self.model = model

    def admit(self, score: Score) -> None:
        """Every canonical text is in its alphabet."""

    def nats(self, scores: list[Score]) -> float:
        groups = charlstm_course.by_length([charlstm_course.text_of(score) for score in scores])
        return sum(float(charlstm_course.nats_of(self.model, group).sum()) for group in groups)


class FolkRNNScorer:
    composer = "folkrnn"

    def __init__(self, model: FolkRNN) -> None:
        self.model = model

    def admit(self, score: Score) -> None:
        """The transformer's lines: what stands in neither vocabulary could be told from no list of rare symbols."""
        V.encode(score)

    def nats(self, scores: list[Score]) -> float:
        groups = folkrnn_course.by_length(folkrnn_course.rows_of(scores, self.model.config.vocabulary))
        return sum(float(folkrnn_course.nats_of(self.model, group).sum()) for group in groups)


class TransformerScorer:
    composer = "transformer"

    def __init__(self, model: Transformer) -> None:
        self.model = model

    def admit(self, score: Score) -> None:
        V.encode(score)

    def nats(self, scores: list[Score]) -> float:
        examples, context = [free_example(score) for score in scores], self.model.config.context
        short = [e for e in examples if len(e.tokens) - 1 <= context]
        whole = sum(transformer_course.nats_of(self.model, group) for group in transformer_course.by_length(short))
        return whole + sum(self._in_windows(e) for e in examples if len(e.tokens) - 1 > context)

    def _in_windows(self, example: Example) -> float:
        """Each id after the first window is guessed from at least half a context before it."""
        context = self.model.config.context
        total = transformer_course.nats_of(self.model, [_window(example, 0, context)])
        for scored in range(context, len(example.tokens) - 1, context // 2):
            end = min(scored + context // 2, len(example.tokens) - 1)
            total += self._tail(_window(example, end - context, end), end - scored)
        return total

    def _tail(self, window: Example, last: int) -> float:
        """What the last ids of a window cost: all of it less all but the last, which the same past has already paid."""
        size = len(window.tokens) - 1
        shorter = _window(window, 0, size - last)
        return transformer_course.nats_of(self.model, [window]) - transformer_course.nats_of(self.model, [shorter])


def _window(example: Example, start: int, end: int) -> Example:
    return Example(example.tokens[start : end + 1], example.inputs[start:end], example.conditions, 0, example.mode,
                   human_chords=False)  # fmt: skip


# By the name that a checkpoint bears: how its weights are to be read, and how they judge a tune.
_SCORERS: dict[str, tuple[type, type, type]] = {
    "transformer": (TransformerConfig, Transformer, TransformerScorer),
    "charlstm": (CharLSTMConfig, CharLSTM, CharLSTMScorer),
    "nottingham-mended": (CharLSTMConfig, CharLSTM, CharLSTMScorer),
    "irish-mended": (CharLSTMConfig, CharLSTM, CharLSTMScorer),
    "folkrnn": (FolkRNNConfig, FolkRNN, FolkRNNScorer),
}

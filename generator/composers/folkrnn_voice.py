"""The peer as a composer: folk-rnn's network asked id by id, in our vocabulary. Knows no grammar and loads no torch.

Its symbols name a pitch first and its length after it; ours a length first. So where an event begins, the network looks
one symbol ahead: how long would each likely pitch be? What is asked of it is then read off the products.
"""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from greenlet import getcurrent

from generator import vocabulary as V
from generator.composers.folkrnn_heads import Heads, heads_of, key_told, meter_told, plain
from generator.composers.folkrnn_numpy import read_weights
from generator.composers.folkrnn_symbols import START
from generator.notation import KEY_SUFFIX, split_key

NEVER = 1e-9  # the share of an id that the network has no symbol for
LOOKED_AHEAD = 24  # of the symbols that may begin an event, so many are followed by one step
LEAST_LOOKED = 0.003  # share below which a symbol's length is taken to be like the others'


class State(NamedTuple):
    hidden: np.ndarray  # (layers, width)
    cell: np.ndarray  # (layers, width)
    chances: np.ndarray  # (symbols,) of the next one


class PeerNetwork:
    """One checkpoint. The tunes that it writes do not step together, but take turns with all others."""

    def __init__(self, weights: dict[str, np.ndarray], symbols: tuple[str, ...]) -> None:
        self.symbols, self.plain = symbols, plain(symbols)
        self.ids = {symbol: index for index, symbol in enumerate(symbols)}
        self.depth = sum(name.startswith("lstm.weight_ih") for name in weights)
        self.inward = [_turned(weights[f"lstm.weight_ih_l{n}"]) for n in range(self.depth)]  # (in, 4 * width)
        self.back = [_turned(weights[f"lstm.weight_hh_l{n}"]) for n in range(self.depth)]  # (width, 4 * width)
        self.bias = [_both(weights, f"l{n}") for n in range(self.depth)]
        self.dense, self.dense_bias = _turned(weights["dense.weight"]), weights["dense.bias"].astype(np.float32)
        self.voices: weakref.WeakValueDictionary[int, PeerVoice] = weakref.WeakValueDictionary()
        self._count = itertools.count()

    @classmethod
    def read(cls, path: Path) -> PeerNetwork:
        return cls(*read_weights(path))

    def voice(self, conditions: Sequence[int]) -> PeerVoice:
        key = key_told(conditions)
        state = State(*np.zeros((2, self.depth, len(self.dense)), np.float32), np.empty(0))
        for symbol in (START, f"M:{meter_told(conditions)}", f"K:C{KEY_SUFFIX[split_key(key)[1]]}"):
            if symbol in self.ids:
                (state,) = self.after(state, [self.ids[symbol]])
        return PeerVoice(self, heads_of(self.symbols, key), state)

    def numbered(self, voice: PeerVoice) -> int:
        row = next(self._count)
        self.voices[row] = voice
        return row

    def steps(self, rows: np.ndarray, ids: list[tuple[int, ...]]) -> np.ndarray:
        """Logits of the next id for each of these voices; a hub asks.  # (n, vocab)"""
        return np.stack([self.voices[row].told(told[0]) for row, told in zip(rows.tolist(), ids, strict=True)])

    def after(self, state: State, symbols: list[int]) -> list[State]:
        """Where each of these symbols, one instead of another, would lead."""
        hidden = np.empty((self.depth, len(symbols), len(self.dense)), np.float32)
        cell = np.empty_like(hidden)
        for n in range(self.depth):
            # One-hot times a matrix is a row of it; what the layer remembers is the same for all.
            x = self.inward[0][symbols] if n == 0 else hidden[n - 1] @ self.inward[n]
            gates = x + (state.hidden[n] @ self.back[n] + self.bias[n])  # (n, 4 * width)
            into, kept, new, out = np.split(gates, 4, axis=1)
            cell[n] = _sigmoid(kept) * state.cell[n] + _sigmoid(into) * np.tanh(new)
            hidden[n] = _sigmoid(out) * np.tanh(cell[n])
        chances = _softmax(hidden[-1] @ self.dense + self.dense_bias)  # (n, symbols)
        return [State(hidden[:, i], cell[:, i], chances[i]) for i in range(len(symbols))]


class PeerVoice:
    """Alone it takes its step at once; inside a hub's request it waits there for its turn."""

    def __init__(self, network: PeerNetwork, heads: Heads, state: State) -> None:
        self.network, self.heads, self.state = network, heads, state
        self.length: int | None = None  # read, its note not yet
        self.mark = 0
        self.ahead: dict[int, State] = {}  # after each symbol that was looked at
        self.joint: np.ndarray | None = None  # shares of each head with each length  # (heads, 1 + lengths)
        self.row = network.numbered(self)

    def copy(self) -> PeerVoice:
        twin = PeerVoice(self.network, self.heads, self.state)
        twin.length, twin.mark, twin.ahead, twin.joint = self.length, self.mark, self.ahead, self.joint
        return twin

    def step(self, token: int, inputs: Sequence[int]) -> np.ndarray:
        """Logits of the next id; what is told beside the id is beyond this network.  # (vocab,)"""
        hub = getattr(getcurrent(), "hub", None)
        return self.told(token) if hub is None else hub.step(self, (token,))

    def told(self, token: int) -> np.ndarray:
        what = V.kind(token)
        if what == "length":
            self.length = token
        elif what == "accidental":
            self.mark = token
        elif token != V.START:
            self._hear(self._event(token) if what in ("pitch", "rest") else self.network.plain.symbol(token))
        if self.joint is None:
            self.joint = self._look_ahead()
        return self._logits()

    def _event(self, token: int) -> list[int]:
        return self.heads.symbol(token, self.mark) + self.network.plain.length_symbol(self.length)

    def _hear(self, symbols: list[int]) -> None:
        for symbol in symbols:
            known = self.ahead.get(symbol)
            self.state, self.ahead = known or self.network.after(self.state, [symbol])[0], {}
        self.ahead, self.joint, self.length, self.mark = {}, None, None, 0

    def _look_ahead(self) -> np.ndarray:
        """How likely each beginning of an event is, together with each length."""
        begin = self.state.chances[self.heads.symbols]
        looked = np.argsort(-begin, kind="stable")[:LOOKED_AHEAD]
        looked = looked[: max(1, int((begin[looked] >= LEAST_LOOKED).sum()))]
        symbols = self.heads.symbols[looked].tolist()
        self.ahead = dict(zip(symbols, self.network.after(self.state, symbols), strict=True))
        lengths = self.network.plain.lengths(np.stack([self.ahead[symbol].chances for symbol in symbols]))
        usual = begin[looked] @ lengths / max(begin[looked].sum(), NEVER)
        joint = begin[:, None] * usual
        joint[looked] = begin[looked, None] * lengths
        return joint

    def _logits(self) -> np.ndarray:
        shares = np.full(V.SIZE, NEVER)
        plain, of_heads = self.network.plain, self.joint[:, self.network.plain.column(self.length)]
        if self.mark:
            self.heads.follow(shares, of_heads, self.mark)
        else:
            self.heads.begin(shares, of_heads)
            if self.length is None:
                shares[plain.length_ids] += self.joint[:, 1:].sum(0)
                shares[plain.ids] += self.state.chances[plain.symbols]
        return np.log(shares).astype(np.float32)


def _turned(weights: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(weights.T, np.float32)


def _both(weights: dict[str, np.ndarray], layer: str) -> np.ndarray:
    return weights[f"lstm.bias_ih_{layer}"].astype(np.float32) + weights[f"lstm.bias_hh_{layer}"]


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def _softmax(logits: np.ndarray) -> np.ndarray:
    p = np.exp((logits - logits.max(axis=-1, keepdims=True)).astype(np.float64))
    return p / p.sum(axis=-1, keepdims=True)

"""One step of the network for many rows at once, compiled: an id in, logits out. Knows no music and no requests.

Each row is at a place of its own and hears only itself. No sum runs over rows, and every sum of a row is made by the
same instructions whatever stands beside it, so a row's logits are the same to the bit alone and in a crowd.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from generator.engine.rows import BLOCK, Memory
from generator.engine.tiles import OUTPUTS, ROWS, as_float, mix, tile_of_many, tile_of_one
from generator.engine.weights import Matrices

_EPSILON = np.float32(np.finfo(np.float32).eps)  # torch's own for RMSNorm
_STEPS = 16383  # of an int16 activation: 64 products of the largest with 127 still fit
_compiled = njit(nogil=True, cache=True, fastmath=True, error_model="numpy")


@_compiled
def step(m: Matrices, memory: Memory, rows, ids, logits) -> None:  # noqa: ANN001 (numba reads the values)
    """Takes n rows of the memory one id further: ids (n, tables) holds each one's token and inputs, and logits
    (n, vocab) is written."""
    n, width, feed = len(rows), m.final.shape[0], m.up.shape[1]
    x = np.empty((n, width), np.float32)
    # Rows an odd number of cache lines apart: else those of a crowd would fall on one another in the cache.
    lines = (max(feed, 3 * width, m.words.shape[0]) // 16 + 1) | 1
    wide, sums = np.empty((n, 16 * lines), np.float32), np.empty((n, 16 * lines), np.int32)
    small = np.empty((n, 64 * ((m.down.shape[2] // 64) | 1)), np.uint8)
    scale = np.empty(n, np.float32)
    scores = np.empty(memory.pages.shape[1] * BLOCK, np.float32)
    longest = max(BLOCK, 2 * memory.keys.shape[3])
    pairs, mixed = np.zeros(longest, np.int16), np.empty(longest, np.int32)
    for r in range(n):
        _begin(x[r], m.tables, m.offsets, ids[r], memory.wholes[rows[r]])
    for layer in range(m.qkv.shape[0]):
        for r in range(n):
            _normal(x[r], m.norms[layer, 0], wide[r, :width])
        _multiply(m.qkv[layer], m.qkv_scale[layer], m.qkv_bias[layer], wide, small, scale, sums)
        for r in range(n):
            at = memory.at[rows[r]]
            _attend(
                memory,
                memory.pages[rows[r]],
                layer,
                at,
                m.cos[at],
                m.sin[at],
                wide[r, : 3 * width],
                scores,
                pairs,
                mixed,
            )
        _multiply(m.out[layer], m.out_scale[layer], m.out_bias[layer], wide, small, scale, sums)
        for r in range(n):
            _add(x[r], wide[r, :width])
            _normal(x[r], m.norms[layer, 1], wide[r, :width])
        _multiply(m.up[layer], m.up_scale[layer], m.up_bias[layer], wide, small, scale, sums)
        for r in range(n):
            _squared_relu(wide[r, :feed])
        _multiply(m.down[layer], m.down_scale[layer], m.down_bias[layer], wide, small, scale, sums)
        for r in range(n):
            _add(x[r], wide[r, :width])
    for r in range(n):
        _normal(x[r], m.final, wide[r, :width])
    _multiply(m.words, m.words_scale, m.words_bias, wide, small, scale, sums)
    for r in range(n):
        for o in range(logits.shape[1]):
            logits[r, o] = wide[r, o]
        memory.at[rows[r]] += 1


@_compiled
def _begin(x, tables, offsets, ids, whole):  # noqa: ANN001, ANN202
    for k in range(len(x)):
        x[k] = whole[k]
    for i in range(len(ids)):
        row = tables[offsets[i] + ids[i]]
        for k in range(len(x)):
            x[k] += row[k]


@_compiled
def _add(x, more):  # noqa: ANN001, ANN202
    for k in range(len(x)):
        x[k] += more[k]


@_compiled
def _normal(x, weight, out):  # noqa: ANN001, ANN202
    total = np.float32(0)
    for k in range(len(x)):
        total += x[k] * x[k]
    factor = np.float32(1) / np.sqrt(total / np.float32(len(x)) + _EPSILON)
    for k in range(len(x)):
        out[k] = x[k] * factor * weight[k]


@_compiled
def _squared_relu(x):  # noqa: ANN001, ANN202
    for k in range(len(x)):
        kept = max(x[k], np.float32(0))
        x[k] = kept * kept


@_compiled
def _multiply(w, w_scale, bias, x, small, scale, sums):  # noqa: ANN001, ANN202
    """x[r, :outputs] = w @ x[r, :width] for every row r; `small`, `scale` and `sums` are room to work in."""
    outputs, width = w.shape
    n = len(scale)
    for r in range(n):
        scale[r] = _rounded(x[r, :width], small[r, :width])
    _all_tiles(w, small, sums, n)
    for r in range(n):
        for o in range(outputs):
            x[r, o] = np.float32(sums[r, o] - bias[o]) * (w_scale[o] * scale[r])


@_compiled
def _rounded(x, small):  # noqa: ANN001, ANN202
    """x as whole numbers of the number returned, each with 128 added."""
    scale = _scale_of(x)
    factor = np.float32(1) / scale
    for k in range(len(x)):
        small[k] = np.uint8(np.int32(x[k] * factor + np.float32(128.5)))
    return scale


@_compiled
def _all_tiles(w, x, out, n):  # noqa: ANN001, ANN202
    w_stride, x_stride, out_stride = w.strides[0], x.strides[0], out.strides[0]
    count = w.shape[1]
    for o in range(0, w.shape[0], OUTPUTS):
        here, there = w.ctypes.data + o * w_stride, out.ctypes.data + 4 * o
        r = 0
        while r + ROWS <= n:
            tile_of_many(
                here, w_stride, x.ctypes.data + r * x_stride, x_stride, there + r * out_stride, out_stride, count
            )
            r += ROWS
        while r < n:
            tile_of_one(
                here, w_stride, x.ctypes.data + r * x_stride, x_stride, there + r * out_stride, out_stride, count
            )
            r += 1


@_compiled
def _attend(memory, pages, layer, at, cos, sin, x, scores, pairs, mixed):  # noqa: ANN001, ANN202
    """x holds q, k and v of one row; what was heard is written over q."""
    heads = memory.keys.shape[2]
    width = len(x) // 3
    size = width // heads
    page, place = pages[at // BLOCK], at % BLOCK
    for head in range(heads):
        q = x[head * size : (head + 1) * size]
        k = x[width + head * size : width + (head + 1) * size]
        v = x[2 * width + head * size : 2 * width + (head + 1) * size]
        _turn(q, cos, sin)
        _turn(k, cos, sin)
        memory.scales[page, layer, head, 0, place] = _keep_key(memory.keys[page, layer, head], place, k)
        memory.scales[page, layer, head, 1, place] = _keep_value(memory.values[page, layer, head], place, v)
        q_scale = _paired(q, pairs) / np.sqrt(np.float32(size))
        for b in range(at // BLOCK + 1):
            p, here = pages[b], scores[b * BLOCK : (b + 1) * BLOCK]
            _score(memory.keys[p, layer, head], memory.scales[p, layer, head, 0], q_scale, pairs, mixed, here)
        _share(scores, at)
        for d in range(size):
            q[d] = 0
        for b in range(at // BLOCK + 1):
            p = pages[b]
            here = scores[b * BLOCK : min(at + 1, (b + 1) * BLOCK)]
            _hear(memory.values[p, layer, head], memory.scales[p, layer, head, 1], here, pairs, mixed, q)


@_compiled
def _turn(x, cos, sin):  # noqa: ANN001, ANN202
    half = len(cos)
    for i in range(half):
        a, b = x[i], x[half + i]
        x[i], x[half + i] = a * cos[i] - b * sin[i], a * sin[i] + b * cos[i]


@_compiled
def _scale_of(x):  # noqa: ANN001, ANN202
    largest = np.float32(1e-20)
    for k in range(len(x)):
        largest = max(largest, abs(x[k]))
    return largest / np.float32(127)


@_compiled
def _byte(v):  # noqa: ANN001, ANN202
    return np.int8(np.int32(v + np.float32(0.5) if v >= 0 else v - np.float32(0.5)))


@_compiled
def _keep_key(block, place, k):  # noqa: ANN001, ANN202
    scale = _scale_of(k)
    for d in range(len(k)):
        block[d // 2, place, d % 2] = _byte(k[d] / scale)
    return scale


@_compiled
def _keep_value(block, place, v):  # noqa: ANN001, ANN202
    scale = _scale_of(v)
    for d in range(len(v)):
        block[place // 2, d, place % 2] = _byte(v[d] / scale)
    return scale


@_compiled
def _paired(x, pairs):  # noqa: ANN001, ANN202
    """x as int16 times the number returned; after an odd number of them a nought."""
    largest = np.float32(1e-20)
    for k in range(len(x)):
        largest = max(largest, abs(x[k]))
    factor = np.float32(_STEPS) / largest
    if len(x) % 2:
        pairs[len(x)] = 0
    for k in range(len(x)):
        v = x[k] * factor
        pairs[k] = np.int16(np.int32(v + np.float32(0.5) if v >= 0 else v - np.float32(0.5)))
    return largest / np.float32(_STEPS)


@_compiled
def _score(keys, key_scale, q_scale, q, mixed, scores):  # noqa: ANN001, ANN202
    """q · key for every position of a block; past the last one written it means nothing."""
    mix(keys.ctypes.data, q.ctypes.data, mixed.ctypes.data, BLOCK, keys.shape[0])
    for j in range(BLOCK):
        scores[j] = np.float32(mixed[j]) * (q_scale * key_scale[j])


@_compiled
def _share(scores, at):  # noqa: ANN001, ANN202
    """Scores up to `at` to shares that add up to one."""
    most = np.float32(-1e30)
    for t in range(at + 1):
        most = max(most, scores[t])
    total = np.float32(0)
    for t in range(at + 1):
        scores[t] = _exp(scores[t] - most)
        total += scores[t]
    factor = np.float32(1) / total
    for t in range(at + 1):
        scores[t] *= factor


@_compiled
def _exp(x):  # noqa: ANN001, ANN202
    """e to the x for x <= 0, within 3e-7 of it: the library's own would not run on vectors."""
    y = max(x, np.float32(-80)) * np.float32(1.4426950408889634)
    whole = np.int32(y) - np.int32(1)
    f = y - np.float32(whole) - np.float32(1)  # in (-1, 0]
    # Written out: a loop over the coefficients would keep the compiler from taking many x at once.
    p = np.float32(1.535336188319500e-4) * f + np.float32(1.339887440266574e-3)
    p = p * f + np.float32(9.618437357674640e-3)
    p = p * f + np.float32(5.550332471162809e-2)
    p = p * f + np.float32(2.402264791363012e-1)
    p = p * f + np.float32(6.931472028550421e-1)
    p = p * f + np.float32(1)
    return p * as_float(np.int32((whole + np.int32(128)) << 23))


@_compiled
def _hear(values, value_scale, shares, pairs, mixed, out):  # noqa: ANN001, ANN202
    """Adds a block's values, each by its share."""
    size, count = len(out), len(shares)
    for t in range(count):
        shares[t] *= value_scale[t]
    scale = _paired(shares, pairs)
    mix(values.ctypes.data, pairs.ctypes.data, mixed.ctypes.data, size, (count + 1) // 2)
    for d in range(size):
        out[d] += np.float32(mixed[d]) * scale

"""The innermost sum: int8 weights times uint8 activations, added up as whole numbers. Knows no model.

Whole numbers add up to the same in any order, so a row's result cannot depend on how many rows stand beside it, nor on
the processor. Where x86-64 has it, one instruction takes 64 products (vpdpbusd); elsewhere LLVM is given vectors of 32
products added in neighbouring pairs, which is one instruction too on x86-64 (vpmaddwd) and a few on ARM.
"""

from __future__ import annotations

from collections.abc import Callable

import llvmlite.binding
from llvmlite import ir
from numba import types
from numba.core import cgutils, config
from numba.extending import intrinsic

ROWS, OUTPUTS = 4, 2  # of one tile: as many sums as registers hold

_I8, _I32, _I64 = (ir.IntType(bits) for bits in (8, 32, 64))
_SUMS = ir.VectorType(_I32, 16)
_EVEN, _ODD = (ir.Constant(_SUMS, list(range(first, 32, 2))) for first in (0, 1))


def _has_products_of_bytes() -> bool:
    """Whether numba compiles for a processor with vpdpbusd: this one, unless another is named."""
    return not config.CPU_NAME and bool(llvmlite.binding.get_host_cpu_features().get("avx512vnni"))


def tile_of(rows: int, outputs: int) -> Callable:
    """A compiled function of addresses and strides in bytes: (weights, weights' stride, activations, their stride,
    sums, their stride, products a sum). It writes rows x outputs sums."""

    @intrinsic
    def tile(_, w, w_stride, x, x_stride, out, out_stride, count):  # noqa: ANN001, ANN202 (numba reads the names)
        signature = types.void(*[types.intp] * 7)

        def generate(context, builder, signature, args):  # noqa: ANN001, ANN202
            _generate(builder, args, rows, outputs)
            return context.get_dummy_value()

        return signature, generate

    return tile


def _generate(b: ir.IRBuilder, args: list[ir.Value], rows: int, outputs: int) -> None:
    w, w_stride, x, x_stride, out, out_stride, count = args
    lanes, load_w, load_x, more = _BYTES if _has_products_of_bytes() else _PAIRS
    sums = [[cgutils.alloca_once_value(b, ir.Constant(_SUMS, None)) for _ in range(rows)] for _ in range(outputs)]
    with cgutils.for_range_slice(b, _I64(0), count, _I64(lanes), intp=_I64) as (k, _):
        weights = [load_w(b, _at(b, w, w_stride, o, k)) for o in range(outputs)]
        for r in range(rows):
            heard = load_x(b, _at(b, x, x_stride, r, k))
            for o in range(outputs):
                b.store(more(b, b.load(sums[o][r]), heard, weights[o]), sums[o][r])
    added_up = cgutils.get_or_insert_function(b.module, ir.FunctionType(_I32, [_SUMS]), "llvm.vector.reduce.add.v16i32")
    for o in range(outputs):
        for r in range(rows):
            place = b.inttoptr(_at(b, out, out_stride, r, _I64(4 * o)), _I32.as_pointer())
            b.store(b.call(added_up, [b.load(sums[o][r])]), place)


def _at(b: ir.IRBuilder, base: ir.Value, stride: ir.Value, index: int, offset: ir.Value) -> ir.Value:
    return b.add(b.add(base, b.mul(stride, _I64(index))), offset)


def _load(b: ir.IRBuilder, address: ir.Value, kind: ir.IntType, lanes: int) -> ir.Value:
    found = b.load(b.inttoptr(address, ir.VectorType(kind, lanes).as_pointer()))
    found.align = 1
    return found


def _four_bytes(b: ir.IRBuilder, address: ir.Value) -> ir.Value:
    return _load(b, address, _I32, 16)


def _more_of_bytes(b: ir.IRBuilder, total: ir.Value, heard: ir.Value, weights: ir.Value) -> ir.Value:
    kind = ir.FunctionType(_SUMS, [_SUMS] * 3)
    return b.call(
        cgutils.get_or_insert_function(b.module, kind, "llvm.x86.avx512.vpdpbusd.512"), [total, heard, weights]
    )


def _signed(b: ir.IRBuilder, address: ir.Value) -> ir.Value:
    return b.sext(_load(b, address, _I8, 32), ir.VectorType(_I32, 32))


def _unsigned(b: ir.IRBuilder, address: ir.Value) -> ir.Value:
    return b.zext(_load(b, address, _I8, 32), ir.VectorType(_I32, 32))


def _more_of_pairs(b: ir.IRBuilder, total: ir.Value, heard: ir.Value, weights: ir.Value) -> ir.Value:
    products = b.mul(weights, heard)
    return b.add(total, b.add(b.shuffle_vector(products, products, _EVEN), b.shuffle_vector(products, products, _ODD)))


_BYTES = (64, _four_bytes, _four_bytes, _more_of_bytes)
_PAIRS = (32, _signed, _unsigned, _more_of_pairs)


@intrinsic
def mix(_, w, m, out, width, pairs):  # noqa: ANN001, ANN201 (numba reads the names)
    """out[o] (int32) = the sum over i of w[i, o, 0] m[i, 0] + w[i, o, 1] m[i, 1], for int8 w (pairs, width, 2) and
    int16 m (pairs, 2), each given by its address; `width` is a multiple of 32."""

    def generate(context, b, signature, args):  # noqa: ANN001, ANN202
        w, m, out, width, pairs = args
        with cgutils.for_range_slice(b, _I64(0), width, _I64(32), intp=_I64) as (first, _):
            sums = [cgutils.alloca_once(b, _SUMS) for _ in range(2)]
            for total in sums:
                b.store(ir.Constant(_SUMS, None), total)
            with cgutils.for_range(b, pairs, intp=_I64) as loop:
                told = b.load(b.inttoptr(b.add(m, b.mul(loop.index, _I64(4))), _I32.as_pointer()))
                pair = b.insert_element(ir.Constant(_SUMS, ir.Undefined), told, _I32(0))
                spread = b.shuffle_vector(pair, pair, ir.Constant(_SUMS, [0] * 16))
                by = b.sext(b.bitcast(spread, ir.VectorType(ir.IntType(16), 32)), ir.VectorType(_I32, 32))
                row = b.add(w, b.mul(b.add(b.mul(loop.index, width), first), _I64(2)))
                for half, total in enumerate(sums):
                    b.store(_more_of_pairs(b, b.load(total), by, _signed(b, b.add(row, _I64(32 * half)))), total)
            for half, total in enumerate(sums):
                place = b.add(out, b.mul(b.add(first, _I64(16 * half)), _I64(4)))
                b.store(b.load(total), b.inttoptr(place, _SUMS.as_pointer()), align=4)
        return context.get_dummy_value()

    return types.void(*[types.intp] * 5), generate


tile_of_many = tile_of(ROWS, OUTPUTS)
tile_of_one = tile_of(1, OUTPUTS)


@intrinsic
def as_float(_, bits):  # noqa: ANN001, ANN201
    """The float32 that an int32's bits spell."""

    def generate(context, builder, signature, args):  # noqa: ANN001, ANN202
        return builder.bitcast(args[0], ir.FloatType())

    return types.float32(types.int32), generate

"""The innermost sum: int8 weights times int16 activations, added up as whole numbers. Knows no model.

Whole numbers add up to the same in any order, so a row's result cannot depend on how many rows stand beside it, nor on
the processor. Written for LLVM as vectors of 32 products added in neighbouring pairs: that is one instruction on x86-64
(vpdpwssd, or vpmaddwd before AVX-512), and plain widening multiplies elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from generator.engine.weights import LANES

ROWS, OUTPUTS = 4, 2  # of one tile: as many sums as registers hold

_I8, _I16, _I32, _I64 = (ir.IntType(bits) for bits in (8, 16, 32, 64))
_SUMS = ir.VectorType(_I32, LANES // 2)
_WIDE = ir.VectorType(_I32, LANES)
_EVEN = ir.Constant(_SUMS, list(range(0, LANES, 2)))
_ODD = ir.Constant(_SUMS, list(range(1, LANES, 2)))


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
    sums = [[cgutils.alloca_once_value(b, ir.Constant(_SUMS, None)) for _ in range(rows)] for _ in range(outputs)]
    with cgutils.for_range_slice(b, _I64(0), count, _I64(LANES), intp=_I64) as (k, _):
        weights = [_load(b, _at(b, w, w_stride, o, k), _I8) for o in range(outputs)]
        for r in range(rows):
            heard = _load(b, _at(b, x, x_stride, r, b.mul(k, _I64(2))), _I16)
            for o in range(outputs):
                products = b.mul(weights[o], heard)
                pairs = b.add(b.shuffle_vector(products, products, _EVEN), b.shuffle_vector(products, products, _ODD))
                b.store(b.add(b.load(sums[o][r]), pairs), sums[o][r])
    added_up = cgutils.get_or_insert_function(
        b.module, ir.FunctionType(_I32, [_SUMS]), f"llvm.vector.reduce.add.v{LANES // 2}i32"
    )
    for o in range(outputs):
        for r in range(rows):
            place = b.inttoptr(_at(b, out, out_stride, r, _I64(4 * o)), _I32.as_pointer())
            b.store(b.call(added_up, [b.load(sums[o][r])]), place)


def _at(b: ir.IRBuilder, base: ir.Value, stride: ir.Value, index: int, offset: ir.Value) -> ir.Value:
    return b.add(b.add(base, b.mul(stride, _I64(index))), offset)


def _load(b: ir.IRBuilder, address: ir.Value, kind: ir.IntType) -> ir.Value:
    """32 numbers, widened.  # (LANES,)"""
    found = b.load(b.inttoptr(address, ir.VectorType(kind, LANES).as_pointer()))
    found.align = 1
    return b.sext(found, _WIDE)


tile_of_many = tile_of(ROWS, OUTPUTS)
tile_of_one = tile_of(1, OUTPUTS)


@intrinsic
def as_float(_, bits):  # noqa: ANN001, ANN201
    """The float32 that an int32's bits spell."""

    def generate(context, builder, signature, args):  # noqa: ANN001, ANN202
        return builder.bitcast(args[0], ir.FloatType())

    return types.float32(types.int32), generate

"""Weights in eight bits: each row of a matrix as whole numbers from -127 to 127 and one scale. Knows no models."""

from __future__ import annotations

import os
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

_SCALE = ".scale"


def shrink(source: Path, target: Path) -> None:
    """Writes a checkpoint anew with its matrices in eight bits; vectors stay in half precision."""
    shrunk: dict[str, Tensor] = {}
    with safe_open(str(source), framework="pt") as file:
        metadata = file.metadata()
        for name in file.keys():  # noqa: SIM118 (no mapping)
            weights = file.get_tensor(name)
            shrunk |= _rounded(name, weights.float()) if weights.ndim == 2 else {name: weights.half()}
    partial = target.with_suffix(".partial")
    save_file(shrunk, str(partial), metadata=metadata)
    os.replace(partial, target)


def load_weights(path: Path, model: nn.Module) -> None:
    """Puts a checkpoint's weights into a model, whether they were shrunk or not."""
    with safe_open(str(path), framework="pt") as file:
        read = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118 (no mapping)
    scales = {name.removesuffix(_SCALE): read.pop(name) for name in list(read) if name.endswith(_SCALE)}
    model.load_state_dict({name: w * scales[name] if name in scales else w for name, w in read.items()})


def _rounded(name: str, weights: Tensor) -> dict[str, Tensor]:
    scale = (weights.abs().amax(1, keepdim=True) / 127).clamp_min(1e-12)  # (rows, 1)
    return {name: (weights / scale).round().to(torch.int8), name + _SCALE: scale}

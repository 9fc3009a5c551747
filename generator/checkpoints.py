"""Weights on disk: safetensors with the configuration and the training record inside. Knows no corpora."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import nn


def save(path: Path, model: nn.Module, *, composer: str, record: dict[str, Any], half: bool = True) -> None:
    """Writes weights and record, whole or not at all."""
    weights = {name: (w.half() if half else w).contiguous() for name, w in model.state_dict().items()}
    metadata = {"composer": composer, "config": json.dumps(asdict(model.config)), "record": json.dumps(record)}
    partial = path.with_suffix(".partial")
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(weights, str(partial), metadata=metadata)
    os.replace(partial, path)


def read_metadata(path: Path) -> dict[str, Any]:
    """composer, config and record, without the weights."""
    with safe_open(str(path), framework="numpy") as file:
        metadata = file.metadata()
    return {
        "composer": metadata["composer"],
        "config": json.loads(metadata["config"]),
        "record": json.loads(metadata["record"]),
    }


def load_weights(path: Path, model: nn.Module) -> None:
    """Puts a checkpoint's weights into a model, in the model's own precision."""
    with safe_open(str(path), framework="pt") as file:
        weights = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118 (no mapping)
    model.load_state_dict(weights)


def save_state(path: Path, **state: Any) -> None:
    """Everything a training run resumes from."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    os.replace(partial, path)


def load_state(path: Path) -> dict[str, Any]:
    return torch.load(path, map_location="cpu", weights_only=False)

"""Lets a trained transformer speak one id at a time, its keys and values kept. Knows no grammar."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from generator.composers.transformer import Transformer, TransformerConfig
from generator.sampling import SampleError

MOST_IDS = 1536


class TransformerVoice:
    def __init__(self, model: Transformer, conditions: Sequence[int]) -> None:
        self.model = model
        self.conditions = torch.tensor([list(conditions)])
        self.cache = model.new_cache(1, min(MOST_IDS, model.config.context))
        self.at = 0

    @torch.inference_mode()
    def step(self, token: int, features: tuple[int, int, int], chords: tuple[int, int]) -> np.ndarray:
        """Logits of the next id.  # (vocab,) Raises SampleError past the longest tune there is room for."""
        if self.at >= self.cache.shape[4]:
            raise SampleError("The tune grew past the composer's memory.")
        logits = self.model(
            torch.tensor([[token]]), torch.tensor([[features]]), torch.tensor([[chords]]), self.conditions,
            self.cache, self.at,
        )  # fmt: skip
        self.at += 1
        return logits[0, 0].numpy()


def ready(config: TransformerConfig) -> Transformer:
    """A model for composing: no dropout, no gradients."""
    model = Transformer(config).eval()
    return model.requires_grad_(False)

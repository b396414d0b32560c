"""The model learns: a loop over groups, resumed where it stopped, with a log."""

from __future__ import annotations

import csv
import random
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from tests.training.examples import Example, Group, drawn
from tests.training.model import Model, base_tokenizer, batched

__all__ = ["train"]

GROUPS = 8
OTHERS = 4
RATE = 6e-5
WARM_UP = 150
KEEP_EVERY = 100
"""Steps."""
PARTS = 5
"""In how many batches by length the pairs of a step are read."""
WEIGHT_OF_ONE = 0.5
"""Of each passage judged by itself, beside their order."""
WEIGHT_OF_VECTORS = 6.0
"""Of vectors that stay what they were: a reworded question's is taught to be the written one's."""
COLUMNS = ("step", "seconds", "order", "one", "vectors")


def train(examples: Sequence[Example], folder: Path, steps: int, seed: int = 1) -> Model:
    """Train for `steps`, from the checkpoint in `folder` where there is one."""
    torch.manual_seed(seed)
    chance = random.Random(seed)
    tokenizer, model, teacher = base_tokenizer(), Model(), Model().eval()
    optimiser = _optimiser(model)
    groups = drawn(examples, OTHERS, chance)
    kept, log = folder / "checkpoint.pt", folder / "log.csv"
    start = 0
    if kept.exists():
        state = torch.load(kept)
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        start = state["step"]
        for _ in range(start):
            list(islice(groups, GROUPS))
    else:
        _write(log, COLUMNS, new=True)
    model.train()
    began, losses = time.monotonic(), []
    for step in range(start, steps):
        for group in optimiser.param_groups:
            group["lr"] = RATE * min(1.0, (step + 1) / WARM_UP) * (1 - step / steps)
        parts = _losses(model, teacher, tokenizer, list(islice(groups, GROUPS)))
        loss = parts[0] + WEIGHT_OF_ONE * parts[1] + WEIGHT_OF_VECTORS * parts[2]
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        losses.append([part.item() for part in parts])
        if (step + 1) % KEEP_EVERY == 0 or step + 1 == steps:
            means = torch.tensor(losses).mean(0).tolist()
            _write(
                log, (step + 1, round(time.monotonic() - began), *(f"{one:.4f}" for one in means))
            )
            losses = []
            state = {"model": model.state_dict(), "optimiser": optimiser.state_dict()}
            torch.save(state | {"step": step + 1}, kept.with_suffix(".new"))
            kept.with_suffix(".new").replace(kept)
    return model.eval()


def _optimiser(model: Model) -> torch.optim.Optimizer:
    learning = [one for one in model.parameters() if one.requires_grad]
    matrices = [one for one in learning if one.ndim > 1]
    others = [one for one in learning if one.ndim <= 1]
    return torch.optim.AdamW(
        [{"params": matrices, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}]
    )


def _losses(
    model: Model, teacher: Model, tokenizer: Tokenizer, groups: Sequence[Group]
) -> tuple[Tensor, Tensor, Tensor]:
    """How wrong the order is, each passage by itself, and the vectors."""
    pairs = [(group.asked, passage) for group in groups for passage in group.passages]
    alone = [text for group in groups[::2] for text in (group.asked, group.passages[0])]
    meant = [text for group in groups[::2] for text in (group.written, group.passages[0])]
    with torch.autocast("cpu", dtype=torch.bfloat16):
        scores = _scores(model, tokenizer, pairs).view(len(groups), -1)
        lone = batched(tokenizer, alone)
        vectors = model(lone.ids, lone.kinds, lone.mask)[0].float()
        with torch.no_grad():
            taught = batched(tokenizer, meant)
            wanted = teacher(taught.ids, taught.kinds, taught.mask)[0].float()
    first = torch.zeros(len(groups), dtype=torch.long)
    right = torch.zeros_like(scores)
    right[:, 0] = 1
    return (
        nn.functional.cross_entropy(scores, first),
        nn.functional.binary_cross_entropy_with_logits(scores, right),
        (1 - (vectors * wanted).sum(-1)).mean(),
    )


def _scores(model: Model, tokenizer: Tokenizer, pairs: Sequence[tuple[str, str]]) -> Tensor:
    """The pairs' scores, in their order; the short ones are read apart, without much padding."""
    order = sorted(range(len(pairs)), key=lambda at: sum(map(len, pairs[at])))
    size = -(-len(pairs) // PARTS)
    scores = torch.zeros(len(pairs))
    for start in range(0, len(order), size):
        some = order[start : start + size]
        batch = batched(tokenizer, [pairs[at] for at in some])
        scores[some] = model(batch.ids, batch.kinds, batch.mask)[1].float()
    return scores


def _write(log: Path, row: Sequence[object], *, new: bool = False) -> None:
    with log.open("w" if new else "a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(row)

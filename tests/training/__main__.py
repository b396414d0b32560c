"""`python -m tests.training`: examples are drawn up, learned from, and the model is written."""

from __future__ import annotations

import csv
import pickle
from functools import partial
from pathlib import Path

import click
import torch
from matplotlib import pyplot as plt

from tests.training.examples import read_examples
from tests.training.export import export
from tests.training.model import Model, base_tokenizer, embed
from tests.training.training import train

LEAST_SHARE = 0.2
"""Of the largest set: a smaller one is repeated, so that it is heard."""


@click.group()
def main() -> None:
    """Make the model of index/meaning: `examples`, `learn`, then `write`."""


@main.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=Path)
@click.option("--folder", type=Path, required=True, help="Where everything is kept.")
def examples(paths: tuple[Path, ...], folder: Path) -> None:
    """Draw up examples from the sets in BEIR's form at PATHs."""
    folder.mkdir(parents=True, exist_ok=True)
    with_vectors = partial(embed, Model(), base_tokenizer())
    for path in paths:
        found = read_examples(path, with_vectors)
        (folder / f"{path.name}.examples").write_bytes(pickle.dumps(found))
        click.echo(f"{path.name}: {len(found)} examples")


@main.command()
@click.option("--folder", type=Path, required=True)
@click.option("--steps", type=int, default=5000, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
def learn(folder: Path, steps: int, seed: int) -> None:
    """Learn from the examples in the folder; a run that was stopped goes on."""
    kept = sorted(folder.glob("*.examples"))
    sets = [pickle.loads(path.read_bytes()) for path in kept]  # noqa: S301 - written by `examples`
    most = max(map(len, sets))
    repeated = [
        one for some in sets for one in some * max(1, round(LEAST_SHARE * most / len(some)))
    ]
    model = train(repeated, folder, steps, seed)
    torch.save(model.state_dict(), folder / "model.pt")


@main.command()
@click.option("--folder", type=Path, required=True)
@click.argument("target", type=Path)
def write(folder: Path, target: Path) -> None:
    """Write the model that has learned into TARGET, in 8 bits, with its words and digests."""
    model = Model()
    model.load_state_dict(torch.load(folder / "model.pt"))
    export(model, target)


@main.command()
@click.option("--folder", type=Path, required=True)
@click.argument("picture", type=Path)
def plot(folder: Path, picture: Path) -> None:
    """Draw how the losses fell, from the log in the folder."""
    rows = list(csv.DictReader((folder / "log.csv").open(encoding="utf-8")))
    figure, axes = plt.subplots(figsize=(7, 3.5))
    steps = [int(row["step"]) for row in rows]
    for name, label in (("order", "which passage answers"), ("one", "whether a passage answers")):
        axes.plot(steps, [float(row[name]) for row in rows], label=label)
    axes.set_xlabel("steps of eight questions")
    axes.set_ylabel("loss, mean of a hundred steps")
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False)
    figure.tight_layout()
    figure.savefig(picture, dpi=150)


if __name__ == "__main__":
    main()

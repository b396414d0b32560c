"""Rankings and confidences as files that any scorer reads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from index.evaluation.measures import DEPTH
from index.evaluation.sets import QuestionSet
from index.evaluation.systems import FOOTNOTE, Ranked

__all__ = ["write_run"]


def write_run(folder: Path, question_set: QuestionSet, rankings: Sequence[Ranked]) -> None:
    """Write `<set>.trec`, the top 10 before abstaining, and `<set>.confidence.tsv`.

    `rankings` belong to `question_set.questions`. The score of a TREC line only tells the rank,
    10 down to 1: scorers sort by it, and close scores would tie in their single precision. Raises
    OSError where `folder` cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    run, confidences = [], ["query-id\tconfidence"]
    for question, ranked in zip(question_set.questions, rankings, strict=True):
        confidences.append(f"{question.id}\t{ranked.confidence:.12g}")
        ids = question_set.ranked_ids(ranked.places)[:DEPTH]
        run += [
            f"{question.id} Q0 {sentence} {rank} {DEPTH + 1 - rank} {FOOTNOTE}"
            for rank, sentence in enumerate(ids, 1)
        ]
    _write(folder / f"{question_set.name}.trec", run)
    _write(folder / f"{question_set.name}.confidence.tsv", confidences)


def _write(path: Path, lines: Sequence[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")

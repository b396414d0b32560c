"""A path to a question set: a BEIR folder, or a list of questions in YAML."""

from __future__ import annotations

from pathlib import Path

from index.corpus import CORPUS_SUFFIXES, Corpus
from index.errors import CorpusError, Problem
from index.evaluation.beir import read_beir
from index.evaluation.question_lists import read_question_list
from index.evaluation.sets import QuestionSet

__all__ = ["read_set"]


def read_set(path: Path, corpus: Corpus | None = None) -> QuestionSet:
    """Read the set at `path`, named after it; a list is asked of `corpus`.

    Raises CorpusError, its files named relative to the folder, or by the list's own name.
    """
    if path.is_dir():
        return read_beir(path, path.name if path.name not in {"", ".."} else path.resolve().name)
    if path.suffix in CORPUS_SUFFIXES:
        return read_question_list(path, corpus or Corpus(()), path.stem)
    cause = "is no BEIR folder and no list in YAML" if path.exists() else "does not exist"
    reason = f"{cause}; give a BEIR folder or a list of questions in YAML"
    raise CorpusError([Problem(path.name, 1, reason)])

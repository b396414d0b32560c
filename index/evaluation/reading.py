"""A path to a question set: a BEIR folder, or a list of questions in YAML over a corpus."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.documents.corpus import CORPUS_SUFFIXES, Corpus
from index.documents.document import Document
from index.errors import CorpusError, Problem
from index.evaluation.beir import read_beir
from index.evaluation.sets import JudgedQuestion, QuestionSet, read_source
from index.files.lined_yaml import LinedYaml, parse_yaml, validation_problems

__all__ = ["read_question_list", "read_set"]


def read_set(
    path: Path, corpus: Corpus | None = None, *, report: bool = False, language: str | None = None
) -> QuestionSet:
    """Read the set at `path`, named after it; a list is asked of `corpus`.

    `report` takes the questions of a list that are marked so, which are kept for reports; without
    it all others are taken. `language` is that of a BEIR folder, whatever its metadata say. Raises
    CorpusError, its files named relative to the folder, or by the list's own name.
    """
    if path.is_dir():
        name = path.name if path.name not in {"", ".."} else path.resolve().name
        return read_beir(path, name, language)
    if path.suffix in CORPUS_SUFFIXES:
        return read_question_list(path, corpus or Corpus(()), path.stem, report=report)
    cause = "is no BEIR folder and no list in YAML" if path.exists() else "does not exist"
    reason = f"{cause}; give a BEIR folder or a list of questions in YAML"
    raise CorpusError([Problem(path.name, 1, reason)])


_ADVICE = "give a BEIR folder or a list of questions in YAML"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Unanswerable(_Strict):
    question: str = Field(min_length=1)
    kind: str = ""
    report: bool = Field(default=False, description="kept for reports: nothing is tuned on it")


class _Answerable(_Unanswerable):
    lines: list[int] = Field(min_length=1)
    document: str | None = None


class _QuestionList(_Strict):
    answerable: list[_Answerable] = Field(min_length=1)
    unanswerable: list[_Unanswerable] = Field(default_factory=list)


def read_question_list(
    path: Path, corpus: Corpus, name: str, *, report: bool = False
) -> QuestionSet:
    """Read one half of a list of questions over `corpus`; a sentence's id is `document:line`.

    Raises CorpusError with every problem, named by the file's own name.
    """
    source = parse_yaml(read_source(path, path.name, _ADVICE), path.name)
    try:
        listed = _QuestionList.model_validate(source.value)
    except ValidationError as error:
        raise CorpusError(validation_problems(error, source)) from None
    ids = {
        (passage.document, passage.line): f"{passage.document}:{passage.line}"
        for passage in corpus.passages
    }
    known_ids = frozenset(ids.values())
    problems: list[Problem] = []
    questions: list[JudgedQuestion] = []
    for position, entry in enumerate(listed.answerable):
        grades = _grades(entry, position, corpus, known_ids, source, problems)
        if entry.report is report:
            questions.append(
                JudgedQuestion(f"answerable-{position + 1}", entry.question, grades, entry.kind)
            )
    for position, silent in enumerate(listed.unanswerable, 1):
        if silent.report is report:
            questions.append(
                JudgedQuestion(f"unanswerable-{position}", silent.question, {}, silent.kind)
            )
    if not (problems or any(question.answerable for question in questions)):
        reason = (
            "no answerable question is marked 'report: true'; mark some, or leave --report out"
            if report
            else "every answerable question is marked 'report: true'; give --report"
        )
        problems.append(Problem(path.name, 1, reason))
    if problems:
        raise CorpusError(problems)
    return QuestionSet(name, "questions", corpus, tuple(questions), ids)


def _grades(
    entry: _Answerable,
    position: int,
    corpus: Corpus,
    known_ids: frozenset[str],
    source: LinedYaml,
    problems: list[Problem],
) -> dict[str, int]:
    """The lines that answer a question as ids; those that the corpus lacks join `problems`."""
    documents = [document.id for document in corpus.documents]
    if entry.document is None and len(documents) != 1:
        reason = f"'document' is missing, and there are {len(documents)}: {', '.join(documents)}"
        problems.append(source.problem(("answerable", position), reason))
        return {}
    document = entry.document or documents[0]
    if document not in documents:
        reason = f"no document is called {document!r}; there is: {', '.join(documents)}"
        problems.append(source.problem(("answerable", position, "document"), reason))
        return {}
    grades: dict[str, int] = {}
    for index, line in enumerate(entry.lines):
        first = _first_line(corpus.documents[documents.index(document)], line)
        if f"{document}:{first}" in known_ids:
            grades[f"{document}:{first}"] = 1
        else:
            reason = f"the document {document!r} has no passage at line {line}; correct the line"
            problems.append(source.problem(("answerable", position, "lines", index), reason))
    return grades


def _first_line(document: Document, line: int) -> int:
    """The line on which the passage begins that holds a line: an imported one may hold several."""
    if document.spec.format is None:
        return line
    return max((one.line for one in document.passages if one.line <= line), default=line)

"""BEIR folders to question sets; everything wrong is told as `file:line: reason`.

The form is that of Thakur et al., "BEIR: A Heterogeneous Benchmark for Zero-shot Evaluation of
Information Retrieval Models", 2021: corpus.jsonl, queries.jsonl and qrels/*.tsv.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.documents.corpus import Corpus
from index.documents.document import LANGUAGE_CODE, Document, DocumentSpec
from index.documents.passages import Passage
from index.errors import CorpusError, Problem
from index.evaluation.sets import NO_TITLE, JudgedQuestion, Place, QuestionSet, read_source
from index.files.lined_yaml import decode_utf8

__all__ = ["read_beir"]

CORPUS, QUERIES, QRELS = "corpus.jsonl", "queries.jsonl", "qrels"
HEADER = ("query-id", "corpus-id", "score")
MAX_PROBLEMS = 20
"""A file that is wrong throughout is not told line by line to its end."""
MAX_TITLE_CHARS = 200
"""As much of a title as a document can hold."""
_ADVICE = f"a BEIR folder holds {CORPUS}, {QUERIES} and {QRELS}/*.tsv"


class _Row(BaseModel):
    """What a line of both JSON files has; ids stand in files that are split on white space."""

    model_config = ConfigDict(strict=True, frozen=True)

    id: str = Field(alias="_id", pattern=r"^\S+$")
    text: str


class _Sentence(_Row):
    title: str | None = None
    metadata: Any = None

    @property
    def language(self) -> str | None:
        """The language that the metadata, which each folder has its own of, tell by a code."""
        told = self.metadata.get("language") if isinstance(self.metadata, dict) else None
        return told if isinstance(told, str) and LANGUAGE_CODE.fullmatch(told) else None


RowT = TypeVar("RowT", bound=_Row)


def read_beir(folder: Path, name: str, language: str | None = None) -> QuestionSet:
    """Read a BEIR folder; all qrels files count, and a grade above 0 makes a sentence relevant.

    A document is of `language`; without it, of that in the `metadata` of its first sentence, and
    of English where there is none.

    Raises CorpusError with the first problems of every file, named relative to `folder`.
    """
    problems: list[Problem] = []
    sentences = _rows(folder, CORPUS, _Sentence, problems)
    queries = _rows(folder, QUERIES, _Row, problems)
    if problems:  # the qrels would only repeat them
        raise CorpusError(problems)
    corpus, ids = _group(sentences, language)
    grades = _read_qrels(folder, {row.id for row in queries}, {row.id for row in sentences})
    questions = tuple(
        JudgedQuestion(
            row.id,
            row.text,
            {sentence: grade for sentence, grade in grades.get(row.id, {}).items() if grade > 0},
            judged=row.id in grades,
        )
        for row in queries
    )
    if not any(question.answerable for question in questions):
        reason = "no question has a sentence with a score above 0; add one"
        raise CorpusError([Problem(QRELS, 1, reason)])
    return QuestionSet(name, "beir", corpus, questions, ids)


def _rows(folder: Path, file: str, model: type[RowT], problems: list[Problem]) -> list[RowT]:
    """The lines of a JSON Lines file; what is wrong with them joins `problems`."""
    try:
        text = decode_utf8(read_source(folder / file, file, _ADVICE), file)
    except CorpusError as error:
        problems.extend(error.problems)
        return []
    rows: dict[str, RowT] = {}
    file_problems: list[Problem] = []
    for number, line in _lines(text):
        if len(file_problems) >= MAX_PROBLEMS:
            break
        try:
            row = model.model_validate_json(line)
        except ValidationError as error:
            file_problems.append(Problem(file, number, _reason(error)))
            continue
        if row.id in rows:
            file_problems.append(
                Problem(file, number, f"the _id {row.id!r} is used twice; keep one")
            )
        rows[row.id] = row
    if not rows and not file_problems:
        file_problems.append(
            Problem(file, 1, 'is empty; give it lines such as {"_id": "s0", "text": "…"}')
        )
    problems.extend(file_problems)
    return list(rows.values())


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, with their numbers; a JSON text may hold U+2028."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, line.rstrip("\r")


def _reason(error: ValidationError) -> str:
    """What is wrong with a line: the first thing that pydantic found."""
    detail = error.errors(include_url=False)[0]
    key = ".".join(map(str, detail["loc"]))
    match detail["type"]:
        case "json_invalid":
            cause = detail["ctx"]["error"].replace("line 1 column", "column")
            return f"not valid JSON: {cause}; mend it"
        case "missing":
            return f"{key!r} is missing; add it"
        case "string_pattern_mismatch":
            return f"{key} must not be empty or hold white space, as {detail['input']!r:.60} does"
    return f"{key or 'the line'}: {detail['msg'][:1].lower()}{detail['msg'][1:]}"


def _group(sentences: list[_Sentence], language: str | None) -> tuple[Corpus, dict[Place, str]]:
    """Documents by title, in order of first appearance; a line is a sentence's place in one."""
    passages: dict[str, list[Passage]] = defaultdict(list)
    documents: dict[str, str] = {}
    languages: dict[str, str] = {}
    ids: dict[Place, str] = {}
    for sentence in sentences:
        title = (sentence.title or "").strip() or NO_TITLE
        document = documents.setdefault(title, f"d{len(documents) + 1}")
        languages.setdefault(title, language or sentence.language or "en")
        line = len(passages[title]) + 1
        passages[title].append(Passage(document, line, sentence.text))
        ids[document, line] = sentence.id
    corpus = Corpus(
        tuple(
            Document(
                DocumentSpec(
                    id=document,
                    title=title[:MAX_TITLE_CHARS],
                    file=CORPUS,
                    language=languages[title],
                ),
                tuple(passages[title]),
            )
            for title, document in documents.items()
        )
    )
    return corpus, ids


def _read_qrels(folder: Path, queries: set[str], sentences: set[str]) -> dict[str, dict[str, int]]:
    """The grade of each judged sentence by question, of all qrels files; later lines win."""
    paths = sorted((folder / QRELS).glob("*.tsv"))
    if not paths:
        raise CorpusError([Problem(QRELS, 1, f"holds no *.tsv; {_ADVICE}")])
    grades: dict[str, dict[str, int]] = {}
    problems: list[Problem] = []
    for path in paths:
        file = f"{QRELS}/{path.name}"
        file_problems: list[Problem] = []
        rows = _lines(decode_utf8(read_source(path, file, _ADVICE), file))
        first = next(rows, None)
        if first is None or tuple(first[1].split("\t")) != HEADER:
            reason = f"must start with the header {' '.join(HEADER)}, split by tabs"
            file_problems.append(Problem(file, 1, reason))
        for number, line in rows:
            if len(file_problems) >= MAX_PROBLEMS:
                break
            if reason := _wrong(line, queries, sentences):
                file_problems.append(Problem(file, number, reason))
                continue
            query, sentence, grade = line.split("\t")
            grades.setdefault(query, {})[sentence] = int(grade)
        problems.extend(file_problems)
    if problems:
        raise CorpusError(problems)
    return grades


def _wrong(line: str, queries: set[str], sentences: set[str]) -> str:
    """What is wrong with a line of qrels, or nothing."""
    fields = line.split("\t")
    if len(fields) != len(HEADER):
        return f"has {len(fields)} fields split by tabs, not {len(HEADER)}; mend it"
    query, sentence, grade = fields
    if query not in queries:
        return f"{QUERIES} has no {query!r}; add it or delete the line"
    if sentence not in sentences:
        return f"{CORPUS} has no {sentence!r}; add it or delete the line"
    if not grade.removeprefix("-").isdecimal():
        return f"the score must be a whole number, not {grade!r:.60}"
    return ""

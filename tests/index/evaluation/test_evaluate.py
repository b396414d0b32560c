"""Systems over question sets: silence, baselines, run files, ablation and the report."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rank_bm25 import BM25Okapi

from index.answering.confidence import Outcome
from index.answering.rerank import WEIGHTS
from index.answering.searcher import Searcher
from index.documents.corpus import Corpus, load_corpus
from index.documents.shipped import shipped_data
from index.evaluation import (
    BASELINES,
    MEASURES,
    JudgedQuestion,
    Options,
    QuestionSet,
    Ranked,
    System,
    ablate,
    drop_half_silence,
    evaluate,
    figures,
    footnote,
    read_set,
    typo_figures,
)
from index.evaluation.evaluate import write_run
from index.evaluation.measures import rank_measures
from index.evaluation.silence import BLOCK, drop_half
from index.library.library import IndexedLibrary
from index.text.analysis import analyser_for
from tests.bench.peers import installed_peers

from .test_reading import write_beir

TOWNS = ("Oslo", "Rome", "Lima", "Cairo", "Delhi", "Paris", "Quito", "Sofia", "Minsk", "Hanoi")


@pytest.fixture
def towns(tmp_path: Path) -> QuestionSet:
    """Ten documents of two sentences and ten questions, all answered by the first sentence."""
    sentences = []
    for number, town in enumerate(TOWNS):
        sentences.append((f"s{number}a", town, f"{town} was founded in {1000 + number}."))
        sentences.append((f"s{number}b", town, f"The river near {town} is deep."))
    questions = {f"q{number}": f"When was {town} founded?" for number, town in enumerate(TOWNS)}
    grades = [(f"q{number}", f"s{number}a", 1) for number in range(len(TOWNS))]
    return read_set(write_beir(tmp_path / "towns", sentences, questions, grades))


@pytest.fixture(scope="module")
def shipped() -> QuestionSet:
    return read_set(shipped_data() / "questions.yaml", load_corpus(shipped_data()))


class Oracle:
    """Knows the right sentences, and is sure of nothing else."""

    def __init__(self, question_set: QuestionSet) -> None:
        places = {name: place for place, name in question_set.ids.items()}
        self._right = {
            question.text: tuple(places[one] for one in question.grades if one in places)
            for question in question_set.questions
        }

    def rank(self, question: str) -> Ranked:
        right = self._right.get(question, ())
        return Ranked(right, float(bool(right)), Outcome.SURE if right else Outcome.SILENT)


def test_the_right_answers_have_every_measure_at_one(towns: QuestionSet) -> None:
    assert figures(towns, Oracle(towns)) == dict.fromkeys(MEASURES, 1.0)


def test_footnote_finds_the_towns(towns: QuestionSet) -> None:
    assert figures(towns, footnote().build(towns.corpus))["S@1"] == 1.0


def test_what_is_answered_is_what_the_searcher_answers(shipped: QuestionSet) -> None:
    searcher = Searcher([IndexedLibrary.build(shipped.corpus)])
    ranker = footnote().build(shipped.corpus)
    for question in (*(one.text for one in shipped.questions), "", "?", "hello", "x" * 2000):
        assert ranker.rank(question).outcome is searcher.answer(question).outcome, question


def test_several_passages_of_a_line_count_once(shipped: QuestionSet) -> None:
    place = next(iter(shipped.ids))
    assert shipped.ranked_ids([place, place]) == (shipped.ids[place],)


@pytest.mark.parametrize("system", BASELINES, ids=lambda system: str(system.name))
def test_baselines_are_plain_rank_bm25(system: System, shipped: QuestionSet) -> None:
    analyser = analyser_for("en")
    stems = "stems" in system.name
    passages = shipped.corpus.passages

    def terms(text: str) -> list[str]:
        return analyser.terms(text) if stems else text.lower().split()

    plain = BM25Okapi([terms(passage.text) for passage in passages])
    ranker = system.build(shipped.corpus)
    for question in shipped.questions:
        if not terms(question.text):
            continue
        scores = plain.get_scores(terms(question.text))
        best = np.argsort(-scores, kind="stable")[:20]
        ranked = ranker.rank(question.text)
        assert ranked.places == tuple((passages[at].document, passages[at].line) for at in best)
        assert ranked.confidence == scores.max()
        assert ranked.outcome is None


@pytest.mark.parametrize("system", BASELINES, ids=lambda system: str(system.name))
def test_baselines_stand_empty_texts(system: System) -> None:
    assert system.build(Corpus(())).rank("what?") == Ranked((), 0.0)


def test_drop_half_drops_whole_documents(towns: QuestionSet) -> None:
    half = drop_half(towns, seed=0)
    assert half is not None
    kept = {document.title for document in half.corpus.documents}
    assert len(kept) == 5
    assert all(len(document.passages) == 2 for document in half.corpus.documents)
    for question in half.questions:
        number = int(question.id.removeprefix("q"))
        assert question.answerable == (TOWNS[number] in kept)
    assert set(half.ids) == {(one.document, one.line) for one in half.corpus.passages}


def test_drop_half_is_seeded(towns: QuestionSet) -> None:
    halves = [drop_half(towns, seed) for seed in range(5)]
    assert halves == [drop_half(towns, seed) for seed in range(5)]
    assert len({str(half and half.corpus) for half in halves}) > 1


def test_drop_half_without_titles_drops_blocks(tmp_path: Path) -> None:
    count = 4 * BLOCK + 10
    sentences = [(f"s{number}", "", f"Sentence {number}.") for number in range(count)]
    grades = [("q", "s0", 1), ("q", f"s{count - 1}", 1)]
    found = read_set(write_beir(tmp_path / "flat", sentences, {"q": "one?"}, grades))
    for seed in range(5):
        half = drop_half(found, seed)
        assert half is not None
        blocks: dict[int, int] = {}
        for passage in half.corpus.passages:
            blocks[(passage.line - 1) // BLOCK] = blocks.get((passage.line - 1) // BLOCK, 0) + 1
        assert len(blocks) == 3  # of five, two are dropped
        assert all(size == (10 if block == 4 else BLOCK) for block, size in blocks.items())
        # A question that keeps any relevant sentence stays answerable.
        assert half.questions[0].answerable == (0 in blocks or 4 in blocks)


def test_one_document_cannot_be_halved(shipped: QuestionSet) -> None:
    assert drop_half(shipped, seed=0) is None
    assert drop_half_silence(shipped, footnote()) == (None, [])


def test_drop_half_measures_silence(towns: QuestionSet) -> None:
    def build(corpus: Corpus) -> Oracle:
        known = {(one.document, one.line) for one in corpus.passages}
        ids = {place: name for place, name in towns.ids.items() if place in known}
        return Oracle(QuestionSet("half", "beir", corpus, towns.questions, ids))

    found, judgements = drop_half_silence(towns, System("oracle", build))
    assert found is not None
    assert (found.auroc, found.best_f1) == (1.0, 1.0)
    assert (found.un5, found.un10) == (1.0, 1.0)
    assert (found.answered_unanswerable, found.answered_answerable) == (0.0, 1.0)
    assert len(judgements) == 5 * len(towns.questions)
    assert sum(one.right for one in judgements) == 5 * len(towns.questions) / 2


def test_typos_are_the_mean_of_the_seeds(towns: QuestionSet) -> None:
    # Every typo makes a question that the oracle does not know.
    assert typo_figures(towns, Oracle(towns)) == 0.0


def test_a_run_read_again_gives_the_same_measures(shipped: QuestionSet, tmp_path: Path) -> None:
    ranker = footnote().build(shipped.corpus)
    rankings = [ranker.rank(question.text) for question in shipped.questions]
    write_run(tmp_path / "new" / "runs", shipped, rankings)
    lines = (tmp_path / "new" / "runs" / "questions.trec").read_text().splitlines()
    run: dict[str, dict[str, float]] = {}
    for line in lines:
        query, q0, sentence, rank, score, name = line.split(" ")
        assert (q0, name) == ("Q0", "footnote")
        assert len(run.setdefault(query, {})) == int(rank) - 1
        run[query][sentence] = float(score)
    read = []
    for one in shipped.answerable:
        scores = run.get(one.id, {})
        read.append(rank_measures(sorted(scores, key=scores.__getitem__)[::-1], one.grades))
    means = dict(zip(MEASURES, np.mean(read, axis=0), strict=True))
    assert means == pytest.approx(figures(shipped, ranker))
    rows = (tmp_path / "new" / "runs" / "questions.confidence.tsv").read_text().splitlines()
    assert rows[0] == "query-id\tconfidence"
    assert [row.split("\t")[0] for row in rows[1:]] == [one.id for one in shipped.questions]
    for row, ranked in zip(rows[1:], rankings, strict=True):
        assert float(row.split("\t")[1]) == pytest.approx(ranked.confidence, abs=1e-6)


def test_ir_measures_reads_the_run(shipped: QuestionSet, tmp_path: Path) -> None:
    ir = pytest.importorskip("ir_measures")
    ranker = footnote().build(shipped.corpus)
    write_run(tmp_path, shipped, [ranker.rank(question.text) for question in shipped.questions])
    qrels = {one.id: dict(one.grades) for one in shipped.answerable}
    measures = [ir.Success @ 1, ir.Success @ 5, ir.RR @ 10, ir.nDCG @ 10]
    run = ir.read_trec_run(str(tmp_path / "questions.trec"))
    theirs = ir.calc_aggregate(measures, qrels, run)
    ours = figures(shipped, ranker)
    assert [theirs[one] for one in measures] == pytest.approx(list(ours.values()))


def test_unjudged_questions_are_in_the_run_and_nowhere_else(
    towns: QuestionSet, tmp_path: Path
) -> None:
    unjudged = JudgedQuestion("q99", "How deep is the river?", {}, judged=False)
    more = QuestionSet(
        towns.name, towns.form, towns.corpus, (*towns.questions, unjudged), towns.ids
    )
    report = evaluate([more], [footnote()], Options(run=tmp_path))
    assert report.as_json() == evaluate([towns], [footnote()], Options()).as_json()
    assert "\nq99\t" in (tmp_path / "towns.confidence.tsv").read_text()
    assert "\nq99 Q0 " in (tmp_path / "towns.trec").read_text()


def test_dropping_a_harmful_feature_is_a_gain(towns: QuestionSet) -> None:
    assert list(ablate(towns)) == list(WEIGHTS)
    harmful = {**WEIGHTS, "length": 1000.0}  # the longer sentence is always the wrong one
    changes = ablate(towns, harmful)
    assert (changes["length"].success, changes["length"].reciprocal_rank) == (1.0, 0.5)


def test_a_report_holds_every_set_and_their_mean(towns: QuestionSet, shipped: QuestionSet) -> None:
    systems = [footnote(), *BASELINES]
    told: list[str] = []

    def track(questions: object, label: str) -> list[JudgedQuestion]:
        told.append(label)
        assert isinstance(questions, tuple)
        return list(questions)

    options = Options(drop_half=True, typos=True, ablate=True)
    some = replace(shipped, questions=shipped.questions[::5])  # of every kind
    report = evaluate([towns, some], systems, options, track)
    found = report.as_json()
    assert json.loads(json.dumps(found)) == found
    assert list(found["sets"]) == ["towns", "questions"]
    assert found["sets"]["questions"]["unanswerable"] == len(some.unanswerable)
    assert "towns, footnote: drop half 1 of 5" in told
    assert "questions, footnote: drop half 1 of 5" not in told  # it has a list of its own
    for one in (*found["sets"].values(), found["mean"]):
        assert list(one["systems"]) == [system.name for system in systems]
        assert list(one["differences"]) == [system.name for system in BASELINES]
        assert list(one["ablation"]) == list(WEIGHTS)
        for figures_of in one["systems"].values():
            assert {*MEASURES, "silence", "typos"} <= set(figures_of)
    kinds = found["sets"]["questions"]["systems"]["footnote"]["kinds"]
    assert kinds["direct"]["answerable"]
    assert kinds["far"]["success"] is None
    values = [one["systems"]["footnote"]["S@1"]["value"] for one in found["sets"].values()]
    mean = found["mean"]["systems"]["footnote"]["S@1"]["value"]
    assert mean == pytest.approx(sum(values) / 2, abs=1e-3)


def test_a_beir_folder_has_no_silence_unless_asked(towns: QuestionSet) -> None:
    system = evaluate([towns], [footnote()], Options()).sets[0].systems["footnote"]
    assert system.silence is None
    assert system.curve


def test_the_shipped_questions_keep_their_figures(shipped: QuestionSet) -> None:
    found = evaluate([shipped], [footnote()], Options()).sets[0].systems["footnote"]
    assert found.estimate.figures()["S@1"].value >= 0.95
    assert found.silence is not None
    assert found.silence.auroc >= 0.95
    assert found.silence.answered_unanswerable is not None
    assert found.silence.answered_unanswerable <= 0.10
    assert found.silence.answered_answerable is not None
    assert found.silence.answered_answerable >= 0.90
    assert found.silence.un10 >= 0.95
    assert found.outcomes["right_shown"].value >= 0.97
    assert found.outcomes["wrong_sure"].value <= 0.01


@pytest.mark.parametrize("peer", installed_peers(), ids=lambda system: str(system.name))
def test_peers_find_the_towns(peer: System, towns: QuestionSet) -> None:
    ranker = peer.build(towns.corpus)
    assert figures(towns, ranker)["S@1"] == 1.0
    assert ranker.rank("???").confidence == 0.0

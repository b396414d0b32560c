"""Which engine serves a library, and that nobody could tell from its answers."""

from pathlib import Path
from random import Random

import yaml

from index.answering.searcher import Searcher
from index.documents.corpus import Corpus, load_corpus
from index.documents.document import Document, DocumentSpec
from index.documents.passages import Passage
from index.documents.shipped import shipped_data
from index.library.library import EXACT_UP_TO, IndexedLibrary, engine_name

WORDS = (
    "harbour harbours lighthouse keeper winter summer storm storms ship ships captain sailed "
    "built 1850 1901 three seven the of and in was by Norway Bergen Oslo rebuilt destroyed painted"
).split()


def made(passages: int, seed: int = 1) -> Corpus:
    """A document of passages drawn from few words, so that many are alike."""
    rng = Random(seed)
    texts = [" ".join(rng.choices(WORDS, k=rng.randint(3, 12))) + "." for _ in range(passages)]
    spec = DocumentSpec(id="made", title="Harbours of Norway", file="made.txt")
    return Corpus((Document(spec, tuple(Passage("made", n, t) for n, t in enumerate(texts, 1))),))


def shipped_questions() -> list[str]:
    listing = yaml.safe_load(Path("data/questions.yaml").read_text(encoding="utf-8"))
    return [one["question"] for listed in listing.values() for one in listed if "question" in one]


def test_the_engine_follows_the_number_of_passages() -> None:
    assert engine_name(EXACT_UP_TO) == "exact"
    assert engine_name(EXACT_UP_TO + 1).startswith("postings")


def test_a_library_has_the_engine_of_its_size() -> None:
    assert IndexedLibrary.build(made(40), exact_up_to=40).engine.name == "exact"
    assert IndexedLibrary.build(made(41), exact_up_to=40).engine.name.startswith("postings")


def test_answers_and_statistics_are_the_same_with_either_engine() -> None:
    shipped, large, small = load_corpus(shipped_data()), made(700), made(40, seed=2)
    exact = [IndexedLibrary.build(corpus) for corpus in (shipped, large, small)]
    postings = [IndexedLibrary.build(one, exact_up_to=0) for one in (shipped, large, small)]
    assert [one.words for one in postings] == [one.words for one in exact]
    rng = Random(0)
    drawn = [" ".join(rng.choices([*WORDS, "lighthose", "captian"], k=5)) for _ in range(150)]
    for one, other in zip((exact[:1], exact[1:]), (postings[:1], postings[1:]), strict=True):
        searchers = Searcher(one), Searcher(other)
        for question in [*shipped_questions(), *drawn]:
            answers = [searcher.answer(question) for searcher in searchers]
            assert answers[0] == answers[1]

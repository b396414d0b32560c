"""How sure an answer is: what each signal tells, and how many hits come of it."""

from __future__ import annotations

from math import log

import numpy as np
import pytest

from index.answering.confidence import (
    BALANCED,
    BY_WORDS,
    CHOICES,
    SIGNALS,
    Outcome,
    Thresholds,
    confidence,
    odds_by_question,
    signals_by_question,
    spread,
    with_order,
)
from index.answering.searcher import Searcher
from index.documents.corpus import Corpus
from index.documents.document import Document, DocumentSpec
from index.documents.passages import Passage
from index.library.library import IndexedLibrary
from tests.index.conftest import FILLER, make_library, make_searcher

NOTHING = np.zeros(1)
SELF_CONTAINED = len(SIGNALS) - 2
"""How many signals a passage has by itself."""


def signals_of(question: str, *texts: str, line: int = 1, **spec: object) -> dict[str, float]:
    """The signals of one of `texts` for a question."""
    ranked = make_searcher(*texts, **spec).answer(question).ranked
    return dict(next(hit.signals for hit in ranked if hit.passage.line == line))


class TestSignals:
    def test_every_word_matched_is_a_share_of_one(self) -> None:
        assert signals_of("harbour lantern", "The harbour has a lantern.")["share"] == 1.0

    def test_words_count_by_how_rare_they_are(self) -> None:
        texts = ("The harbour is old.", "A lantern is old.", "A lantern was lit.", "One lantern.")
        rare = signals_of("harbour lantern", *texts)["share"]
        common = signals_of("harbour lantern", *texts, line=2)["share"]
        assert rare > 0.5 > common
        assert rare + common == pytest.approx(1.0)

    def test_more_rare_words_match_more(self) -> None:
        text = "The harbour has a lantern."
        one, two = signals_of("harbour", text), signals_of("harbour lantern", text)
        assert one["share"] == two["share"] == 1.0
        assert one["matched"] < two["matched"] < 2 * log(2)

    @pytest.mark.parametrize(("section", "share"), [((), 0.2), (("The ferry", "Staff"), 1.0)])
    def test_a_heading_counts_as_the_passage_does(
        self, section: tuple[str, ...], share: float
    ) -> None:
        passage = Passage("d", 1, "It has a lantern.", section=section)
        spec = DocumentSpec(id="d", title="A document", file="d.txt")
        library = IndexedLibrary.build(Corpus((Document(spec, (passage,)),)))
        hit = Searcher([library]).answer("ferry lantern").ranked[0]
        assert hit.signals["share"] == pytest.approx(share, abs=0.1)

    @pytest.mark.parametrize(
        ("question", "missing"),
        [
            ("was the lantern lit in 1871?", None),
            ("was the lantern lit in 1931?", "lacks_number"),
            ("was the lantern lit by Ellen?", None),
            ("was the lantern lit by Kowalski?", "lacks_name"),
            ("was the lantern lit by the NASA?", "lacks_name"),
            ("was the lantern lit by kowalski?", None),
        ],
    )
    def test_a_number_or_name_that_is_missing_is_told(
        self, question: str, missing: str | None
    ) -> None:
        found = signals_of(question, "In 1871 Ellen lit the lantern of the harbour.")
        assert [name for name in ("lacks_number", "lacks_name") if found[name]] == (
            [missing] if missing else []
        )

    def test_the_passage_beside_it_may_hold_the_number_where_they_follow_each_other(self) -> None:
        texts = ("It was 1871 then.", "Ellen lit the lantern.")
        asked = "who lit the lantern in 1871?"
        assert signals_of(asked, *texts, line=2)["lacks_number"] == 1.0
        assert signals_of(asked, *texts, line=2, contiguous=True)["lacks_number"] == 0.0

    def test_a_capital_tells_no_name_in_german(self) -> None:
        texts = ("Das Schiff liegt im Hafen.",)
        found = signals_of("wann kam das Schiff mit der Laterne?", *texts, language="de")
        assert found["lacks_name"] == 0.0

    def test_a_passage_without_the_kind_of_thing_asked_for_is_told(self) -> None:
        asked = "how many lanterns are lit?"
        assert signals_of(asked, "Some lanterns are lit.")["lacks_type"] == 1.0
        assert signals_of(asked, "Twelve lanterns are lit.")["lacks_type"] == 0.0

    def test_long_passages_are_all_as_long(self) -> None:
        lengths = [
            signals_of("lantern", "The lantern " + "shines far over the water " * times)["length"]
            for times in (1, 40, 80)
        ]
        assert lengths[0] < lengths[1] == lengths[2]


class TestOrder:
    def test_each_is_told_how_far_it_is_ahead_of_the_best_other(self) -> None:
        known = np.zeros((3, SELF_CONTAINED))
        known[:, 0] = [0.9, 0.5, 0.2]
        rows = with_order(known, np.array([7.0, 6.0, 3.0]), ["a", "b", "c"])
        names = list(SIGNALS)
        assert rows[:, names.index("margin")] == pytest.approx([1.0, -1.0, -4.0])
        assert rows[:, names.index("share_gap")] == pytest.approx([0.4, -0.4, -0.7])

    def test_a_lead_beyond_all_doubt_says_no_more(self) -> None:
        rows = with_order(np.zeros((2, SELF_CONTAINED)), np.array([90.0, 6.0]), ["a", "b"])
        assert list(rows[:, list(SIGNALS).index("margin")]) == [5.0, -5.0]

    def test_equals_are_not_ahead_of_each_other(self) -> None:
        rows = with_order(np.ones((2, SELF_CONTAINED)), np.array([7.0, 7.0]), ["a", "b"])
        assert list(rows[:, -1]) == list(rows[:, -2]) == [0.0, 0.0]

    def test_the_same_passage_in_two_libraries_is_no_rival_of_itself(self) -> None:
        library = make_library("The lantern of the harbour was lit in 1871.", *FILLER)
        asked = "when was the lantern of the harbour lit?"
        once, twice = Searcher([library]).answer(asked), Searcher([library] * 2).answer(asked)
        assert [hit.passage.line for hit in twice.hits] == [1, 1]
        assert once.answered
        for one in twice.hits:
            assert one.signals["margin"] > 1.0
            assert one.confidence == pytest.approx(once.confidence, abs=0.15)


class TestOdds:
    def row(self, **signals: float) -> np.ndarray:
        return np.array([[signals.get(name, 0.0) for name in SIGNALS]])

    def test_what_matches_nothing_answers_nothing(self) -> None:
        assert confidence(BY_WORDS.log_odds(self.row(margin=5.0), NOTHING)) == [0.0]

    def test_a_missing_number_or_name_is_never_sure(self) -> None:
        full = {"share": 1.0, "matched": 3.0}
        assert confidence(BY_WORDS.log_odds(self.row(**full), NOTHING))[0] > 0.9
        for name in ("lacks_number", "lacks_name"):
            doubted = confidence(BY_WORDS.log_odds(self.row(**full, **{name: 1.0}), NOTHING))[0]
            assert BALANCED.closest < doubted < BALANCED.sure
            talked_of = BY_WORDS.log_odds(self.row(**full, **{name: 1.0}), np.array([3.0]))
            assert confidence(talked_of)[0] == doubted

    def test_every_signal_counts(self) -> None:
        plain = BY_WORDS.log_odds(self.row(share=0.5), NOTHING)
        for name, coefficient in SIGNALS.items():
            if not name.startswith("lacks_n"):
                more = self.row(**{"share": 0.5, name: 0.5 if name != "share" else 1.0})
                gained = BY_WORDS.log_odds(more, NOTHING)[0] - plain[0]
                assert gained == pytest.approx(0.5 * coefficient)


class TestOutcomes:
    def test_the_choices_go_from_strict_to_open(self) -> None:
        sure = [choice.sure for choice in CHOICES.values()]
        closest = [choice.closest for choice in CHOICES.values()]
        assert list(CHOICES) == ["strict", "balanced", "open"]
        assert sure == sorted(sure, reverse=True)
        assert closest == sorted(closest, reverse=True)
        assert all(choice.closest < choice.sure for choice in CHOICES.values())

    @pytest.mark.parametrize(
        ("thresholds", "outcome"),
        [
            (Thresholds(0.0, 0.0), Outcome.SURE),
            (Thresholds(1.1, 0.0), Outcome.CLOSEST),
            (Thresholds(1.1, 1.1), Outcome.SILENT),
        ],
    )
    def test_the_thresholds_decide(self, thresholds: Thresholds, outcome: Outcome) -> None:
        library = make_library("The lantern of the harbour was lit.", *FILLER)
        answer = Searcher([library], thresholds).answer("when was the lantern lit?")
        assert answer.outcome is outcome
        assert answer.answered is (outcome is Outcome.SURE)
        assert bool(answer.hits) is answer.answered
        shown = answer.closest
        assert (shown.passage.line if shown else None) == (
            1 if outcome is Outcome.CLOSEST else None
        )
        told = answer.as_json()
        assert told["outcome"] == outcome.value
        assert len(told["closest"]) == (outcome is Outcome.CLOSEST)

    def test_small_talk_and_nothing_found_are_silent(self) -> None:
        library = make_library("The lantern of the harbour was lit.", *FILLER)
        searcher = Searcher([library], Thresholds(0.0, 0.0))
        for question in ("thank you!", "xylophone zeppelin", ""):
            assert searcher.answer(question).outcome is Outcome.SILENT


def test_a_further_hit_stands_close_to_the_first() -> None:
    sure = [0.8, 0.8, 0.8]
    assert spread([10, 9.5, 5], sure, limit=5, threshold=0.5) == 2
    assert spread([10, 9.0, 8.9], sure, limit=5, threshold=0.5) == 2
    assert spread([10, 9.9, 9.8], [0.8, 0.4, 0.8], limit=5, threshold=0.5) == 1
    assert spread([10, 9.9, 9.8], [0.4, 0.8, 0.8], limit=5, threshold=0.5) == 0
    assert spread([10, 9.9, 9.8], sure, limit=2, threshold=0.5) == 2
    assert spread([], [], limit=5, threshold=0.5) == 0


def test_as_sure_as_it_must_be_is_sure_enough() -> None:
    assert spread([10], [0.5], limit=5, threshold=0.5) == 1


class TestByQuestion:
    TEXTS = ("Two crowns.", "In the mill.", "On Monday.")

    def odds(self, *likeness: float, answers: tuple[bool, ...] = (True, True, True)) -> list[float]:
        rows = signals_by_question(np.array(likeness), np.full(3, -4.0), self.TEXTS)
        odds: list[float] = odds_by_question(rows, np.array(answers)).tolist()
        return odds

    def test_the_nearer_the_surer(self) -> None:
        assert self.odds(0.8, 0.2, 0.1)[0] > self.odds(0.5, -0.1, -0.2)[0]

    def test_a_rival_that_is_as_near_makes_it_less_sure(self) -> None:
        assert self.odds(0.5, 0.2, 0.1)[0] > self.odds(0.5, 0.48, 0.1)[0]

    def test_what_answers_no_question_of_its_document_is_left_to_the_other_signals(self) -> None:
        assert self.odds(0.9, 0.2, 0.1, answers=(False, True, True))[0] == -np.inf

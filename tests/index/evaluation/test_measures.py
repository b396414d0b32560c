"""The measures: worked examples, properties, and ir-measures' own figures."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.evaluation.measures import (
    MEASURES,
    Estimate,
    auroc,
    best_f1,
    curve,
    estimate,
    ndcg,
    rank_measures,
    reciprocal_rank,
    success,
)

CONFIDENCES = st.lists(st.integers(0, 5).map(float), min_size=1, max_size=20)
IDS = [f"s{number}" for number in range(15)]


def test_a_worked_example() -> None:
    found = rank_measures(["a", "b", "c", "d"], {"b": 2, "d": 1, "x": 1})
    gained = 2 / math.log2(3) + 1 / math.log2(5)
    best = 2 + 1 / math.log2(3) + 1 / math.log2(4)
    assert found == pytest.approx((0, 1, 1 / 2, gained / best))


def test_nothing_ranked_is_nothing_gained() -> None:
    assert rank_measures([], {"a": 1}) == (0, 0, 0, 0)


def test_only_the_first_ranks_count() -> None:
    gains = [0] * 10 + [1]
    assert success(gains, 10) == reciprocal_rank(gains, 10) == ndcg(gains, [1], 10) == 0
    assert success([0, 1], 1) == 0
    assert ndcg([0], [0], 10) == 0


@given(st.dictionaries(st.sampled_from(IDS), st.integers(1, 3), min_size=1))
def test_the_best_order_has_every_measure_at_one(grades: dict[str, int]) -> None:
    best = sorted(grades, key=lambda one: -grades[one])
    assert rank_measures(best, grades) == pytest.approx((1, 1, 1, 1))


@given(
    st.lists(st.permutations(IDS), min_size=1, max_size=5),
    st.dictionaries(st.sampled_from(IDS), st.integers(1, 3), min_size=1),
)
def test_ir_measures_says_the_same(rankings: list[list[str]], grades: dict[str, int]) -> None:
    ir = pytest.importorskip("ir_measures")
    names = {"S@1": ir.Success @ 1, "S@5": ir.Success @ 5, "MRR@10": ir.RR @ 10}
    names["nDCG@10"] = ir.nDCG @ 10
    runs = {
        str(number): {one: float(len(ranked) - rank) for rank, one in enumerate(ranked)}
        for number, ranked in enumerate(rankings)
    }
    theirs = {
        (metric.query_id, metric.measure): metric.value
        for metric in ir.iter_calc(list(names.values()), dict.fromkeys(runs, grades), runs)
    }
    for number, ranked in enumerate(rankings):
        ours = dict(zip(MEASURES, rank_measures(ranked[:10], grades), strict=True))
        for name, measure in names.items():
            assert ours[name] == pytest.approx(theirs[str(number), measure]), name


@given(CONFIDENCES, CONFIDENCES)
def test_auroc_is_the_share_of_pairs_in_order(positive: list[float], negative: list[float]) -> None:
    pairs = [(one > two) + (one == two) / 2 for one, two in product(positive, negative)]
    assert auroc(positive, negative) == pytest.approx(sum(pairs) / len(pairs))
    assert auroc(negative, positive) == pytest.approx(1 - auroc(positive, negative))


@given(CONFIDENCES, CONFIDENCES)
def test_best_f1_is_the_best_of_all_thresholds(
    positive: list[float], negative: list[float]
) -> None:
    scores = []
    for threshold in {*positive, *negative}:
        right = sum(one >= threshold for one in positive)
        answered = right + sum(one >= threshold for one in negative)
        scores.append(2 * right / (answered + len(positive)))
    assert best_f1(positive, negative) == pytest.approx(max(scores))


def test_curve_answers_ties_together() -> None:
    found = curve([0.9, 0.5, 0.5, 0.1], [True, True, False, False])
    assert [(one.threshold, one.answered, one.precision) for one in found] == [
        (0.9, 0.25, 1.0),
        (0.5, 0.75, pytest.approx(2 / 3)),
        (0.1, 1.0, 0.5),
    ]
    assert curve([], []) == ()


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=300))
def test_curve_ends_with_every_question_answered(outcomes: list[tuple[float, bool]]) -> None:
    found = curve([one for one, _ in outcomes], [right for _, right in outcomes], points=20)
    assert len(found) <= 20
    assert found[-1].answered == 1
    assert found[-1].precision == pytest.approx(sum(right for _, right in outcomes) / len(outcomes))
    thresholds = [point.threshold for point in found]
    assert thresholds == sorted(set(thresholds), reverse=True)


def values(count: int, seed: int) -> Estimate:
    return estimate(np.random.default_rng(seed).random((count, len(MEASURES))), seed=7)


def test_the_interval_holds_the_mean_and_narrows_with_questions() -> None:
    few, many = values(50, 1).figures(), values(5000, 1).figures()
    for name in MEASURES:
        assert few[name].low < few[name].value < few[name].high
        assert many[name].high - many[name].low < (few[name].high - few[name].low) / 5


def test_the_interval_is_that_of_the_normal_approximation() -> None:
    sample = np.random.default_rng(3).random((400, len(MEASURES)))
    figure = estimate(sample, seed=1).figures()["S@1"]
    half = 1.96 * sample[:, 0].std() / math.sqrt(len(sample))
    assert (figure.high - figure.low) / 2 == pytest.approx(half, rel=0.15)


def test_a_difference_is_paired() -> None:
    base = np.random.default_rng(5).random((100, len(MEASURES)))
    better = estimate(base + 0.1, seed=2).minus(estimate(base, seed=2)).figures()["S@1"]
    assert (better.value, better.low, better.high) == pytest.approx((0.1, 0.1, 0.1))


def test_the_same_seed_gives_the_same_interval() -> None:
    assert values(30, 4).figures() == values(30, 4).figures()


def test_sets_weigh_the_same_in_the_mean() -> None:
    one, two = values(10, 1), values(1000, 2)
    mean = Estimate.mean([one, two])
    assert mean.means == pytest.approx((one.means + two.means) / 2)

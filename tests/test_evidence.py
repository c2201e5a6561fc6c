"""The evidence is honest: customers without groups are never called natural, clear groups are.

The same laws with a hundred seeds are in benchmarks/advice.py.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score, calinski_harabasz_score, pairwise_distances, silhouette_score

import segkit
from segkit.charts.evidence_charts import evidence_chart, flow_chart
from segkit.charts.palette import DARK, LIGHT, segment_colour
from segkit.segments.evidence.advice import Advice, advice_for, compared, first_look
from segkit.segments.evidence.agreement import MethodAgreement, agreement_sentence, method_agreement
from segkit.segments.evidence.distances import calinski_harabasz, distances, silhouette
from segkit.segments.evidence.flows import flows
from segkit.segments.evidence.gaps import border_density, neighbours
from segkit.segments.evidence.one_cloud import one_cloud
from segkit.segments.evidence.redraws import adjusted_rand, agreements, redrawn_codes
from segkit.segments.evidence.turns import in_turns
from segkit.segments.features import learned_features
from segkit.segments.methods.k_means import redrawn
from segkit.segments.prepared import Prepared, prepared

LEVELS = np.array(list("abcd"))


def ready(table: pd.DataFrame, answers: bool = False) -> Prepared:
    customers = segkit.read(table)
    features, _ = learned_features(customers, list(table.columns), "auto")
    return prepared(features, customers.frame, answers=answers)


def kinds(mode: str, columns: int) -> list[str]:
    return [
        ("number", "yes/no", "category")[place % 3] if mode == "mixed" else mode for place in range(columns)
    ]


def cut(values: np.ndarray, kind: str, rng: np.random.Generator) -> np.ndarray:
    """Turn a bell curve into answers."""
    if kind == "number":
        return values
    if kind == "yes/no":
        return np.where(values > rng.uniform(-0.6, 0.6), "yes", "no")
    return LEVELS[np.digitize(values, [-0.8, rng.uniform(-0.3, 0.3), 0.9])]


def one_group(shape: str, mode: str, columns: int, rows: int, seed: int) -> pd.DataFrame:
    """Invent customers without groups: all spread evenly, or one cloud with one or two linked directions."""
    rng = np.random.default_rng([seed, columns, rows])
    if shape == "even":
        values = rng.uniform(-1.7, 1.7, (rows, columns))
    else:
        loadings = rng.normal(size=(columns, rng.integers(1, 3)))
        linked = loadings @ loadings.T + rng.uniform(0.5, 1.5) * loadings.shape[1] * np.eye(columns)
        spread = np.sqrt(np.diag(linked))
        values = rng.multivariate_normal(np.zeros(columns), linked / np.outer(spread, spread), rows)
    return pd.DataFrame(
        {f"v{place}": cut(values[:, place], kind, rng) for place, kind in enumerate(kinds(mode, columns))}
    )


def clear_groups(mode: str, columns: int, count: int, rows: int, seed: int) -> pd.DataFrame:
    """Invent groups of unequal size, 7 standard deviations apart or with 9 of 10 answers in common."""
    rng = np.random.default_rng([seed, columns, rows, count])
    group = rng.choice(count, rows, p=rng.dirichlet(np.full(count, 5.0)) * 0.6 + 0.4 / count)
    middles = _apart(rng, count, columns) * 7
    table = {}
    answer = _patterns(rng, count, columns)
    for place, kind in enumerate(kinds(mode, columns)):
        if kind == "number":
            table[f"v{place}"] = middles[group, place] + rng.normal(size=rows)
            continue
        levels = np.array(["no", "yes"]) if kind == "yes/no" else LEVELS
        typical = answer[group, place] % len(levels)
        chance = rng.integers(0, len(levels), rows)
        table[f"v{place}"] = levels[np.where(rng.random(rows) < 0.9, typical, chance)]
    return pd.DataFrame(table)


def _apart(rng: np.random.Generator, count: int, columns: int) -> np.ndarray:
    """Middles of groups of which the nearest are 1 apart and none lies far off."""
    while True:
        middles = rng.normal(size=(count, columns))
        gaps = pairwise_distances(middles)[np.triu_indices(count, 1)]
        if gaps.min() > 0.5 * np.median(gaps):
            return middles / gaps.min()


def _patterns(rng: np.random.Generator, count: int, columns: int) -> np.ndarray:
    """Typical answers: any two groups differ in two of five dimensions, also if they are yes or no."""
    while True:
        answers = np.stack([rng.permutation(np.arange(count) % 4) for _ in range(columns)], axis=1)
        differing = [(answers[a] % 2 != answers[b] % 2).sum() for a in range(count) for b in range(a)]
        if min(differing) >= 0.4 * columns:
            return answers


def verdict(table: pd.DataFrame, seed: int, counts: Sequence[int] = range(2, 8)) -> tuple[int, str]:
    """The recommended number and its verdict; scrambled customers are looked at only if it can be natural."""
    customers = ready(table)
    look = first_look(customers, redrawn, seed, counts)
    best = look.candidate(look.recommended)
    assert best is not None
    if not best.apart:
        return look.recommended, "not natural"
    return look.recommended, compared(look, customers, redrawn, seed).verdict


@pytest.mark.parametrize("mode", ["number", "yes/no", "category", "mixed"])
@pytest.mark.parametrize("shape", ["even", "cloud"])
def test_customers_without_groups_are_not_called_natural(shape, mode):
    for seed, (columns, rows) in enumerate([(2, 500), (4, 300), (9, 400)]):
        assert verdict(one_group(shape, mode, columns, rows, seed), seed)[1] != "natural"


@pytest.mark.parametrize(
    ("mode", "columns", "count", "rows"),
    [
        ("number", 2, 3, 500),
        ("number", 10, 5, 600),
        ("yes/no", 9, 3, 500),
        ("category", 8, 4, 500),
        ("mixed", 9, 3, 500),
    ],
)
def test_clear_groups_are_natural_and_counted(mode, columns, count, rows):
    assert verdict(clear_groups(mode, columns, count, rows, 1), 1) == (count, "natural")


@pytest.mark.parametrize("mode", ["number", "yes/no", "mixed"])
def test_groups_that_are_scrambled_are_not_natural(mode):
    table = clear_groups(mode, 6, 2, 500, 3)
    rng = np.random.default_rng(0)
    scrambled = table.apply(lambda column: rng.permutation(column))
    assert verdict(scrambled, 0)[1] != "natural"


def numbers(rows: np.ndarray) -> Prepared:
    return ready(pd.DataFrame(rows).rename(columns=str))


# ------------------------------------------------------------------------------------------ measures


def test_silhouette_agrees_with_scikit_learn():
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(150, 3))
    for codes in (rng.integers(0, 4, 150), np.r_[0, np.ones(149, int)], np.arange(150) % 75):
        found = silhouette(pairwise_distances(rows), codes)
        assert found == pytest.approx(silhouette_score(rows, codes), abs=1e-9)
        assert silhouette(distances(rows), codes) == pytest.approx(found, abs=1e-5)
    gap = np.where(codes > 2, codes + 1, codes)  # an empty segment changes nothing
    assert silhouette(pairwise_distances(rows), gap) == pytest.approx(found, abs=1e-9)


def test_silhouette_of_one_segment_is_zero():
    assert silhouette(pairwise_distances(np.eye(4)), np.zeros(4, int)) == 0


def test_variance_ratio_agrees_with_scikit_learn():
    rng = np.random.default_rng(0)
    rows, codes = rng.normal(size=(150, 3)), rng.integers(0, 4, 150)
    assert calinski_harabasz(rows, codes) == pytest.approx(calinski_harabasz_score(rows, codes), rel=1e-9)
    assert calinski_harabasz(rows, np.zeros(150, int)) == 0
    assert calinski_harabasz(np.repeat(np.eye(2), 5, axis=0), np.repeat([0, 1], 5)) == 0


def test_two_far_groups_come_back_each_time():
    rows = np.repeat([[0.0, 0], [9, 9]], 60, axis=0) + np.random.default_rng(0).normal(size=(120, 2))
    assert agreements(redrawn_codes(numbers(rows), redrawn, 2, 0, 3)) == [1, 1, 1]


def test_the_adjusted_rand_index_is_that_of_scikit_learn():
    rng = np.random.default_rng(3)
    for most in range(1, 9):
        one, other = rng.integers(0, most, 60), rng.integers(0, 5, 60) * 2
        assert adjusted_rand(one, other) == pytest.approx(adjusted_rand_score(one, other), abs=1e-12)
    assert adjusted_rand(one, one) == 1
    assert adjusted_rand(np.zeros(60, int), np.zeros(60, int)) == 1


# ---------------------------------------------------------------------------------------------- gaps


@pytest.mark.parametrize(("gap", "low", "high"), [(0, 0.8, 1), (3, 0.4, 1), (4, 0.1, 0.5), (8, 0, 0.02)])
def test_the_air_between_two_groups_gets_thinner_as_they_part(gap, low, high):
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(2000, 4)) + np.repeat([[0.0] * 4, [gap, 0, 0, 0]], 1000, axis=0)
    customers = numbers(rows)
    shuffled = customers.take(rng.permutation(2000))
    assert low <= border_density(shuffled, redrawn, 2, 0) <= high


def test_cells_of_an_even_cloud_leave_no_gap():
    for columns in (2, 6, 10):
        rows = np.random.default_rng(columns).random((1500, columns))
        for count in (3, 6, 10):
            assert border_density(numbers(rows), redrawn, count, 0) > 0.7


def test_neighbours_have_nobody_in_between():
    centres = {0: np.array([0.0, 0]), 1: np.array([2.0, 0.1]), 4: np.array([4.0, 0])}
    assert neighbours(centres) == [(1, 0), (4, 1)]


# ----------------------------------------------------------------------------------------- one cloud


def test_one_cloud_keeps_answers_and_their_links():
    table = one_group("cloud", "mixed", 6, 2000, 0)
    real = ready(table, answers=True)
    cloud = one_cloud(real, 0)
    assert cloud.answers is not None
    for place, block in enumerate(real.blocks):
        if kinds("mixed", 6)[place] == "number":  # a bell curve with the same middle and spread
            assert cloud.space[:, block].mean() == pytest.approx(real.space[:, block].mean(), abs=0.08)
            assert cloud.space[:, block].std() == pytest.approx(real.space[:, block].std(), rel=0.08)
            assert np.unique(cloud.space[:, block]).size == 2000
            assert cloud.answers[:, place] == pytest.approx(cloud.space[:, block.start], abs=1e-4)
        else:  # each answer as often
            assert (np.sort(cloud.answers[:, place]) == np.sort(real.answers[:, place])).all()
            assert (np.sort(cloud.space[:, block], axis=0) == np.sort(real.space[:, block], axis=0)).all()
    linked = [place for place, kind in enumerate(kinds("mixed", 6)) if kind != "category"]
    columns = [real.blocks[place].start for place in linked]
    apart = np.corrcoef(cloud.space[:, columns].T) - np.corrcoef(real.space[:, columns].T)
    assert np.abs(apart).max() < 0.08


# --------------------------------------------------------------------------------------------- flows


def test_segments_stand_beside_those_they_come_from():
    two = np.array([1, 1, 1, 1, 0, 0])
    three = np.array([2, 2, 0, 0, 1, 1])
    assert flows([two, three], [2, 3]) == (((2, 2, 0), (0, 0, 2)),)


# --------------------------------------------------------------------------------------------- turns


def test_work_comes_back_in_order_and_what_has_not_begun_is_left():
    shares = []
    assert in_turns([lambda place=place: place * 2 for place in range(5)], shares.append) == [0, 2, 4, 6, 8]
    assert shares == [0.2, 0.4, 0.6, 0.8, 1.0]
    begun = []

    def stop(share):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        in_turns([lambda place=place: begun.append(place) for place in range(5000)], stop)
    assert len(begun) < 5000


# ----------------------------------------------------------------------------------------- agreement


class _Halves:
    """Divides customers by the order they come in."""

    def codes(self, customers: Prepared) -> np.ndarray:
        return np.arange(len(customers)) % 2


def test_other_methods_are_compared_with_the_first():
    customers = numbers(
        np.repeat([[0.0, 0], [9, 9]], 100, axis=0) + np.random.default_rng(0).normal(size=(200, 2))
    )
    refits = {"k-means": redrawn, "again": redrawn, "halves": lambda sample, count, seed: _Halves()}
    found = method_agreement(customers, refits, 2, 0)
    assert [one.method for one in found] == ["again", "halves"]
    assert found[0].agreement == 1
    assert abs(found[1].agreement) < 0.05
    assert found[0].sentence == "Finds nearly the same groups (agreement 1.00 of 1)."
    assert agreement_sentence(found) == "1 of 2 other methods find nearly the same groups."
    assert agreement_sentence(found[:1]).startswith("Other methods find nearly the same groups")
    assert "other borders" in MethodAgreement("x", 0.7).sentence


# -------------------------------------------------------------------------------------------- charts


@pytest.fixture(scope="module")
def advice() -> Advice:
    return advice_for(ready(clear_groups("number", 3, 4, 400, 1)), redrawn, 0, range(2, 8))


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_evidence_is_drawn_before_scrambled_data(advice, theme):
    chart = evidence_chart(advice, 3, theme)
    band, line = chart.figure.data
    assert list(line.x) == [2, 3, 4, 5, 6, 7]
    assert list(line.y) == [one.stability for one in advice.evidence]
    assert [
        count for count, colour in zip(line.x, line.marker.color, strict=True) if colour == theme.accent
    ] == [3]
    assert max(band.y) == max(one.scrambled.stability_high for one in advice.evidence)
    assert band.fillcolor == "rgba(141,143,154,0.3)"
    assert {"scrambled data", "your customers", "holds up"} <= {
        note.text for note in chart.figure.layout.annotations
    }
    assert chart.alt.startswith("4 segments are there to be found: they come back and stand apart.")


def test_a_first_look_is_drawn_without_scrambled_data(advice):
    look = first_look(ready(clear_groups("number", 3, 4, 400, 1)), redrawn, 0, [4])
    chart = evidence_chart(look, 4, LIGHT)
    assert len(chart.figure.data) == 1
    assert "crambled" not in chart.figure.to_json()
    assert chart.alt.startswith("4 segments are recommended.")
    assert flow_chart(look, 4, LIGHT).alt == "Only 4 segments were looked at."


def test_the_flow_ends_one_after_the_chosen_number(advice):
    chart = flow_chart(advice, 4, LIGHT)
    sankey = chart.figure.data[0]
    assert len(sankey.node.label) == 2 + 3 + 4 + 5
    assert sum(sankey.link.value) == 3 * 400
    chosen = slice(5, 9)
    sizes = advice.flow(3).sum(axis=0)
    largest = int(np.argmax(sizes))
    assert sankey.node.color[chosen][largest] == segment_colour(0)
    assert set(sankey.node.color) == {segment_colour(place) for place in range(4)}
    assert len(flow_chart(advice, 7, DARK).figure.data[0].node.label) == 3 + 4 + 5 + 6 + 7
    assert "With 4 segments they hold" in chart.alt

"""How firmly each segment holds when customers are drawn again."""

import numpy as np
import pandas as pd
import pytest

import segkit
from segkit.segments.conditions import Quantity, Test
from segkit.segments.fitting import fit, settled
from segkit.segments.holding import LIGHTS, jaccard, light_of, segment_stability
from segkit.segments.methods.draft import ruled
from segkit.segments.refining import refined


def table(rows=800, apart=8.0, seed=0):
    """Two groups far from everything, and a cloud that is cut anyhow."""
    rng = np.random.default_rng(seed)
    group = rng.choice(3, rows, p=[0.2, 0.2, 0.6])
    middle = np.array([[apart, 0, 0], [0, apart, 0], [0, 0, 0]])[group]
    return pd.DataFrame(middle + rng.normal(0, 1, (rows, 3)), columns=["a", "b", "c"]).round(3)


def test_jaccard_is_both_over_either():
    found = np.array([0, 0, 0, 1, 1, -1])
    again = np.array([1, 1, 0, 0, 0, 1])
    assert jaccard(found, again, 2).tolist() == [2 / 4, 2 / 3]
    assert jaccard(found, found, 3).tolist() == [1, 1, 0]


def test_real_groups_hold_and_cut_clouds_do_not():
    customers = segkit.read(table())
    real = segment_stability(customers, fit(customers, segkit.Plan(("a", "b", "c"), n_segments=3)))
    assert min(real.values()) >= 0.95
    cut = segment_stability(customers, fit(customers, segkit.Plan(("a", "b", "c"), n_segments=5)))
    assert min(cut.values()) < 0.75


def test_order_of_rows_and_size_of_table_do_not_matter_much():
    big = table(6_000)
    customers, other = segkit.read(big), segkit.read(big.sample(frac=1, random_state=1))
    plan = segkit.Plan(("a", "b", "c"), n_segments=3)
    one, two = (segment_stability(each, fit(each, plan), redraws=5) for each in (customers, other))
    assert one == two
    assert set(one) == {"S1", "S2", "S3"}


def test_refinements_are_made_again_each_time():
    customers = segkit.read(table())
    fitted = fit(customers, segkit.Plan(("a", "b", "c"), n_segments=3))
    merged = refined(customers, fitted, [{"do": "merge", "segments": ["S2", "S3"]}])
    firm = segment_stability(customers, merged, fitted, redraws=5)
    assert set(firm) == {"S1", "S2+S3"}
    assert min(firm.values()) > 0.95
    split = refined(customers, fitted, [{"do": "split", "segment": "S1", "into": 3}])
    shaky = segment_stability(customers, split, fitted, redraws=5)
    assert shaky["S2"] > 0.95
    assert min(shaky[key] for key in ("S1a", "S1b", "S1c")) < 0.75  # a cloud cut in three


def test_rules_hold_by_definition():
    customers = segkit.read(table())
    draft = ruled(customers, [("High", Test(Quantity("a"), ">", (4.0,)))], rest="Low")
    assert segment_stability(customers, settled(customers, segkit.Plan(("a",)), draft)) == {}


@pytest.mark.parametrize(
    ("stability", "key"), [(1, "firm"), (0.85, "firm"), (0.84, "valid"), (0.6, "pattern"), (0, "doubtful")]
)
def test_lights_change_at_their_borders(stability, key):
    assert light_of(stability).key == key
    assert [light.at_least for light in LIGHTS] == sorted((light.at_least for light in LIGHTS), reverse=True)

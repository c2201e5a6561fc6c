"""Where to invest: scores, ranking, budget, savings and parts of segments, each against plain pandas."""

import io
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

import segkit
from segkit.charts.palette import DARK, LIGHT
from segkit.charts.priority_charts import priority_chart, split_chart
from segkit.customers.table import Customers
from segkit.errors import UnusablePlan
from segkit.exports.lists import numbers_csv
from segkit.insights.priority_text import (
    before_weights,
    firm_text,
    micro_numbers,
    priority_headline,
    priority_numbers,
    priority_title,
    saving_sentence,
    split_numbers,
    swaps_text,
)
from segkit.measures.estimates import Estimate
from segkit.measures.kpis import KpiTable, measure
from segkit.measures.priorities import (
    ATTRACTIVENESS,
    FIT,
    Cell,
    Criterion,
    Priorities,
    Scored,
    Scores,
    headroom,
    metrics,
    micro_segments,
    priorities,
    product,
    scores,
    second_columns,
    share_of_worth,
)
from segkit.measures.savings import (
    Assumed,
    Candidate,
    Now,
    candidates,
    channel_columns,
    find_lever,
    missing,
    saving,
    split_budget,
    standing,
    ticket_cost,
    usual_cost,
    usual_months,
)
from segkit.measures.scorecard import reach
from segkit.segments.segmentation import Assignment, Segment
from tests.real_data import real_file
from tests.test_scorecard_table import by_column, table

Known = tuple[Customers, Assignment, KpiTable, pd.DataFrame]


@pytest.fixture(scope="module")
def sample() -> Known:
    customers = segkit.read("data/sample/customers.csv")
    assignment = by_column(customers, "journey_stage")
    return customers, assignment, measure(customers, assignment), pd.read_csv("data/sample/customers.csv")


@pytest.fixture(scope="module")
def telco() -> Known:
    path = real_file("telco_churn", "Telco-Customer-Churn.csv")
    customers = segkit.read(path)
    assignment = by_column(customers, "InternetService")
    return customers, assignment, measure(customers, assignment), pd.read_csv(path)


def made(values: dict[str, list[float]], axes: dict[str, str], half: float = 0.0, n: int = 100) -> Scores:
    """Scores of criteria with given marks, all of them with the same width of interval."""
    count = len(next(iter(values.values())))
    criteria = tuple(
        Scored(
            Criterion(key, key, "", axes[key]),
            "number",
            "",
            tuple(Cell(Estimate(one, one - half, one + half), n, one) for one in marks),
            True,
            False,
        )
        for key, marks in values.items()
    )
    segments = tuple(Segment(f"S{place}", f"segment {place}", place) for place in range(count))
    return Scores(segments, (100,) * count, (1 / count,) * count, criteria, None)


def order(found: Priorities) -> list[str]:
    return [one.segment.key for one in found.ranked]


# --- scores ----------------------------------------------------------------------------------------


def scaled(values: pd.Series) -> pd.Series:
    return 100 * (values - values.min()) / (values.max() - values.min())


def test_scores_stand_between_the_lowest_and_the_highest_segment(sample):
    customers, assignment, kpis, raw = sample
    groups = raw.groupby("journey_stage")
    margin = (raw["revenue"] - raw["cost"]).groupby(raw["journey_stage"]).mean()
    expected = {
        "size": scaled(groups.size()),
        "margin": scaled(margin),
        "csat": scaled(groups["csat"].mean()),
        "tickets": 100 - scaled(groups["tickets"].mean()),
        "conversion": scaled(groups["converted"].agg(lambda one: (one == "Yes").mean())),
        "reach": scaled(groups["channel_consent"].agg(lambda one: (one != "none").mean())),
    }
    found = {
        one.criterion.key: one
        for one in scores(assignment.segments, kpis, reach(customers, assignment)).criteria
    }
    names = [one.name for one in assignment.segments]
    for key, marks in expected.items():
        if not found[key].differs:
            continue
        told = dict(zip(names, (cell.score for cell in found[key].cells), strict=True))
        assert told == pytest.approx(marks.to_dict()), key
    assert {"margin", "csat", "size"} <= {key for key, one in found.items() if one.differs}


def test_where_nobody_differs_reliably_all_score_fifty():
    frame = pd.DataFrame(
        {"customer_id": range(80), "plan": ["a", "b"] * 40, "nps": [9, 9, 6, 6, 10, 8, 9, 10] * 10}
    )
    customers = table(frame)
    assignment = by_column(customers, "plan")
    nps = next(
        one
        for one in scores(assignment.segments, measure(customers, assignment)).criteria
        if one.criterion.key == "nps"
    )
    assert not nps.differs
    assert [cell.score for cell in nps.cells] == [50, 50]
    assert nps.cells[0].estimate.value != nps.cells[1].estimate.value


def test_revenue_stands_where_margin_would_and_money_is_absent_without_columns(sample, telco):
    assert {"margin", "value", "headroom"} <= {
        one.criterion.key for one in scores(sample[1].segments, sample[2]).criteria
    }
    keys = {one.criterion.key for one in scores(telco[1].segments, telco[2]).criteria}
    assert "revenue" in keys
    assert "margin" not in keys
    wholesale = segkit.read(real_file("wholesale", "Wholesale customers data.csv"))
    by_region = by_column(wholesale, "Region")
    only = scores(by_region.segments, measure(wholesale, by_region))
    assert [one.criterion.key for one in only.criteria] == ["size"]
    assert "Only sizes can be compared" in before_weights(only)
    assert not priorities(only).tells
    own = scores(by_region.segments, measure(wholesale, by_region, own=["Fresh"]))
    assert [one.criterion.key for one in own.criteria] == ["size", "own:Fresh"]


def test_what_formed_the_segments_is_marked(sample):
    customers, _, _, _ = sample
    assignment = by_column(customers, "converted", ("converted",))
    found = {
        one.criterion.key: one for one in scores(assignment.segments, measure(customers, assignment)).criteria
    }
    assert found["conversion"].circular
    assert not found["nps"].circular


def test_few_customers_or_answers_are_shown_and_not_ranked():
    count = [200, 150, 20, 3]
    plan = np.repeat(["a", "b", "c", "d"], count)
    nps = np.resize([10, 9, 4], len(plan)).astype(float)
    nps[210:350] = np.nan  # ten answers of b are left
    customers = table(pd.DataFrame({"customer_id": range(len(plan)), "plan": plan, "nps": nps}))
    assignment = by_column(customers, "plan")
    found = priorities(scores(assignment.segments, measure(customers, assignment)))
    assert [one.segment.name for one in found.rows] == ["a", "b"]  # c would give d away
    assert {one.segment.name: one.unranked for one in found.rows} == {"a": "", "b": "NPS: 10 answers"}
    without = priorities(found.scores, {"nps": 0})
    assert [one.rank for one in without.rows] == [1, 2]


# --- ranking ---------------------------------------------------------------------------------------

AXES = {"money": ATTRACTIVENESS, "size": ATTRACTIVENESS, "nps": FIT, "stay": FIT}
MARKS = {"money": [100, 40, 0], "size": [0, 60, 100], "nps": [50, 100, 0], "stay": [10, 0, 100]}


def test_priority_is_the_weighted_mean_of_weighted_means():
    found = priorities(made(MARKS, AXES), {"money": 3, "size": 1, "nps": 1, "stay": 0, ATTRACTIVENESS: 2})
    told = {one.segment.key: (one.attractiveness, one.fit, one.score) for one in found.rows}
    assert told["S0"] == pytest.approx((75, 50, (2 * 75 + 50) / 3))
    assert told["S1"] == pytest.approx((45, 100, (2 * 45 + 100) / 3))
    assert told["S2"] == pytest.approx((25, 0, 50 / 3))
    assert order(found) == ["S0", "S1", "S2"]


def test_only_relative_weights_count():
    usual = priorities(made(MARKS, AXES), {"money": 2})
    scaled_up = priorities(made(MARKS, AXES), {"money": 6, "size": 3})
    assert [one.score for one in usual.rows] == pytest.approx([one.score for one in scaled_up.rows])


def test_weights_that_make_no_sense_are_refused():
    with pytest.raises(UnusablePlan, match="Nothing counts"):
        priorities(made(MARKS, AXES), dict.fromkeys(MARKS, 0))
    with pytest.raises(UnusablePlan, match="Nothing counts"):
        priorities(made(MARKS, AXES), {ATTRACTIVENESS: 0, "nps": 0, "stay": 0})
    with pytest.raises(UnusablePlan, match="0 or more"):
        priorities(made(MARKS, AXES), {"money": -1})


def plain_score(marks: pd.DataFrame, weights: pd.Series) -> pd.Series:
    """The same by pandas: means by axis, then the mean of both."""
    means = {
        axis: (marks[names] * weights[names]).sum(axis=1) / weights[names].sum()
        for axis, names in ((ATTRACTIVENESS, ["money", "size"]), (FIT, ["nps", "stay"]))
    }
    return pd.DataFrame(means).mul(weights[list(means)]).sum(axis=1) / weights[list(means)].sum()


@settings(max_examples=8, deadline=None)
@given(some.lists(some.lists(some.integers(0, 100), min_size=4, max_size=4), min_size=3, max_size=6))
def test_swaps_are_those_of_a_ranking_with_each_weight_moved(rows):
    marks = pd.DataFrame(rows, columns=list(AXES), dtype=float)
    found = priorities(made({name: marks[name].tolist() for name in AXES}, AXES))
    usual = pd.Series(1.0, [*AXES, ATTRACTIVENESS, FIT])
    before = plain_score(marks, usual).round(9)
    expected = set()
    for name in usual.index:
        for more in (True, False):
            after = plain_score(marks, usual.where(usual.index != name, 1.2 if more else 0.8)).round(9)
            for one in marks.index:
                for other in marks.index[marks.index > one]:
                    ahead, behind = (one, other) if before[one] >= before[other] else (other, one)
                    first_wins_ties = ahead < behind
                    kept = after[ahead] > after[behind] or (after[ahead] == after[behind] and first_wins_ties)
                    if not kept:
                        expected.add((name, more, f"S{behind}", f"S{ahead}"))
    assert {(swap.weight, swap.more, swap.up, swap.down) for swap in found.swaps} == expected


def test_a_swap_is_told_with_both_names_and_takes_the_first_place_back():
    two = {"money": ATTRACTIVENESS, "nps": FIT}
    found = priorities(made({"money": [100, 0, 0], "nps": [0, 98, 0]}, two))
    assert swaps_text(found) == [
        "“segment 1” come before “segment 0” with a fifth more weight on fit "
        "or a fifth less on attractiveness."
    ]
    assert firm_text(found).startswith("The first place hangs on the weights")
    assert not found.holds
    behind = priorities(made({"money": [100, 100, 0], "nps": [100, 0, 98]}, two))
    assert firm_text(behind) == "The first place does not hang on the weights; the order behind it does."
    assert behind.holds
    clear = priorities(made({"money": [100, 0], "nps": [100, 0]}, two))
    assert firm_text(clear) == "No weight that is a fifth higher or lower changes the order."


def test_the_first_place_is_drawn_again():
    wide = made({"money": [60, 55, 0], "nps": [60, 55, 0]}, {"money": ATTRACTIVENESS, "nps": FIT}, half=30)
    found = priorities(wide)
    shares = [one.first for one in found.rows]
    assert sum(shares) == pytest.approx(1)
    assert 0.4 < shares[0] < 0.9
    assert not found.holds
    assert priorities(wide) == found  # the same draws each time
    sharp = priorities(
        made({"money": [60, 55, 0], "nps": [60, 55, 0]}, {"money": ATTRACTIVENESS, "nps": FIT})
    )
    assert sharp.rows[0].first == 1.0
    assert sharp.holds


def test_the_headline_names_shares_of_customers_and_of_margin(sample):
    _, assignment, kpis, raw = sample
    found = priorities(
        scores(assignment.segments, kpis), {"margin": 3, FIT: 0, "headroom": 0, "value": 0, "size": 0}
    )
    margin = raw["revenue"] - raw["cost"]
    first = margin.groupby(raw["journey_stage"]).mean().idxmax()
    assert found.ranked[0].segment.name == first
    share = margin[raw["journey_stage"] == first].sum() / margin.sum()
    key = found.ranked[0].segment.key
    assert share_of_worth(kpis, key) == pytest.approx(share)
    text = priority_headline(found, kpis).replace("\u202f", " ")
    assert f"“{first}”" in text
    if found.holds:
        customers = (raw["journey_stage"] == first).mean()
        assert text.startswith(f"“{first}” deserve the first euro: {100 * customers:.0f} % of customers")
        assert f"{100 * share:.0f} % of margin" in text
    else:
        assert "not firmly" in text


def test_the_numbers_of_the_map_hold_value_score_and_weight_of_each_criterion(sample):
    _, assignment, kpis, _ = sample
    found = priorities(scores(assignment.segments, kpis), {"nps": 2})
    rows = priority_numbers(found)
    assert rows["Rank"].dropna().tolist() == [1, 2, 3, 4]
    assert rows["Not ranked because"].tolist() == ["", "", "", "", "Value of a customer: too few answers"]
    assert rows["NPS: weight"].unique().tolist() == [2]
    assert rows["NPS"].tolist() == [kpis.find(one.segment.key, "nps").value for one in found.rows]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_map_is_one_that_plotly_draws(sample, theme):
    _, assignment, kpis, _ = sample
    found = priorities(scores(assignment.segments, kpis))
    chart = priority_chart(found, assignment.segments, theme)
    points = [(trace.x[0], trace.y[0]) for trace in chart.figure.data]
    assert sorted(points) == sorted((one.fit, one.attractiveness) for one in found.rows)
    assert chart.alt.startswith(priority_title(found))
    one_axis = priority_chart(priorities(found.scores, {FIT: 0}), assignment.segments, theme)
    assert one_axis.figure.data[0].type == "bar"


# --- headroom --------------------------------------------------------------------------------------


def test_headroom_is_the_gap_to_the_best_segment_times_worth(telco):
    _, assignment, kpis, raw = telco
    room = headroom(kpis)
    stay = raw["Churn"].eq("No").groupby(raw["InternetService"]).mean()
    assert (room.gap, room.worth) == ("retention", "value")
    assert {one.key: one.name for one in assignment.segments}[room.best] == stay.idxmax()
    revenue = raw.groupby("InternetService")["MonthlyCharges"].mean()
    worth = revenue * sum((stay / 1.1) ** period for period in range(5))
    for segment in assignment.segments:
        expected = (stay.max() - stay[segment.name]) * worth[segment.name]
        told = room.each[segment.key]
        assert told.value == pytest.approx(expected)
        assert told.low <= told.value <= told.high


def test_no_headroom_where_nobody_is_reliably_ahead():
    frame = pd.DataFrame(
        {"customer_id": range(400), "plan": ["a", "b"] * 200, "retained": [1, 1, 0, 0] * 100}
    )
    customers = table(frame)
    assert headroom(measure(customers, by_column(customers, "plan"))) is None


def test_a_product_spreads_as_both_of_its_parts_do():
    assert product(Estimate(2, 1, 4), Estimate(-10, -10, -10)) == Estimate(-20, -40, -10)
    told = product(Estimate(2, 1, 3), Estimate(10, 6, 12))
    assert (told.low, told.high) == pytest.approx((20 - np.hypot(10, 8), 20 + np.hypot(10, 4)))


# --- a budget --------------------------------------------------------------------------------------

SEGMENTS = tuple(Segment(f"S{place}", f"segment {place}", place) for place in range(8))
CASES = some.lists(
    some.tuples(some.integers(1, 5000), some.floats(-20, 500), some.floats(0, 0.5)), min_size=1, max_size=8
)


def offers(rows) -> list[Candidate]:
    return [
        Candidate(segment, float(count), Estimate(worth, worth - 1, worth + 1), uplift)
        for segment, (count, worth, uplift) in zip(SEGMENTS, rows, strict=False)
    ]


@settings(max_examples=60, deadline=None)
@given(CASES, some.integers(1, 10_000_000), some.floats(0.05, 50))
def test_parts_and_what_is_kept_add_up_to_the_cent(rows, cents, cost):
    split = split_budget(offers(rows), cents / 100, cost)
    handed = [round(100 * part.money) for part in split.parts]
    assert sum(handed) + round(100 * split.kept) == cents
    assert all(part.money >= 0 for part in split.parts)
    assert split.kept >= 0
    assert split_numbers(split)["Money"].sum() == pytest.approx(cents / 100)


@settings(max_examples=25, deadline=None)
@given(CASES, some.integers(1000, 100_000), some.floats(0.5, 20))
def test_no_other_split_brings_more(rows, budget, cost):
    found = offers(rows)
    split = split_budget(found, float(budget), cost)

    def net(money):
        return sum(
            max(one.worth.value, 0)
            * one.customers
            * one.uplift
            * (1 - np.exp(-some_money / (one.customers * cost)))
            - some_money
            for one, some_money in zip(found, money, strict=True)
        )

    best = [part.money for part in split.parts]
    step = budget / 50
    for giver, given_ in enumerate([*best, split.kept]):
        for taker in range(len(best) + 1):
            moved = [*best, split.kept]
            size = min(step, given_)
            moved[giver], moved[taker] = moved[giver] - size, moved[taker] + size
            if giver != taker:
                assert net(moved[:-1]) <= net(best) + 0.05  # a cent a part


def test_the_whole_budget_goes_where_it_brings_more_than_it_costs():
    found = offers([(1000, 100, 0.2), (1000, 10, 0.2)])
    split = split_budget(found, 1000.0, 5.0)
    assert [part.money for part in split.parts] == [1000.0, 0.0]
    assert split.kept == 0
    assert split.income.value == pytest.approx(100 * 1000 * 0.2 * (1 - np.exp(-0.2)))
    assert split.income.low < split.income.value < split.income.high
    much = split_budget(found, 1_000_000.0, 5.0)
    assert much.parts[0].money == pytest.approx(5000 * np.log(4), abs=0.01)
    assert much.kept == pytest.approx(1_000_000 - 5000 * np.log(4), abs=0.01)


@pytest.mark.parametrize(("budget", "cost"), [(0.0, 1.0), (10.0, 0.0), (float("inf"), 1.0), (-5.0, 1.0)])
def test_a_split_needs_a_budget_and_a_cost(budget, cost):
    with pytest.raises(UnusablePlan, match="both above 0"):
        split_budget(offers([(10, 10, 0.1)]), budget, cost)


def test_money_goes_only_to_customers_who_may_be_written_to(sample):
    customers, assignment, kpis, raw = sample
    known = reach(customers, assignment)
    found = candidates(assignment.segments, kpis, known, {"S1": 0.3}, 0.1)
    agreed = raw[raw["channel_consent"] != "none"].groupby("journey_stage").size()
    assert {one.segment.name: one.customers for one in found} == pytest.approx(agreed.to_dict())
    assert [one.uplift for one in found] == [0.3, *[0.1] * (len(found) - 1)]
    chart = split_chart(split_budget(found, 5000.0, usual_cost(kpis)), assignment.segments, "money", LIGHT)
    assert len(chart.figure.data[0].x) >= len(found)


# --- savings ---------------------------------------------------------------------------------------


def test_fewer_tickets_save_their_cost(sample):
    customers, assignment, kpis, raw = sample
    assumed = Assumed(6, 9.0)
    for now in standing("tickets", customers, assignment, kpis, assumed):
        inside = raw[raw["journey_stage"] == now.segment.name]["tickets"]
        told = saving(now, 0.3, assumed, -1).money
        assert told.value == pytest.approx(len(inside) * (inside.mean() - 0.3) * 9 * 2)
        row = kpis.find(now.segment.key, "tickets")
        assert told.high - told.low == pytest.approx(len(inside) * (row.high - row.low) * 9 * 2)
    assert standing("tickets", customers, assignment, kpis, Assumed()) == []  # nobody said what one costs


def test_more_who_stay_bring_what_customers_bring(telco):
    customers, assignment, kpis, raw = telco
    for now in standing("retention", customers, assignment, kpis, Assumed(1)):
        inside = raw[raw["InternetService"] == now.segment.name]
        gain = len(inside) * (0.95 - inside["Churn"].eq("No").mean()) * inside["MonthlyCharges"].mean() * 12
        told = saving(now, 0.95, Assumed(1), 1)
        assert told.money.value == pytest.approx(gain)
        assert told.money.low < told.money.value < told.money.high
        assert told.holds == (told.money.low > 0 or told.money.high < 0)


def test_another_mix_saves_the_difference_in_costs(sample):
    customers, assignment, kpis, raw = sample
    for now in standing("channel", customers, assignment, kpis, Assumed(), ("device", "web")):
        inside = raw[raw["journey_stage"] == now.segment.name]
        uses = inside["device"] == "web"
        gap = inside.loc[~uses, "cost"].mean() - inside.loc[uses, "cost"].mean()
        assert now.level.value == pytest.approx(uses.mean())
        assert now.worth.value == pytest.approx(gap)
        assert saving(now, 0.9, Assumed(), 0).money.value == pytest.approx(
            len(inside) * (0.9 - uses.mean()) * gap
        )
    assert [one.name for one in channel_columns(customers)] == ["acquisition_channel", "device"]


def test_levers_say_what_they_lack(telco):
    customers, assignment, kpis, _ = telco
    assert missing(find_lever("tickets"), customers) == ("tickets",)
    assert missing(find_lever("channel"), customers) == ("cost",)
    assert missing(find_lever("retention"), customers) == ()
    assert standing("channel", customers, assignment, kpis, Assumed()) == []
    with pytest.raises(UnusablePlan, match="Levers: tickets, retention and channel"):
        find_lever("luck")


def test_a_ticket_costs_the_slope_of_costs(sample):
    customers, _, _, raw = sample
    told = ticket_cost(customers)
    assert told.estimate.value == pytest.approx(np.polyfit(raw["tickets"], raw["cost"], 1)[0])
    assert told.n == len(raw)
    shuffled = raw.assign(cost=np.random.default_rng(5).permutation(raw["cost"]))
    assert ticket_cost(table(shuffled)) is None  # no link, no cost


def test_an_interval_over_zero_is_not_sold_as_a_saving():
    now = Now(SEGMENTS[0], 500, Estimate(0.5, 0.4, 0.6), 80, Estimate(3.0, 3.0, 3.0))
    one = saving(now, 0.45, Assumed(), -1)
    assert not one.holds
    assert "can’t be told yet" in saving_sentence(one, find_lever("tickets"), "money")
    few = saving(replace(now, n=12), 0.1, Assumed(), -1)
    assert few.holds
    assert saving_sentence(few, find_lever("tickets"), "money").endswith("Indicative: 12 answers.")
    with pytest.raises(UnusablePlan, match="0 months"):
        Assumed(0)


def test_monthly_money_is_of_a_month(telco, sample):
    assert (usual_months(telco[0]), usual_months(sample[0])) == (1, 12)


# --- parts of segments -----------------------------------------------------------------------------


def test_parts_are_worth_what_their_customers_are(sample):
    customers, assignment, kpis, raw = sample
    found = micro_segments(customers, assignment, kpis, "plan_tier", "margin")
    margin = (raw["revenue"] - raw["cost"]).groupby([raw["journey_stage"], raw["plan_tier"]])
    mean, sizes = margin.mean(), margin.size()
    for row in found.rows:
        place = row.segment.name, row.level
        assert (row.customers, row.each.value) == pytest.approx((sizes[place], mean[place]))
        assert row.total.value == pytest.approx(row.customers * row.each.value)
        assert row.ranked == (row.customers >= 30)
    assert sum(row.customers for row in found.rows) + sizes.sum() - sum(
        sizes[row.segment.name, row.level] for row in found.rows
    ) == len(raw)
    assert len(found.rows) + found.hidden == len(sizes)
    ranked = [row.total.value for row in found.rows if row.ranked]
    assert ranked == sorted(ranked, reverse=True)
    assert [row.ranked for row in found.rows] == sorted((row.ranked for row in found.rows), reverse=True)


def test_parts_by_headroom_and_by_how_well_they_are_known(sample):
    customers, assignment, kpis, _ = sample
    rooms = [
        r.headroom.value
        for r in micro_segments(customers, assignment, kpis, "country", by="headroom").rows
        if r.ranked
    ]
    known = [one for one in rooms if one == one]
    assert known == sorted(known, reverse=True)
    sure = [
        r for r in micro_segments(customers, assignment, kpis, "country", by="confidence").rows if r.ranked
    ]
    widths = [(r.each.high - r.each.low) / abs(r.each.value) for r in sure]
    assert all(one <= other + 1e-12 for one, other in pairwise(widths))
    words = ["firm", "fair", "rough"]
    assert [r.confidence for r in sure] == sorted((r.confidence for r in sure), key=words.index)


def test_segments_as_they_are_and_without_money(sample):
    customers, assignment, kpis, _ = sample
    whole = micro_segments(customers, assignment, kpis)
    assert {row.name: row.customers for row in whole.rows} == {
        one.name: kpis.size(one.key) for one in assignment.segments
    }
    wholesale = segkit.read(real_file("wholesale", "Wholesale customers data.csv"))
    by_region = by_column(wholesale, "Region")
    table_ = measure(wholesale, by_region)
    assert metrics(table_) == ()
    rows = micro_segments(wholesale, by_region, table_, "Channel").rows
    assert [row.customers for row in rows] == sorted((row.customers for row in rows), reverse=True)
    assert all(row.each.value != row.each.value for row in rows)


@pytest.mark.parametrize("seed", range(8))
def test_no_part_of_few_customers_can_be_worked_out(seed):
    sizes = np.random.default_rng(seed).choice([0, 1, 3, 4, 6, 9, 40, 60], size=(4, 4))
    rows = [(f"s{i}", f"l{j}") for (i, j), count in np.ndenumerate(sizes) for _ in range(count)]
    frame = pd.DataFrame(rows, columns=["seg", "lev"])
    counts = pd.crosstab(frame["seg"], frame["lev"])
    customers = table(frame.assign(customer_id=range(len(frame))))
    assignment = by_column(customers, "seg")
    found = micro_segments(customers, assignment, measure(customers, assignment), "lev")
    seen = pd.DataFrame(False, counts.index, counts.columns)
    for row in found.rows:
        seen.loc[row.segment.name, row.level] = True
    assert counts.where(seen).min().min() >= 5
    assert found.hidden == int((counts.where(~seen, 0) > 0).to_numpy().sum())
    for some_counts, some_seen in ((counts, seen), (counts.T, seen.T)):
        for name, line in some_counts.iterrows():
            hidden = line[~some_seen.loc[name] & (line > 0)]
            if some_seen.loc[name].any():  # nothing else could be hidden otherwise
                assert len(hidden) != 1
                assert not 0 < hidden.sum() < 5


def test_every_table_of_the_page_can_be_kept_as_csv(sample):
    customers, assignment, kpis, _ = sample
    found = priorities(scores(assignment.segments, kpis))
    split = split_budget(candidates(assignment.segments, kpis, None, {}, 0.1), 900.0, 4.0)
    parts = micro_segments(customers, assignment, kpis, "uses_integrations")
    for rows in (priority_numbers(found), split_numbers(split), micro_numbers(parts)):
        again = pd.read_csv(io.BytesIO(numbers_csv(rows, "sample")))
        assert again.drop(columns="About").shape == rows.shape
        assert set(again["About"]) == {"sample"}
    assert set(micro_numbers(parts)["Uses integrations"]) == {"Yes", "No"}


def test_what_cannot_cut_or_sort_is_refused(sample):
    customers, assignment, kpis, _ = sample
    names = [one.name for one in second_columns(customers)]
    assert names[:2] == ["plan_tier", "country"]
    assert not {"csat", "retained", "revenue", "customer_id"} & set(names)
    with pytest.raises(UnusablePlan, match="cannot cut segments"):
        micro_segments(customers, assignment, kpis, "revenue")
    with pytest.raises(UnusablePlan, match="does not say what a customer is worth"):
        micro_segments(customers, assignment, kpis, "country", "nps")
    with pytest.raises(UnusablePlan, match="Take one of: value, headroom, confidence"):
        micro_segments(customers, assignment, kpis, "country", by="luck")


def test_parts_do_not_depend_on_the_order_of_customers(sample):
    customers, assignment, kpis, _ = sample
    order_ = np.random.default_rng(11).permutation(len(customers))
    frame = customers.frame.iloc[order_].reset_index(drop=True)
    again = micro_segments(replace(customers, frame=frame), assignment.where(order_), kpis, "area_type")
    assert repr(again) == repr(micro_segments(customers, assignment, kpis, "area_type"))

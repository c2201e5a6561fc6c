"""What goes with a KPI: numbers against other computations, groups as a person says them."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from segkit.customers.table import Column, Customers
from segkit.insights.effect_text import effect_line, effects_sentence, gap_text, rest_label, told
from segkit.insights.kpi_text import difference_text
from segkit.measures.effects import Effect, chance_of, difference_of, goes_with, grouped, strength_of
from segkit.measures.estimates import MEAN, NPS, RATE, nps_estimate
from segkit.measures.kpis import find_kpi
from segkit.measures.sums import Groups, Sums, grouped_sums
from tests.real_data import real_file
from tests.tables import read_here

RNG = np.random.default_rng(5)


def customers(**columns):
    frame = pd.DataFrame({"customer_id": [f"c{place}" for place in range(len(next(iter(columns.values()))))]})
    roles = {name: name for name in ("nps", "csat", "revenue") if name in columns}
    return read_here(frame.assign(**columns).to_csv(index=False).encode(), roles=roles)


def sums_of(*groups, bands=None):
    values = np.concatenate(groups)
    codes = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    return grouped_sums(values, Groups.of(codes, len(groups)), bands)[0]


# --- differences, strength and tests ------------------------------------------------------------------


def test_difference_of_means_is_welchs():
    one, other = RNG.normal(5, 1, 40), RNG.normal(4, 3, 70)
    found = difference_of(MEAN, *sums_of(one, other))
    expected = stats.ttest_ind(one, other, equal_var=False).confidence_interval(0.95)
    assert found.value == pytest.approx(one.mean() - other.mean())
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))


@pytest.mark.parametrize(
    ("yes", "low", "high"),
    [((56, 70, 48, 80), 0.0524, 0.3339), ((9, 10, 3, 10), 0.1705, 0.8090), ((10, 10, 0, 10), 0.6075, 1.0)],
)
def test_difference_of_rates_is_newcombes(yes, low, high):
    """The examples of Newcombe (1998), table II, method 10."""
    one, of_one, other, of_other = yes
    found = difference_of(RATE, Sums(of_one, of_one, one, one), Sums(of_other, of_other, other, other))
    assert (found.low, found.high) == pytest.approx((low, high), abs=6e-5)


def test_difference_of_nps_adds_the_variances_of_both():
    one, other = sums_of(
        RNG.integers(0, 11, 50).astype(float), RNG.integers(4, 11, 90).astype(float), bands=NPS.bands
    )
    found = difference_of(NPS, one, other)
    halves = []
    for part in (one, other):
        share = np.array([part.high, part.low]) + 0.75
        share /= part.answered + 3
        halves.append(1.96 * 100 * np.sqrt((share.sum() - (share[0] - share[1]) ** 2) / (part.answered + 3)))
    assert found.value == pytest.approx(nps_estimate(one).value - nps_estimate(other).value)
    assert found.high - found.value == pytest.approx(np.hypot(*halves), rel=1e-4)


def test_the_tests_are_those_of_scipy():
    groups = [
        RNG.normal(mean, spread, size) for mean, spread, size in ((0, 1, 40), (0.4, 3, 60), (0.1, 2, 90))
    ]
    expected = stats.f_oneway(*groups, equal_var=False).pvalue
    assert chance_of(MEAN, sums_of(*groups)) == pytest.approx(expected)
    flags = [RNG.random(size) < share for share, size in ((0.2, 50), (0.4, 60), (0.35, 70))]
    counts = [[int(group.sum()), int((~group).sum())] for group in flags]
    expected = stats.chi2_contingency(counts, correction=False)
    found = sums_of(*(group.astype(float) for group in flags))
    assert chance_of(RATE, found) == pytest.approx(expected.pvalue)
    # Cramér's V², bias-corrected (Bergsma 2013), written out
    excess = max(expected.statistic / 180 - 2 / 179, 0)
    assert strength_of(RATE, found) == pytest.approx(excess / min(2 - 1 / 179 - 1, 3 - 4 / 179 - 1))


def test_strength_is_none_where_groups_are_alike_and_all_where_they_are_everything():
    noise = [strength_of(MEAN, sums_of(*RNG.normal(0, 1, (4, 50)))) for _ in range(200)]
    assert np.mean(noise) < 0.01
    assert strength_of(MEAN, sums_of(np.full(40, 1.0), np.full(40, 2.0))) == 1.0


# --- groups -------------------------------------------------------------------------------------------


def names_of(values, kind="number", name="tickets"):
    series = pd.Series(values)
    groups = grouped(series, Column(name, kind, "behavioural"))
    known = groups.codes[groups.codes >= 0]
    assert np.bincount(known, minlength=len(groups.names)).sum() == series.notna().sum()
    return groups.names


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ([0.0] * 60 + [1, 2, 3] * 20 + [6, 8, 9] * 20, ("none", "1 to 4", "5 or more")),
        ([1.0, 2, 3, 4, 5] * 30, ("1", "2", "3", "4", "5")),
        ([1.0, 2, 3] * 40 + [4.0] * 12 + [5.0] * 8, ("1", "2", "3 or more")),
        (list(np.linspace(10, 100, 300)), ("below 40", "40 to below 70", "70 or more")),
        ([0.0] * 50 + list(np.linspace(0.5, 3, 40)), ("none", "above 0")),
        ([7.0] * 200 + list(range(8, 58)), ("7", "8 or more")),
        ([5.0] * 100, ("all",)),
        ([1.0, 2.0] * 20, ("all",)),  # no two groups of thirty
        ([np.nan] * 5, ()),
    ],
)
def test_numbers_are_cut_where_it_is_easy_to_say(values, names):
    assert names_of(values) == names


def test_years_are_written_as_years():
    assert names_of(list(range(1940, 2000)) * 4, name="Year_Birth")[0].startswith("up to 19")


def test_rare_levels_are_one_group_that_is_never_the_finding():
    contract = pd.Series(["a"] * 40 + ["b"] * 50 + ["c"] * 20 + ["d"] * 15).astype("category")
    assert names_of(contract, "category") == ("a", "b", "other")
    table = customers(
        contract=["a"] * 60 + ["b"] * 60 + [f"rare {place % 6}" for place in range(60)],
        revenue=[1.0, 2] * 30 + [1.0, 2.1] * 30 + [50.0, 51] * 30,
    )
    assert all(one.group != "other" for one in goes_with(table, find_kpi("revenue")))


# --- what goes with a KPI -------------------------------------------------------------------------------


def company(rows=900):
    rng = np.random.default_rng(1)
    tickets = rng.integers(0, 6, rows)
    angry = rng.random(rows) < 0.1 + 0.14 * tickets
    return customers(
        tickets=tickets,
        plan=rng.choice(["free", "plus", "pro"], rows),
        loves=rng.choice(["yes", "no"], rows),
        nps=np.where(angry, rng.integers(0, 7, rows), rng.integers(8, 11, rows)),
    )


def test_the_cause_that_was_put_in_is_found_first_and_noise_is_not_told():
    table = company()
    found = goes_with(table, find_kpi("nps"))
    assert [one.column for one in told(found)] == ["tickets"]
    lead, frame = found[0], table.frame
    answers = frame["nps"].to_numpy(float)
    score = 100 * ((answers >= 9).astype(float) - (answers <= 6))
    assert lead.group == "up to 1"
    inside = (frame["tickets"] <= 1).to_numpy(bool)
    assert lead.here == pytest.approx(score[inside].mean())
    assert lead.elsewhere == pytest.approx(score[~inside].mean())
    assert (lead.n, lead.n_elsewhere) == (inside.sum(), (~inside).sum())
    assert lead.low < lead.difference < lead.high
    assert {one.verdict for one in found[1:]} == {"can't tell"}


def test_order_of_rows_changes_nothing_and_a_part_is_as_the_table_of_it():
    table = company()
    rows = np.arange(len(table)) % 3 != 0
    frame = table.frame.drop(columns="customer_id")
    text = {name: frame[name].astype(str).to_numpy() for name in frame}
    mixed = RNG.permutation(len(table))
    other = customers(**{name: values[mixed] for name, values in text.items()})
    assert goes_with(other, find_kpi("nps")) == goes_with(table, find_kpi("nps"))
    part = customers(**{name: values[rows] for name, values in text.items()})
    assert goes_with(table, find_kpi("nps"), rows) == goes_with(part, find_kpi("nps"))


def test_what_says_the_same_is_marked_and_the_source_is_left_out():
    money = RNG.gamma(2, 50, 300).round(2)
    table = customers(revenue=money, revenue_in_cents=(money * 100).round(), age=RNG.integers(20, 60, 300))
    found = {one.column: one.verdict for one in goes_with(table, find_kpi("revenue"))}
    assert found == {"revenue_in_cents": "same", "age": "can't tell"}
    assert not goes_with(table, find_kpi("revenue"), leave_out=["revenue_in_cents", "age"])
    assert not goes_with(table, find_kpi("size"))
    assert not goes_with(table, find_kpi("revenue_share"))
    assert not goes_with(table, find_kpi("nps"))  # no such column


def test_too_few_answers_tell_nothing():
    table = customers(plan=["a", "b"] * 20, nps=[10, 0] * 20)
    assert goes_with(table, find_kpi("nps")) == []
    assert effects_sentence([], find_kpi("nps")) is None


# --- in words ---------------------------------------------------------------------------------------------


LOW = Effect("tickets", "number", "4 or more", 12, 43, -31, -38, -24, 80, 400, 0.1, 0, "lower")
VAGUE = replace(LOW, verdict="can't tell")
SAME = replace(LOW, verdict="same")


@pytest.mark.parametrize(
    ("rest", "label"),
    [
        ([LOW] * 9 + [VAGUE] * 2, "9 more that go with it, and 2 without a clear difference"),
        ([LOW], "1 more that goes with it"),
        ([VAGUE] * 2, "2 more columns without a clear difference"),
        ([VAGUE], "1 more column without a clear difference"),
        ([VAGUE, SAME], "1 more column without a clear difference, and 1 that says nearly the same"),
        ([SAME] * 2, "2 more columns that say nearly the same"),
        (
            [LOW] * 2 + [VAGUE, SAME],
            "2 more that go with it, 1 without a clear difference, and 1 that says nearly the same",
        ),
        ([], ""),
    ],
)
def test_what_is_not_drawn_is_named_as_what_it_is(rest, label):
    assert rest_label(rest) == label


def test_a_line_says_the_difference_where_there_is_one():
    nps = find_kpi("nps")
    assert effect_line(LOW, nps) == "Tickets: 4 or more: 12, others 43. 31 points lower (24 to 38)."
    assert effect_line(VAGUE, nps) == "Tickets: 4 or more: 12, others 43. Can’t tell."
    assert effect_line(SAME, nps) == "Tickets says nearly the same as NPS."


def test_months_have_their_unit():
    tenure = find_kpi("tenure")
    assert difference_text(tenure, -5.25) == "5.25 months"
    longer = replace(LOW, difference=5.2, low=4.1, high=6.3, verdict="higher")
    assert gap_text(longer, tenure) == "5.20 months higher (4.10 to 6.30)"
    assert difference_text(find_kpi("orders"), 1.5) == "1.50"


def noise(frame, columns, rng):
    values = frame.assign(money=rng.normal(0, 1, len(frame)))
    return Customers(values, (*columns, Column("money", "number", "revenue", distinct=200)), None, "x")


def test_noise_is_told_in_one_of_twenty_tables_at_most():
    wrong = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        frame = pd.DataFrame(rng.integers(0, 4, (200, 6)), columns=list("abcdef")).astype(float)
        columns = tuple(Column(name, "number", "behavioural", distinct=4) for name in frame)
        wrong += bool(told(goes_with(noise(frame, columns, rng), find_kpi("revenue"))))
    assert wrong <= 10  # 5 expected; 99 % of such series have 10 at most


def test_telco_retention_goes_most_with_contract():
    table = read_here(real_file("telco_churn", "Telco-Customer-Churn.csv").read_bytes())
    found = goes_with(table, find_kpi("retention"))
    lead, frame = found[0], table.frame
    stayed = 1 - frame["Churn"].cat.codes.to_numpy()
    monthly = (frame["Contract"] == "Month-to-month").to_numpy()
    assert (lead.column, lead.group, lead.verdict) == ("Contract", "Month-to-month", "lower")
    assert lead.difference == pytest.approx(stayed[monthly].mean() - stayed[~monthly].mean())
    assert lead.strength == pytest.approx(0.168, abs=0.001)
    assert effects_sentence(found, find_kpi("retention")) == (
        "Retention goes most with contract: 36 points lower (34 to 38) with “Month-to-month” "
        "than among the rest."
    )

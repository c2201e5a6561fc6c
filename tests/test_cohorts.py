"""Cohorts against one customer at a time, and what may not be shown."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import segkit
from pages.over_time import parts
from segkit.charts.palette import LIGHT
from segkit.insights.time_text import cohort_age, cohorts_alt, cohorts_title
from segkit.labels import percent
from segkit.measures.cohorts import cohorts
from segkit.measures.kpis import by_column

END = pd.Timestamp("2026-03-10")


def people(months=8, count=500, seed=3, start="2025-07-03"):
    """Customers of some months up to the end, with a day of churn for half of them."""
    random = np.random.default_rng(seed)
    signup = pd.Timestamp(start) + pd.to_timedelta(random.integers(0, 30 * months, count), unit="D")
    churn = signup + pd.to_timedelta(random.exponential(200, count).astype(int), unit="D")
    frame = pd.DataFrame(
        {
            "customer_id": [f"c{k}" for k in range(count)],
            "signup_date": signup,
            "churn_date": churn.where(churn <= END),
            "group": random.choice(["a", "b"], count),
        }
    )
    return frame


def read(frame, **choices):
    return segkit.read(
        frame, roles={"group": "descriptor"}, choices=segkit.Choices(as_of=str(END.date()), **choices)
    )


def one_by_one(frame, months):
    """The share of each sign-up month still there some months later, by calendar and one at a time."""
    last = END + pd.Timedelta(days=1)
    found = {}
    for month, part in frame.groupby(frame.signup_date.dt.to_period("M")):
        for age in range(1, months + 1):
            if (month + age + 1).start_time <= last and len(part) >= 5:
                there = [
                    pd.isna(row.churn_date)
                    or (row.churn_date.to_period("M").ordinal - row.signup_date.to_period("M").ordinal)
                    - (row.churn_date.day < row.signup_date.day)
                    >= age
                    for row in part.itertuples()
                ]
                found[str(month), age] = float(np.mean(there))
    return found


def cells(found):
    return {
        (label, age): float(share)
        for label, line in zip(found.labels, found.shares, strict=True)
        for age, share in enumerate(line, start=1)
        if not np.isnan(share)
    }


def test_cells_are_those_counted_one_by_one():
    frame = people()
    found = cohorts(read(frame))
    assert found.period == "month"
    assert found.labels == (*(f"2025-{month:02d}" for month in range(7, 13)), "2026-01")
    assert cells(found) == pytest.approx(one_by_one(frame, 12))
    assert found.text == "From “signup_date” and “churn_date”."


def test_the_cohort_that_is_not_over_is_left_out():
    found = cohorts(read(people()))
    assert "2026-02" not in found.labels  # March is not over, so nobody knows of a whole month since
    assert ("2025-07", 7) in cells(found)
    assert ("2025-07", 8) not in cells(found)


def test_the_order_of_rows_does_not_matter():
    frame = people()
    turned = cohorts(read(frame.sample(frac=1, random_state=4).reset_index(drop=True)))
    np.testing.assert_array_equal(turned.shares, cohorts(read(frame)).shares)


@pytest.mark.parametrize(("months", "period"), [(12, "month"), (20, "quarter"), (90, "year")])
def test_long_times_are_counted_in_longer_periods(months, period):
    start = str((END - pd.DateOffset(months=months)).date())
    found = cohorts(read(people(months, 3000, start=start)))
    assert found.period == period
    assert len(found.labels) <= 14


def test_small_cohorts_are_blank():
    frame = people()
    july = frame.signup_date.dt.to_period("M") == "2025-07"
    few = frame[~july | (july.cumsum() <= 4)].reset_index(drop=True)
    found = cohorts(read(few))
    assert found.sizes[0] == 0
    assert np.isnan(found.shares[0]).all()


def test_a_segment_is_blank_where_everyone_tells_the_few_others():
    frame = people()
    july = frame.signup_date.dt.to_period("M") == "2025-07"
    frame.loc[july, "group"] = "a"
    frame.loc[frame.index[july][:3], "group"] = "b"
    customers = read(frame)
    groups = by_column(customers, "group")
    for segment in groups.segments:
        found = cohorts(customers, groups, segment.key)
        assert found.sizes[0] == 0
        assert (
            found.sizes[1]
            == ((frame.signup_date.dt.to_period("M") == "2025-08") & (frame.group == segment.key)).sum()
        )
        assert np.isnan(found.shares[0]).all()
    assert cohorts(customers).sizes[0] == july.sum()


def test_last_activity_counts_only_after_it_could_be_seen():
    frame = people().rename(columns={"churn_date": "last_activity_date"})
    frame["last_activity_date"] = frame.last_activity_date.fillna(END)
    found = cohorts(read(frame))
    # 90 days before 10 March is 10 December: November is the last whole month
    assert found.labels[-1] == "2025-10"
    assert ("2025-07", 4) in cells(found)
    assert ("2025-07", 5) not in cells(found)


def test_without_dates_there_are_no_cohorts():
    assert cohorts(read(people().drop(columns="churn_date"))) is None
    assert cohorts(read(people().drop(columns="signup_date"))) is None


def test_title_and_alternative_text_give_the_pooled_share_and_the_extremes():
    frame = people()
    found = cohorts(read(frame))
    age = cohort_age(found)
    told = {place: share for place, share in one_by_one(frame, 12).items() if place[1] == age}
    size = frame.groupby(frame.signup_date.dt.to_period("M").astype(str)).size()
    pooled = sum(share * size[month] for (month, _), share in told.items()) / sum(size[m] for m, _ in told)
    assert (
        cohorts_title(found) == f"After {age} months, {pooled * 100:.0f}\u202f% of customers are still there"
    )
    worst, best = min(told, key=told.__getitem__)[0], max(told, key=told.__getitem__)[0]
    assert f"({worst})" in cohorts_alt(found)
    assert f"({best})" in cohorts_alt(found)


def two_maps(each):
    """Everyone, and a segment of so many customers of every month."""
    frame = people()
    month = frame.signup_date.dt.to_period("M")
    frame["group"] = "a"
    for name in month.unique():
        frame.loc[frame.index[month == name][:each], "group"] = "b"
    customers = read(frame)
    groups = by_column(customers, "group")
    key = next(one.key for one in groups.segments if one.name == "b")
    return customers, groups, key


def test_a_time_is_told_only_of_thirty_customers():
    customers, groups, key = two_maps(each=6)
    everyone, part = cohorts(customers), cohorts(customers, groups, key)
    # four of seven cohorts were observed for four months: 24 customers of the segment; for three months, 30
    assert (cohort_age(everyone), cohort_age(part)) == (4, 3)
    assert cohorts_title(part, "b").startswith("After 3 months, ")
    share = np.average(everyone.shares[:5, 2], weights=everyone.sizes[:5])
    assert cohorts_title(everyone, age=3) == f"After 3 months, {percent(share)} of customers are still there"
    few = replace(part, sizes=part.sizes[-4:], shares=part.shares[-4:])
    assert cohort_age(few) is None
    assert cohorts_title(few, "b") == "How many customers of “b” are still there, by month of sign-up"
    assert cohorts_alt(few, "b") == cohorts_title(few, "b") + "."


# --- the part of the page -------------------------------------------------------------------------------


def shown(monkeypatch, customers, groups=None, key="", whole=None):
    """What the page says of cohorts: headings, notes and titles of charts."""
    said = []
    page = SimpleNamespace(
        section=lambda text, note="": said.append(text),
        note=said.append,
        theme=lambda: LIGHT,
        picture=lambda chart, *_, **__: said.append(chart.alt.split(";")[0]),
    )
    monkeypatch.setattr(parts, "look", page)
    table = SimpleNamespace(customers=customers if whole is None else whole)
    parts.cohorts(
        SimpleNamespace(
            customers=customers,
            assignment=groups,
            focus=key,
            table=table,
            source="",
            segments=(),
        )
    )
    return said


def test_both_maps_tell_the_same_time(monkeypatch):
    heading, *titles, _ = shown(monkeypatch, *two_maps(each=6))
    assert heading == "By month of sign-up"
    assert [title.split(",")[0] for title in titles] == ["After 3 months"] * 2


def test_the_heading_names_the_period(monkeypatch):
    customers = read(people(20, 3000, start="2024-07-03"))
    groups = by_column(customers, "group")
    assert shown(monkeypatch, customers, groups, groups.segments[0].key)[0] == "By quarter of sign-up"


def test_a_filter_that_leaves_too_few_is_not_a_column_that_is_missing(monkeypatch):
    frame = people()
    few = read(frame.groupby(frame.signup_date.dt.to_period("M")).head(4).reset_index(drop=True))
    said = shown(monkeypatch, few, whole=read(frame))
    assert said[1:] == ["Too few customers in this filter to show cohorts."]
    without = read(frame.drop(columns="churn_date"))
    assert shown(monkeypatch, without)[1:] == [parts.COHORTS_NEED]

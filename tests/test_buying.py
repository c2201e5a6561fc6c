"""Customer value from orders and from staying: published numbers, laws, honest limits, and what is shown."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.special import beta as beta_function
from scipy.special import gammaln, hyp2f1
from streamlit.testing.v1 import AppTest

import segkit
from segkit.charts.buying_charts import (
    check_chart,
    check_numbers,
    stay_chart,
    stay_numbers,
    worth_chart,
    worth_numbers,
)
from segkit.charts.palette import LIGHT
from segkit.customers.joins.together import put_together
from segkit.customers.reading import opened
from segkit.errors import UnusablePlan
from segkit.insights.buying_text import (
    check_sentence,
    stay_headline,
    stay_nothing,
    worth_cautions,
    worth_headline,
    worth_notes,
)
from segkit.measures import buying, staying
from segkit.measures.buying import CannotForecast, Outlook
from segkit.measures.buying_models import Amounts, Pace, amount_scores, pace_scores
from segkit.measures.kpis import by_column
from segkit.measures.survival import durations
from segkit.segments.segmentation import Assignment, Segment
from tests.real_data import PROJECT, real_file
from tests.test_pages import text

SAMPLE = PROJECT / "data" / "sample"


# --- data -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def orders():
    """The order lines of CDNOW's sample of 2,357 customers."""
    path = real_file("cdnow", "CDNOW_sample.txt")
    lines = pd.read_fwf(path, header=None, names=["master", "who", "day", "cds", "paid"], dtype={"day": str})
    return lines.assign(day=pd.to_datetime(lines["day"], format="%Y%m%d"))


@pytest.fixture(scope="module")
def cdnow(orders):
    """What was known after 39 weeks, the model of it, and the orders of the 39 weeks after."""
    who, known, later = buying.of_log(orders.who, orders.day, orders.paid, "1997-09-30")
    return SimpleNamespace(who=who, known=known, later=later, model=buying.fitted(known))


def shop(count=3000, seed=0, days=600, pace=(0.8, 60.0), stop=(0.9, 2.5)):
    """Buyers as the models imagine them."""
    random = np.random.default_rng(seed)
    rate, chance = random.gamma(pace[0], 1 / pace[1], count), random.beta(*stop, count)
    age = random.integers(days // 4, days, count).astype(float)
    now, frequency, recency, there = (np.zeros(count) for _ in range(4))
    there = there == 0
    while there.any():
        now[there] += random.exponential(1 / rate[there])
        there &= now < age
        frequency[there] += 1
        recency[there] = now[there]
        there &= random.random(count) > chance
    usual, counted = random.gamma(4, 1 / 15, count), np.maximum(frequency, 1)
    return frequency, recency, age, random.gamma(6 * counted, 1 / usual) / counted


@pytest.fixture(scope="module")
def invented():
    return buying.fitted(*shop())


def grouped(codes, names=("A", "B", "C"), dimensions=()):
    segments = tuple(Segment(name, name, place) for place, name in enumerate(names))
    codes = np.asarray(codes)
    return Assignment(segments, codes, np.ones(len(codes)), tuple(dimensions))


def joined(*paths):
    return put_together([(path.name, *opened(path)) for path in paths]).customers


# --- published numbers ------------------------------------------------------------------------------------


def test_cdnow_gives_the_published_parameters(orders, cdnow):
    assert len(cdnow.who) == 2357
    assert (
        (cdnow.known.frequency + 1).sum() + cdnow.later.sum()
        == 6696
        == len(orders.drop_duplicates(["who", "day"]))
    )
    pace, amounts = cdnow.model.pace, cdnow.model.amounts
    found = [pace.r, pace.alpha / 7, pace.a, pace.b]
    assert found == pytest.approx([0.243, 4.414, 0.793, 2.426], abs=5e-4)
    assert [amounts.p, amounts.q, amounts.v] == pytest.approx([6.25, 3.74, 15.44], abs=5e-3)
    weeks = cdnow.model.likelihood + cdnow.known.frequency.sum() * np.log(7)
    assert weeks == pytest.approx(-9582.4, abs=0.05)


def test_the_summary_that_packages_ship_gives_them_too():
    customers = segkit.read(real_file("cdnow", "cdnow_customers_summary_with_transactions.csv"))
    model = buying.of_customers(customers)
    assert "times are taken to be in weeks" in model.purchases.text
    found = [model.pace.r, model.pace.alpha / 7, model.pace.a, model.pace.b]
    assert found == pytest.approx([0.243, 4.414, 0.793, 2.426], abs=5e-4)
    assert [model.amounts.p, model.amounts.q] == pytest.approx([6.25, 3.74], abs=5e-3)


def test_expected_orders_are_those_of_the_published_formula(cdnow):
    pace = Pace(0.243, 4.414, 0.793, 2.426)
    x, recency, age = cdnow.known.frequency, cdnow.known.recency / 7, cdnow.known.age / 7
    for time in (1.0, 39.0, 260.0):
        ratio = (pace.alpha + age) / (pace.alpha + age + time)
        series = hyp2f1(pace.r + x, pace.b + x, pace.a + pace.b + x - 1, 1 - ratio)
        before = (pace.a + pace.b + x - 1) / (pace.a - 1) * (1 - ratio ** (pace.r + x) * series)
        odds = np.where(x > 0, pace.a / np.maximum(pace.b + x - 1, 1e-9), 0.0)
        published = before / (1 + odds * ((pace.alpha + age) / (pace.alpha + recency)) ** (pace.r + x))
        np.testing.assert_allclose(pace.expected(x, recency, age, time), published, rtol=1e-9)
    alive = 1 / (1 + odds * ((pace.alpha + age) / (pace.alpha + recency)) ** (pace.r + x))
    np.testing.assert_allclose(pace.alive(x, recency, age), alive, rtol=1e-12)


def test_expected_orders_hold_where_the_published_formula_breaks_down():
    x, age = np.array([0.0, 3.0, 400.0]), np.array([1.0, 1e5, 2e4])
    near, at_one = (Pace(0.5, 10.0, a, 0.4).ahead(x, age, 365.0) for a in (1 + 1e-7, 1.0))
    np.testing.assert_allclose(near, at_one, rtol=1e-6)  # there it divides by a - 1
    assert (at_one > 0).all()
    assert at_one[1] == pytest.approx(3.5 / (1e5 + 10) * 365, rel=0.05)  # long known: her own pace goes on
    busy = Pace(0.3, 5.0, 0.7, 0.2).ahead(np.array([0.0]), np.array([0.0]), 1e-6)
    assert busy == pytest.approx(0.3 / 5 * 1e-6, rel=1e-6)


def test_counts_of_a_new_customer_are_chances_with_the_mean_of_the_forecast():
    pace, age = Pace(0.8, 30.0, 0.9, 2.5), np.array([0.0, 50.0, 700.0])
    chances = pace.counts(age, 4000)
    np.testing.assert_allclose(chances.sum(axis=1), 1.0, atol=1e-6)
    np.testing.assert_allclose(chances[0, :2], [1, 0], atol=1e-9)
    mean = (chances * np.arange(4000)).sum(axis=1)
    hoped = [pace.ahead(np.zeros(1), np.zeros(1), time)[0] for time in age[1:]]
    np.testing.assert_allclose(mean[1:], hoped, rtol=1e-3)


def test_amounts_are_the_weighted_mean_of_hers_and_everybodys():
    amounts = Amounts(6.25, 3.74, 15.44)
    spend, counted = np.array([22.35, 80.0, 5.0]), np.array([2.0, 40.0, 0.0])
    weight = amounts.p * counted / (amounts.p * counted + amounts.q - 1)
    wanted = weight * spend + (1 - weight) * amounts.usual
    np.testing.assert_allclose(amounts.expected(spend, counted), wanted)
    assert amounts.usual == pytest.approx(35.2, abs=0.05)


@pytest.mark.parametrize("which", ["pace", "amounts"])
def test_likelihoods_are_those_of_the_papers_and_their_slopes_are_right(which):
    frequency, recency, age, spend = (one[:50] for one in shop(seed=5))
    logs = np.array([-0.3, 3.5, 0.2, 0.6] if which == "pace" else [1.2, 1.4, 2.0])
    if which == "pace":
        scores = pace_scores(frequency, recency, age)
        r, alpha, a, b = np.exp(logs)
        first = np.exp(gammaln(r + frequency) - gammaln(r)) * alpha**r
        stays = beta_function(a, b + frequency) / beta_function(a, b) / (alpha + age) ** (r + frequency)
        before = np.where(frequency > 0, b + frequency - 1, 1.0)
        left = beta_function(a + 1, before) / beta_function(a, b) / (alpha + recency) ** (r + frequency)
        plain = np.log(first * (stays + np.where(frequency > 0, left, 0.0)))
    else:
        counted = np.maximum(frequency, 1)
        scores = amount_scores(spend, counted)
        p, q, v = np.exp(logs)
        plain = gammaln(p * counted + q) - gammaln(p * counted) - gammaln(q) + q * np.log(v)
        plain += (p * counted - 1) * np.log(spend) + p * counted * np.log(counted)
        plain -= (p * counted + q) * np.log(v + counted * spend)
    np.testing.assert_allclose(scores(logs)[0], plain, rtol=1e-9)
    for place in range(len(logs)):
        step = 1e-6 * np.eye(len(logs))[place]
        slope = (scores(logs + step)[0] - scores(logs - step)[0]) / 2e-6
        np.testing.assert_allclose(scores(logs)[1][place], slope, rtol=1e-4, atol=1e-6)


# --- laws -------------------------------------------------------------------------------------------------


def test_the_unit_of_time_and_of_money_does_not_matter(invented):
    frequency, recency, age, spend = shop()
    weekly = buying.fitted(frequency, recency / 7, age / 7, spend, unit="week")
    np.testing.assert_allclose(weekly.value(), invented.value(), rtol=1e-4)
    other = buying.fitted(frequency, recency * 86400, age * 86400, spend / 100)
    mine, theirs = invented.pace, other.pace
    assert [theirs.r, theirs.a, theirs.b] == pytest.approx([mine.r, mine.a, mine.b], rel=1e-5)
    assert theirs.alpha == pytest.approx(mine.alpha * 86400, rel=1e-5)
    assert other.amounts.v == pytest.approx(invented.amounts.v / 100, rel=1e-5)


def test_the_order_of_customers_does_not_matter_and_twice_as_many_are_twice_as_sure(invented):
    order = np.random.default_rng(1).permutation(3000)
    turned = buying.fitted(*(one[order] for one in shop()))
    assert turned.pace == invented.pace
    np.testing.assert_array_equal(turned.value()[np.argsort(order)], invented.value())
    double = buying.fitted(*(np.tile(one, 2) for one in shop()))
    assert double.pace.b == pytest.approx(invented.pace.b, rel=1e-4)
    np.testing.assert_allclose(double.covariance * 2, invented.covariance, rtol=0.02, atol=1e-4)


def test_parameters_come_back_from_invented_buyers():
    frequency, recency, age, spend = shop(20_000, seed=3)  # so many that the first climb is on some of them
    model = buying.fitted(frequency, recency, age, spend)
    found = np.log([*vars(model.pace).values(), model.amounts.p, model.amounts.q, model.amounts.v])
    true = np.log([0.8, 60.0, 0.9, 2.5, 6.0, 4.0, 15.0])
    off = np.abs(found - true) / np.sqrt(np.diag(model.covariance))
    assert (off < 3.5).all(), off
    assert (np.sqrt(np.diag(model.covariance)) < 0.2).all()
    _, slopes = pace_scores(frequency, recency, age)(np.log([*vars(model.pace).values()]))
    assert np.abs(slopes.mean(axis=1)).max() < 1e-6  # the top is that of all


def test_a_year_is_worth_its_months(invented):
    outlook = Outlook(12, 0.2, 0.4)
    ends = np.linspace(0, 365.25, 25)
    orders = np.array([np.zeros(3000), *(invented.orders(time) for time in ends[1:])])
    middles = (ends[1:] + ends[:-1]) / 2 / 365.25
    wanted = (np.diff(orders, axis=0) / 1.2 ** middles[:, None]).sum(axis=0) * invented.order_value * 0.4
    np.testing.assert_allclose(invented.value(outlook), wanted, rtol=1e-3)


@pytest.mark.parametrize(
    "parts", [{"months": 0}, {"months": 61}, {"discount": -0.1}, {"margin": 0}, {"margin": 1.1}]
)
def test_an_outlook_without_sense_is_refused(parts):
    with pytest.raises(UnusablePlan):
        Outlook(**parts)
    with pytest.raises(UnusablePlan):
        staying.Ahead(
            **{name.replace("months", "periods"): value * 10 for name, value in parts.items()}
            | {"periods": 0}
        )


# --- against what happened ----------------------------------------------------------------------------------


def test_orders_that_were_held_out_are_foretold(orders, cdnow):
    found = buying.held_out(cdnow.model, cdnow.later, 39 * 7)
    after = orders[orders.day > "1997-09-30"].drop_duplicates(["who", "day"])
    assert found.orders == len(after) == 1882
    assert found.orders_expected == pytest.approx(1882, rel=0.13)
    assert (np.diff(found.expected) > 0).all()  # and the paper's figure 3 rises as well
    assert np.abs(found.expected - found.actual).max() < 0.45
    assert found.customers.sum() == 2357


def test_the_check_counts_customers_by_repeat_orders(cdnow):
    found = buying.check(cdnow.model)
    counted = pd.Series(cdnow.known.frequency).clip(upper=7).value_counts().sort_index()
    np.testing.assert_array_equal(found.actual, counted)
    assert found.expected.sum() == pytest.approx(2357)
    assert found.verdict == "well"
    assert "ordered again 2,457 times; the model gives 2,494" in check_sentence(found)
    steady = replace(cdnow.model, pace=Pace(3.0, 300.0, 0.1, 20.0))
    assert buying.check(steady).verdict == "poorly"


# --- what cannot be told ------------------------------------------------------------------------------------


def test_it_says_why_there_is_no_forecast():
    frequency, recency, age, _ = shop(200)
    with pytest.raises(CannotForecast, match="0 customers bought on two days"):
        buying.fitted(frequency * 0, recency * 0, age)
    with pytest.raises(CannotForecast, match="equally often"):
        buying.fitted(frequency * 0 + 2, recency, age)
    rare = np.arange(200) < 29
    with pytest.raises(CannotForecast, match="29 customers bought on two days or more; a forecast needs 30"):
        buying.fitted(np.where(rare, 1.0, 0.0), np.where(rare, 10.0, 0.0), age)
    steady = np.random.default_rng(0).poisson(age / 30).astype(float)
    with pytest.raises(CannotForecast, match="same pace"):
        buying.fitted(steady, np.where(steady > 0, age, 0.0), age)


def test_amounts_that_tell_nothing_are_left_out_and_those_linked_with_orders_are_told():
    frequency, recency, age, spend = shop()
    same = buying.fitted(frequency, recency, age, spend * 0 + 10)
    assert same.amounts is None
    assert same.cautions == ("All orders have the same amount, so amounts tell nothing of customers.",)
    linked = buying.fitted(frequency, recency, age, 10 * (1 + frequency) + spend / 10)
    assert "spends more an order" in linked.cautions[0]
    assert buying.fitted(frequency, recency, age, spend).cautions == ()
    wild = np.exp(np.random.default_rng(0).normal(0, 6, len(age)))
    assert "vary so widely" in buying.fitted(frequency, recency, age, wild).cautions[0]


def test_customers_who_never_bought_have_no_forecast(invented):
    frequency, recency, age, spend = (np.append(one, np.nan) for one in shop())
    model = buying.fitted(frequency, recency, age, spend)
    assert model.pace == invented.pace
    assert np.isnan([model.alive[-1], model.value()[-1], model.orders(30)[-1]]).all()
    found = buying.worth(model, grouped(np.zeros(3001, int), ("A",)))
    assert (found.without, found.everyone.n) == (1, 3000)
    assert "1 customer without an order" in worth_notes(found)


# --- what segments are worth --------------------------------------------------------------------------------


def test_segments_are_the_means_of_their_customers(invented):
    codes = np.random.default_rng(2).integers(-1, 3, 3000)
    found = buying.worth(invented, grouped(codes), Outlook(6, 0.0))
    means = pd.DataFrame(
        {
            "value": invented.value(Outlook(6, 0.0)),
            "orders": invented.orders(6 * 30.4375),
            "alive": invented.alive,
            "amount": invented.order_value,
        }
    )
    by = means.groupby(codes).mean()
    for place, row in zip((0, 1, 2, -1), found.rows, strict=True):
        told = [row.value.value, row.orders.value, row.alive, row.order_value]
        assert told == pytest.approx(by.loc[place].tolist())
    assert found.everyone.value.value == pytest.approx(means["value"].mean())
    assert [row.segment.key for row in found.rows] == ["A", "B", "C", "none"]


def test_segments_by_chance_are_not_set_apart_and_real_ones_are(invented):
    random = np.random.default_rng(5)
    none = buying.worth(invented, grouped(random.integers(0, 3, 3000)))
    assert {row.verdict for row in none.rows} == {"can't tell"}
    assert worth_headline(none).endswith("no segment stands out reliably.")
    value = invented.value()
    many = np.where(value > np.median(value), 0, 1)
    found = buying.worth(invented, grouped(many, ("Often", "Rare")))
    assert [row.verdict for row in found.rows] == ["higher", "lower"]
    above = value[many == 0].mean() - value[many == 1].mean()
    assert found.rows[0].difference == pytest.approx(above)
    assert worth_headline(found).startswith("Customers of “Often” will probably bring ")
    assert worth_headline(found, "Rare").startswith("Customers of “Rare” will probably bring ")
    assert "less than the others" in worth_headline(found, "Rare")


def test_the_interval_is_as_wide_as_that_of_refits_on_other_customers():
    random, known = np.random.default_rng(6), shop(500)
    means, logs = [], []
    for _ in range(60):
        drawn = random.integers(0, 500, 500)
        model = buying.fitted(*(one[drawn] for one in known))
        means.append(np.mean(model.value()))
        logs.append(np.log([*vars(model.pace).values(), *vars(model.amounts).values()]))
    model = buying.fitted(*known)
    told = np.sqrt(np.diag(model.covariance)) / np.std(logs, axis=0)
    assert np.exp(np.log(told).mean()) == pytest.approx(1, rel=0.25), told
    row = buying.worth(model, grouped(np.zeros(500, int), ("A",))).everyone
    assert (row.value.high - row.value.low) / 2 / 1.96 == pytest.approx(np.std(means), rel=0.12)


def test_few_are_hidden_with_whom_they_could_be_worked_out_and_thirty_are_needed_for_a_verdict(invented):
    codes = np.full(3000, 2)
    codes[:4], codes[4:24] = 0, 1
    found = buying.worth(invented, grouped(codes))
    assert [row.verdict for row in found.rows] == [
        "hidden",
        "hidden",
        "can't tell",
    ]  # 4 alone would be told by the total
    assert np.isnan([found.rows[0].value.value, found.rows[1].alive]).all()
    assert found.hidden == ("A", "B")
    codes[24:60] = 1
    few = buying.worth(invented, grouped(np.where(codes == 0, 2, codes)))
    indicative = buying.worth(invented, grouped(np.where(np.arange(3000) < 20, 1, 0), ("A", "B")))
    assert indicative.rows[1].indicative
    assert [row.verdict for row in indicative.rows] == ["can't tell", "can't tell"]
    assert not few.rows[1].indicative
    shown = worth_numbers(found)
    assert shown.loc[0].drop(["Segment", "Verdict"]).isna().all()
    drawn = worth_chart(found, grouped(codes).segments, LIGHT)
    assert "“A”" not in str(drawn.drawn["layout"]["yaxis"]["ticktext"])


def test_segments_made_from_orders_get_no_verdict():
    model = buying.fitted(replace(buying.purchases(*shop()), columns=("orders", "revenue")))
    codes = np.where(model.value() > np.median(model.value()), 0, 1)
    found = buying.worth(model, grouped(codes, ("A", "B"), ("revenue",)))
    assert {row.verdict for row in found.rows} == {"circular"}
    assert "The segments were made from these columns" in worth_notes(found)
    assert ", by segment " in worth_headline(found)


def test_a_poor_model_and_a_long_look_are_told(cdnow):
    known = cdnow.known
    wrong = replace(cdnow.model, pace=Pace(3.0, 300.0, 0.1, 20.0))
    codes = (known.frequency > 0).astype(int)
    found = buying.worth(wrong, grouped(codes, ("A", "B")), Outlook(36))
    assert {row.verdict for row in found.rows} == {"can't tell"}
    said = worth_cautions(found)
    assert said[0] == "The model describes these orders poorly, so segments are not compared."
    assert said[1].startswith("It looks further ahead than your orders go back")


# --- from a table -------------------------------------------------------------------------------------------


def test_a_log_that_is_read_gives_what_was_counted_by_hand(orders, tmp_path):
    path = tmp_path / "orders.csv"
    named = orders.assign(who=orders.who.map("c{:04d}".format))[["who", "day", "paid"]]
    named.rename(columns={"who": "customer_id", "day": "order_date", "paid": "amount"}).to_csv(
        path, index=False
    )
    _, by_hand, _ = buying.of_log(named.who, named.day, named.paid)
    found = buying.looked_for(joined(path)).model.purchases
    for name in ("frequency", "recency", "age"):
        np.testing.assert_array_equal(getattr(found, name), getattr(by_hand, name), err_msg=name)
    paid = named.groupby("who")["paid"].sum().to_numpy()
    bought = found.purchases > 0
    np.testing.assert_allclose((found.spend * found.purchases)[bought], paid[bought])
    assert found.text.startswith(
        "From “orders”, “first_order_date” and “last_order_date”, amounts from “revenue”"
    )


def test_a_log_beside_customers_is_taken_and_its_companions_are_circular():
    customers = joined(SAMPLE / "customers.csv", SAMPLE / "orders.csv")
    model = buying.of_customers(customers)
    log = pd.read_csv(SAMPLE / "orders.csv", dtype={"customer_id": str})
    assert model.customers == log["customer_id"].nunique()
    assert {"orders", "revenue", "orders (from orders.csv)", "recency_days"} <= set(model.purchases.columns)
    days = log.groupby("customer_id")["order_date"].nunique()
    assert np.nansum(model.purchases.frequency + 1) == pytest.approx(days.sum(), rel=0.01)
    found = buying.worth(model, by_column(customers, "plan_tier"))
    rows = {row.segment.key: row.verdict for row in found.rows}
    assert (rows["pro"], rows["free"]) == ("higher", "lower")


def one_table(**more):
    return pd.DataFrame(
        {
            "customer_id": [f"c{place:03d}" for place in range(300)],
            "first_order_date": pd.to_datetime("2025-01-01") + pd.to_timedelta(np.arange(300) % 40, "D"),
            "last_purchase": pd.to_datetime("2025-01-01") + pd.to_timedelta(np.arange(300) % 200 + 45, "D"),
            "orders": np.arange(300) % 7 + 2,
        }
        | more
    )


def test_one_table_with_dates_of_orders_is_enough():
    known = buying.purchases_of(segkit.read(one_table()))
    np.testing.assert_array_equal(known.frequency, np.arange(300) % 7 + 1)
    np.testing.assert_array_equal(known.recency, np.arange(300) % 200 + 45 - np.arange(300) % 40)
    np.testing.assert_array_equal(known.age, 244 - np.arange(300) % 40)
    same_day = one_table(last_purchase=one_table().first_order_date)
    assert (buying.purchases_of(segkit.read(same_day)).frequency == 0).all()  # orders of one day are one
    counted = buying.purchases_of(segkit.read(one_table(order_days=np.full(300, 3))))
    assert (counted.frequency == 2).all()


def test_without_dates_of_orders_it_says_what_would_bring_them():
    found = buying.looked_for(segkit.read(SAMPLE / "customers.csv"))
    assert found.model is None
    assert found.has_orders
    assert "Add your order log on the Data page" in found.reason
    wholesale = buying.looked_for(segkit.read(real_file("wholesale", "Wholesale customers data.csv")))
    assert (wholesale.model, wholesale.has_orders) == (None, False)


# --- staying --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cohorts():
    return segkit.read(real_file("sbg_retention", "sbg_paper.csv"))


@pytest.fixture(scope="module")
def telco():
    return segkit.read(real_file("telco_churn", "Telco-Customer-Churn.csv"))


def test_the_published_parameters_of_staying(cohorts):
    found = staying.staying(durations(cohorts), by_column(cohorts, "cohorts"))
    pairs = {key: (model.leaving.alpha, model.leaving.beta) for key, model in found.models.items()}
    assert pairs["regular"] == pytest.approx((0.704, 1.182), abs=5e-4)
    assert pairs["highend"] == pytest.approx((0.668, 3.806), abs=5e-4)
    assert all(model.gap < 0.03 for model in found.models.values())
    counted = [869, 743, 653, 593, 551, 517, 491]  # customers of the high end there after each year
    modelled = 1000 * found.models["highend"].leaving.survival(np.arange(1, 8))
    np.testing.assert_allclose(modelled, counted, atol=20)


def test_lifetimes_are_sums_of_the_curve():
    leaving, later = staying.Leaving(0.668, 3.806), np.arange(3000)
    worth = 1.1 ** -later.astype(float)
    assert leaving.lifetime(0.1) == pytest.approx((leaving.survival(later) * worth).sum())
    for renewals in (1, 5):
        there = leaving.survival(later + renewals) / leaving.survival(renewals - 1)
        assert leaving.residual(0.1, renewals) == pytest.approx((there * worth).sum())
    stayed = leaving.survival(4 + np.arange(1, 13)) / leaving.survival(4)
    assert leaving.ahead(12, 0.0, 4) == pytest.approx(stayed.sum())
    assert leaving.lifetime(0.0) == float("inf")
    assert staying.Leaving(3.0, 2.0).lifetime(0.0) == pytest.approx(2.0)
    ratio = leaving.survival(np.arange(1, 9)) / leaving.survival(np.arange(8))
    np.testing.assert_allclose(leaving.retention(np.arange(1, 9)), ratio)


def test_segments_stay_as_long_as_their_active_customers(telco):
    stays, groups = durations(telco), by_column(telco, "InternetService")
    found = staying.staying(stays, groups)
    row = next(one for one in found.rows if one.segment.key == "DSL")
    frame = pd.DataFrame({"stay": stays.time, "left": stays.left, "group": telco.frame["InternetService"]})
    active = frame[(frame.group == "DSL") & ~frame.left]
    each = found.models["DSL"].leaving.ahead(12, 0.0, active.stay.to_numpy())
    assert (row.active, row.ahead.value) == (len(active), pytest.approx(each.mean()))
    verdicts = {one.segment.key: one.verdict for one in found.rows}
    assert verdicts == {"DSL": "higher", "Fiber optic": "lower", "No": "higher"}
    assert stay_headline(found).startswith(
        "Customers of “Fiber optic” will probably stay 11.4 of the next 12 months"
    )


def test_payments_make_a_value(telco):
    stays, groups = durations(telco), by_column(telco, "InternetService")
    paid = staying.payments(telco, "MonthlyCharges")
    found = staying.staying(stays, groups, staying.Ahead(12, 0.1, 0.5), *paid)
    row = next(one for one in found.rows if one.segment.key == "DSL")
    who = (telco.frame["InternetService"] == "DSL").to_numpy() & ~stays.left
    rate = 1.1 ** (1 / 12) - 1
    each = found.models["DSL"].leaving.ahead(12, rate, stays.time[who]) * paid[0][who] * 0.5
    assert row.value.value == pytest.approx(each.mean())
    assert row.value.high - row.value.value > 1.96 * each.std() / np.sqrt(who.sum())
    assert {one.segment.key: one.verdict for one in found.rows}["Fiber optic"] == "higher"
    assert "Expected value each" in stay_numbers(found)


def test_staying_says_why_it_cannot_be_told(cohorts):
    with pytest.raises(CannotForecast, match="9 customers left"):
        staying.fitted(np.arange(100) % 8 + 1, np.arange(100) < 9)
    with pytest.raises(CannotForecast, match="one or two periods"):
        staying.fitted(np.full(100, 2), np.arange(100) < 50)
    stays = durations(cohorts)
    by_stay = grouped((stays.time > 3).astype(int), ("Short", "Long"), ("recency",))
    found = staying.staying(stays, by_stay)
    assert stay_chart(replace(found, rows=found.rows[:1]), by_stay.segments, LIGHT) is None
    assert found.rows[0].reason == "Nobody of them is still there."
    assert "none has a course to follow" in stay_nothing(found)


def test_few_who_stay_are_hidden(cohorts):
    stays = durations(cohorts)
    codes = np.where(np.arange(2000) % 499 == 0, 0, 1)
    codes[codes == 0] = np.where(np.arange((codes == 0).sum()) < 4, 0, 1)
    found = staying.staying(stays, grouped(codes, ("A", "B")))
    assert found.rows[0].verdict == "hidden"
    assert np.isnan(found.rows[0].ahead.value)


# --- what is shown --------------------------------------------------------------------------------------


def test_charts_are_whole_and_names_are_literal(invented, telco):
    codes = np.where(invented.value() > np.median(invented.value()), 0, 1)
    groups = grouped(codes, ("<b>Often</b>", "Rare"))
    found = buying.worth(invented, groups)
    chart = worth_chart(found, groups.segments, LIGHT)
    assert len(chart.figure.data) == 2
    assert "&lt;b&gt;Often" in chart.drawn["layout"]["title"]["text"]
    assert chart.alt.endswith("least: " + chart.alt.rsplit("least: ", 1)[1])
    assert list(worth_numbers(found)["Segment"]) == ["<b>Often</b>", "Rare", "Everyone"]
    tested = check_chart(found.check, LIGHT)
    assert [len(mark.x) for mark in tested.figure.data] == [8, 8]
    assert check_numbers(found.check)["Customers"].sum() == 3000
    few = replace(found.check, actual=np.array([1000, 900, 700, 200, 100, 60, 36, 4.0]))
    assert check_numbers(few)["Customers"].isna().tolist() == [False] * 6 + [True] * 2
    assert check_chart(few, LIGHT).figure.data[0].y[-2:] == (None, None)
    stayed = staying.staying(durations(telco), by_column(telco, "InternetService"))
    assert len(stay_chart(stayed, by_column(telco, "InternetService").segments, LIGHT).figure.data) == 3


def test_orders_are_told_where_no_amounts_are_known():
    frequency, recency, age, _ = shop()
    model = buying.fitted(frequency, recency, age)
    codes = (frequency > 2).astype(int)
    found = buying.worth(model, grouped(codes, ("Rare", "Often")))
    assert not found.money
    assert "will probably order" in worth_headline(found)
    assert "Amount an order" not in worth_numbers(found)
    assert worth_chart(found, grouped(codes, ("Rare", "Often")).segments, LIGHT).figure.data[0].x[0] > 0


def panel(table, column):
    """What the priorities page asks for, of a customer table in a file."""
    from types import SimpleNamespace

    import segkit
    from pages.priorities import order_value
    from segkit.measures.kpis import by_column

    customers = segkit.read(table)
    groups = by_column(customers, column)
    segmentation = SimpleNamespace(plan=segkit.Plan(), refinements=())
    view = SimpleNamespace(
        customers=customers,
        assignment=groups,
        segments=groups.segments,
        focus="",
        of_sample="a test",
        found=SimpleNamespace(key="plan", segmentation=segmentation),
        table=SimpleNamespace(everyone=customers, customers=customers),
    )
    order_value.show(view)


def shown(table, column):
    at = AppTest.from_function(panel, args=(str(table), column), default_timeout=60).run()
    assert not at.exception
    return at


def company(count=600, **left_out):
    """A table of a small shop: orders, their dates, and who stayed."""
    frequency, recency, age, spend = shop(count, seed=8)
    first = pd.to_datetime("2026-01-01") - pd.to_timedelta(age, "D")
    stayed = np.random.default_rng(9).random(count)
    table = {
        "customer_id": [f"c{place:03d}" for place in range(count)],
        "group": np.where(frequency > 2, "often", "rare"),
        "first_order_date": first.date,
        "last_order_date": (first + pd.to_timedelta(np.ceil(recency), "D")).date,
        "orders": frequency.astype(int) + 1,
        "revenue": np.round(spend * (frequency + 1), 2),
        "tenure_months": np.ceil(stayed * age / 30).astype(int),
        "churned": np.where(stayed < 0.6, "yes", "no"),
    }
    return pd.DataFrame(table).drop(columns=list(left_out))


def test_the_panel_shows_a_forecast_and_obeys_its_assumptions(tmp_path):
    company().to_csv(tmp_path / "shop.csv", index=False)
    at = shown(tmp_path / "shop.csv", "group")
    assert "What customers will probably bring" in text(at)
    assert "the next 12 months, 10 % discount a year, all of the revenue counted" in text(at)
    at.number_input(key="order-value-months").set_value(24)
    at.number_input(key="order-value-margin").set_value(40).run()
    assert "the next 24 months, 10 % discount a year, 40 % of revenue left" in text(at)
    again = shown(tmp_path / "shop.csv", "group")  # what was chosen is kept for the next visit
    assert "the next 24 months, 10 % discount a year, 40 % of revenue left" in text(again)
    at.selectbox(key="order-value-way").select_index(1).run()
    assert not at.exception
    assert "How long customers will probably stay" in text(at)


def test_the_panel_names_the_missing_log_beside_what_can_be_told(tmp_path):
    company(first_order_date=True).to_csv(tmp_path / "shop.csv", index=False)
    at = shown(tmp_path / "shop.csv", "group")
    assert "How long customers will probably stay" in text(at)
    assert "Add your order log on the Data page" in text(at)
    company(first_order_date=True, churned=True).to_csv(tmp_path / "less.csv", index=False)
    at = shown(tmp_path / "less.csv", "group")
    assert "Add your order log on the Data page" in text(at)
    assert not at.expander


def test_without_orders_and_stays_nothing_is_drawn():
    at = shown(real_file("mall_customers", "Mall_Customers.csv"), "Gender")
    assert text(at).strip() == ""
    assert not at.expander

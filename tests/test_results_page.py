"""The results pages as a person uses them: focus, filter, own KPIs, and the customers behind a number."""

import json
import pickle
import re

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

import pages.ui.results
import segkit
from pages.ui import jobs
from segkit.measures.kpis import measure
from tests.test_pages import address, go, start, text, upload, with_sample

FILTER = {"conditions": [{"column": "country", "values": ["Germany"], "low": "", "high": ""}]}


@pytest.fixture(scope="module")
def sample() -> pd.DataFrame:
    return pd.read_csv("data/sample/customers.csv", dtype={"customer_id": "str"})


def results(**look) -> AppTest:
    """The results page of the sample company, looked at in a way that a link says."""
    choice = {"look": json.dumps(look)} if look else {}
    return go(start(data="sample", **choice), "results")


def headline(at: AppTest) -> str:
    return next(block.proto.body for block in at.get("html") if "class='headline'" in block.proto.body)


def test_a_focus_puts_one_segment_in_front_and_the_headline_tells_about_it():
    at = results()
    names = dict(zip(at.selectbox(key="focus").options, range(99), strict=False))
    wanted = list(names)[-1]
    before = headline(at)
    at.selectbox(key="focus").select_index(len(names) - 1).run()
    assert wanted in headline(at) or headline(at) == before
    assert "class='focus'" in "".join(block.proto.body for block in at.get("html"))
    assert json.loads(address(at, "look")[0])["focus"] == "S5"


def test_a_filter_changes_numbers_and_not_segments_and_is_printed(sample):
    at = results(**FILTER)
    germans = sample[sample["country"] == "Germany"]
    assert f"{len(germans):,} of 5,000 customers, only where country is Germany" in text(at)
    customers = segkit.read("data/sample/customers.csv")
    assignment = segkit.segment(customers, segkit.Plan()).assign(customers)
    kept = (sample["country"] == "Germany").to_numpy()
    sizes = pd.Series(assignment.where(kept).codes).value_counts().sort_index()
    shown = text(at)
    assert all(f" {size:,} " in shown for size in sizes)


def test_a_filter_holds_on_the_other_pages_and_in_the_lists(sample):
    at = go(results(**FILTER), "downloads")
    germans = (sample["country"] == "Germany").sum()
    assert f"{germans:,} customers in 5 segments are ready" in text(at)
    assert "only where country is Germany" in text(go(at, "explore"))
    assert "only where country is Germany" in text(go(at, "over_time"))


def test_a_filter_that_leaves_nobody_says_so_and_shows_everyone():
    nobody = [{"column": "age", "values": [], "low": "150", "high": ""}]
    at = results(conditions=nobody)
    assert "No customer is left where age from 150" in text(at)
    assert "5,000 customers" in text(at)


def test_a_kpi_that_cannot_be_leaves_the_filter():
    at = results(own=["country"], **FILTER)
    assert "“country” cannot be a KPI" in text(at)
    assert "only where country is Germany" in text(at)


@pytest.mark.parametrize(
    "link",
    [
        {"conditions": [{"values": ["x"]}]},
        {"conditions": 7},
        {"own": 7},
        {"assumptions": {"periods": 0}},
        {"assumptions": {"years": 3}},
        {"focus": "S99"},
        {"own": ["country"]},
        {"own": "age"},
        {"assumptions": {"periods": 3.5}},
        {"conditions": [{"column": "nowhere", "values": ["x"]}]},
    ],
)
def test_a_link_that_makes_no_sense_still_opens_the_page(link):
    assert "5,000 customers" in text(results(**link))


def test_a_focus_on_few_or_nobody_says_so():
    rows = [("a", 10 - place % 4) for place in range(60)] + [("b", 3)] * 40 + [("c", 9)] * 3
    table = pd.DataFrame(rows, columns=["plan", "nps"]).assign(
        customer_id=range(len(rows)), side=["x", "y"] * 51 + ["x"]
    )
    at = upload(start(method="column", options='{"column": "plan"}'), table.to_csv(index=False).encode())
    data = address(at, "data")[0]
    link = {"data": data, "method": "column", "options": '{"column": "plan"}'}
    at = go(start(**link), "results")
    assert at.selectbox(key="focus").options[-1] == "c"
    at.selectbox(key="focus").select_index(3).run()
    assert "Too few answers in “c” to compare it" in text(at)
    page = "".join(block.proto.body for block in at.get("html"))
    assert "<span>not shown</span>" in page
    assert "'3 answers" not in page


def test_a_column_of_ones_own_is_a_kpi_with_interval_and_verdict(sample):
    at = results(own=["household_size"])
    mean = sample["household_size"].mean()
    assert "Household size" in text(at)
    assert f"{mean:.2f}" in text(at)


def test_the_value_of_a_customer_says_what_it_assumes():
    at = results(assumptions={"periods": 3, "discount": 0.0, "margin": 1.0})
    assert "3 periods, 0 % discount a period" in text(at)


def test_behind_a_number_are_its_customers_without_personal_data():
    rows = 60
    table = pd.DataFrame(
        {
            "customer_id": [f"c{place}" for place in range(rows)],
            "email": [f"p{place}@example.com" for place in range(rows)],
            "age": [20 + 40 * (place % 2) + place % 5 for place in range(rows)],
            "visits": [2 + 30 * (place % 2) + place % 3 for place in range(rows)],
            "nps": [10 if place % 2 else 3 for place in range(rows)],
        }
    )
    table.loc[:3, "nps"] = None
    at = go(upload(start(), table.to_csv(index=False).encode()), "results")
    at.session_state["behind"] = True
    at.session_state["behind-of"], at.session_state["behind-what"] = "all", "nps"
    at.run()
    assert "56 customers with an answer" in text(at)
    shown = at.dataframe[0].value
    assert "email" not in shown.columns
    assert len(shown) == 56
    at.toggle(key="behind-personal").set_value(True).run()
    assert "p59@example.com" in set(at.dataframe[0].value["email"])


def test_kpis_with_filter_equal_those_of_the_library(sample):
    customers = segkit.read("data/sample/customers.csv")
    assignment = segkit.segment(customers, segkit.Plan()).assign(customers)
    from segkit.customers.base import Condition, met, restricted

    only = (Condition("country", ("Germany",)),)
    kept = met(customers, only)
    table = measure(restricted(customers, only), assignment.where(kept))
    assert kept.tolist() == (sample["country"] == "Germany").tolist()
    shown = text(results(**FILTER))
    for row in table.of("nps"):
        assert f" {row.value:.0f} ".replace("-", "−") in shown


def test_without_data_every_results_page_says_what_to_do():
    for page in ("results", "explore", "over_time"):
        assert "load your customers first" in text(go(start(), page))


def test_the_sample_opens_every_results_page():
    at = with_sample()
    for page in ("results", "explore", "over_time"):
        assert len(go(at, page).get("plotly_chart")) >= 1


def test_explore_opens_with_what_goes_with_the_first_kpi(sample):
    at = go(start(data="sample"), "explore")
    told = re.search(r"NPS goes most with CSAT: (\d+) points higher \(\d+ to \d+\) with 5 than", headline(at))
    assert told
    known = sample[sample["nps"].notna() & sample["csat"].notna()]
    score = 100 * ((known["nps"] >= 9).astype(float) - (known["nps"] <= 6))
    gap = score[known["csat"] == 5].mean() - score[known["csat"] < 5].mean()
    assert int(told[1]) == round(gap)
    at.selectbox(key="focus").select_index(1).run()
    assert f"In “{at.selectbox(key='focus').options[1]}”, NPS goes most with" in headline(at)


def test_segments_that_a_worker_found_are_measured_and_shown(sample, monkeypatch):
    monkeypatch.setattr(pages.ui.results, "LIGHT", 1000)  # so that a process of its own does the work
    at = upload(start(), sample.head(1503).to_csv(index=False).encode(), "some.csv")
    shown = go(at, "results")
    assert not shown.exception
    assert "1,503 customers" in text(shown)
    assert "class='kpis'" in "".join(block.proto.body for block in shown.get("html"))


def test_results_can_be_sent_from_one_process_to_another(sample):
    customers = segkit.read(sample)
    found = jobs.find(customers, segkit.Plan(n_segments=3), lambda step, share: None)
    seen = jobs.see(
        customers, found.assignment, (), ("age",), segkit.measures.value.USUAL, lambda step, share: None
    )
    sent, own = pickle.loads(pickle.dumps((found, seen.kpis)))
    assert repr(sent.kpis.rows) == repr(found.kpis.rows)
    values = own.definition("own:age").values(customers)
    assert values[~pd.isna(values)].sum() == sample["age"].sum()


def test_over_time_says_what_to_do_where_no_column_tells_who_stays():
    rows = "customer_id,age,visits\n" + "\n".join(f"c{n},{20 + n % 50},{n % 7}" for n in range(300))
    at = go(upload(start(), rows.encode()), "over_time")
    assert "say below which columns hold sign-ups and departures" in headline(at)
    assert "Curves need to know" in text(at)

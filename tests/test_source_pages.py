"""Pages on a table that stays where it is: the same numbers as on an upload, of everyone."""

import re
from functools import partial

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import pages.data.intake
import pages.ui.state
import segkit
from segkit.customers.sampling import sampled
from tests.test_pages import go, start, text

ROWS = 5000


@pytest.fixture
def source(tmp_path, monkeypatch) -> pd.DataFrame:
    """The sample company as a source of Parquet files that is set up by name."""
    frame = pd.read_csv("data/sample/customers.csv", dtype={"customer_id": "str"})
    (tmp_path / "crm").mkdir()
    for part in range(2):
        frame.iloc[part::2].to_parquet(tmp_path / "crm" / f"part{part}.parquet", index=False)
    sources = tmp_path / "sources.toml"
    sources.write_text(f'[sources.crm]\nlabel = "All our customers"\nfiles = "{tmp_path / "crm"}"\n')
    monkeypatch.setenv("SEGKIT_SOURCES", str(sources))
    return frame


def opened() -> AppTest:
    at = go(start(), "data")
    at.button(key="open-source").click().run()
    assert not at.exception
    return at


def test_who_stops_the_opening_is_told_and_keeps_what_was_there(source, monkeypatch):
    at = go(start(), "data")
    at.button(key="sample").click().run()
    before = text(at)
    monkeypatch.setattr(pages.data.intake, "QUIET", 0.0)

    def slow(place, watch):
        watch()
        st.stop()  # as a click ends the run that waits

    monkeypatch.setattr(pages.ui.state, "load_source", slow)
    at.button(key="open-source").click().run()
    at.button(key="stop-source").click().run()
    assert "Opening All our customers was stopped. Nothing was changed." in text(at)
    assert "5,000 customers" in before
    assert "5,000 customers" in text(at)


def kpi_cells(at: AppTest) -> list[str]:
    body = "".join(block.proto.body for block in at.get("html") if "class='kpis'" in block.proto.body)
    return re.findall(r"<b>(.*?)</b>", body)


def pictures(at: AppTest) -> str:
    """The words in the charts of a page."""
    assert not at.exception
    drawn = "".join(chart.proto.spec for chart in at.get("plotly_chart"))
    return drawn.encode().decode("unicode_escape", errors="ignore")


def test_a_source_is_opened_by_name_and_gives_the_numbers_of_an_upload(source):
    at = opened()
    assert "5,000 customers" in text(at)
    results = go(at, "results")
    assert "All our customers; goal: explore; 5,000 customers, measured by DuckDB on this machine" in text(
        results
    )
    customers = segkit.read(source)
    assignment = segkit.segment(customers, segkit.Plan()).assign(customers)
    table = segkit.measure(customers, assignment)
    sizes = sorted(row.value for row in table.of("size"))
    shown = [int(cell.replace(",", "")) for cell in kpi_cells(results) if re.fullmatch(r"[\d,]{3,}", cell)]
    assert sorted(set(shown))[-len(sizes) :] == sizes


def test_of_some_who_were_drawn_the_numbers_are_those_of_all(source, monkeypatch):
    monkeypatch.setattr("segkit.customers.sampling.sampled", partial(sampled, rows=2000))
    at = opened()
    assert "5,000 customers" in text(at)
    assert "drawn by chance" in text(at)
    results = go(at, "results")
    sizes = [int(cell.replace(",", "")) for cell in kpi_cells(results) if re.fullmatch(r"[\d,]{3,}", cell)]
    assert ROWS in sizes
    assert sum(sizes[: sizes.index(ROWS)]) == pytest.approx(ROWS, abs=20)  # a few may fit none
    explore = go(results, "explore")
    assert "drawn by chance" not in pictures(explore)
    assert re.search(r"<h1 class='headline'.*NPS", "".join(one.proto.body for one in explore.get("html")))
    explore.segmented_control(key="explore-part").set_value("What goes with a KPI").run()
    assert re.search(r"5,000 customers, measured by DuckDB", pictures(explore))
    assert "drawn by chance" not in pictures(explore)
    downloads = go(explore, "downloads")
    assert "5,000 customers in" in text(downloads)


def test_what_is_presented_has_the_kpis_of_everyone(source, monkeypatch):
    monkeypatch.setattr("segkit.customers.sampling.sampled", partial(sampled, rows=2000))
    at = go(opened(), "present")
    at.query_params["show"] = "cover"
    cover = " ".join(text(at.run()).split())
    assert "Base 5,000 customers, everyone in the table" in cover
    assert "Period until 2026-09-30" in cover  # the first day of those who were not drawn is not known
    at.query_params["show"] = "kpi:nps"
    shown = text(at.run())
    assert not at.exception
    customers = segkit.read(source)
    whole = segkit.measure(customers, segkit.segment(customers, segkit.Plan()).assign(customers))
    assert f"everyone: {whole.find('all', 'nps').value:.0f}" in shown
    at.query_params["show"] = "profile:S1"
    profile = " ".join(text(at.run()).split())
    assert "drawn by chance" not in profile
    size = int(re.search(r"([\d,]+) customers, \d+ % of all", profile)[1].replace(",", ""))
    assert size > 1200  # of 5,000; of the 2,000 who were drawn it would be some 600
    at.query_params["show"] = "next"
    assert "drawn by chance" not in text(at.run())


def test_pictures_and_lists_are_of_everyone(source, monkeypatch):
    monkeypatch.setattr("segkit.customers.sampling.sampled", partial(sampled, rows=1500))
    at = opened()
    time = go(at, "over_time")
    assert "drawn by chance" not in pictures(time)
    assert re.search(r"5,000 customers, measured by DuckDB", pictures(time))
    explore = go(time, "explore")
    explore.segmented_control(key="explore-part").set_value("Any column by segment").run()
    assert "drawn by chance" not in pictures(explore)
    explore.selectbox[-1].set_value("signup_date").run()
    assert "drawn by chance" not in pictures(explore)
    results = go(explore, "results")
    results.session_state["behind"] = True
    results.run()
    results.selectbox(key="behind-of").set_value("all").run()
    answers = int(source["nps"].notna().sum())
    results.selectbox(key="behind-what").set_value("nps").run()
    assert not results.exception
    assert f"{answers:,} customers with an answer; 200 of them are shown" in text(results)
    assert any(one.value.shape[0] == 200 for one in results.dataframe)


def test_profiles_and_answers_are_of_everyone(source, monkeypatch):
    monkeypatch.setattr("segkit.customers.sampling.sampled", partial(sampled, rows=1500))
    at = go(opened(), "profiles")
    assert "drawn by chance" not in pictures(at)
    assert "drawn by chance" not in text(at)  # nor do personas say so
    assert re.search(r"5,000 customers, measured by DuckDB", pictures(at))
    assert "of those drawn sit clearly in it" in text(at)
    at.session_state["profile-people"] = True
    at.run()
    assert re.search(r"Found among 1,\d{3} customers drawn by chance", text(at))
    results = go(at, "results")
    results.selectbox(key="picture").set_value("CSAT answers").run()
    assert "drawn by chance" not in pictures(results)
    answers = int(source["csat"].notna().sum())
    assert f"{answers:,}" in pictures(results)


def test_a_source_that_is_gone_is_told_without_its_path(source, tmp_path):
    for file in (tmp_path / "crm").iterdir():
        file.unlink()
    at = go(start(), "data")
    at.button(key="open-source").click().run()
    assert not at.exception
    assert "“All our customers” has no Parquet or CSV files" in text(at)
    assert str(tmp_path) not in text(at)


def test_a_file_of_sources_that_is_wrong_is_told(source, tmp_path):
    (tmp_path / "sources.toml").write_text("[sources.crm]\nlable = 1\n")
    at = go(start(), "data")
    assert not at.exception
    assert "lable is no setting" in text(at)


def test_a_table_that_goes_away_is_told_and_a_retry_works(source, tmp_path):
    (tmp_path / "crm" / "part1.parquet").unlink()  # a table that no other test has measured
    at = opened()
    files = {file: file.read_bytes() for file in (tmp_path / "crm").iterdir()}
    for file in files:
        file.unlink()
    results = go(at, "results")
    assert not results.exception
    assert "The table cannot be asked at the moment." in text(results)
    assert str(tmp_path) not in text(results)
    for file, content in files.items():
        file.write_bytes(content)
    results.button(key="try-again").click().run()
    assert "measured by DuckDB" in text(results)
    for file in files:
        file.unlink()
    time = go(results, "over_time")
    assert not time.exception
    assert "The table cannot be asked at the moment." in text(time)
    for file, content in files.items():
        file.write_bytes(content)
    time.button(key="try-again").click().run()
    assert "How long customers stay" in text(time)
    assert "measured by DuckDB" in pictures(time)

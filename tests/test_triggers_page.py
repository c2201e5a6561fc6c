"""The page of whom to call, as a person uses it."""

import datetime
import re
from functools import partial

import numpy as np
import pandas as pd
from streamlit.testing.v1 import AppTest

from segkit.customers.sampling import sampled
from tests.test_pages import checked, csv, go, small_table, start, text, upload
from tests.test_results_page import headline

DAY = pd.Timestamp("2026-09-30")


def sample(**address: str) -> AppTest:
    return go(start(data="sample", **address), "triggers")


def dated() -> pd.DataFrame:
    """Sixty customers, half of whom renew in October, with consent and a trial."""
    table = small_table()
    place = np.arange(len(table))
    return table.assign(
        signup_date=(DAY - pd.to_timedelta(place * 7, unit="D")).date,
        renewal_date=[DAY + pd.Timedelta(days=int(one)) if one < 30 else None for one in place],
        channel_consent=np.where(place % 3, "email", "none"),
        trial_end=(DAY + pd.to_timedelta(place % 20, unit="D")).date,
    )


def opened(table: pd.DataFrame) -> AppTest:
    by_side = start(method="column", options='{"column": "side"}')
    return go(upload(by_side, csv(table.assign(side=["left", "right"] * (len(table) // 2)))), "triggers")


def cells(at: AppTest) -> dict[str, list[str]]:
    """The table by segment as it stands on the page, by the name of a row."""
    table = next(block.proto.body for block in at.get("html") if "<table class='kpis'" in block.proto.body)
    rows = re.findall(r"<tr[^>]*><th scope='(?:row|col)'>(.*?)</tr>", table)
    return {
        re.sub(r"</th>.*", "", row): re.findall(r"<(?:td|th)[^>]*>(?:<[bs][^>]*>)?([^<]+)<", row)
        for row in rows
    }


def test_it_opens_with_whom_to_call_and_why():
    at = sample()
    table = pd.read_csv("data/sample/customers.csv")
    may = (table["retained"] != "No") & (table["channel_consent"] != "none")
    assert (
        "305 customers need something in the next 30 days; the longest list is 180 anniversaries"
        in headline(at)
    )
    assert "Today is 30 Sep 2026, the day this table is counted to." in text(at)
    assert "208 customers who have left and 95 customers without consent" in text(at)
    assert cells(at)["Everyone"] == ["305", str(int((table["csat"] <= 2)[may].sum())), "180"]
    assert "Birthday needs a column that means “Birthday”." in text(at)
    checked(at.button(key="to-downloads").click().run())
    assert "are ready" in text(at)


def test_the_horizon_the_day_and_whom_to_leave_out_can_be_changed():
    at = opened(dated())
    kept = [one for one in range(30) if one % 3]
    assert f"the longest list is {len(kept)} renewals" in headline(at)
    checked(at.button_group(key="triggers-days").set_value(7).run())
    assert "in the next 7 days" in headline(at)
    assert cells(at)["Everyone"][1] == "fewer than 5"
    checked(at.toggle(key="triggers-agreed").set_value(False).run())
    assert cells(at)["Everyone"][1] == "7"
    day = next(one for one in at.date_input if one.label == "Today is")
    checked(day.set_value(datetime.date(2026, 10, 20)).run())
    assert "Today is 20 Oct 2026, as you set it. The table ends on 30 Sep 2026, 20 days before" in text(at)
    assert cells(at)["Everyone"][1] == "7"


def test_a_focus_lists_one_segment_only():
    at = sample()
    everyone = cells(at)
    name = at.selectbox(key="focus").options[1]
    checked(at.selectbox(key="focus").select_index(1).run())
    assert f"{everyone[name][0]} customers of “{name}” need something" in headline(at)
    assert cells(at) == everyone  # the table compares segments
    anniversaries = everyone[name][2]
    assert f"Anniversary {anniversaries} customers" in " ".join(text(at).split())


def test_a_list_in_sight_tells_no_birthday_until_it_is_asked_for():
    born = [f"19{50 + one % 40}-10-{1 + one % 28:02d}" for one in range(60)]
    at = opened(dated().assign(birthday=born))
    at.session_state["calls-see"] = True
    checked(at.run())
    shown = at.dataframe[0].value
    assert {"Segment", "Day", "Why", "Consent"} <= set(shown.columns)
    assert shown["Day"].tolist() == sorted(shown["Day"])
    checked(at.selectbox(key="calls-which").set_value("birthday").run())
    assert "Day" not in at.dataframe[0].value.columns
    checked(at.toggle(key="calls-personal").set_value(True).run())
    assert at.dataframe[0].value["Day"].str.match(r"2026-10-\d\d").all()


def source(tmp_path, monkeypatch, table: pd.DataFrame, kind: str) -> AppTest:
    """The page of a table that stays where it is, of whom 400 are drawn, by country."""
    file = tmp_path / f"crm.{kind}"
    table.to_parquet(file, index=False) if kind == "parquet" else table.to_csv(file, index=False)
    sources = tmp_path / "sources.toml"
    sources.write_text(f'[sources.crm]\nlabel = "All"\nfiles = "{file}"\n')
    monkeypatch.setenv("SEGKIT_SOURCES", str(sources))
    monkeypatch.setattr("segkit.customers.sampling.sampled", partial(sampled, rows=400))
    at = start(method="column", options='{"column": "country"}')
    at.button(key="open-source").click().run()
    return go(at, "triggers")


def test_of_a_table_that_stays_where_it_is_everyone_is_counted_and_listed(tmp_path, monkeypatch):
    table = pd.read_csv("data/sample/customers.csv", dtype="str").sample(900, random_state=3)
    at = checked(source(tmp_path, monkeypatch, table, "parquet"))
    may = (table["retained"] != "No") & (table["channel_consent"] != "none")
    low = int((table["csat"].astype(float) <= 2)[may].sum())
    assert cells(at)["Everyone"][1] == str(low)
    assert re.match(r"\d+ customers need something in the next 30 days", headline(at).split("'headline'>")[1])
    assert "drawn by chance" not in headline(at)
    buttons = [one for one in at.get("download_button") if "download-c" in one.proto.id]
    assert len(buttons) == 4  # counts, two lists, and both in one
    at.session_state["calls-see"] = True
    checked(at.run())
    assert len(at.dataframe[0].value) == low
    at.toggle(key="triggers-agreed").set_value(False).run()
    assert int(cells(checked(at))["Everyone"][1]) > low
    at.selectbox(key="focus").set_value("S1").run()
    assert len(checked(at).dataframe[0].value) < low


def test_where_nothing_can_be_told_at_the_source_it_is_said_and_no_list_is_offered(tmp_path, monkeypatch):
    table = pd.read_csv("data/sample/customers.csv", dtype="str").sample(900, random_state=3)
    gone = pd.to_datetime(table.pop("signup_date")) + pd.Timedelta(days=90)
    table["churn_date"] = gone.dt.strftime("%B %d, %Y").where(table["retained"] == "No")
    at = checked(source(tmp_path, monkeypatch, table, "csv"))
    assert re.search(r"Of [34]\d\d customers drawn by chance, \d+ customers need", headline(at))
    assert "Lists to call would hold only those, so none is offered here." in text(at)
    assert "written in a way that cannot be read where the table lives" in text(at)
    assert not [one for one in at.get("download_button") if "download-c" in one.proto.id]


def test_own_triggers_are_added_kept_and_removed():
    at = opened(dated())
    at.session_state["own-triggers"] = True
    checked(at.run())
    at.text_input(key="own-trigger-0-name").set_value("Trial *ends*")
    at.selectbox(key="own-trigger-0-date").set_value("trial_end")
    at.number_input(key="own-trigger-0-days").set_value(9)
    checked(at.button(key="own-trigger-add").click().run())
    trials = [one for one in range(60) if one % 3 and one % 20 <= 9]
    assert f"Trial *ends* {len(trials)} customers" in " ".join(text(at).split())
    assert "“trial_end” lies in the next 9 days" in text(at)
    again = opened(dated())
    assert f"Trial *ends* {len(trials)} customers" in " ".join(text(again).split())
    at.text_input(key="own-trigger-1-name").set_value("trial *ENDS*")
    at.selectbox(key="own-trigger-1-date").set_value("trial_end")
    checked(at.button(key="own-trigger-add").click().run())
    assert "“trial *ENDS*” is taken. Give your trigger another name." in text(at)
    checked(at.button(key="own-trigger-remove-0").click().run())
    assert "lies in the next 9 days" not in text(at)


def test_a_table_without_dates_says_what_to_do():
    at = opened(small_table().drop(columns="nps"))
    assert "be told yet: this table has no dates that come" in headline(at)
    assert "Add a date that comes" in text(at)
    checked(at.button(key="to-data").click().run())
    assert "60 customers" in text(at)


def test_names_from_the_file_are_shown_as_they_are():
    table = dated().rename(columns={"trial_end": "first order <b>day</b>"})
    at = opened(table)
    page = "".join(block.proto.body for block in at.get("html"))
    assert "first order &lt;b&gt;day&lt;/b&gt;" in page
    assert "<b>day" not in page

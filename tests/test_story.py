"""The story that presenting, slides and report draw: its numbers, its words, and what a person did to it."""

import dataclasses
import re
from math import isnan

import numpy as np
import pandas as pd
import pytest

import segkit
from segkit.insights.edition import NO_PERIOD, Edition, edition
from segkit.insights.story.arranged import arranged, chosen, moved, ordered, reworded
from segkit.insights.story.blocks import Bar, Bars, Grid
from segkit.insights.story.pages import USUAL, Page
from segkit.insights.story.parted import parted
from segkit.insights.story.telling import Story, story
from segkit.measures.kpis import BASE
from tests.tables import read_here

HOSTILE = (
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "![x](http://evil.example/x.png)",
    "\u202egpj.exe",
    "two\nlines",
    "\x0bbell\x07",
    "طويل جدا",
    "顧客",
)


def about(customers: segkit.Customers, segmentation: segkit.Segmentation, **more: str) -> Edition:
    return edition(customers, segmentation, len(customers), len(customers), **more)


def told(
    table: pd.DataFrame, plan: segkit.Plan, written: dict | None = None
) -> tuple[Story, segkit.KpiTable]:
    customers = read_here(table.to_csv(index=False).encode())
    segmentation = segkit.segment(customers, plan)
    assignment = segmentation.assign(customers)
    kpis = segkit.measure(customers, assignment)
    return story(customers, assignment, kpis, about(customers, segmentation), written), kpis


def people(rows: int = 400, names: tuple[str, ...] = ("a", "b", "c"), seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    group = rng.integers(0, len(names), rows)
    return pd.DataFrame(
        {
            "customer_id": [f"{place:05d}" for place in range(rows)],
            "group": [names[place] for place in group],
            "email": [f"person{place}@example.com" for place in range(rows)],
            "nps": np.clip(rng.normal(5 + group, 2, rows), 0, 10).round().astype(int),
            "revenue": (rng.exponential(50, rows) * (1 + group)).round(2),
            "visits": rng.poisson(3 + 4 * group),
            "signup_date": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 300, rows), "D"),
        }
    )


BY_GROUP = segkit.Plan(method="column", options={"column": "group"})


def texts(page: Page) -> list[str]:
    """Everything a page says."""
    return [page.label, page.title, page.subtitle, *page.notes, *map(str, page.blocks)]


# --- numbers --------------------------------------------------------------------------------------


def test_every_kpi_of_the_table_has_a_page_with_its_exact_numbers() -> None:
    made, kpis = told(people(), BY_GROUP)
    pages = {page.key: page for page in made.pages}
    for definition in (one for one in kpis.definitions if one.needs):
        bars = pages[f"kpi:{definition.key}"].blocks[0]
        assert isinstance(bars, Bars)
        for row, bar in zip(
            (one for one in kpis.of(definition.key) if one.segment != BASE), bars.rows, strict=True
        ):
            assert (bar.label, bar.value, bar.low, bar.high) == (
                row.segment_name,
                row.value,
                row.low,
                row.high,
            )
        assert pages[f"kpi:{definition.key}"].usual == (definition.key in USUAL)


def test_the_pages_come_in_the_order_of_a_meeting() -> None:
    made, _ = told(people(), BY_GROUP)
    keys = [page.key for page in made.pages]
    profiles = [f"profile:{one.key}" for one in made.segments]
    assert keys[:3] == ["cover", "sizes", "overview"]
    assert keys[-2:] == ["priorities", "next"]
    assert [key for key in keys if key.startswith("profile:")] == profiles
    assert len(keys) == len(set(keys))


def test_what_is_hidden_stays_hidden_in_every_page() -> None:
    table = people(300)
    table.loc[table["group"].eq("a") & (table.groupby("group").cumcount() > 2), "nps"] = (
        np.nan
    )  # three answer
    made, kpis = told(table, BY_GROUP)
    hidden = {row.segment_name for row in kpis.of("nps") if row.verdict == "hidden"}
    assert "a" in hidden
    page = next(page for page in made.pages if page.key == "kpi:nps")
    bars = page.blocks[0]
    assert isinstance(bars, Bars)
    for bar in bars.rows:
        assert isnan(bar.value) == (bar.label in hidden)
        assert (bar.text == "not shown") == (bar.label in hidden)
    assert not any(f"NPS of {name}:" in note for name in hidden for note in page.notes)
    grid = next(page for page in made.pages if page.key == "overview").blocks[0]
    assert isinstance(grid, Grid)
    place = grid.head.index("NPS")
    assert {row[0] for row in grid.rows if row[place] == "not shown"} == hidden


def test_a_segment_of_four_has_no_profile() -> None:
    table = people(200)
    table.loc[:3, "group"] = "few"
    made, _ = told(table, BY_GROUP)
    few = next(one for one in made.segments if one.name == "few")
    page = next(page for page in made.pages if page.key == f"profile:{few.key}")
    assert "Fewer than five customers" in str(page.blocks)
    assert len(page.blocks) == 1


def test_no_page_holds_personal_data() -> None:
    table = people(60)
    made, _ = told(table, BY_GROUP)
    everything = " ".join(text for page in made.pages for text in texts(page))
    assert "@example.com" not in everything
    assert not any(one in everything for one in table["customer_id"])


def test_the_order_of_the_rows_changes_nothing() -> None:
    table = people()
    one, _ = told(table, BY_GROUP)
    other, _ = told(table.sample(frac=1, random_state=3), BY_GROUP)
    assert [dataclasses.replace(page, blocks=()) for page in one.pages if page.key != "cover"] == [
        dataclasses.replace(page, blocks=()) for page in other.pages if page.key != "cover"
    ]
    assert [str(page.blocks) for page in one.pages[1:]] == [str(page.blocks) for page in other.pages[1:]]


def test_only_sizes_are_told_where_there_is_no_outcome() -> None:
    made, _ = told(people()[["customer_id", "group", "visits"]], BY_GROUP)
    keys = [page.key for page in made.pages]
    assert not [key for key in keys if key.startswith("kpi:")]
    assert "overview" not in keys
    assert {"cover", "sizes", "next"} <= set(keys)


# --- what people set ------------------------------------------------------------------------------


def test_weights_that_somebody_set_decide_who_comes_first_and_the_page_says_where_nobody_did() -> None:
    table = people(900)
    usual, _ = told(table, BY_GROUP)
    page = next(page for page in usual.pages if page.key == "priorities")
    assert "Nobody has set weights" in page.subtitle
    weighed, _ = told(table, BY_GROUP, {"weights": {"size": 3.0, "nps": 0.0}})
    page = next(page for page in weighed.pages if page.key == "priorities")
    assert "Nobody has set weights" not in page.subtitle
    assert any("size (× 3)" in note for note in page.notes)
    nonsense, _ = told(
        table, BY_GROUP, {"weights": {"gone": 2.0}, "actions": "none", "plays": 7, "limits": []}
    )
    assert "priorities" in [page.key for page in nonsense.pages]


def test_accepted_actions_come_first_and_only_those_of_these_customers() -> None:
    table = people(900)
    usual, _ = told(table, BY_GROUP)
    customers = read_here(table.to_csv(index=False).encode())
    segment = usual.segments[0]
    action = {
        "segment": segment.key,
        "name": segment.name,
        "status": "running",
        "day": "2026-05-04",
        "holdout": 0.1,
        "kpi": "nps",
        "about": customers.fingerprint,
        "whom": "everyone",
        "reached": 120,
        "own": None,
        "play": "support",
        "limits": {},
    }
    made, _ = told(table, BY_GROUP, {"actions": [action, action | {"about": "others", "segment": "S9"}]})
    page = made.pages[-1]
    grid = page.blocks[0]
    assert isinstance(grid, Grid)
    assert page.title.startswith("1 action decided, first: give them faster")
    assert grid.rows[0][0] == segment.name
    assert "Running since 2026-05-04; 10\u202f% left alone" in grid.rows[0][1]
    assert grid.rows[0][2] == "120 customers"
    assert sum("Running" in row[1] for row in grid.rows) == 1


# --- hostile names --------------------------------------------------------------------------------


def test_names_are_literal_and_nothing_unseen_is_told() -> None:
    made, _ = told(people(900, HOSTILE), BY_GROUP)
    unseen = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
    for page in made.pages:
        for text in (page.label, page.title, page.subtitle, *page.notes):
            assert not unseen.search(text)
        for block in page.blocks:
            for text in re.findall(r"(?:label|text|note)='([^']*)'", str(block)):
                assert not unseen.search(text)
    labels = {bar.label for bar in made.pages[1].blocks[0].rows}  # type: ignore[union-attr]
    assert {"=cmd|' /C calc'!A0", "<script>alert(1)</script>", "gpj.exe", "two lines", "bell"} <= labels


# --- arranged by a person -------------------------------------------------------------------------


def plain_pages() -> list[Page]:
    return [Page(key, key.title(), f"Finding {key}", "", (), usual=key != "c") for key in "abcd"]


def keys(pages: tuple[Page, ...]) -> str:
    return "".join(page.key for page in pages)


def test_a_story_nobody_touched_is_the_usual_pages() -> None:
    for nothing in (None, {}, [], "text", {"order": "abc", "left_out": None, "titles": 3}):
        assert keys(arranged(plain_pages(), nothing)) == "abd"


def test_pages_move_are_left_out_and_taken_in() -> None:
    pages = plain_pages()
    written = moved(pages, None, "a", 1)
    assert keys(ordered(pages, written)) == "bacd"
    written = moved(pages, written, "a", -5)
    assert keys(ordered(pages, written)) == "abcd"
    written = moved(pages, written, "d", -3)
    written = chosen(pages, written, "a", told=False)
    written = chosen(pages, written, "c", told=True)
    assert keys(arranged(pages, written)) == "dbc"
    assert keys(arranged(pages, chosen(pages, written, "a", told=True))) == "dabc"


def test_a_page_that_is_new_comes_after_the_one_before_it_and_one_that_is_gone_is_left_out() -> None:
    written = {"order": ["d", "gone", "b", "a"]}
    assert keys(ordered(plain_pages(), written)) == "dbca"


def test_a_title_of_ones_own_keeps_what_the_data_say_and_a_blank_one_brings_it_back() -> None:
    pages = plain_pages()
    written = reworded(reworded(None, "titles", "a", "Mine\u202e"), "notes", "a", "Say this\nand that")
    page = arranged(pages, written)[0]
    assert (page.title, page.finding, page.said) == ("Mine", "Finding a", "Say this\nand that")
    assert arranged(pages, reworded(written, "titles", "a", " "))[0].title == "Finding a"
    assert arranged(pages, reworded(written, "titles", "a", " "))[0].finding == ""


# --- in parts that fit ----------------------------------------------------------------------------


def test_parts_hold_every_row_once_on_one_axis() -> None:
    bars = Bars(
        tuple(Bar(str(place), float(place), place - 1, place + 2) for place in range(20)), "NPS", "points"
    )
    parts = parted([Page("kpi:nps", "NPS", "Finding", "Shown.", (bars,))])
    assert [page.key for page in parts] == ["kpi:nps", "kpi:nps.2", "kpi:nps.3"]
    assert [page.subtitle for page in parts] == ["Shown; 1 of 3", "Shown; 2 of 3", "Shown; 3 of 3"]
    blocks = [page.blocks[0] for page in parts]
    assert tuple(row for block in blocks for row in block.rows) == bars.rows  # type: ignore[union-attr]
    assert {block.ends for block in blocks} == {(-1.0, 21.0)}  # type: ignore[union-attr]


def test_long_names_and_sentences_take_more_of_a_page() -> None:
    short = Grid(("Segment", "NPS"), tuple((str(place), "1") for place in range(11)), (0,) * 11)
    long = Grid(("Segment", *"1234567"), tuple(("x" * 40, *"1234567") for _ in range(11)), (0,) * 11)
    assert len(parted([Page("a", "A", "", "", (short,))])) == 1
    pages = parted([Page("a", "A", "", "", (long,))])
    assert [len(page.blocks[0].rows) for page in pages] == [4, 3, 4]  # type: ignore[union-attr]
    assert [len(page.blocks[0].colours) for page in pages] == [4, 3, 4]  # type: ignore[union-attr]


# --- editions -------------------------------------------------------------------------------------


def test_a_version_stands_for_plan_changes_and_data_and_not_for_the_filter() -> None:
    table = people(200)
    customers = read_here(table.to_csv(index=False).encode())
    plan = segkit.Plan(dimensions=("visits", "revenue"), n_segments=3)
    first = segkit.segment(customers, plan)
    again = segkit.segment(read_here(table.to_csv(index=False).encode()), plan)
    version = about(customers, first).version
    assert re.fullmatch("[0-9a-f]{10}", version)
    assert about(customers, again).version == version
    assert edition(customers, first, 20, 200, filters="age from 30").version == version
    other = segkit.segment(customers, plan.with_segments(2))
    assert about(customers, other).version != version
    assert about(customers, dataclasses.replace(first, refinements=({"what": "merge"},))).version != version


def test_an_edition_says_base_period_and_filter() -> None:
    table = people(200)
    customers = read_here(table.to_csv(index=False).encode())
    segmentation = segkit.segment(customers, segkit.Plan(dimensions=("visits",), n_segments=2))
    facts = dict(edition(customers, segmentation, 20, 200, "mine.csv", "age from 30").facts)
    first, last = table["signup_date"].min(), table["signup_date"].max()
    assert facts["Table"] == "mine.csv"
    assert facts["Base"] == "200 customers, everyone in the table"
    assert facts["Period"] == f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"
    assert facts["Filter"] == "20 customers, only where age from 30"
    undated = read_here(table[["customer_id", "visits", "revenue"]].to_csv(index=False).encode())
    made = segkit.segment(undated, segkit.Plan(dimensions=("visits",), n_segments=2))
    assert dict(about(undated, made).facts)["Period"] == NO_PERIOD


@pytest.mark.parametrize("name", [*HOSTILE, "CON", "../x", "x" * 300, ""])
def test_file_names_are_safe_whatever_is_in_them(name: str) -> None:
    customers = read_here(people(60).to_csv(index=False).encode())
    segmentation = segkit.segment(customers, segkit.Plan(dimensions=("visits",), n_segments=2))
    file = about(customers, segmentation).file_name(f"S1 {name}", "csv", "2026-11-30")
    assert re.fullmatch(r"explore_k_means_2_s1(_[a-z0-9_]{1,40})?_2026-11-30_[0-9a-f]{10}\.csv", file)

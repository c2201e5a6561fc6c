"""The pages as a person meets them: empty, loaded, and after every change she can make."""

import html
import io
import re
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

PAGES = ("data", "segments", "results", "present", "downloads")


def start(**address: str | list[str]) -> AppTest:
    at = AppTest.from_file("../app.py", default_timeout=90)
    for key, value in address.items():
        at.query_params[key] = value
    return checked(at.run())


def checked(at: AppTest) -> AppTest:
    assert not at.exception
    assert "Something went wrong" not in text(at)
    return at


def address(at: AppTest, key: str) -> list[str]:
    """What the address says under a key; nothing is an empty list."""
    value = at.query_params.get(key, [])
    return [value] if isinstance(value, str) else list(value)


def go(at: AppTest, page: str) -> AppTest:
    return checked(at.switch_page(f"pages/{page}/page.py").run())


def text(at: AppTest) -> str:
    """Everything a person reads on the page outside of widgets."""
    bodies = " ".join(
        block.proto.body for block in at.get("html") if not block.proto.body.startswith("<style>")
    )
    return html.unescape(re.sub(r"<[^>]+>", " ", bodies)).replace("\u202f", " ")


def with_sample() -> AppTest:
    return checked(start().button(key="sample").click().run())


def upload(at: AppTest, content: bytes, name: str = "customers.csv") -> AppTest:
    return checked(at.file_uploader(key="upload").upload(name, content, "text/csv").run())


def small_table(rows: int = 60) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customer_id": [f"{place:04d}" for place in range(rows)],
            "age": [20 + 40 * (place % 2) + place % 5 for place in range(rows)],
            "visits": [2 + 30 * (place % 2) + place % 3 for place in range(rows)],
            "nps": [10 if place % 2 else 3 for place in range(rows)],
        }
    )


def csv(table: pd.DataFrame) -> bytes:
    return table.to_csv(index=False).encode()


# --- empty ----------------------------------------------------------------------------------------


def test_first_page_says_what_to_do_and_offers_the_sample():
    at = start()
    assert "Find out which customers you have" in text(at)
    assert at.button(key="sample").label == "Try the sample company"
    assert at.file_uploader(key="upload").label.startswith("Your customers")


@pytest.mark.parametrize("page", PAGES[1:])
def test_page_without_data_leads_to_the_data_page(page):
    at = go(start(), page)
    assert "load your customers first" in text(at)
    checked(at.button(key="to-data").click().run())
    assert "Find out which customers you have" in text(at)


def test_every_page_has_the_file_that_a_server_runs_which_has_just_started():
    root = Path(__file__).parents[1]
    addresses = re.findall(r'url_path="(\w+)"', (root / "app.py").read_text(encoding="utf-8"))
    files = sorted((root / "pages").glob("[0-9]*_*.py"), key=lambda file: int(file.stem.split("_")[0]))
    assert [file.stem.split("_", 1)[1] for file in files] == addresses
    for file in files:
        assert file.read_text(encoding="utf-8").endswith(
            'runpy.run_path(str(Path(__file__).parents[1] / "app.py"))\n'
        )


# --- loaded ---------------------------------------------------------------------------------------


def test_three_clicks_from_nothing_to_kpis():
    at = with_sample()
    assert "5,000 customers" in text(at)
    checked(at.button(key="find-segments").click().run())
    checked(at.button(key="see-results").click().run())
    assert "of customers and" in text(at)
    assert "The numbers" in text(at)


def test_upload_shows_what_was_understood():
    at = upload(start(), csv(small_table()))
    assert "60 customers: 2 of 4 columns can form segments; NPS can be compared." in text(at)
    assert "✓ id customer_id" in " ".join(text(at).split())
    assert "✓ 0–10" in text(at)


def test_every_page_shows_its_sentence_and_the_address_holds_the_table():
    at = with_sample()
    for page, sentence in zip(
        PAGES, ("can form segments", "stands out most", "of revenue", "of revenue", "are ready"), strict=True
    ):
        go(at, page)
        assert sentence in text(at)
        assert address(at, "data") == ["sample"]


def test_kpis_without_a_column_are_absent_and_their_column_is_named():
    at = go(upload(start(), csv(small_table())), "results")
    header = re.search(r"<thead>.*?</thead>", " ".join(block.proto.body for block in at.get("html")))
    assert header is not None
    assert "NPS" in header.group()
    assert "CSAT" not in header.group()
    assert "CSAT needs a column that means “CSAT” (How satisfied she is" in text(at)


# --- the plan -------------------------------------------------------------------------------------


def test_changing_the_number_of_segments_changes_every_page_and_the_address():
    at = go(with_sample(), "segments")
    checked(at.slider(key="how-many").set_value(3).run())
    assert "3 segments" in text(at)
    assert address(at, "segments") == ["3"]
    go(at, "results")
    assert len(segment_rows(at)) == 3 + 1
    go(at, "downloads")
    assert "5,000 customers in 3 segments" in text(at)
    go(at, "segments")
    assert at.slider(key="how-many").value == 3


def segment_rows(at: AppTest) -> list[str]:
    """The names of the rows of the first KPI table."""
    table = next(block.proto.body for block in at.get("html") if "class='kpis'" in block.proto.body)
    return [html.unescape(name) for name in re.findall(r"<th scope='row'>(.*?)</th>", table)]


def test_the_two_candidates_can_be_taken_by_their_buttons():
    at = go(with_sample(), "segments")
    recommended = at.slider(key="how-many").value
    checked(at.button(key="use-or").click().run())
    assert at.slider(key="how-many").value != recommended
    checked(at.button(key="use-recommended").click().run())
    assert at.slider(key="how-many").value == recommended


def family(at: AppTest, name: str):
    at.session_state[f"family-{name}"] = True
    at.run()
    return next(picker for picker in at.multiselect if picker.key.startswith(f"by-{name}-"))


def test_choosing_dimensions_by_family():
    at = go(with_sample(), "segments")
    checked(family(at, "demographic").set_value(["age"]).run())
    assert "age" in address(at, "by")
    assert "gender" not in address(at, "by")
    checked(at.button(key="usual").click().run())
    assert address(at, "by") == []
    assert "gender" in family(at, "demographic").value


def test_the_advice_speaks_of_the_segments_that_are_shown():
    at = go(with_sample(), "segments")
    shares = [int(share) for share in re.findall(r"customers, (\d+) %", text(at))]
    advised = re.search(r"Recommended: .*?smallest segment is (\d+) % of customers", text(at))
    assert advised is not None
    assert int(advised.group(1)) == min(shares)


def test_few_customers_are_a_first_look():
    at = go(upload(start(), csv(small_table(60))), "segments")
    assert "Only 60 customers" in text(at)
    assert "hold up" not in text(at).split("first look")[0]


def test_the_last_dimension_cannot_be_taken_away():
    at = go(upload(start(), csv(small_table()[["customer_id", "age", "nps"]])), "segments")
    checked(family(at, "demographic").set_value([]).run())
    assert "At least one dimension is needed" in text(at)
    assert family(at, "demographic").value == ["age"]


def test_an_outcome_as_dimension_is_marked_circular():
    at = go(with_sample(), "segments")
    checked(family(at, "sentiment").set_value(["nps"]).run())
    go(at, "results")
    assert "formed the segments" in text(at)


def test_more_segments_than_kinds_of_customers_is_said():
    table = pd.DataFrame(
        {"customer_id": [f"a{place}" for place in range(40)], "size": ["s", "m", "m", "l"] * 10}
    )
    at = go(upload(start(), csv(table)), "segments")
    checked(at.slider(key="how-many").set_value(9).run())
    assert "there are only 3 different kinds of customers" in text(at)
    go(at, "results")
    assert len(segment_rows(at)) == 3 + 1


def test_a_name_given_by_hand_is_everywhere_and_literal():
    given = "![](http://evil.example/x) <b>$5 :red["
    at = with_sample()
    at.session_state["closer"] = "Change by hand"
    go(at, "segments")
    checked(next(box for box in at.text_input if box.key.endswith("-S1")).set_value(given).run())
    checked(at.button(key="refine").click().run())
    for page in PAGES[1:]:
        go(at, page)
        bodies = " ".join(block.proto.body for block in at.get("html"))
        assert "<b>$5" not in bodies
        assert html.escape(given) in bodies
        assert given not in " ".join(element.value for element in at.markdown)


# --- links ----------------------------------------------------------------------------------------


def test_a_link_opens_the_same_view():
    at = go(with_sample(), "segments")
    checked(at.slider(key="how-many").set_value(4).run())
    checked(family(at, "geographic").set_value([]).run())
    address = {key: at.query_params[key] for key in at.query_params}
    go(at, "results")
    there = go(start(**address), "results")
    assert segment_rows(there) == segment_rows(at)
    assert text(there) == text(at)


def test_an_uploaded_table_comes_back_after_a_refresh():
    at = upload(start(), csv(small_table(48)))
    again = start(data=address(at, "data"))
    assert "48 customers" in text(again)


def test_a_link_to_a_forgotten_table_says_so_and_keeps_its_plan_for_the_upload():
    at = start(data="0" * 20, segments="2")
    assert "no longer in memory" in text(at)
    upload(at, csv(small_table(44)))
    assert address(at, "segments") == ["2"]


@pytest.mark.parametrize("count", ["0", "99", "x", "-1"])
def test_nonsense_in_the_address_is_ignored(count):
    at = go(start(data="sample", segments=count, scaling="?", by="no such column"), "segments")
    assert "stands out most" in text(at)


# --- columns --------------------------------------------------------------------------------------


def edit(at: AppTest, cells: dict[str, dict[str, str]]) -> AppTest:
    """Change cells of the table of columns, as its callback does."""

    def script(app: str) -> None:
        import streamlit as st

        from pages.data import columns
        from pages.ui import state

        if "edits" in st.session_state:
            columns.apply_edits(state.loaded(), st.session_state.pop("edits"))

    runner = AppTest.from_function(script, args=("",), default_timeout=60)
    for key in ("loaded", "plan"):
        if key in at.session_state:
            runner.session_state[key] = at.session_state[key]
    runner.session_state["edits"] = cells
    runner.run()
    assert not runner.exception
    for key in ("loaded", "column-problem"):
        if key in runner.session_state:
            at.session_state[key] = runner.session_state[key]
    return checked(at.run())


def test_a_role_can_be_changed_and_moves():
    at = upload(start(), csv(small_table().assign(score=[1, 2, 3, 4, 5, 1] * 10)))
    edit(at, {"score": {"Means": "CSAT"}})
    customers = at.session_state["loaded"].customers
    assert customers.roles["score"] == "csat"
    assert customers.with_role("csat").scale == (1, 5)
    edit(at, {"visits": {"Means": "Customer id"}})
    assert at.session_state["loaded"].customers.roles["customer_id"] != "customer_id"


def test_a_role_that_cannot_be_is_explained_and_changes_nothing():
    at = upload(start(), csv(small_table()))
    before = at.session_state["loaded"].customers.roles
    edit(at, {"age": {"Means": "Retained"}})
    assert "“age” is read as number" in text(at)
    assert at.session_state["loaded"].customers.roles == before


def test_a_kind_can_be_changed():
    at = upload(start(), csv(small_table()))
    edit(at, {"visits": {"Read as": "text"}})
    assert "1 of 4 columns can form segments" in text(at)


# --- bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"id,age\n", "no rows"),
        (b"id,age\n1,2\n", "one customer only"),
        (b"age\n1\n2\n", "Only one column"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n....", "PNG"),
    ],
)
def test_a_bad_file_is_explained_and_what_was_loaded_stays(content, message):
    at = upload(start(), csv(small_table()))
    upload(at, content, "other.csv")
    assert message in text(at)
    assert "60 customers" in text(at)
    go(at, "results")
    assert "The numbers" in text(at)


def test_a_table_that_cannot_be_segmented_says_what_to_do():
    table = small_table()[["customer_id"]].assign(country="NL", joined="2024-01-02", empty="")
    at = go(upload(start(), csv(table)), "segments")
    assert "No column can form segments by itself" in text(at)
    assert at.button(key="to-columns").label == "Look at the columns"


def test_a_failing_page_shows_no_traceback(monkeypatch, caplog):
    from pages.ui import results

    at = with_sample()
    monkeypatch.setattr(results, "found", lambda *_: 1 / 0)
    at.switch_page("pages/results/page.py").run()
    assert not at.exception
    assert "Something went wrong on this page" in text(at)
    assert "division" not in text(at)
    assert "ZeroDivisionError" in caplog.text


def test_excel_with_several_sheets_offers_the_others():
    xlsxwriter = pytest.importorskip("xlsxwriter")
    assert xlsxwriter
    book = io.BytesIO()
    with pd.ExcelWriter(book, engine="xlsxwriter") as writer:
        small_table(30).to_excel(writer, sheet_name="March", index=False)
        small_table(50).to_excel(writer, sheet_name="April", index=False)
    at = upload(start(), book.getvalue(), "months.xlsx")
    assert "30 customers" in text(at)
    chooser = next(box for box in at.selectbox if box.label == "Sheet")
    checked(chooser.set_value("April").run())
    assert "50 customers" in text(at)

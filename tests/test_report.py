"""The report: the numbers of the story and nothing else, literal names, one file that needs nothing."""

import base64
import gzip
import hashlib
import json
import re
from dataclasses import replace
from math import isnan
from pathlib import Path

import lxml.html
import pandas as pd
import pytest
from plotly.offline import get_plotlyjs

import segkit
from segkit.charts.palette import LIGHT
from segkit.charts.report_charts import EDGES, TALLEST, report_charts
from segkit.exports.html_report.report import report_html
from segkit.insights.edition import edition
from segkit.insights.kpi_text import interval_text, value_text, verdict_text
from segkit.insights.story.blocks import Bar, Bars
from segkit.insights.story.telling import story
from tests.real_data import real_file
from tests.tables import csv_bytes, read_here

SAMPLE = Path("data/sample/customers.csv")
LARGEST = 6_000_000  # bytes; a mail takes some 10 MB
HOSTILE = (
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "</script><!--<a href='http://evil.example/x'>link</a><b>bold</b><br>",
    '![x](http://evil.example/x.png) "onload=alert(1)',
    "\u202egpj.exe\x00\x0b",
    "عميل مخلص",
    "顧客 $x^2$ %{x}",
    "../x\nCON 😀" + "x" * 300,
)
TAGS = set(
    "html head meta title style script body header h1 h2 h3 p dl div dt dd bdi nav details summary ol ul li "
    "a main section figure figcaption table thead tbody tr th td i b span pre footer".split()
)


def made(customers, plan, written=None):
    """Story, report and what they are of."""
    segmentation = segkit.segment(customers, plan)
    assignment = segmentation.assign(customers)
    kpis = segkit.measure(customers, assignment)
    about = edition(customers, segmentation, len(customers), len(customers), "customers.csv")
    told = story(customers, assignment, kpis, about, written).arranged(written)
    return told, customers, segmentation


def opened(content):
    return lxml.html.document_fromstring(content.decode())


def read_json(tree, key):
    return json.loads(tree.get_element_by_id(key).text)


def float_of(cell, what):
    return float(cell.get(f"data-{what}", "nan"))


@pytest.fixture(scope="module")
def sample():
    customers = read_here(SAMPLE.read_bytes())
    plan = segkit.Plan(dimensions=("age", "weekend_share", "plan_tier", "discount_share"), n_segments=4)
    told = made(customers, plan)
    return *told, opened(report_html(*told))


@pytest.fixture(scope="module")
def hostile():
    frame = pd.read_csv(SAMPLE).head(1600)
    frame["grp </script> \u202eعميل"] = [HOSTILE[place % len(HOSTILE)] for place in range(len(frame))]
    frame = frame.rename(columns={"age": "<img src=http://evil.example/i.png onerror=alert(1)>"})
    customers = segkit.read(frame)
    name = next(one.name for one in customers.columns if one.name.startswith("grp"))
    told, _, segmentation = made(customers, segkit.Plan(method="column", options={"column": name}))
    told = replace(told, edition=replace(told.edition, table=HOSTILE[2], filters=HOSTILE[3]))
    return told, customers, segmentation, report_html(told, customers, segmentation)


@pytest.fixture(scope="module")
def tiny():
    frame = pd.read_csv(SAMPLE).head(60)
    frame["group"] = ["a"] * 40 + ["b"] * 16 + ["c"] * 4
    told = made(segkit.read(frame), segkit.Plan(method="column", options={"column": "group"}))
    return frame, told, report_html(*told)


# --- numbers ----------------------------------------------------------------------------------------


def test_every_kpi_is_read_back_as_it_is(sample):
    told, _, _, tree = sample
    kpis = told.kpis
    rows = {(one.get("data-segment"), one.get("data-kpi")): one for one in tree.xpath("//tr[@data-kpi]")}
    assert len(rows) == len([one for one in kpis if (one.segment, kpis.size("none")) != ("none", 0)])
    for (segment, key), row in rows.items():
        kpi, definition = kpis.find(segment, key), kpis.definition(key)
        name, value, interval, verdict, answers, coverage = row.xpath("./th|./td")
        assert name.text_content() == kpi.segment_name
        assert value.text_content() == value_text(definition, kpi.value, kpi.unit)
        assert interval.text_content() == interval_text(definition, kpi)
        assert verdict.text_content() == verdict_text(definition, kpi, kpis.differences.get((segment, key)))
        read = [float_of(value, "value"), float_of(interval, "low"), float_of(interval, "high")]
        assert read == pytest.approx([kpi.value, kpi.low, kpi.high], rel=1e-11, nan_ok=True)
        assert (float_of(answers, "n"), value.get("data-unit")) == (kpi.n, kpi.unit)
        assert float_of(coverage, "coverage") == pytest.approx(kpi.coverage, rel=1e-11)
        assert verdict.get("data-verdict", "") == kpi.verdict


def test_behind_every_figure_are_its_numbers(sample):
    told, _, _, tree = sample
    pages = [page for page in told.pages if page.key != "cover"]
    sections = tree.xpath("//main/section")
    assert [one.get("id").split("-")[1] for one in sections] == [str(n + 1) for n in range(len(pages))]
    for page, section in zip(pages, sections, strict=True):
        assert section.xpath(".//h2")[0].text_content() == page.title
        for block, figure in zip(
            [one for one in page.blocks if isinstance(one, Bars)], section.xpath(".//figure"), strict=True
        ):
            rows = figure.xpath(".//tbody/tr[not(@class)]")
            assert [row.find("th").text_content() for row in rows] == [one.label for one in block.rows]
            for row, bar in zip(rows, block.rows, strict=True):
                value = row.find("td")
                assert value.text_content() == bar.text
                assert float_of(value, "value") == pytest.approx(bar.value, rel=1e-11, nan_ok=True)
            everyone = figure.xpath(".//tr[@class='base']/td/@data-value")
            known = [] if isnan(block.everyone) else [block.everyone]
            assert [float(one) for one in everyone] == pytest.approx(known, rel=1e-11)


def test_figures_hold_the_values_of_the_story(sample):
    told, _, _, tree = sample
    figures = read_json(tree, "figures")
    blocks = [one for page in told.pages for one in page.blocks if isinstance(one, Bars)]
    charts = tree.xpath("//div[@class='chart']")
    assert [one.get("id") for one in charts] == list(figures)
    assert len(blocks) == len(figures)
    for block, figure, chart in zip(blocks, figures.values(), charts, strict=True):
        shown = [one.value for one in block.rows if not isnan(one.value)]
        for width in ("wide", "narrow"):
            mark = figure[width]["data"][0]
            base = mark.get("base", [0.0] * len(shown))
            drawn = [start + length for start, length in zip(base, mark["x"], strict=True)]
            assert drawn == pytest.approx(shown, rel=1e-9)
        assert chart.get("role") == "img"
        assert all(one.text in chart.get("aria-label") for one in block.rows)


def test_what_is_hidden_is_nowhere(tiny):
    frame, (told, _, _), content = tiny
    tree, text = opened(content), content.decode()
    hidden = [one for one in told.kpis if one.verdict == "hidden"]
    assert {one.segment_name for one in hidden} == {"b", "c"}
    for one in hidden:
        row = tree.xpath(f"//tr[@data-segment='{one.segment}'][@data-kpi='{one.kpi}']")[0]
        assert {str(key) for cell in row for key in cell.attrib} <= {"scope", "class", "data-verdict"}
        assert row[1].text_content() == "not shown"
    for name in ("b", "c"):
        inside = frame[frame["group"] == name]
        for column in ("revenue", "cost"):
            mean = inside[column].mean()
            assert f"{mean:.2f}" not in text
            assert f"{mean:.12g}"[:10] not in text
    for key, figure in read_json(tree, "figures").items():
        if "-kpi-" in key:
            assert figure["wide"]["data"][0]["y"] == [0]


def test_only_sizes_make_a_report():
    frame = pd.read_csv(SAMPLE)[["customer_id", "age", "household_size"]].head(600)
    told = made(segkit.read(frame), segkit.Plan(n_segments=2))
    tree = opened(report_html(*told))
    assert {one.get("data-kpi") for one in tree.xpath("//tr[@data-kpi]")} == {"size", "share"}
    assert "NPS" in tree.get_element_by_id("read").text_content()  # what would bring it


def test_real_customers_have_the_numbers_of_their_file():
    path = real_file("telco_churn", "Telco-Customer-Churn.csv")
    frame = pd.read_csv(path)
    told = made(read_here(path.read_bytes()), segkit.Plan(method="column", options={"column": "Contract"}))
    tree = opened(report_html(*told))
    kept = (frame["Churn"] == "No").groupby(frame["Contract"]).mean()
    paid = frame["MonthlyCharges"].groupby(frame["Contract"]).mean()
    for key, expected in (("retention", kept), ("revenue", paid)):
        rows = tree.xpath(f"//tr[@data-kpi='{key}'][@data-segment!='all']")
        read = {row.find("th").text_content(): float_of(row.find("td"), "value") for row in rows}
        assert read == pytest.approx(expected.to_dict(), rel=1e-9)


# --- what is told, and what is not ------------------------------------------------------------------


def test_it_is_told_as_a_person_arranged_it(sample):
    told, customers, segmentation, _ = sample
    written = {
        "story": {
            "order": ["next", "sizes"],
            "left_out": ["overview", "cover"],
            "titles": {"sizes": "Who they <i>are</i>"},
            "notes": {"sizes": "Remember to smile"},
        }
    }
    arranged = told.arranged(written)
    content = report_html(arranged, customers, segmentation)
    tree = opened(content)
    first, second = tree.xpath("//main/section/header")[:2]
    assert first.find("p").text == "Next steps"
    assert second.find("h2").text_content() == "Who they <i>are</i>"
    finding = next(page.title for page in told.pages if page.key == "sizes")
    assert second.xpath("p[@class='finding']")[0].text_content() == f"The data say: {finding}"
    assert b"Remember to smile" not in content
    assert "All KPIs" not in [one.text_content() for one in tree.xpath("//nav//a")]
    assert tree.find(".//h1").text == "Customer segments: customers"


def test_it_says_what_it_is_about_and_how_it_was_made(sample):
    told, customers, segmentation, tree = sample
    facts = zip(tree.xpath("//header//dt"), tree.xpath("//header//dd"), strict=True)
    assert [(one.text, two.text_content()) for one, two in facts] == list(told.edition.facts)
    assert told.edition.line in tree.find(".//footer").text_content()
    meanings = tree.get_element_by_id("meanings").text_content()
    for one in told.kpis.definitions:
        assert all(text in meanings for text in (one.label, one.help, one.formula, one.source))
    assert all(mark in meanings for mark in ("▲", "▼", "≈", "↻", "Fewer than 5"))
    made_so = tree.get_element_by_id("made").text_content()
    assert all(text in made_so for step in segmentation.steps for text in step)
    read = tree.get_element_by_id("read").text_content()
    assert all(column.name in read for column in customers.columns)
    notes = [note for page in told.pages for note in page.notes]
    assert all(note in tree.text_content() for note in notes)


def test_the_plan_is_read_back(sample, hostile):
    for segmentation, tree in ((sample[2], sample[3]), (hostile[2], opened(hostile[3]))):
        for text in (tree.get_element_by_id("plan").text, tree.find(".//pre").text_content()):
            assert segkit.Plan.from_dict(json.loads(text)) == segmentation.plan


def test_no_cell_of_a_customer_is_told():
    head = ["customer_id", "full name", "e-mail", "birth_date", "joined", "score", "nps", "visits"]
    rows = [
        [
            f"KD-{place % 198}",
            f"Anneliese Vogelsang{place}",
            f"person{place}@mail.example",
            f"{place % 12 + 1:02d}/{place % 11 + 1:02d}/1973",
            f"{place % 12 + 1:02d}/{(place + 3) % 12 + 1:02d}/2021",
            "999" if place % 11 == 0 else str(place % 5 + 1),
            "Mrs Secret" if place % 13 == 0 else str(place % 11),
            "oops secret" if place == 3 else str(place * 7),
        ]
        for place in range(200)
    ]
    customers = read_here(csv_bytes([head, *rows]))
    assert any("Mrs Secret" in note.text for note in customers.notes)
    assert any("KD-0" in note.text for note in customers.notes)
    content = report_html(*made(customers, segkit.Plan(dimensions=("visits",), n_segments=2))).decode()
    for column in customers.columns:
        if column.hidden or column.use == "id":
            cells = {str(one) for one in customers.source.column(column.name).to_pylist()}
            assert not [one for one in cells if len(one) > 3 and one in content], column.name
    assert not re.findall("Secret|oops|January 1973|April 2021", content)


# --- one file that needs nothing --------------------------------------------------------------------


def test_names_are_literal(hostile):
    content = hostile[3]
    tree, text = opened(content), content.decode()
    assert {one.tag for one in tree.iter()} <= TAGS
    assert all(link.startswith("#") for link in tree.xpath("//@href"))
    assert not tree.xpath("//@src") + tree.xpath("//@*[starts-with(name(), 'on')]")
    assert len(tree.xpath("//script")) == 5
    body = tree.find("body").text_content()
    for name in (
        "=cmd|' /C calc'!A0",
        "<script>alert(1)</script>",
        "![x](http://evil.example/x.png)",
        "عميل مخلص",
    ):
        assert name in body
    assert not re.findall("[\x00\x0b\u202a-\u202e\u2066-\u2069\u2028\u2029]", text)
    assert "<img src=http" in body
    drawn = json.dumps(read_json(tree, "figures"), ensure_ascii=False)
    assert "&lt;script&gt;" in drawn
    assert not re.findall(r"<(?!/?(?:b|br|span|extra)\b)", drawn)


def test_scripts_are_known_by_their_hashes_and_nothing_else_runs(hostile):
    tree = opened(hostile[3])
    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    packed = base64.b64decode(tree.get_element_by_id("plotly").text)
    plotly = gzip.decompress(packed).decode()
    assert plotly == get_plotlyjs()
    scripts = [one.text for one in tree.xpath("//script[not(@type)]")] + [plotly]
    hashes = [base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in scripts]
    assert rules["script-src"].split() == [f"'sha256-{one}'" for one in hashes]
    assert {one.get("type") for one in tree.xpath("//script[@type]")} == {"application/json", "text/plain"}


def test_links_lead_somewhere_and_ids_are_their_own(sample, hostile):
    for tree in (sample[3], opened(hostile[3])):
        ids = tree.xpath("//@id")
        assert len(ids) == len(set(ids))
        links = [one.removeprefix("#") for one in tree.xpath("//nav//a/@href")]
        assert links == tree.xpath("//section/@id")
        assert set(tree.xpath("//@aria-labelledby")) <= set(ids)


def test_the_same_is_the_same_and_small_enough(hostile, tiny):
    told, customers, segmentation, content = hostile
    assert report_html(told, customers, segmentation) == content
    assert report_html(*tiny[1]) == tiny[2]
    assert len(content) < LARGEST


def test_whoever_waits_can_stop(tiny):
    def stop(step, share):
        raise InterruptedError(step)

    with pytest.raises(InterruptedError, match="Drawing"):
        report_html(*tiny[1], watch=stop)


# --- figures ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 8, 20, 60])
def test_a_figure_is_no_higher_than_a_page_and_all_parts_have_one_scale(count):
    rows = tuple(
        Bar(
            f"A name of sixty letters, so that it takes three lines {place}",
            place,
            place - 1,
            place + 2,
            "1",
            "▲ above",
        )
        for place in range(count)
    )
    block = Bars(rows, "NPS", "points", everyone=3.0, everyone_text="3")
    pairs = report_charts(block, LIGHT, "Title")
    assert len(pairs) == (1 if count <= 8 else len(pairs)) >= count // 20
    wide = [pair.wide.figure for pair in pairs]  # plotly checks every value
    assert sum(len(one.data[0].x) for one in wide) == count
    assert len({tuple(one.layout.xaxis.range) for one in wide}) == 1
    assert all(one.layout.height <= TALLEST + EDGES for one in wide)
    for pair in pairs:
        narrow, figure = pair.narrow.figure, pair.wide.figure
        assert narrow.data[0].x == figure.data[0].x
        assert narrow.layout.margin.r < figure.layout.margin.r
        assert not narrow.layout.yaxis.showticklabels


def test_a_long_name_is_cut_in_the_figure_and_whole_in_the_table(hostile):
    tree = opened(hostile[3])
    figure = tree.xpath("//section[contains(@id, 'sizes')]//figure")[0]
    assert any("x" * 300 in one.text_content() for one in figure.xpath(".//tbody//th"))
    drawn = read_json(tree, "figures")["page-1-sizes-chart-0-0"]["wide"]["layout"]["yaxis"]["ticktext"]
    assert max(len(one.replace("<br>", "")) for one in drawn) < 120

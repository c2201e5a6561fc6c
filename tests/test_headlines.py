"""Headlines say what the numbers say, and nothing that is hidden, indicative or circular."""

import re
from math import nan

import numpy as np
import pandas as pd
import pytest

import segkit
from segkit.insights.headlines import downloads_headline, results_headline, segments_headline
from segkit.insights.kpi_text import (
    cell_text,
    difference_text,
    interval_text,
    signed_difference,
    value_text,
    verdict_text,
)
from segkit.measures.kpis import BASE, Kpi, KpiTable, find_kpi, measure
from segkit.segments.evidence.advice import Candidate
from segkit.segments.evidence.scrambled import Scrambled
from segkit.segments.segmentation import Assignment, Segment

SPACE = "\u202f"


def grouped(codes, dimensions=(), named=("Loyal", "Others", "Rare")):
    codes = np.asarray(codes)
    segments = tuple(Segment(f"S{k + 1}", named[k], k) for k in range(int(codes.max()) + 1))
    return Assignment(segments, codes, np.ones(len(codes), np.float32), dimensions)


def found(codes, dimensions=(), **columns):
    frame = pd.DataFrame({"id": range(len(codes))} | columns)
    roles = {"csat": "csat"} if "csat" in columns else {}
    return measure(segkit.read(frame, roles=roles), grouped(codes, dimensions))


CODES = [0] * 100 + [1] * 300


def test_money_first_then_the_clearest_other_kpi():
    revenue = [90.0, 110.0] * 50 + [9.0, 11.0] * 150
    csat = [5.0, 4.0] * 50 + [3.0, 4.0] * 150
    table = found(CODES, revenue=revenue, csat=csat)
    assert results_headline(table) == (
        f"“Loyal” is 25{SPACE}% of customers and 77{SPACE}% of revenue; "
        "its CSAT of 4.50 is 1.00 above the rest."
    )


def test_a_segment_that_lags_is_said_to_be_below():
    churned = ["Yes", "No"] * 50 + ["No"] * 299 + ["Yes"]
    table = found(CODES, churned=churned)
    assert results_headline(table).endswith("is 50 points below the rest.") or results_headline(
        table
    ).endswith("is 50 points above the rest.")
    assert "retention of" in results_headline(table)


def test_nps_is_told_in_points():
    table = found(CODES, nps=[9, 10] * 50 + [0, 9, 8] * 100)
    assert results_headline(table) in (
        f"“Loyal” is 25{SPACE}% of customers; its NPS of 100 is 100 points above the rest.",
        f"“Others” is 75{SPACE}% of customers; its NPS of 0 is 100 points below the rest.",
    )


def test_kpis_beyond_the_usual_ones_are_told_where_there_are_no_others():
    tickets = [4, 6] * 50 + [1, 3] * 150
    assert results_headline(found(CODES, tickets=tickets)) == (
        f"“Loyal” is 25{SPACE}% of customers; its tickets per customer of 5.00 is 3.00 above the rest."
    )


def test_differences_on_few_answers_are_not_told():
    csat = [5.0] * 15 + [4.0] * 5 + [nan] * 80 + [1.0] * 15 + [2.0] * 5 + [nan] * 280
    table = found(CODES, csat=csat)
    assert table.find("S1", "csat").verdict == "higher"
    assert results_headline(table) == "No difference between the segments rests on 30 answers yet."


def test_no_difference_is_said_plainly():
    csat = [1.0, 2, 3, 4, 5] * 80
    assert results_headline(found(CODES, csat=csat)) == (
        "No segment differs reliably from the others in any KPI of this table."
    )


def test_circular_and_absent_kpis_are_not_told():
    revenue = [90.0, 110.0] * 50 + [9.0, 11.0] * 150
    assert results_headline(found(CODES, ("revenue",), revenue=revenue)) is None
    assert results_headline(found(CODES, colour=["red", "blue"] * 200)) is None


def test_customers_who_fit_none_never_lead():
    codes = np.array([0] * 200 + [1] * 160 + [-1] * 40)
    churned = ["No", "Yes"] * 180 + ["Yes"] * 40
    frame = pd.DataFrame({"id": range(400), "churned": churned})
    table = measure(segkit.read(frame), grouped(codes))
    assert table.find("none", "retention").verdict == "lower"
    assert "Fits none" not in results_headline(table)


@pytest.mark.parametrize("seed", range(25))
def test_headlines_hold_in_any_table(seed):
    """Whatever is told is in the table, rests on 30 answers, and points the right way."""
    rng = np.random.default_rng(seed)
    rows = int(rng.integers(40, 400))
    codes = rng.choice(3, rows, p=[0.6, 0.3, 0.1])
    answered = rng.random(rows) < rng.random()
    frame = pd.DataFrame(
        {
            "id": range(rows),
            "csat": np.where(answered, np.clip(rng.normal(3 + codes, 1).round(), 1, 5), np.nan),
            "nps": np.where(answered, np.clip(rng.normal(8 - 2 * codes, 2).round(), 0, 10), np.nan),
            "churned": np.where(rng.random(rows) < 0.2 + 0.2 * codes, "Yes", "No"),
            "revenue": rng.gamma(2, 20 + 20 * codes).round(2),
        }
    )
    roles = {"csat": "csat", "nps": "nps"} if answered.sum() > 20 else {}
    table = measure(segkit.read(frame, roles=roles), grouped(codes, ("revenue",) if seed % 5 == 0 else ()))
    sentence = results_headline(table)
    told = re.search(r"“(\w+)” is .*; its (\w+) of \S+.* (above|below) the rest", sentence or "")
    if told:
        name, label, side = told.groups()
        row = next(r for r in table if r.segment_name == name and r.kpi == label.lower())
        assert row.verdict == {"above": "higher", "below": "lower"}[side]
        assert row.n >= 30
        assert (table.differences[row.segment, row.kpi] > 0) == (side == "above")
    money = re.search(r"“(\w+)” is .* and .* of revenue", sentence or "")
    if money:
        row = next(r for r in table if r.segment_name == money[1] and r.kpi == "revenue_share")
        assert row.verdict in ("higher", "lower")


# --- texts of single cells ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kpi", "value", "text"),
    [
        ("nps", -35.9, "−36"),
        ("retention", 0.5729, f"57{SPACE}%"),
        ("csat", 3.9, "3.90"),
        ("revenue", 64.7617, "64.76"),
        ("revenue", 1204.4, "1,204"),
        ("size", 1655, "1,655"),
        ("csat", nan, "–"),
    ],
)
def test_values_are_written_for_people(kpi, value, text):
    assert value_text(find_kpi(kpi), value) == text


def row(kpi="csat", verdict="higher", n=100, value=4.2, low=4.0, high=4.4):
    return Kpi("S1", "Loyal", kpi, value, low, high, n, 0.5, verdict, "")


def test_verdicts_are_written_for_people():
    csat, share = find_kpi("csat"), find_kpi("revenue_share")
    assert verdict_text(csat, row(), 0.4) == "▲ 0.40 above the rest"
    assert verdict_text(csat, row(verdict="lower", n=12), -0.4) == "▼ 0.40 below the rest (indicative)"
    assert verdict_text(share, row("revenue_share"), 0.123) == "▲ 12 points above its share of customers"
    assert verdict_text(csat, row(verdict="can't tell", n=14), 0.1) == "≈ can't tell yet: 14 answers"
    assert verdict_text(csat, row(verdict="can't tell"), 0.1) == "≈ can't tell"
    assert "Not shown" in verdict_text(csat, row(verdict="hidden"), None)
    assert "formed the segments" in verdict_text(csat, row(verdict="circular"), 0.1)
    assert verdict_text(csat, row(verdict=""), None) == ""


def test_cells_intervals_and_differences():
    csat, nps = find_kpi("csat"), find_kpi("nps")
    assert cell_text(csat, row()) == "4.20 ▲"
    assert cell_text(csat, row(verdict="hidden", value=nan)) == "not shown"
    assert interval_text(csat, row()) == "4.00 to 4.40"
    assert interval_text(csat, row(low=nan, high=nan)) == ""
    assert difference_text(nps, -23.4) == "23 points"
    assert difference_text(find_kpi("retention"), 0.053) == "5.3 points"
    assert signed_difference(nps, -23.4) == "−23 points"
    assert signed_difference(nps, 23.4) == "+23 points"


def test_segments_are_introduced_by_how_well_they_hold():
    assignment = grouped([0] * 60 + [1] * 40)

    usual, chance = Scrambled(0.1, 0.2, 0.05, 0.1, 2.0), Scrambled(0.9, 0.95, 0.28, 0.3, 2.0)

    def said(stability, scrambled=usual, **more):
        evidence = Candidate(2, stability, 0.3, 10.0, 0.4, scrambled, **more)
        return segments_headline(assignment, evidence, "Loyal")

    assert said(0.8, None).startswith("2 segments come back when")  # nothing was compared yet
    assert "with gaps between them" in said(0.9, border=0.1, one_cloud=0.1)
    assert "those of scrambled data do too" in said(0.9, chance)
    assert said(0.8) == "2 segments hold up when customers are drawn again; “Loyal” stands out most."
    assert said(0.6).startswith("2 segments hold up mostly")
    assert said(0.59).startswith("2 segments do not hold up well")
    assert segments_headline(assignment, None, None) == (
        f"2 segments, the largest (“Loyal”) with 60{SPACE}% of customers."
    )


def test_downloads_are_introduced_by_how_clear_cut_they_are():
    assignment = Assignment(
        grouped([0, 1]).segments, np.array([0, 0, 1, 1]), np.array([0.5, 0.6, 0.9, 1.0]), ()
    )
    assert downloads_headline(assignment, len(assignment.codes)) == (
        f"4 customers in 2 segments are ready; 75{SPACE}% of them sit clearly in theirs "
        "(confidence 0.6 or more)."
    )


def test_an_empty_table_has_no_headline():
    assert results_headline(KpiTable((), {}, {})) is None
    assert BASE == "all"

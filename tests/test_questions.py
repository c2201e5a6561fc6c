"""The questionnaire: its answers lead where the customers are, and its numbers are counted, not hoped for."""

import random
from math import isnan

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import segkit
from segkit.segments.questions import Asked, Placement, Question, questions, readable_borders
from segkit.segments.rules import column_tests, parted
from segkit.segments.segmentation import Assignment, Segment


def grouped(codes, dimensions):
    codes = np.asarray(codes)
    segments = tuple(Segment(f"S{k + 1}", f"Segment {k + 1}", k) for k in range(int(codes.max()) + 1))
    return Assignment(segments, codes, np.ones(len(codes), np.float32), dimensions)


def shoppers(rows=600, seed=0):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "id": range(rows),
            "age": rng.integers(18, 80, rows),
            "income": (rng.lognormal(10, 0.5, rows)).round(),
            "contract": rng.choice(["Month-to-month", "One year", "Two year"], rows),
            "vip": rng.choice(["Yes", "No"], rows),
        }
    )
    codes = np.where(frame["contract"] == "Two year", 2, np.where(frame["age"] > 40, 1, 0))
    return frame, segkit.read(frame), codes


def walked(questionnaire, customer):
    """Answer as a customer would, by reading the answers."""
    answers: list[int] = []
    while isinstance(asked := questionnaire.after(answers), Question):
        fits = [fits_answer(customer[asked.column], text) for text in asked.answers]
        assert sum(fits) == 1, (asked, customer[asked.column])
        answers.append(fits.index(True))
    return asked, len(answers)


def fits_answer(value, text):
    if isinstance(value, str):
        return value in text.split(" or ")
    number = {
        part: float(part.split()[-1].replace(",", ""))
        for part in text.removesuffix(" or less").split(", up to ")
    }
    first, *rest = number.items()
    if text.endswith("or less"):
        return value <= first[1]
    return value > first[1] and all(value <= border for _, border in rest)


def test_contract_and_age_are_asked_and_nothing_else():
    _, customers, codes = shoppers()
    found = questions(customers, grouped(codes, ("age", "income", "contract", "vip")))
    assert found.first == Question("contract", "Contract?", ("Two year", "Month-to-month or One year"))
    assert found.after((0,)) == Placement(found.after((0,)).segment, 1.0, found.after((0,)).customers)
    assert found.after((0,)).segment.key == "S3"
    assert found.after((1,)).text == "Age?"
    assert (found.least, found.most, found.unreached) == (1, 2, ())
    assert found.accuracy > 0.97
    assert found.text.startswith("1 to 2 questions place ")


def test_a_border_between_numbers_is_round():
    frame, customers, _ = shoppers()
    rich = (frame["income"] > 25_300).astype(int)
    first = questions(customers, grouped(rich, ("income", "age"))).first
    assert first.answers == ("25,000 or less", "Above 25,000")


@pytest.mark.parametrize("seed", range(3))
def test_every_customer_finds_her_answers_and_the_shares_are_those_of_the_held_out(seed):
    frame, customers, _ = shoppers(400, seed)
    dimensions = ("age", "income", "contract", "vip")
    assignment = segkit.segment(customers, segkit.Plan(dimensions, n_segments=4)).assign(customers)
    found = questions(customers, assignment)
    rows = [walked(found, customer) for customer in frame.to_dict("records")]
    assert {asked for _, asked in rows} <= set(range(found.least, found.most + 1))
    assert found.most <= 5
    placed = np.array([placement.segment.key for placement, _ in rows])
    right = placed == assignment.labels("key").to_numpy()
    tests = column_tests(customers, dimensions)
    assert right.mean() == pytest.approx(found.accuracy, abs=0.12)
    ends = {id(placement): placement for placement, _ in rows}
    assert sum(one.customers for one in all_ends(found.start)) == len(parted(tests, assignment.codes, 0)[1])
    for key, placement in ends.items():
        here = np.array([id(one) == key for one, _ in rows])
        assert placement.customers <= here.sum()
        if placement.customers < 5:
            assert isnan(placement.share)
            assert "Too few customers" in placement.text


def all_ends(stage):
    if isinstance(stage, Asked):
        return [end for below in stage.then for end in all_ends(below)]
    return [stage]


def test_spans_of_one_number_are_one_question():
    frame, customers, _ = shoppers()
    ages = np.digitize(frame["age"], [31, 51])
    found = questions(customers, grouped(ages, ("age",)))
    assert isinstance(found.first, Question)
    assert len(found.first.answers) == 3
    assert found.first.answers[1].startswith("Above 30, up to ")
    assert (found.least, found.most) == (1, 1)


def test_days_are_asked_as_days():
    days = pd.date_range("2024-01-01", periods=200)
    customers = segkit.read(pd.DataFrame({"id": range(200), "seen": days.strftime("%Y-%m-%d")}))
    first = questions(customers, grouped([int(place >= 100) for place in range(200)], ("seen",))).first
    assert first.text == "Seen?"
    early, *_, late = first.answers
    assert "2024-03-30" < early.removesuffix(" or earlier") <= late.removeprefix("After ") < "2024-04-20"


def test_yes_comes_first():
    frame, customers, _ = shoppers()
    found = questions(customers, grouped((frame["vip"] == "Yes").astype(int), ("vip",)))
    assert found.first.answers == ("Yes", "No")
    assert found.after((0,)).segment.key == "S2"
    assert found.accuracy == 1


def test_one_segment_needs_no_question_and_few_customers_no_statement():
    customers = segkit.read(pd.DataFrame({"id": range(8), "x": [1, 2, 3, 4, 5, 6, 7, 8]}))
    one = questions(customers, grouped([0] * 8, ("x",)))
    assert one.first.segment.key == "S1"
    assert one.text == "There is nothing to ask: all customers are in one segment."
    two = questions(customers, grouped([0, 0, 0, 0, 1, 1, 1, 1], ("x",)))
    assert isnan(two.accuracy)
    assert all(isnan(end.share) for end in all_ends(two.start))
    texts = segkit.read(pd.DataFrame({"id": range(8), "note": [f"n{k}" for k in range(8)]}))
    assert isinstance(questions(texts, grouped([0, 1] * 4, ("note",))).first, Placement)


def test_an_answer_that_is_not_there_is_refused():
    _, customers, codes = shoppers()
    found = questions(customers, grouped(codes, ("age", "contract")))
    with pytest.raises(ValueError, match="answers no question"):
        found.after((2,))
    with pytest.raises(ValueError, match="answers no question"):
        found.after((0, 0, 0))


@given(st.integers(0, 100))
@settings(max_examples=5, deadline=None)
def test_row_order_does_not_matter(seed):
    frame, customers, codes = shoppers(200)
    order = list(range(200))
    random.Random(seed).shuffle(order)
    shuffled = segkit.read(frame.iloc[order].reset_index(drop=True))
    dimensions = ("age", "income", "contract", "vip")
    assert questions(customers, grouped(codes, dimensions)) == questions(
        shuffled, grouped(codes[order], dimensions)
    )


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=300))
@settings(max_examples=50, deadline=None)
def test_borders_ascend_and_part_the_values(values):
    array = np.array(values)
    borders = readable_borders(array)
    assert list(borders) == sorted(set(borders))
    assert all((array <= border).any() and (array > border).any() for border in borders)
    assert bool(borders) == (len(set(values)) > 1)

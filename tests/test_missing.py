"""Missing markers are applied where they can be nothing else, and proposed where they could be a level."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segkit.customers.columns.missing import POSSIBLE, SURE, UNANSWERED, marked
from segkit.customers.columns.sentinels import day_sentinels, number_sentinels
from tests.columns import changes, converted, held, keys, note, plain


def several(*values: str) -> list[str]:
    return list(values) * 8


# --- which texts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "marker",
    "#N/A|#VALUE!|#REF!|#DIV/0!|#NAME?|#NULL!|#NUM!|#NV|#WERT!|#BEZUG!|#VALEUR!|#NOM?|#¡VALOR!"
    "|#N/D|#WAARDE!|N/A|n/a"
    "|NaN|<NA>|NULL|null|\\N|?|??|-|--|–|—|.|Select|- Select -|--Select--|-- Select --"
    "|Please select|Bitte wählen"
    "|BITTE WÄHLEN|Bitte auswählen|Veuillez sélectionner|Seleccione|Selecione|Kies een optie"
    "|Seleziona|Select..."
    "|(blank)|(leer)|(vide)|(vacío)|(vazio)|(leeg)|(vuoto)".split("|"),
)
def test_sure_markers_are_missing_in_categories_and_numbers_but_not_in_text(marker):
    levels = converted(several("gold", "silver", marker), "plan")
    assert (levels.kind, plain(levels)[:3]) == ("category", ["gold", "silver", None])
    assert (levels.markers, levels.missing, levels.failed) == ((marker,), 8, 0)
    numbers = converted(several("1.5", "2.5", marker), "spend")
    assert (numbers.kind, numbers.markers, numbers.missing) == ("number", (marker,), 8)
    assert plain(converted(["abc", marker], kind="text")) == ["abc", marker]


@pytest.mark.parametrize(
    "marker",
    "NA|None|nil|Unknown|missing|not specified|no answer|keine Angabe|k.A.|s/o|nc|unbekannt"
    "|inconnu|desconocido"
    "|não informado|onbekend|n.v.t.|sconosciuto|Non renseigné|sin respuesta|prefer not to say".split("|"),
)
def test_possible_markers_are_missing_among_numbers_and_dates_and_proposed_among_levels(marker):
    numbers = converted(several("1.5", "2.5", marker), "spend")
    assert (numbers.kind, numbers.markers, numbers.missing, numbers.failed) == ("number", (marker,), 8, 0)
    dates = converted(several("2024-01-31", "2024-02-01", marker), "joined")
    assert (dates.kind, dates.markers, dates.missing, dates.failed) == ("date", (marker,), 8, 0)
    levels = converted(several("gold", "silver", marker), "plan")
    assert (levels.kind, plain(levels)[2], levels.missing, levels.markers) == ("category", marker, 0, ())
    assert changes(note(levels, "missing-proposed")) == [{"missing": {"plan": (marker,)}}]


def test_real_levels_are_not_proposed():
    for level in ("other", "no", "0", "north", "Norway", "nine", "self", "selection", "free", "n", "x"):
        assert converted(several("gold", "silver", level)).notes == ()


def test_the_lists_do_not_overlap_and_are_in_small_letters():
    assert not SURE & POSSIBLE
    assert SURE <= UNANSWERED
    assert all(word == word.lower().strip() for word in SURE | POSSIBLE)
    assert "" not in SURE | POSSIBLE


@given(st.lists(st.sampled_from([*sorted(SURE), "#DIV/1!", "a", "N/A ", "1", ""]), min_size=1, max_size=20))
@settings(deadline=None, max_examples=100)
def test_markers_are_found_by_their_whole_text(values):
    texts = held([value.upper() for value in values])
    found = texts.spread(marked(texts, SURE))
    assert found.tolist() == [
        value.strip().lower() in SURE or value.upper().lower() in SURE for value in values
    ]


# --- notes ----------------------------------------------------------------------------------------


def test_markers_that_were_applied_are_counted_and_can_be_kept():
    done = converted(["18", "35", "NA", "na", "-", "41"], "age")
    assert (done.missing, done.markers) == (3, ("NA", "-"))
    told = note(done, "missing")
    assert told.text == "“NA” (2 rows) and “-” (1 row) in “age” read as missing."
    assert changes(told) == [
        {"missing": {"age": ()}},
        {"missing": {"age": ("-",)}},
        {"missing": {"age": ("NA",)}},
    ]
    kept = converted(several("gold", "silver", "?"), "plan", missing=())
    assert (kept.missing, plain(kept)[2], kept.notes) == (0, "?", ())


def test_markers_that_are_proposed_keep_those_that_are_applied():
    done = converted(several("gold", "silver", "-", "None", "Unknown"), "offer")
    assert keys(done) == ["missing", "missing-proposed"]
    told = note(done, "missing-proposed")
    assert told.text == (
        "“None” (8 rows) and “Unknown” (8 rows) in “offer” may mean no answer; they were kept as values, "
        "because they can be some."
    )
    assert changes(told)[0] == {"missing": {"offer": ("-", "None", "Unknown")}}
    done = converted(several("gold", "silver", "-", "None", "Unknown"), "offer", missing=("-", "None"))
    assert list(done.values.cat.categories) == ["Unknown", "gold", "silver"]
    assert (
        note(done, "missing").text
        == "“-” (8 rows) and “None” (8 rows) in “offer” read as missing, as you chose."
    )
    assert not note(done, "missing").check


def test_the_list_of_the_user_is_all_there_is():
    done = converted(["1", "2", "NA", " x ", "X"], "n", "number", missing=("x",))
    assert (done.missing, done.failed, done.examples, done.markers) == (3, 1, ("NA",), ("x",))
    assert plain(converted(["ab", "cd", "", "AB"], "n", "text", missing=("ab",))) == [None, "cd", None, None]
    long = "we could not reach this customer by phone, by mail or by letter in spite of several tries"
    assert plain(converted([long, "b", long.upper()], "n", "text", missing=(long,))) == [None, "b", None]


# --- sentinels ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("usual", "odd"),
    [
        ([18, 35, 52, 64], 999),
        ([18, 35, 52, 64], -1),
        ([18, 35, 52, 64], -9),
        ([18, 35, 52, 64], 9999),
        ([1, 2, 3, 4, 5], 9),
        ([0, 1], 99),
        ([1200, 3400, 5600], 99999),
        ([-5, 5, 20], -999),
    ],
)
def test_values_that_stand_apart_and_repeat_are_proposed(usual, odd):
    values = [str(value) for value in [*usual * 3, odd, odd]]
    done = converted(values, "n")
    assert done.missing == 0
    told = note(done, "sentinel")
    assert told.text.startswith(
        f"“{odd}” (2 rows) in “n” may stand for “no answer”: all other values run from "
    )
    assert changes(told) == [{"missing": {"n": (str(odd),)}}]
    again = converted(values, "n", missing=(str(odd),))
    assert (again.missing, keys(again)) == (2, ["missing"])


@pytest.mark.parametrize(
    "values",
    [
        [18, 35, 52, 64, 999],
        [0, 1, 2, 8, 9, 9, 10],
        [1, 2, 3, 8, 9, 9],
        [-1, 0, 1, -1, 0, 1],
        [-2, -1, -1, 0, 5, 9],
        [500, 800, 999, 999, 1500],
        [80, 85, 90, 95, 99, 99],
        [999, 999, 999, 999],
        [5, 5, 999, 999],
    ],
)
def test_values_inside_the_others_once_or_without_others_are_none(values):
    assert "sentinel" not in keys(converted([str(value) for value in values], "n"))


def test_99_just_above_the_others_is_one_when_it_is_much_more_frequent():
    ages = [str(age) for age in range(18, 81)]
    assert keys(converted([*ages, "99", "99"], "age")) == []
    assert keys(converted([*ages, *["99"] * 30], "age")) == ["sentinel"]


def test_a_sentinel_is_named_as_it_is_written_beside_the_markers_that_are_applied():
    done = converted(["1.50", "2.50", "3.00", "999.00", "999", "n/a"] * 2, "n")
    assert changes(note(done, "sentinel")) == [{"missing": {"n": ("n/a", "999.00", "999")}}]


@pytest.mark.parametrize("odd", ["1900-01-01", "9999-12-31", "0001-01-01", "1970-01-01"])
def test_days_that_stand_for_never_are_proposed(odd):
    values = ["2023-05-01", "2024-02-29", "2024-03-01", odd, odd]
    told = note(converted(values, "joined"), "sentinel")
    assert told.text == (
        f"“{odd}” (2 rows) in “joined” may stand for “no answer”: all other values run from "
        "1 May 2023 to 1 March 2024. It was kept as a value."
    )
    assert converted(values, "joined", missing=(odd,)).missing == 2
    assert "sentinel" not in keys(converted([*values[:4], "2020-01-01"], "joined"))


def test_a_day_among_the_others_is_no_sentinel():
    days = ["1969-05-01", "1970-01-01", "1970-01-01", "1971-01-02"]
    assert keys(converted(days, "birthday")) == []


@given(
    st.dictionaries(st.integers(-2000, 2000).map(float), st.integers(1, 50), min_size=1, max_size=20),
    st.sampled_from([number_sentinels, day_sentinels]),
)
@settings(max_examples=100)
def test_sentinels_are_values_at_the_ends_that_repeat(counts, find):
    values = (
        np.array(sorted(counts)) if find is number_sentinels else np.array(sorted(counts)).astype(np.int64)
    )
    rows = np.array([counts[value] for value in sorted(counts)])
    found = find(values, rows)
    rest = [value for value in values if value not in found]
    assert all(rows[list(values).index(value)] >= 2 for value in found)
    assert not len(found) or len(rest) >= 2
    assert all(value < min(rest) or value > max(rest) for value in found)

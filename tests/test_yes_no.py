"""Yes and no: two sides of one group of words, and nothing else."""

import pytest

from segkit.customers.columns.yes_no import GROUPS, group_of, sides
from segkit.errors import UnusableColumn
from tests.columns import converted, note, plain


@pytest.mark.parametrize(
    ("no", "yes"),
    [
        ("No", "Yes"),
        ("N", "Y"),
        ("FALSE", "True"),
        ("F", "T"),
        ("0", "1"),
        ("0.0", "1.0"),
        ("off", "On"),
        ("unchecked", "checked"),
        ("✗", "✓"),
        ("✘", "✔"),
        ("nein", "Ja"),
        ("N", "J"),
        ("non", "Oui"),
        ("N", "O"),
        ("no", "sí"),
        ("No", "Si"),
        ("N", "S"),
        ("não", "Sim"),
        ("nee", "ja"),
        ("no", "sì"),
        ("Nie", "Tak"),
        ("N", "T"),
        ("nej", "ja"),
        ("nei", "ja"),
        ("ei", "Kyllä"),
        ("ne", "ano"),
        ("Нет", "Да"),
        ("hayır", "evet"),
        ("HAYIR", "EVET"),
        ("否", "是"),
        ("无", "有"),
        ("無", "有"),
        ("错", "对"),
        ("いいえ", "はい"),
        ("×", "○"),
        ("falsch", "WAHR"),
        ("FAUX", "vrai"),
        ("falso", "verdadero"),
        ("Falso", "Verdadeiro"),
        ("falso", "vero"),
        ("onwaar", "waar"),
        ("fałsz", "prawda"),
        ("ложь", "истина"),
        ("aus", "an"),
    ],
)
def test_yes_and_no_are_known_in_many_languages(no, yes):
    done = converted([yes, no, yes, ""])
    assert (done.kind, plain(done), done.missing) == ("yes/no", [yes, no, yes, None], 1)
    assert list(done.values.cat.categories) == [no, yes]
    assert done.values.cat.ordered


def test_long_and_short_forms_of_one_language_mix():
    done = converted(["Yes", "y", "NO", "n", "yes", "Yes"])
    assert (done.kind, list(done.values.cat.codes)) == ("yes/no", [1, 1, 0, 0, 1, 1])
    assert list(done.values.cat.categories) == ["NO", "Yes"]
    assert converted(["Ja", "J", "nein"]).kind == "yes/no"
    assert converted(["1", "1.0", "0"]).kind == "yes/no"


@pytest.mark.parametrize(
    "values",
    [
        ["Yes", "No", "Maybe"],
        ["Yes", "No", "No internet service"],
        ["Yes", "No", "Unknown"],
        ["Yes", "No", "don't know"],
        ["Yes", "No", "None"],
        ["Yes", "Yes", ""],
        ["Yes", "nein"],
        ["A", "N"],
        ["E", "H"],
        ["V", "F"],
        ["M", "F"],
    ],
)
def test_a_third_state_one_word_or_letters_that_could_be_anything_are_a_category(values):
    assert converted(values * 10).kind == "category"


@pytest.mark.parametrize("marker", ["NA", "n/a", "-", "?", "null", "#N/A", "k.A."])
def test_pure_markers_are_no_third_state(marker):
    done = converted(["Yes", "No", marker])
    assert (done.kind, done.markers, done.missing, done.failed) == ("yes/no", (marker,), 1, 0)
    assert note(done, "missing").check


def test_the_none_of_python_is_missing_beside_true_and_false_only():
    done = converted(["True", "False", "None"])
    assert (done.kind, done.markers) == ("yes/no", ("None",))
    assert converted(["True", "False", "None"] * 9, missing=()).kind == "category"


def test_a_third_state_that_the_user_calls_missing_leaves_yes_and_no():
    values = ["Yes", "No", "Unknown"] * 5
    done = converted(values, "vip")
    (option,) = note(done, "missing-proposed").options
    again = converted(values, "vip", missing=option.change["missing"]["vip"])
    assert (again.kind, again.missing) == ("yes/no", 5)


def test_where_the_user_says_yes_or_no_every_word_counts():
    done = converted(["Ja", "yes", "wahr", "✓", "0", "nope", "?"], kind="yes/no")
    assert list(done.values.cat.codes) == [1, 1, 1, 1, 0, -1, -1]
    assert (done.failed, done.examples, done.markers) == (1, ("nope",), ("?",))
    assert plain(converted(["A", "N"], kind="yes/no")) == ["A", "N"]
    assert list(converted(["Evet", "H", "E"], kind="yes/no").values.cat.codes) == [1, 0, 1]


def test_a_side_that_does_not_occur_is_called_by_its_word_in_the_same_language():
    assert list(converted(["ja", ""], kind="yes/no").values.cat.categories) == ["Nein", "ja"]
    assert list(converted(["1", ""], kind="yes/no").values.cat.categories) == ["0", "1"]


def test_a_column_without_yes_or_no_cannot_be_it():
    with pytest.raises(UnusableColumn, match=r"No cell of column “x” is a yes or no"):
        converted(["red", "blue"], kind="yes/no")


def test_no_group_says_yes_and_no_with_the_same_word():
    for group in GROUPS:
        assert not set(group.no) & set(group.yes)
        assert set(group.short) <= {*group.no, *group.yes}
        assert all(word == word.lower() for word in group.no + group.yes)
        assert group_of([group.no[0], group.yes[0]]) is not None
        assert sides([group.no[0], group.yes[0]])[0] == [0, 1]

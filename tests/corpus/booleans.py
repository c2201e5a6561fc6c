"""Yes and no in many languages; a third answer makes it a category."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from tests.corpus.case import ANY, Case
from tests.corpus.column import column_case

_case = partial(column_case, group="booleans", name="newsletter", may=("untold", "personal"))


def _pair(no: str, yes: str, key: str = "", **more: Any) -> Case:
    cells = [yes, no, no, yes, no]
    return _case(
        key or f"{yes}_{no}".lower(),
        cells=cells,
        values=[cell == yes for cell in cells],
        kind="yes/no",
        **more,
    )


def _levels(key: str, cells: Sequence[str], values: Sequence[object] | None = None, **more: Any) -> Case:
    return _case(key, cells=cells, values=values or cells, **{"kind": "category", **more})


CASES = (
    _pair("No", "Yes"),
    _pair("n", "y"),
    _pair("FALSE", "TRUE"),
    _pair("F", "T", "t_f"),
    _pair("0", "1"),
    _pair("0.0", "1.0"),
    _pair("off", "on"),
    _pair("Nein", "Ja"),
    _pair("N", "J"),
    _pair("falsch", "wahr"),
    _pair("Non", "Oui"),
    _pair("N", "O"),
    _pair("FAUX", "VRAI"),
    _pair("No", "Sí"),
    _pair("no", "si"),
    _pair("N", "S"),
    _pair("FALSO", "VERDADERO"),
    _pair("Não", "Sim"),
    _pair("nao", "sim"),
    _pair("falso", "verdadeiro"),
    _pair("Nee", "Ja", "ja_nee"),
    _pair("onwaar", "waar"),
    _pair("No", "Sì", "sì_no_italian"),
    _pair("falso", "vero"),
    _pair("Nie", "Tak"),
    _pair("Nej", "Ja", "ja_nej"),
    _pair("否", "是", "chinese"),
    _pair("いいえ", "はい", "japanese"),
    _case("cases", cells=["YES", "no", "Yes", "NO"], values=[True, False, True, False], kind="yes/no"),
    _case("gaps", cells=["Yes", "No", "", "Yes"], values=[True, False, None, True], kind="yes/no"),
    _case(
        "markers",
        cells=["Yes", "No", "n/a", "Yes"],
        values=[True, False, None, True],
        outcome="warned",
        kind="yes/no",
        notes=("missing",),
    ),
    _levels("third_answer", ["Yes", "No", "Maybe", "No"]),
    _levels("third_answer_telco", ["Yes", "No", "No internet service", "No"]),
    _levels(
        "third_answer_german",
        ["Ja", "Nein", "Weiß nicht", "Nein"],
        outcome="accepted|warned",
        may=("missing-proposed", "untold"),
    ),
    _levels("genders", ["F", "M", "M", "F"], name="gender"),
    _levels("weekdays", ["Mo", "Di", "Do", "Fr"], name="day"),
    _case("counted", cells=["0", "1", "2", "0"], values=[0, 1, 2, 0], kind="number"),
    _case("coded", cells=["1", "2", "2", "1"], values=[1, 2, 2, 1], kind="number"),
    _case(
        "answers_one_to_two_words",
        cells=["Yes", "1", "No", "0"],
        values=None,
        outcome="accepted|warned|asked",
    ),
    _case(
        "crosses_or_nothing",
        cells=["x", "", "x", "", ""],
        values=[ANY, None, ANY, None, None],
        outcome="accepted|warned|asked",
        may=("untold", "constant", "personal"),
    ),
    _case(
        "only_yes",
        cells=["Yes", "", "Yes", "Yes"],
        values=[ANY, None, ANY, ANY],
        outcome="accepted|warned|asked",
        may=("untold", "constant", "personal"),
    ),
)

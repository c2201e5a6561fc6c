"""Kinds: what the texts of a column are, and the values they stand for.

Every column of a file is text first. Its kind is found from all its different texts (each looked at
once, however often it occurs), and converting counts what did not convert, so nothing is lost silently.

========== ==================================================================================
kind       values in the frame
========== ==================================================================================
number     float64
yes/no     ordered categorical with two levels, "no" first, labelled as in the file
date       datetime64[s], the day only; one order of day, month and year for the whole column
category   categorical
text       strings: ids, codes, free text; never changed
========== ==================================================================================
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from segkit.errors import UnusableColumn
from segkit.labels import listing, number, words

KINDS = ("number", "yes/no", "date", "day-first date", "month-first date", "category", "text")

MARKERS = frozenset(
    ["na", "n/a", "#n/a", "nan", "null", "none", "nil", "-", "--", "?", ".", "missing", "unknown"]
)  # texts that mean "no answer" inside a column of numbers, dates or yes/no
YES_NO = (("no", "yes"), ("n", "y"), ("false", "true"), ("f", "t"), ("0", "1"), ("0.0", "1.0"))
CONVERTS = 0.95  # a column is of a kind when at least this share of its filled cells converts
MOST_LEVELS = 50  # a text column with more different values describes customers, it does not group them
LEVEL_SHARE = 0.5  # ... nor does one where most customers have a value of their own
CODE_WORDS = frozenset(
    "id ids key zip zipcode postcode postal phone telephone mobile iban account ean sku uuid guid".split()
)  # numbers under such a name are labels: their zeros matter, their sum means nothing
LABEL_WORDS = frozenset("channel region cluster segment code territory district branch type class".split())
MOST_LABELS = 30

THOUSANDS = {",": "comma as thousands sign", ".": "point as thousands sign"}  # nothing in the column says so

_NUMBER_POINT = r"^[+-]?(\d{1,3}(,\d{3})+(\.\d*)?|\d+\.?\d*([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?)$"
_NUMBER_COMMA = r"^[+-]?(\d{1,3}(\.\d{3})+(,\d*)?|\d+,?\d*([eE][+-]?\d+)?|,\d+)$"
_DECIMAL_COMMA = r"^[+-]?(\d*,(\d{1,2}|\d{4,})|0,\d+|\d{4,},\d+|\d{1,3}(\.\d{3})+,\d+)$"
_DECIMAL_POINT = r"^[+-]?(\d*\.(\d{1,2}|\d{4,})|0\.\d+|\d{4,}\.\d+|\d{1,3}(,\d{3})+\.\d+)$"
_STARTS_LIKE_A_NUMBER = r"^[+-]?[.,]?\d"
_CODE = r"^[+-]?(0\d+|\d{16,})$"  # zeros in front; beyond 2**53 floats do not tell neighbours apart
_CLOCK = r"([ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[AaPp][Mm])?(Z|[+-]\d{2}:?\d{2})?)?"
_YEAR_FIRST = r"^(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})" + _CLOCK + "$"
_YEAR_LAST = r"^(?P<a>\d{1,2})[-/.](?P<b>\d{1,2})[-/.](?P<y>\d{4})" + _CLOCK + "$"


@dataclass(frozen=True)
class Converted:
    """One column after conversion.

    Attributes
    ----------
    values : pandas.Series
        As the table at the top of this module says.
    kind : str
    detail : str
        What was assumed, e.g. "day first" or "decimal comma"; empty when nothing had to be.
    missing : int
        Rows without a value, failed conversions included.
    failed : int
        Filled cells that are not of this kind (missing markers not counted).
    examples : tuple of str
        Up to three of those cells.
    markers : tuple of str
        Texts read as "no answer".
    doubt : str
        What the values alone do not tell and was assumed, in a sentence; "{name}" stands for the column.
    """

    values: pd.Series
    kind: str
    detail: str = ""
    missing: int = 0
    failed: int = 0
    examples: tuple[str, ...] = ()
    markers: tuple[str, ...] = ()
    doubt: str = ""


@dataclass(frozen=True, eq=False)
class Texts:
    """The different texts of a column, stripped, and how often each occurs."""

    codes: np.ndarray
    texts: pa.Array
    counts: np.ndarray
    _matches: dict[str, np.ndarray] = field(default_factory=dict, repr=False)
    _held: dict[str, bool] = field(default_factory=dict, repr=False)

    @cached_property
    def filled(self) -> np.ndarray:
        """Which of the texts are not empty."""
        return np.asarray(pc.not_equal(self.texts, ""))

    @cached_property
    def marked(self) -> np.ndarray:
        """Which of the texts may be read as "no answer"."""
        return np.asarray(pc.is_in(pc.utf8_lower(self.texts), pa.array(sorted(MARKERS))))

    def matching(self, pattern: str) -> np.ndarray:
        """Say which of the texts match a regular expression; each is asked once."""
        if pattern not in self._matches:
            self._matches[pattern] = np.asarray(pc.match_substring_regex(self.texts, pattern))
        return self._matches[pattern]

    def holding(self, sign: str) -> bool:
        """Say whether any of the texts has a character in it (far cheaper than a regular expression)."""
        if sign not in self._held:
            self._held[sign] = bool(pc.any(pc.match_substring(self.texts, sign)).as_py())
        return self._held[sign]

    def rows(self, which: np.ndarray) -> int:
        """Count the rows of some of the texts."""
        return int(self.counts[which].sum())


def texts_of(column: pa.ChunkedArray) -> Texts:
    """Collect the different texts of a dictionary-encoded text column."""
    whole = column.combine_chunks()
    array = whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole
    stripped = pc.utf8_trim_whitespace(array.dictionary.cast(pa.string()))
    texts = stripped.dictionary_encode()
    codes = np.asarray(texts.indices)[np.asarray(array.indices)] if len(stripped) else np.zeros(0, int)
    distinct = texts.dictionary
    return Texts(codes, distinct, np.bincount(codes, minlength=len(distinct)))


def convert(
    column: Texts | pa.ChunkedArray, name: str, kind: str | None = None, comma: bool = False
) -> Converted:
    """Convert one column of a file.

    Parameters
    ----------
    column : Texts or pyarrow.ChunkedArray
        The different texts of a column, or a typed column (from Parquet).
    name : str
        Its name, which tells codes from numbers and stands in messages.
    kind : str, optional
        One of `KINDS`; found from the texts when not given.
    comma : bool
        How to read "1,234" when the column itself does not tell: as a decimal comma.

    Raises
    ------
    UnusableColumn
        The kind is not one of `KINDS`, or no cell of the column is of that kind.
    """
    if kind is not None and kind not in KINDS:
        raise UnusableColumn(f"“{kind}” is no kind of column. Choose one of {listing(list(KINDS), 9)}.")
    if not isinstance(column, Texts):
        typed = _typed(column, name)
        if kind is None or kind == typed.kind or (kind.endswith("date") and typed.kind == "date"):
            return typed
        column = _as_texts(column)
    if kind is None:
        return _CONVERTERS[found_kind(column, name, comma)](column, comma)
    done = _CONVERTERS[kind](column, comma)
    if kind not in ("category", "text") and done.missing == len(column.codes) > 0:
        raise UnusableColumn(
            f"No cell of column “{name}” is a {kind.replace('yes/no', 'yes or no')} "
            f"(it holds {listing(_most_frequent(column), 3)}). Choose another kind, or leave it as it was."
        )
    return done


def found_kind(texts: Texts, name: str, comma: bool = False) -> str:
    """Tell the kind of a column from its texts and, for numbers that may be labels, its name.

    Examples
    --------
    >>> column = pa.array(["34", "51", "", "28"]).dictionary_encode()
    >>> found_kind(texts_of(pa.chunked_array([column])), "age")
    'number'
    """
    counted = texts.filled & ~texts.marked
    enough = CONVERTS * texts.rows(counted)
    if not counted.any():
        return "category"
    if _yes_no_pair(texts, counted) is not None:
        return "yes/no"
    if texts.rows(counted & texts.matching(_STARTS_LIKE_A_NUMBER)) >= enough:
        if _is_number(texts, counted, enough, comma):
            return _kind_of_numbers(texts, counted, name)
        if texts.rows(counted & (texts.matching(_YEAR_FIRST) | texts.matching(_YEAR_LAST))) >= enough:
            return "date"
    levels = int(texts.filled.sum())
    few = levels <= MOST_LEVELS and levels <= max(LEVEL_SHARE * texts.rows(texts.filled), 2)
    return "category" if few and not set(words(name)) & CODE_WORDS else "text"


def _is_number(texts: Texts, counted: np.ndarray, enough: float, comma: bool) -> bool:
    fits = texts.matching(_NUMBER_COMMA if _decimal_comma(texts, comma) else _NUMBER_POINT)
    if texts.rows(counted & fits) < enough:
        return False
    return not (counted & texts.matching(_CODE)).any()


def _kind_of_numbers(texts: Texts, counted: np.ndarray, name: str) -> str:
    """Tell numbers from codes and labels that are written in digits, such as 1E5 or region 3."""
    called = words(name)
    if set(called) & CODE_WORDS and not (counted & texts.matching(r"[.,]")).any():
        return "text"
    labels = counted.sum() <= MOST_LABELS and not (counted & texts.matching(r"[.,eE]")).any()
    return "category" if labels and set(called[-1:]) & LABEL_WORDS else "number"


def _decimal_comma(texts: Texts, comma: bool) -> bool:
    """Tell the decimal sign of a column from the texts where it is beyond doubt; else take the file's."""
    commas, points = _decimal_signs(texts)
    return commas > points or (comma and commas == points)


def _decimal_signs(texts: Texts) -> tuple[int, int]:
    commas = texts.matching(_DECIMAL_COMMA).sum() if texts.holding(",") else 0
    points = texts.matching(_DECIMAL_POINT).sum() if texts.holding(".") else 0
    return int(commas), int(points)


def _yes_no_pair(texts: Texts, counted: np.ndarray) -> tuple[str, str] | None:
    """Find the words for no and yes that all counted texts are of; both must occur."""
    if counted.sum() > 6:
        return None
    found = {text.lower() for text, use in zip(texts.texts.to_pylist(), counted, strict=True) if use}
    return next((pair for pair in YES_NO if found == set(pair)), None)


def _most_frequent(texts: Texts, most: int = 3) -> list[str]:
    order = np.argsort(-texts.counts, kind="stable")
    values = [texts.texts[int(place)].as_py() for place in order]
    return [f"“{value[:40]}”" for value in values if value][:most] or ["nothing"]


# --- one converter a kind -------------------------------------------------------------------------


def _rows(texts: Texts, per_text: np.ndarray) -> np.ndarray:
    return per_text[texts.codes] if len(per_text) else per_text


def _outcome(
    texts: Texts, values: pd.Series, kind: str, usable: np.ndarray, detail: str = "", doubt: str = ""
) -> Converted:
    """Count what did not convert."""
    marked = texts.filled & texts.marked & ~usable
    failed = texts.filled & ~usable & ~marked
    return Converted(
        values,
        kind,
        detail,
        missing=texts.rows(~usable),
        failed=texts.rows(failed),
        examples=tuple(texts.texts.filter(pa.array(failed))[:3].to_pylist()),
        markers=tuple(texts.texts.filter(pa.array(marked))[:5].to_pylist()),
        doubt=doubt,
    )


def _to_number(texts: Texts, comma: bool) -> Converted:
    decimal_comma = _decimal_comma(texts, comma)
    decimal, thousands = (",", ".") if decimal_comma else (".", ",")
    fits = texts.matching(_NUMBER_COMMA if decimal_comma else _NUMBER_POINT)
    plain = pc.if_else(pa.array(fits), texts.texts, pa.scalar(None, pa.string()))
    for sign, becomes in ((thousands, ""), ("+", ""), (decimal, ".")):
        if sign != becomes and texts.holding(sign):
            plain = pc.replace_substring(plain, sign, becomes)
    parsed = np.asarray(pc.cast(plain, pa.float64()).to_numpy(zero_copy_only=False), dtype=float)
    usable = np.isfinite(parsed)
    parsed = np.where(usable, parsed, np.nan)
    detail = "decimal comma" if decimal_comma and texts.holding(decimal) else ""
    if _decimal_signs(texts) == (0, 0) and texts.holding(thousands):
        detail = THOUSANDS[thousands]
    return _outcome(texts, pd.Series(_rows(texts, parsed), dtype=float), "number", usable, detail)


def _to_yes_no(texts: Texts, comma: bool = False) -> Converted:
    values = [text.lower() for text in texts.texts.to_pylist()]
    meaning = np.full(len(values), -1)
    for no, yes in YES_NO:
        for place, value in enumerate(values):
            if value in (no, yes):
                meaning[place] = int(value == yes)
    labels = [_label(texts, meaning == side, word) for side, word in ((0, "No"), (1, "Yes"))]
    series = pd.Series(
        pd.Categorical.from_codes(
            _rows(texts, meaning), categories=pd.Index(labels, dtype="str"), ordered=True
        )
    )
    return _outcome(texts, series, "yes/no", meaning >= 0)


def _label(texts: Texts, side: np.ndarray, otherwise: str) -> str:
    """Label one side of a yes/no column as the file most often does."""
    if not side.any():
        return otherwise
    return str(texts.texts[int(np.argmax(np.where(side, texts.counts, -1)))].as_py())


def _to_date(texts: Texts, order: str | None) -> Converted:
    """Read dates in the one order of the column: the one set, else told by days above 12, else day first."""
    year, month, day = (np.full(len(texts.texts), 0) for _ in range(3))
    first = texts.matching(_YEAR_FIRST)
    last = texts.matching(_YEAR_LAST) & ~first
    _fill(texts, first, _YEAR_FIRST, {"y": year, "m": month, "d": day})
    a, b = np.zeros_like(day), np.zeros_like(day)
    _fill(texts, last, _YEAR_LAST, {"y": year, "a": a, "b": b})
    day_first, month_first = texts.rows(last & (a > 12)), texts.rows(last & (b > 12))
    found = order or ("month first" if month_first > day_first else "day first")
    month[last], day[last] = (a[last], b[last]) if found == "month first" else (b[last], a[last])
    dates = _calendar(year, month, day)
    doubt = _order_doubt(day_first, month_first, found) if order is None and last.any() else ""
    detail = found if last.any() else ""
    return _outcome(texts, pd.Series(_rows(texts, dates)), "date", ~np.isnat(dates), detail, doubt)


def _order_doubt(day_first: int, month_first: int, found: str) -> str:
    if bool(day_first) != bool(month_first):
        return ""
    if not day_first:
        what = "could be day first or month first"
    else:
        what = (
            f"are written in both orders ({number(day_first)} surely day first, "
            f"{number(month_first)} surely month first)"
        )
    return f"Dates in “{{name}}” {what}; {found} was assumed. Change the kind of the column if that is wrong."


def _fill(texts: Texts, which: np.ndarray, pattern: str, parts: dict[str, np.ndarray]) -> None:
    if not which.any():
        return
    named = re.sub(r"\((?!\?)", "(?:", pattern)
    found = pc.extract_regex(texts.texts.filter(pa.array(which)), named)
    for name, target in parts.items():
        target[which] = np.asarray(pc.cast(pc.struct_field(found, name), pa.int64()))


def _calendar(year: np.ndarray, month: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Build dates; what is not in the calendar (31 February) becomes missing."""
    possible = (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31) & (year > 0)
    months = (year.astype("datetime64[Y]") - 1970).astype("datetime64[M]") + np.where(possible, month - 1, 0)
    dates = months.astype("datetime64[D]") + np.where(possible, day - 1, 0)
    possible &= dates.astype("datetime64[M]") == months
    dates[~possible] = np.datetime64("NaT")
    return dates.astype("datetime64[s]")


def _to_category(texts: Texts, comma: bool = False) -> Converted:
    filled = texts.filled
    values = texts.texts.to_pylist()
    kept = sorted((value, place) for place, value in enumerate(values) if value)
    place_of = np.full(len(values), -1)
    for rank, (_, place) in enumerate(kept):
        place_of[place] = rank
    levels = pd.Index([value for value, _ in kept], dtype="str")
    series = pd.Series(pd.Categorical.from_codes(_rows(texts, place_of), categories=levels))
    return _outcome(texts, series, "category", filled)


def _to_text(texts: Texts, comma: bool = False) -> Converted:
    strings = pa.DictionaryArray.from_arrays(pa.array(texts.codes, pa.int32()), texts.texts).cast(pa.string())
    blank = pc.if_else(pc.equal(strings, ""), pa.scalar(None, pa.string()), strings)
    return _outcome(texts, pd.Series(blank.to_pandas(), dtype="str"), "text", texts.filled)


_CONVERTERS: dict[str, Callable[[Texts, bool], Converted]] = {
    "number": _to_number,
    "yes/no": _to_yes_no,
    "date": lambda texts, comma: _to_date(texts, None),
    "day-first date": lambda texts, comma: _to_date(texts, "day first"),
    "month-first date": lambda texts, comma: _to_date(texts, "month first"),
    "category": _to_category,
    "text": _to_text,
}


def _typed(column: pa.ChunkedArray, name: str) -> Converted:
    """Take a typed column of a Parquet file as it is."""
    if pa.types.is_boolean(column.type):
        codes = np.asarray(pc.fill_null(pc.cast(column, pa.int8()), -1)).astype(int)
        labels = pd.Index(["No", "Yes"], dtype="str")
        values = pd.Series(pd.Categorical.from_codes(codes, categories=labels, ordered=True))
        return Converted(values, "yes/no", missing=column.null_count)
    if pa.types.is_temporal(column.type):
        days = column.cast(pa.timestamp("s"), safe=False).to_numpy().astype("datetime64[D]")
        return Converted(pd.Series(days.astype("datetime64[s]")), "date", missing=column.null_count)
    if pa.types.is_integer(column.type) and set(words(name)) & CODE_WORDS:
        return convert(_as_texts(column), name, "text")
    floats = np.asarray(pc.cast(column, pa.float64(), safe=False).to_numpy(), dtype=float)
    floats = np.where(np.isfinite(floats), floats, np.nan)
    present = floats[~np.isnan(floats)]
    if set(np.unique(present[:1000])) <= {0.0, 1.0} and set(np.unique(present)) == {0.0, 1.0}:
        whole = pa.array(floats, from_pandas=True).cast(pa.int64())
        return convert(_as_texts(pa.chunked_array([whole])), name, "yes/no")
    return Converted(pd.Series(floats), "number", missing=int(np.isnan(floats).sum()))


def _as_texts(column: pa.ChunkedArray) -> Texts:
    return texts_of(pc.fill_null(column.cast(pa.string()), "").dictionary_encode())


def uses_decimal_comma(columns: Sequence[Texts]) -> bool:
    """Tell the decimal sign of a file from the columns where it is beyond doubt."""
    signs = [_decimal_signs(texts) for texts in columns]
    return sum(commas for commas, _ in signs) > sum(points for _, points in signs)


def failure_note(name: str, done: Converted) -> str:
    """Say how many cells of a column did not convert, with examples."""
    cells = f"{number(done.failed)} cell{'s' if done.failed > 1 else ''}"
    shown = listing([f"“{example[:30]}”" for example in done.examples])
    counts = "counts" if done.failed == 1 else "count"
    return f"{cells} in “{name}” could not be read as {done.kind} ({shown}) and {counts} as missing."

"""Kinds: what the texts of a column are, and the values they stand for.

Every column of a file is text first. Its kind is found from all its different texts (each looked at
once, however often it occurs), and converting counts what did not convert, so nothing is lost silently.

========== ==================================================================================
kind       values in the frame
========== ==================================================================================
number     float64
yes/no     ordered categorical with two levels, "no" first, labelled as in the file
date       datetime64[s]; one order of day, month and year for the whole column
category   categorical
text       strings: ids, codes, free text; never changed
========== ==================================================================================
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

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

_NUMBER_POINT = r"^[+-]?(\d{1,3}(,\d{3})+(\.\d*)?|\d+\.?\d*([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?)$"
_NUMBER_COMMA = r"^[+-]?(\d{1,3}(\.\d{3})+(,\d*)?|\d+,?\d*([eE][+-]?\d+)?|,\d+)$"
_DECIMAL_COMMA = r"^[+-]?(\d*,(\d{1,2}|\d{4,})|0,\d+|\d{4,},\d+|\d{1,3}(\.\d{3})+,\d+)$"
_DECIMAL_POINT = r"^[+-]?(\d*\.(\d{1,2}|\d{4,})|0\.\d+|\d{4,}\.\d+|\d{1,3}(,\d{3})+\.\d+)$"
_LEADING_ZERO = r"^[+-]?0\d+$"
_TOO_LONG = r"^[+-]?\d{16,}$"  # beyond 2**53 a float can no longer tell neighbours apart
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
    ambiguous : bool
        The date order could not be told from the values.
    """

    values: pd.Series
    kind: str
    detail: str = ""
    missing: int = 0
    failed: int = 0
    examples: tuple[str, ...] = ()
    markers: tuple[str, ...] = ()
    ambiguous: bool = False


@dataclass(frozen=True)
class Texts:
    """The different texts of a column, stripped, and how often each occurs."""

    codes: np.ndarray
    texts: pa.Array
    counts: np.ndarray

    @property
    def filled(self) -> np.ndarray:
        """Which of the texts are not empty."""
        return np.asarray(pc.not_equal(self.texts, ""))

    @property
    def marked(self) -> np.ndarray:
        """Which of the texts may be read as "no answer"."""
        return np.asarray(pc.is_in(pc.utf8_lower(self.texts), pa.array(sorted(MARKERS))))

    def matching(self, pattern: str) -> np.ndarray:
        """Say which of the texts match a regular expression."""
        return np.asarray(pc.match_substring_regex(self.texts, pattern))


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
    texts = column
    chosen = kind or found_kind(texts, name)
    done = _CONVERTERS[chosen](texts, comma)
    if kind is not None and chosen not in ("category", "text") and done.missing == len(texts.codes) > 0:
        raise UnusableColumn(
            f"No cell of column “{name}” is a {chosen.replace('yes/no', 'yes or no')} "
            f"(it holds {listing(_most_frequent(texts), 3)}). Leave it as it was."
        )
    return done


def found_kind(texts: Texts, name: str) -> str:
    """Tell the kind of a column from its texts and, for numbers that may be labels, its name.

    Examples
    --------
    >>> column = pa.array(["34", "51", "", "28"]).dictionary_encode()
    >>> found_kind(texts_of(pa.chunked_array([column])), "age")
    'number'
    """
    filled = texts.filled
    counted = filled & ~texts.marked
    total = texts.counts[counted].sum()
    if total == 0:
        return "category"
    if _yes_no_pair(texts, counted) is not None:
        return "yes/no"
    called = set(words(name))
    if _is_number(texts, counted, total):
        distinct = int(counted.sum())
        whole = not texts.matching(r"[.,eE]").any()
        if whole and called & CODE_WORDS:
            return "text"
        if whole and set(words(name)[-1:]) & LABEL_WORDS and distinct <= MOST_LABELS:
            return "category"
        return "number"
    if (
        texts.counts[counted & (texts.matching(_YEAR_FIRST) | texts.matching(_YEAR_LAST))].sum()
        >= CONVERTS * total
    ):
        return "date"
    distinct = int(filled.sum())
    few = distinct <= MOST_LEVELS and distinct <= max(LEVEL_SHARE * texts.counts[filled].sum(), 2)
    return "category" if few and not called & CODE_WORDS else "text"


def _is_number(texts: Texts, counted: np.ndarray, total: int) -> bool:
    codes = texts.matching(_LEADING_ZERO) | texts.matching(_TOO_LONG)
    if (codes & counted).any():
        return False
    fits = texts.matching(_NUMBER_POINT) | texts.matching(_NUMBER_COMMA)
    return texts.counts[counted & fits].sum() >= CONVERTS * total


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


def _outcome(texts: Texts, values: pd.Series, kind: str, usable: np.ndarray, detail: str = "") -> Converted:
    """Count what did not convert."""
    marked = texts.filled & texts.marked & ~usable
    failed = texts.filled & ~usable & ~marked
    names = texts.texts.to_pylist() if marked.any() or failed.any() else []
    return Converted(
        values,
        kind,
        detail,
        missing=int(texts.counts[~usable].sum()),
        failed=int(texts.counts[failed].sum()),
        examples=tuple(names[place] for place in np.flatnonzero(failed)[:3]),
        markers=tuple(names[place] for place in np.flatnonzero(marked)[:5]),
    )


def _to_number(texts: Texts, comma: bool) -> Converted:
    commas, points = texts.matching(_DECIMAL_COMMA), texts.matching(_DECIMAL_POINT)
    decimal_comma = bool(commas.any() and not points.any()) or (comma and not points.any())
    fits = texts.matching(_NUMBER_COMMA if decimal_comma else _NUMBER_POINT)
    plain = pc.if_else(pa.array(fits), texts.texts, pa.scalar(None, pa.string()))
    if decimal_comma:
        plain = pc.replace_substring(pc.replace_substring(plain, ".", ""), ",", ".")
    else:
        plain = pc.replace_substring(plain, ",", "")
    plain = pc.replace_substring_regex(plain, r"^\+", "")
    parsed = np.asarray(pc.cast(plain, pa.float64()).to_numpy(zero_copy_only=False), dtype=float)
    usable = np.isfinite(parsed)
    parsed = np.where(usable, parsed, np.nan)
    with_sign = texts.matching(r"[.,]").any()
    detail = "decimal comma" if decimal_comma and with_sign else ""
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
    """Read dates; the one order of the column is told by days above 12, else day first is assumed."""
    year, month, day = (np.full(len(texts.texts), 0) for _ in range(3))
    first = texts.matching(_YEAR_FIRST)
    last = texts.matching(_YEAR_LAST)
    _fill(texts, first, _YEAR_FIRST, {"y": year, "m": month, "d": day})
    a, b = np.zeros_like(day), np.zeros_like(day)
    _fill(texts, last, _YEAR_LAST, {"y": year, "a": a, "b": b})
    month_first = (b > 12).any() and not (a > 12).any()
    ambiguous = order is None and bool(last.any()) and not (a > 12).any() and not (b > 12).any()
    if order is not None:
        month_first = order == "month first"
    month[last], day[last] = (a[last], b[last]) if month_first else (b[last], a[last])
    dates = _calendar(year, month, day)
    usable = ~np.isnat(dates)
    detail = ("month first" if month_first else "day first") if last.any() else ""
    done = _outcome(texts, pd.Series(_rows(texts, dates)), "date", usable, detail)
    return Converted(**{**done.__dict__, "ambiguous": ambiguous})


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
    missing = column.null_count
    if pa.types.is_boolean(column.type):
        codes = np.asarray(pc.fill_null(pc.cast(column, pa.int8()), -1))
        values = pd.Series(pd.Categorical.from_codes(codes, categories=["No", "Yes"], ordered=True))
        return Converted(values, "yes/no", missing=missing)
    if pa.types.is_temporal(column.type):
        return Converted(pd.Series(column.to_pandas()).astype("datetime64[s]"), "date", missing=missing)
    floats = np.asarray(pc.cast(column, pa.float64(), safe=False).to_numpy(), dtype=float)
    floats = np.where(np.isfinite(floats), floats, np.nan)
    present = floats[~np.isnan(floats)]
    as_text = set(words(name)) & CODE_WORDS and pa.types.is_integer(column.type)
    if as_text or (present.size and set(np.unique(present[:1000])) <= {0.0, 1.0} and _zero_one(present)):
        whole = column if as_text else pa.chunked_array([pa.array(floats, from_pandas=True).cast(pa.int64())])
        return convert(_as_texts(whole), name, "text" if as_text else "yes/no")
    return Converted(pd.Series(floats), "number", missing=int(np.isnan(floats).sum()))


def _zero_one(present: np.ndarray) -> bool:
    return set(np.unique(present)) == {0.0, 1.0}


def _as_texts(column: pa.ChunkedArray) -> Texts:
    return texts_of(pc.fill_null(column.cast(pa.string()), "").dictionary_encode())


def uses_decimal_comma(columns: list[Texts]) -> bool:
    """Tell the decimal sign of a file from the columns where it is beyond doubt."""
    commas = sum(int(texts.matching(_DECIMAL_COMMA).sum()) for texts in columns)
    points = sum(int(texts.matching(_DECIMAL_POINT).sum()) for texts in columns)
    return commas > points


def failure_note(name: str, done: Converted) -> str:
    """Say how many cells of a column did not convert, with examples."""
    cells = f"{number(done.failed)} cell{'s' if done.failed > 1 else ''}"
    shown = listing([f"“{example[:30]}”" for example in done.examples])
    return f"{cells} in “{name}” could not be read as {done.kind} ({shown}) and count as missing."

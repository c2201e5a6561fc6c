"""Delimited text: delimiters, quotes, line ends, and everything that stands above, between and below."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from tests.corpus.case import Case, OneOf
from tests.corpus.truth import CUSTOMERS, EXPECTED, NAMES, ROWS, comma, cycled, point, texts, without
from tests.corpus.writers import delimited, joined, lines

GROUP = "delimiters"
LINES = tuple(lines(texts()))
HEADER, BODY = LINES[0], LINES[1:]


def _case(key: str, make: Callable[[], bytes], outcome: str = "accepted", **expected: Any) -> Case:
    return Case(key, GROUP, make, outcome, **{"columns": EXPECTED, **expected})


def _text(key: str, written: Sequence[str], outcome: str = "accepted", **expected: Any) -> Case:
    return _case(key, partial(joined, written), outcome, **expected)


# --- delimiters -----------------------------------------------------------------------------------


def _aligned() -> bytes:
    """Columns of fixed width, filled up with blanks."""
    table = texts()
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    rows = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in table]
    return joined([row.rstrip() for row in rows])


def _spaced_out() -> bytes:
    return joined([", ".join(row) for row in texts()])


def _drawn() -> bytes:
    """A table as a database prints it: bars between, a line below the names, a count at the end."""
    table = texts()
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    drawn = [
        " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    ]
    return joined([f" {drawn[0]}", "-+-".join("-" * width for width in widths), *drawn[1:], "(24 rows)"])


def _wide(columns: int) -> bytes:
    header = ["customer_id", *(f"answer_{place}" for place in range(1, columns))]
    rows = [[f"C{row}", *(str((row * place) % 7) for place in range(1, columns))] for row in range(3)]
    return delimited([header, *rows])


DELIMITERS = (
    _case("comma.csv", lambda: delimited(texts()), names=NAMES, kinds={"customer_id": "text"}),
    _case("semicolon.csv", lambda: delimited(texts(), ";")),
    _case("tab.tsv", lambda: delimited(texts(), "\t")),
    _case("tab.csv", lambda: delimited(texts(), "\t")),
    _case("pipe.psv", lambda: delimited(texts(), "|")),
    _case("spaces.txt", _aligned, "accepted|warned", may=("delimiter",)),
    _case("single_spaces.txt", lambda: delimited(texts(), " "), "accepted|warned", may=("delimiter",)),
    _case("blank_after_comma.csv", _spaced_out),
    _case("sep_line.csv", lambda: b"sep=;\r\n" + delimited(texts(), ";"), names=NAMES),
    _case("sep_line_pipe.csv", lambda: b"sep=|\n" + delimited(texts(), "|"), names=NAMES),
    _case("sep_line_quoted.csv", lambda: b'"sep=,"\r\n' + delimited(texts()), names=NAMES),
    _case(
        "sep_line_tab_with_mark.csv", lambda: b"\xef\xbb\xbfSEP=\t\n" + delimited(texts(), "\t"), names=NAMES
    ),
    _case("decimal_comma.csv", lambda: delimited(texts(comma), ";")),
    _case("decimal_comma_quoted.csv", lambda: delimited(texts(comma))),
    _case("decimal_comma_tab.tsv", lambda: delimited(texts(comma), "\t")),
    _case(
        "more_decimal_commas_than_semicolons.csv",
        lambda: joined(["spend;income", *(f"{n},50;{n * 7},25" for n in range(3, 3 + ROWS))]),
        columns={
            "spend": [n + 0.5 for n in range(3, 3 + ROWS)],
            "income": [n * 7 + 0.25 for n in range(3, 3 + ROWS)],
        },
    ),
    _case(
        "commas_in_every_text.csv",
        lambda: delimited([[*row[:5], f"{row[1]}, {row[2]}, yes"] for row in texts()], ";"),
        columns={name: EXPECTED[name] for name in NAMES[:5]},
        may=("untold", "header-names"),
    ),
    _case(
        "drawn_table.txt",
        _drawn,
        "warned|accepted",
        set_aside=2,
        notes=("ragged|totals",),
        may=("delimiter",),
    ),
    _case("all_quoted.csv", lambda: delimited(texts(), ";", quoting=1)),
    _case(
        "delimiter_in_header_only.csv",
        lambda: delimited(
            [["customer_id", "plan, tier", "age, in years"], *(row[:3] for row in texts()[1:])], ";"
        ),
        columns={"plan, tier": CUSTOMERS["plan"], "age, in years": CUSTOMERS["age"]},
        may=("untold",),
    ),
    _case(
        "widest.csv",
        lambda: _wide(2_000),
        "accepted|warned",
        columns={"answer_3": [0, 3, 6]},
        may=("untold", "constant", "empty", "copy"),
    ),
    _case("too_wide.csv", lambda: _wide(2_001), "refused", columns={}, message=r"2,000 columns"),
    _case(
        "one_column.csv",
        lambda: delimited([row[:1] for row in texts()]),
        "refused",
        columns={},
        message=r"[Oo]nly one column.*customer_id",
    ),
)

# --- quotes ---------------------------------------------------------------------------------------

COMMENTS = ("fine, thanks", 'she said "good", twice', "plain", "semi;colon", "tab\there")
SCREENS = ('5" screen', '24" wide', "plain", "6' 2\"")


def _with_comments(comments: Sequence[str], **dialect: Any) -> bytes:
    rows = texts()
    cells = cycled(comments)
    return delimited(
        [[*rows[0], "comment"], *([*row, cell] for row, cell in zip(rows[1:], cells, strict=True))], **dialect
    )


def _with_last(cells: Sequence[str], name: str = "comment", end: str = "\n") -> bytes:
    """Put cells, written as they stand, into a last column."""
    body = [f"{line},{cell}" for line, cell in zip(BODY, cycled(cells), strict=True)]
    return joined([f"{HEADER},{name}", *body], end)


def _commented(comments: Sequence[object]) -> dict[str, Sequence[object]]:
    return {**EXPECTED, "comment": cycled(comments)}


QUOTES = (
    _case(
        "quoted_delimiters.csv",
        lambda: _with_comments(COMMENTS),
        columns=_commented(COMMENTS),
        may=("personal",),
    ),
    _case(
        "quoted_delimiters_semicolon.csv",
        lambda: _with_comments(COMMENTS, delimiter=";"),
        columns=_commented(COMMENTS),
        may=("personal",),
    ),
    _case(
        "backslash_quotes.csv",
        lambda: _with_last([r'"she said \"good\", twice"', r'"plain"', '"other, too"']),
        "warned",
        columns=_commented(['she said "good", twice', "plain", "other, too"]),
        notes=("quotes",),
        may=("personal",),
    ),
    _case(
        "single_quotes.csv",
        lambda: _with_comments(("fine, thanks", "plain", "it's, well, fine"), quotechar="'"),
        "warned|accepted",
        columns=_commented(["fine, thanks", "plain", "it's, well, fine"]),
        notes=("quotes",),
        may=("personal",),
    ),
    _case(
        "blank_before_quote.csv",
        lambda: _with_last([' "fine, thanks"', ' "plain"', ' "a ""b"" c"']),
        "accepted|warned",
        columns=_commented(["fine, thanks", "plain", 'a "b" c']),
        may=("quotes", "personal"),
    ),
    _case(
        "apostrophes.csv",
        lambda: _with_last(["rock 'n' roll", "'quoted' word", "it's"]),
        columns=_commented(["rock 'n' roll", "'quoted' word", "it's"]),
        may=("personal",),
    ),
    _case(
        "inches.csv",
        lambda: _with_last(SCREENS),
        "accepted|warned",
        columns=_commented(SCREENS),
        may=("quotes", "personal"),
    ),
    _case(
        "quote_at_the_start.csv",
        lambda: joined(
            [f"{HEADER},comment", *(f"{line},plain" for line in BODY[:-1]), f'{BODY[-1]},"x" marks it']
        ),
        "accepted|warned",
        columns={**EXPECTED, "comment": ["plain"] * (ROWS - 1) + [OneOf(('"x" marks it', "x marks it"))]},
        may=("quotes", "personal", "constant"),
    ),
    _case(
        "formula_quotes.csv",
        lambda: joined([HEADER, *(f'="0{place:03}"{line[5:]}' for place, line in enumerate(BODY))]),
        "accepted|warned",
        columns=EXPECTED
        | {"customer_id": [OneOf((f'="0{place:03}"', f"0{place:03}")) for place in range(ROWS)]},
        may=("quotes",),
    ),
    _case(
        "lines_in_quotes.csv",
        lambda: _with_comments(("line 1\nline 2", "one line", "a\n\nb")),
        columns=_commented(["line 1\nline 2", "one line", "a\n\nb"]),
        may=("personal",),
    ),
    _case(
        "lines_in_quotes_crlf.csv",
        lambda: joined(
            [
                f"{HEADER},comment",
                *(f'{line},"line 1\nline 2"' for line in BODY[:5]),
                *(f"{line},b" for line in BODY[5:]),
            ],
            "\r\n",
        ),
        columns={**EXPECTED, "comment": ["line 1\nline 2"] * 5 + ["b"] * (ROWS - 5)},
        may=("personal",),
    ),
    _case(
        "long_cell.csv",
        lambda: _with_comments(("x" * 60_000, "short", "y" * 200_000)),
        "accepted|warned",
        columns=_commented(["x" * 60_000, "short", "y" * 200_000]),
        may=("long-cell", "personal"),
    ),
    _case(
        "quote_never_closed.csv",
        lambda: joined([HEADER, *BODY[:20], BODY[20].replace(",", ',"', 1), *BODY[21:]]),
        "warned",
        columns={},
        set_aside=None,
        rows=ROWS,
        notes=("quotes|ragged",),
    ),
    _case(
        "quote_never_closed_last_column.csv",
        lambda: joined([HEADER, *BODY[:20], BODY[20][: BODY[20].rindex(",") + 1] + '"Yes', *BODY[21:]]),
        "warned",
        columns={},
        set_aside=None,
        rows=ROWS,
        notes=("quotes|ragged",),
    ),
    _case(
        "formulas.csv",
        lambda: _with_last(["=1+1", "+49 30", "@home", "-5 points"]),
        columns=_commented(["=1+1", "+49 30", "@home", "-5 points"]),
        may=("personal",),
    ),
    _case(
        "markup.csv",
        lambda: _with_last(["<b>bold</b>", "![x](http://x)", "$5 and $10", "\u202etxet", "🙂"], "re<m>ark"),
        columns={
            **EXPECTED,
            "re<m>ark": cycled(["<b>bold</b>", "![x](http://x)", "$5 and $10", "\u202etxet", "🙂"]),
        },
        may=("personal", "untold"),
    ),
)

# --- widths ---------------------------------------------------------------------------------------

WIDTHS = (
    _text(
        "trailing_everywhere.csv",
        [f"{line}," for line in LINES],
        "accepted|warned",
        names=NAMES,
        notes=("trailing-delimiter|blank-columns",),
    ),
    _text("trailing_in_header.csv", [f"{HEADER},", *BODY], names=NAMES, may=("trailing-delimiter",)),
    _text(
        "trailing_in_rows.csv",
        [HEADER, *(f"{line}," for line in BODY)],
        "accepted|warned",
        names=NAMES,
        notes=("trailing-delimiter|blank-columns",),
    ),
    _text(
        "trailing_three_semicolons.csv",
        [f"{line};;;" for line in lines(texts(comma), ";")],
        "accepted|warned",
        names=NAMES,
        notes=("trailing-delimiter|blank-columns",),
    ),
    _text(
        "trailing_in_some_rows.csv",
        [HEADER, *(f"{line}," if place in (3, 7, 19) else line for place, line in enumerate(BODY))],
        "accepted|warned",
        names=NAMES,
        may=("trailing-delimiter", "ragged"),
    ),
    _text(
        "short_rows.csv",
        [
            HEADER,
            *(line[: line.rindex(",")] if place in (4, 11) else line for place, line in enumerate(BODY)),
        ],
        "warned",
        columns=without(4, 11),
        notes=("ragged",),
        set_aside=2,
    ),
    _text(
        "long_rows.csv",
        [HEADER, *(f"{line},extra" if place in (0, 23) else line for place, line in enumerate(BODY))],
        "warned",
        columns=without(0, 23),
        notes=("ragged",),
        set_aside=2,
    ),
    _text(
        "short_and_long_rows.csv",
        [HEADER, "only", *BODY[:9], "too,many,cells,for,this,table,x,y", *BODY[9:], "a,b"],
        "warned",
        notes=("ragged",),
        set_aside=3,
    ),
    _text(
        "every_other_row_short.csv",
        [HEADER, *(line[: line.rindex(",")] if place % 2 else line for place, line in enumerate(BODY))],
        "warned|refused",
        columns={},
        set_aside=None,
        rows=ROWS,
        notes=("ragged",),
        message=r"columns|fields",
    ),
    _text(
        "row_names.csv",
        [HEADER, *(f"r{place},{line}" for place, line in enumerate(BODY))],
        "warned|asked",
        columns={},
        set_aside=None,
        notes=("header-names|ragged",),
    ),
    _text(
        "row_numbers_without_name.csv",
        [f",{HEADER}", *(f"{place},{line}" for place, line in enumerate(BODY))],
        "accepted|warned",
        notes=("header-names",),
        may=("untold",),
    ),
    _text(
        "comma_in_every_price.csv",
        [HEADER, *(line.replace(".", ",", 1) for line in BODY)],
        "warned|asked|refused",
        columns={},
        set_aside=None,
        notes=("header-names|ragged",),
        message="columns|fields",
    ),
)

# --- line ends, blank lines and columns -----------------------------------------------------------


def _mixed_ends() -> bytes:
    ends = cycled(["\n", "\r\n", "\r", "\n"], ROWS + 1)
    return "".join(line + end for line, end in zip(LINES, ends, strict=True)).encode()


def _blank_columns() -> bytes:
    rows = texts()
    return delimited([[row[0], "", *row[1:4], "", "", *row[4:]] for row in rows])


ENDS = (
    _case("crlf.csv", lambda: joined(LINES, "\r\n")),
    _case("cr.csv", lambda: joined(LINES, "\r")),
    _case("mixed_line_ends.csv", _mixed_ends),
    _case("no_final_line_end.csv", lambda: joined(LINES, last=False)),
    _case("cr_no_final.csv", lambda: joined(LINES, "\r", last=False)),
    _case("double_line_ends.csv", lambda: joined(LINES, "\r\r\n"), may=("blank-rows",)),
    _text("blank_lines_first.csv", ["", "", "", *LINES], may=("blank-rows", "preamble"), names=NAMES),
    _text(
        "blank_lines_between.csv",
        [*LINES[:9], "", "", *LINES[9:]],
        may=("blank-rows",),
    ),
    _text("blank_lines_last.csv", [*LINES, "", "", "", ""], may=("blank-rows",)),
    _text(
        "lines_of_blanks.csv", [*LINES[:9], "   ", "\t", *LINES[9:]], "accepted|warned", may=("blank-rows",)
    ),
    _text(
        "rows_of_delimiters.csv",
        [*LINES[:9], ",,,,,", " , , , , , ", *LINES[9:], ",,,,,"],
        notes=("blank-rows",),
    ),
    _text("blank_line_after_each.csv", [part for line in LINES for part in (line, "")], may=("blank-rows",)),
    _case("blank_columns.csv", _blank_columns, "accepted|warned", names=NAMES, notes=("blank-columns",)),
    _case(
        "blank_columns_around.csv",
        lambda: joined([f",,{line},," for line in LINES]),
        "accepted|warned",
        names=NAMES,
        notes=("blank-columns|trailing-delimiter",),
    ),
    _case(
        "column_with_name_and_nothing.csv",
        lambda: joined([f"{HEADER},remarks", *(f"{line}," for line in BODY)]),
        "accepted|warned",
        names=(*NAMES, "remarks"),
        columns={**EXPECTED, "remarks": [None] * ROWS},
        notes=("empty",),
    ),
)

# --- above and below ------------------------------------------------------------------------------

PREAMBLE = (
    "Customer report",
    "Exported by: J. Doe",
    "Period: last three years",
    "",
    "Filter: active customers only",
    "Currency: EUR",
    "Internal use only",
    "",
)
TOTAL = f"{sum(CUSTOMERS['spend']):.2f}"


def _preamble(count: int) -> Case:
    return _text(
        f"preamble_{count}.csv",
        [*PREAMBLE[:count], *LINES],
        "accepted|warned",
        names=NAMES,
        notes=("preamble",),
        above=sum(map(bool, PREAMBLE[:count])),
    )


def _total(key: str, word: str, *after: str, **expected: Any) -> Case:
    return _text(
        key,
        [*LINES, f"{word},,,{TOTAL},,", *after],
        "warned",
        notes=("totals",),
        **{"set_aside": 1, **expected},
    )


def _subtotals() -> list[str]:
    halves = [sum(CUSTOMERS["spend"][:12]), sum(CUSTOMERS["spend"][12:])]
    first, second = (f"Subtotal,,,{point(half)},," for half in halves)
    return [HEADER, *BODY[:12], first, *BODY[12:], second, f"Grand total,,,{TOTAL},,"]


def _oil_company() -> bytes:
    rows = texts()
    companies = cycled(["Acme", "Total", "Summe GmbH", "Globex", "Initech", "Umbrella", "Total Energies"])
    return delimited(
        [["company", *rows[0]], *([name, *row] for name, row in zip(companies, rows[1:], strict=True))]
    )


AROUND = (
    *map(_preamble, (1, 2, 3, 5, 8)),
    _text(
        "preamble_with_delimiters.csv",
        ["Report:,Customers,,,,", "From:,2021-01-01,to,2024-04-15,,", "Page,1,of,1,,", ",,,,,", *LINES],
        "accepted|warned",
        names=NAMES,
        above=3,
        notes=("preamble",),
    ),
    _text(
        "preamble_with_some_delimiters.csv",
        ["Report: customers, active and lost", "Made by: Sales, Berlin", *LINES],
        "accepted|warned",
        names=NAMES,
        above=2,
        notes=("preamble",),
    ),
    _text(
        "comment_first.csv",
        ["# exported on 2024-05-01", *LINES],
        "accepted|warned",
        names=NAMES,
        above=1,
        notes=("preamble",),
    ),
    _text(
        "comments_with_delimiters.csv",
        ["# fields: id, plan, age", "# rows: 24", *LINES],
        "accepted|warned",
        names=NAMES,
        above=2,
        notes=("preamble",),
    ),
    _text(
        "comment_between.csv",
        [*LINES[:9], "# page 2", *LINES[9:]],
        "warned",
        set_aside=1,
        notes=("ragged|preamble",),
    ),
    _text(
        "hash_in_header.csv",
        [f"#{HEADER}", *BODY],
        columns={name: EXPECTED[name] for name in NAMES[1:]},
        may=("header-names", "id"),
    ),
    _text(
        "footer.csv",
        [*LINES, "", "Source: CRM export", "Generated by J. Doe on 2024-05-01"],
        "warned",
        set_aside=2,
        notes=("ragged|totals",),
        may=("blank-rows",),
    ),
    _text(
        "footer_with_delimiters.csv",
        [*LINES, ",,,,,", '"Source: CRM, all regions",,,,,'],
        "warned",
        set_aside=1,
        notes=("ragged|totals",),
        may=("blank-rows",),
    ),
    _total("total.csv", "Total"),
    _total("summe.csv", "Summe"),
    _total("gesamt.csv", "Gesamt:"),
    _total("grand_total.csv", "GRAND TOTAL"),
    _total("totale.csv", "Totale"),
    _total("totaal.csv", "Totaal"),
    _total(
        "total_then_footer.csv", "Total", "", "Source: CRM export", set_aside=2, may=("blank-rows", "ragged")
    ),
    _text("subtotals.csv", _subtotals(), "warned", notes=("totals",), set_aside=3),
    _case(
        "company_called_total.csv",
        _oil_company,
        columns={
            **EXPECTED,
            "company": cycled(
                ["Acme", "Total", "Summe GmbH", "Globex", "Initech", "Umbrella", "Total Energies"]
            ),
        },
        may=("personal", "untold"),
    ),
    _text(
        "header_repeated.csv",
        [*LINES[:9], HEADER, *LINES[9:17], HEADER, *LINES[17:]],
        "warned",
        set_aside=2,
        notes=("repeated-header",),
    ),
    _case(
        "two_files_in_one.csv",
        lambda: b"\xef\xbb\xbf" + joined(LINES[:13]) + b"\xef\xbb\xbf" + joined([HEADER, *LINES[13:]]),
        "warned",
        set_aside=1,
        notes=("repeated-header",),
        may=("encoding",),
    ),
    _case(
        "mark_in_the_middle.csv",
        lambda: joined([*LINES[:9], "\ufeff" + LINES[9], *LINES[10:]]),
        "accepted|warned",
        may=("encoding",),
    ),
)

# --- names ----------------------------------------------------------------------------------------


def _years() -> bytes:
    rows = [
        [f"C{place:03}", *(f"{place * 7 % 50 + year / 10:.2f}" for year in range(3))] for place in range(ROWS)
    ]
    return delimited([["customer_id", "2021", "2022", "2023"], *rows])


def _numbered_years() -> bytes:
    rows = [
        [str(1000 + place), *(f"{place * 7 % 50 + year / 10:.2f}" for year in range(3))]
        for place in range(ROWS)
    ]
    return delimited([["id", "2021", "2022", "2023"], *rows])


YEARS = {str(2021 + year): [place * 7 % 50 + year / 10 for place in range(ROWS)] for year in range(3)}

HEADERS = (
    _text(
        "no_header.csv",
        BODY,
        "warned|asked",
        columns={f"Column {place}": EXPECTED[name] for place, name in enumerate(NAMES, start=1)},
        notes=("no-header",),
        may=("untold", "id"),
    ),
    _case("years_as_names.csv", _years, columns=YEARS, may=("untold",)),
    _case("years_as_names_and_numbers.csv", _numbered_years, columns=YEARS, may=("untold",)),
    _text(
        "names_twice.csv",
        ["customer_id,plan,plan,spend,signup_date,churned", *BODY],
        "accepted|warned",
        names=("customer_id", "plan", "plan (2)", "spend", "signup_date", "churned"),
        columns={"plan": EXPECTED["plan"], "plan (2)": EXPECTED["age"]},
        notes=("header-names",),
        may=("untold",),
    ),
    _text(
        "names_missing.csv",
        ["customer_id,,age,,signup_date,churned", *BODY],
        "accepted|warned",
        names=("customer_id", "Column 2", "age", "Column 4", "signup_date", "churned"),
        columns={"Column 2": EXPECTED["plan"], "Column 4": EXPECTED["spend"]},
        notes=("header-names",),
        may=("untold",),
    ),
    _text(
        "names_with_blanks.csv", [" customer_id , plan,age ,spend,signup_date, churned ", *BODY], names=NAMES
    ),
    _case(
        "names_in_two_lines.csv",
        lambda: joined(['customer_id,"plan\ntier",age,spend,signup_date,churned', *BODY]),
        columns={name: EXPECTED[name] for name in ("customer_id", "age", "spend")},
        may=("header-names",),
    ),
    _text("header_only.csv", [HEADER], "refused", columns={}, message=r"no rows|no customers"),
    _text("one_customer.csv", LINES[:2], "refused", columns={}, message=r"one customer"),
    _text(
        "two_customers.csv",
        LINES[:3],
        "accepted|warned",
        columns={"customer_id": ["C0001", "C0002"], "age": EXPECTED["age"][:2]},
        may=("untold", "constant", "id"),
    ),
    _text(
        "total_only.csv",
        [HEADER, BODY[0], f"Total,,,{TOTAL},,"],
        "refused",
        columns={},
        message=r"one customer|[Oo]nly 1",
    ),
)

CASES = (*DELIMITERS, *QUOTES, *WIDTHS, *ENDS, *AROUND, *HEADERS)

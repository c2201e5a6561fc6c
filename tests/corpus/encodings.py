"""Encodings: what the bytes mean where they say so, and a question where they do not."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from tests.corpus.case import ANY, Case
from tests.corpus.truth import EXPECTED, ROWS, cycled, texts
from tests.corpus.writers import delimited, joined, lines

GROUP = "encodings"
EUROPEAN = ("Zürich", "Köln", "Málaga", "Århus", "São Paulo", "Orléans", "Łódź", "Ελλάδα", "東京", "🙂 town")
WESTERN = ("Zürich", "Köln", "Málaga", "Århus", "São Paulo", "Orléans")
CURLY = ("“Zürich”", "Köln – Süd", "5 € shop", "L’Aquila", "Málaga…")
POLISH = ("Łódź", "Kraków", "Gdańsk", "Świętochłowice", "Częstochowa", "Żywiec")
RUSSIAN = ("Москва", "Казань", "Нижний Новгород", "Санкт-Петербург", "Омск")
TRADITIONAL = ("臺北市中正區", "高雄市前鎮區", "臺中市西屯區", "新竹市東區", "花蓮縣壽豐鄉")
SIMPLIFIED = ("北京市朝阳区", "上海市浦东新区", "广州市天河区", "深圳市南山区", "成都市武侯区")
JAPANESE = ("東京都千代田区", "大阪市北区", "さいたま市", "横浜市みなとみらい", "ソニー株式会社")
KOREAN = ("서울특별시 강남구", "부산광역시", "대구광역시", "인천광역시", "경기도 성남시")


def _with_cities(cities: Sequence[str]) -> list[list[str]]:
    rows = texts()
    return [[*rows[0], "city"], *([*row, city] for row, city in zip(rows[1:], cycled(cities), strict=True))]


def _columns(cities: Sequence[object]) -> dict[str, Sequence[object]]:
    return {**EXPECTED, "city": cycled(cities)}


def _case(key: str, make: Callable[[], bytes], outcome: str, cities: Sequence[object], **more: Any) -> Case:
    return Case(key, GROUP, make, outcome, columns=_columns(cities), **more)


def _encoded(
    key: str, encoding: str, cities: Sequence[str] = EUROPEAN, outcome: str = "accepted", **more: Any
) -> Case:
    return _case(key, partial(delimited, _with_cities(cities), encoding=encoding), outcome, cities, **more)


def _asked(key: str, encoding: str, cities: Sequence[str], outcome: str = "asked") -> Case:
    """The bytes fit several codecs: every one of them would give letters."""
    make = partial(delimited, _with_cities(cities), encoding=encoding)
    return _case(
        key,
        make,
        outcome,
        [ANY],
        notes=("encoding",),
        readings=(_columns(cities),),
        may=("untold", "not-converted"),
    )


def _line_by_line() -> bytes:
    """A file put together from two sources: every other line in another encoding."""
    written = lines(_with_cities(WESTERN))
    codecs = cycled(["utf-8", "cp1252"], len(written))
    return b"".join(f"{line}\n".encode(codec) for line, codec in zip(written, codecs, strict=True))


def _cut() -> bytes:
    """The last letter is two bytes, and the file ends after the first of them."""
    rows = _with_cities(WESTERN)
    rows[-1][-1] = "Zü"
    return delimited(rows)[:-2]


CASES = (
    _encoded("utf8.csv", "utf-8"),
    _encoded("utf8_mark.csv", "utf-8-sig"),
    _encoded("utf16_le.csv", "utf-16"),
    _case(
        "utf16_be.csv",
        lambda: b"\xfe\xff" + delimited(_with_cities(EUROPEAN), encoding="utf-16-be"),
        "accepted",
        EUROPEAN,
    ),
    _encoded("utf16_le_no_mark.csv", "utf-16-le", outcome="accepted|warned", may=("encoding",)),
    _encoded("utf16_be_no_mark.csv", "utf-16-be", outcome="accepted|warned", may=("encoding",)),
    _case(
        "utf16_tabs_crlf.txt",
        lambda: joined(lines(_with_cities(EUROPEAN), "\t"), "\r\n", "utf-16"),
        "accepted",
        EUROPEAN,
    ),
    _encoded("windows_1252.csv", "cp1252", WESTERN, "warned", notes=("encoding",)),
    _encoded("windows_1252_signs.csv", "cp1252", CURLY, "warned", notes=("encoding",)),
    _encoded("latin_1.csv", "latin-1", (*WESTERN, "\x81\x8d"), "warned", notes=("encoding",)),
    _case("mixed_lines.csv", _line_by_line, "warned", WESTERN, notes=("encoding",)),
    _case(
        "mark_but_windows_1252.csv",
        lambda: b"\xef\xbb\xbf" + delimited(_with_cities(WESTERN), encoding="cp1252"),
        "warned",
        WESTERN,
        notes=("encoding",),
    ),
    _case(
        "one_foreign_byte.csv",
        lambda: delimited(_with_cities(EUROPEAN)).replace("Köln".encode(), b"K\xf6ln", 1),
        "warned",
        EUROPEAN,
        notes=("encoding",),
    ),
    _case(
        "cut_in_a_letter.csv",
        _cut,
        "warned|accepted",
        [*cycled(WESTERN)[:-1], ANY],
        notes=("encoding",),
        may=("ending",),
    ),
    _encoded(
        "mojibake.csv", "utf-8", ("ZÃ¼rich", "KÃ¶ln", "plain"), may=("encoding",), outcome="accepted|warned"
    ),
    _case(
        "polish.csv",
        partial(delimited, _with_cities(POLISH), encoding="cp1250"),
        "asked|warned",
        [ANY],
        notes=("encoding",),
        readings=(_columns(POLISH),),
    ),
    _asked("russian.csv", "cp1251", RUSSIAN, "asked|warned"),
    _asked("big5.csv", "big5", TRADITIONAL),
    _asked("gb18030.csv", "gb18030", SIMPLIFIED),
    _asked("shift_jis.csv", "shift_jis", JAPANESE),
    _asked("euc_kr.csv", "euc_kr", KOREAN),
    _encoded("chinese_utf8.csv", "utf-8", TRADITIONAL),
    _case(
        "no_break_spaces.csv",
        partial(delimited, _with_cities(["\u00a0Köln\u00a0", "Köln", " Ulm", "Ulm\u2003"])),
        "accepted",
        ["Köln", "Köln", "Ulm", "Ulm"],
    ),
    Case(
        "zero_bytes.csv",
        GROUP,
        lambda: delimited(_with_cities(["a\x00b", "c"])),
        "refused",
        message="zero bytes",
    ),
    Case(
        "utf32.csv",
        GROUP,
        lambda: delimited(_with_cities(WESTERN), encoding="utf-32"),
        "refused|accepted|warned",
        message="zero bytes|UTF-32",
        rows=ROWS,
        may=("encoding",),
    ),
)

"""What lists hold and what they never hold, to the byte; archives; hashed addresses; who is left alone."""

import csv
import datetime
import decimal
import hashlib
import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import segkit
from segkit.customers.base import Condition, met, restricted
from segkit.customers.table import Column, Customers
from segkit.exports import archive, csv_lines, lists
from segkit.exports.actions import (
    left_alone,
    left_alone_text,
    left_out_of,
    not_told,
    suppression_csv,
    suppression_table,
    tells_apart,
)
from segkit.exports.archive import TooLarge, in_order, write_archive
from segkit.exports.csv_lines import csv_part
from segkit.exports.hashed import HASHES, addresses_in
from segkit.exports.lists import (
    Contents,
    contents_text,
    customers_csv,
    data_dictionary,
    dictionary_csv,
    file_stem,
    listed_columns,
    personal_text,
    segment_csv,
    segments_zip,
    write_list,
)
from segkit.insights.edition import edition
from segkit.insights.playbook.accepted import Accepted
from segkit.insights.playbook.limits import usual_limits
from segkit.insights.playbook.plays import PLAYS
from segkit.insights.playbook.reach import reached
from segkit.measures.holdout import held_out
from segkit.segments.segmentation import Assignment, Segment
from tests.real_data import real_file

PLAIN, GOOGLE = HASHES
HOSTILE = (
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "![x](http://evil.example/x.png)",
    "\u202egnp.exe",
    "😀",
    "a" * 300,
    "two\nlines",
    'say "hi", they said',
    "CON",
    "../x",
    "\x00\x0b",
    "'quoted",
    "",
    " ",
    "\r",
    "-1,5",
    "＝1",
)


def company(columns: dict[str, list[str | None]], **known: dict[str, str]) -> Customers:
    """Customers with cells exactly as given; `known` says role and personal data of a column."""
    table = pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})
    told = tuple(Column(name, "text", **({"role": "ignored"} | known.get(name, {}))) for name in columns)
    return Customers(table.to_pandas(), told, table, "made")


def with_mail(rows: int = 40) -> Customers:
    mails = [f"Ada.Lovelace{place}@GMAIL.com" for place in range(rows - 2)] + ["", "nobody at home"]
    return company(
        {
            "id": [f"{place:03d}" for place in range(rows)],
            "mail": mails,
            "name": [f"Ada Lovelace {place}" for place in range(rows)],
            "plan": ["pro", "basic"] * (rows // 2),
        },
        id={"role": "customer_id"},
        mail={"role": "personal", "personal": "e-mail"},
        name={"role": "personal", "personal": "name"},
    )


def assigned(
    count: int, codes: list[int] | None = None, names: tuple[str, ...] = ("One", "Two")
) -> Assignment:
    segments = tuple(Segment(f"S{place + 1}", name, place) for place, name in enumerate(names))
    found = np.arange(count) % len(names) if codes is None else np.array(codes)
    return Assignment(segments, found, np.linspace(0.5, 1, count))


def parsed(data: bytes, encoding: str = "utf-8-sig") -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(encoding), newline="")))


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as found:
        assert found.testzip() is None
        return {name: found.read(name) for name in found.namelist()}


# --- cells ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("coded", [False, True])
def test_every_hostile_text_comes_back_from_cells_and_names_of_columns(coded):
    cells = pa.array(HOSTILE, pa.string())
    cells = cells.dictionary_encode() if coded else cells
    table = pa.table(dict.fromkeys(HOSTILE[:-1], cells))
    raw = csv_part(table, raw=True, header=True)
    assert parsed(raw, "utf-8") == [list(HOSTILE[:-1]), *([cell] * (len(HOSTILE) - 1) for cell in HOSTILE)]
    safe = csv_part(table, raw=False, header=True)
    assert [[cell.removeprefix("'") for cell in row] for row in parsed(safe)] == parsed(raw, "utf-8")
    runs = tuple("=+-@\t\r\n＝＋－＠")
    unsafe = {cell for row in parsed(safe) for cell in row if cell.startswith(runs)}
    assert unsafe == {"-1,5"}  # a negative number is no formula


@pytest.mark.parametrize(
    "text", ["=1", "+1", "-x", "@x", "\tx", "\rx", "\nx", "'x", "＝1", "＋1", "－1", "＠x"]
)
def test_one_cell_alone_that_would_run_gets_an_apostrophe(text):
    for cells in (pa.array([text, "x"]), pa.array([text, "x"]).dictionary_encode()):
        rows = parsed(csv_part(pa.table({"a": cells, "b": ["é", "ü"]}), raw=False, header=False), "utf-8")
        assert rows == [["'" + text, "é"], ["x", "ü"]]


def test_only_what_has_to_be_is_quoted():
    table = pa.table({"a": ["x", 'y"', "p,q", None], "b": ["", "l\nm", " ", "n"]})
    assert csv_part(table, raw=True, header=True) == b'a,b\nx,\n"y""","l\nm"\n"p,q", \n,n\n'


def test_a_row_with_one_empty_cell_is_still_a_row():
    table = pa.table({"a": ["", None, "x"]})
    assert parsed(csv_part(table, raw=True, header=False), "utf-8") == [[""], [""], ["x"]]


def test_types_are_written_as_arrow_writes_them():
    table = pa.table(
        {
            "whole": pa.array([2**53 + 1, None]),
            "part": pa.array([0.1, -1e-9]),
            "short": pa.array([0.1, None], pa.float32()),
            "money": pa.array([decimal.Decimal("1.10"), None]),
            "day": pa.array([datetime.date(2024, 2, 29), None]),
            "time": pa.array([datetime.datetime(2024, 2, 29, 12, 30), None], pa.timestamp("us")),
            "flag": pa.array([True, None]),
        }
    )
    sink = pa.BufferOutputStream()
    pa.csv.write_csv(table, sink)
    wanted = parsed(sink.getvalue().to_pybytes(), "utf-8")
    assert parsed(csv_part(table, raw=True, header=True), "utf-8") == wanted


def test_the_confidence_is_written_as_pandas_rounds_it():
    rng = np.random.default_rng(0)
    sure = np.concatenate([rng.uniform(0.5, 1, 997), [0.5, 1, np.nan]]).astype(np.float32)
    customers = company({"plan": ["x"] * 1000})
    written = customers_csv(customers, replace(assigned(1000), confidence=sure), raw=True)
    listed = pd.read_csv(io.BytesIO(written))["confidence"]
    np.testing.assert_array_equal(listed, np.round(sure.astype(float), 4))


def test_chunks_with_texts_of_their_own_and_small_parts_give_the_same_list(monkeypatch):
    chunks = [["=1", "a,b"], ["x"], [], ["a,b", None, "=1"]]
    coded = pa.chunked_array([pa.array(one, pa.string()).dictionary_encode() for one in chunks])
    plain = pa.chunked_array([pa.array([text for one in chunks for text in one], pa.string())])
    table = pa.table({"plain": plain, "coded": coded})
    once = csv_part(table, raw=False, header=True)
    assert parsed(once)[1:] == [[cell, cell] for cell in ["'=1", "a,b", "x", "a,b", "", "'=1"]]
    monkeypatch.setattr(csv_lines, "ROWS", 2)
    assert csv_part(table, raw=False, header=True) == once


@pytest.mark.parametrize("rows", [1, 3, 7, 100])
def test_the_size_of_parts_changes_no_byte(rows, monkeypatch):
    customers, left = with_mail(), np.arange(40) % 7 == 3
    assignment = assigned(40, [place % 3 - 1 for place in range(40)])
    written = partial(segments_zip, customers, assignment, contents=Contents(None, True, True, left))
    usual = unpacked(written())
    monkeypatch.setattr(csv_lines, "ROWS", rows)
    assert unpacked(written()) == usual


def test_very_long_texts_are_written_few_rows_at_a_time(monkeypatch):
    table = pa.table({"a": ["x" * 5000] * 10, "b": ["y"] * 10})
    monkeypatch.setattr(csv_lines, "LONG", 20_000)
    monkeypatch.setattr(csv_lines, "FEWEST_ROWS", 1)
    assert [end - begin for begin, end in csv_lines._bounds(table, None)] == [3, 3, 3, 1]


def test_a_list_goes_to_a_stream_that_cannot_go_back():
    class Stream(io.RawIOBase):
        content = b""

        def writable(self) -> bool:
            return True

        def write(self, data) -> int:  # type: ignore[override]
            self.content += bytes(data)
            return len(data)

    customers, assignment = with_mail(), assigned(40)
    stream = Stream()
    write_list(customers, assignment, "S1", False, Contents(), stream)
    assert stream.content == segment_csv(customers, assignment, "S1")
    stream = Stream()
    lists.write_zip(customers, assignment, False, Contents(), None, stream)
    assert stream.content == segments_zip(customers, assignment)


# --- columns and personal data ----------------------------------------------------------------------


def test_columns_are_those_that_were_chosen_in_the_order_of_the_file():
    customers, assignment = with_mail(), assigned(40)
    first = ["id", "segment", "segment_name", "confidence"]
    for contents, names in (
        (Contents(), ["plan"]),
        (Contents(columns=()), []),
        (Contents(columns=("plan", "mail")), ["plan"]),
        (Contents(columns=("plan", "mail"), personal=True), ["mail", "plan"]),
        (Contents(personal=True), ["mail", "name", "plan"]),
        (Contents(columns=("gone",)), []),
    ):
        assert parsed(customers_csv(customers, assignment, contents=contents))[0] == first + names
        told = [row["column"] for row in data_dictionary(customers, assignment, contents).to_pylist()]
        assert [name for name in told if not name.startswith("(")] == [*first[1:], first[0], *names]


@pytest.mark.parametrize("contents", [Contents(), Contents(("mail", "name", "plan")), Contents(hashed=True)])
def test_personal_data_are_in_no_file_unless_they_are_asked_for(contents):
    customers, assignment = with_mail(), assigned(40)
    about = edition(customers, segkit.segment(company_of_numbers(), segkit.Plan(n_segments=2)), 40, 40)
    action = accepted(customers, 0.5)
    left = [(action, np.arange(40) < 20)]
    files = unpacked(segments_zip(customers, assignment, False, contents, about))
    files["all"] = customers_csv(customers, assignment, False, contents)
    files["one"] = segment_csv(customers, assignment, "S1", True, contents)
    files["left"] = suppression_csv(customers, assignment, left, False, contents)
    files["dictionary"] = dictionary_csv(customers, assignment, False, contents, about)
    for content in files.values():
        assert b"ovelace" not in content
        assert b"gmail" not in content.lower()
    assert b"(not listed),,,Personal data: mail and name" in files["data_dictionary.csv"]
    with_them = customers_csv(customers, assignment, contents=Contents(personal=True))
    assert with_them.count(b"Ada.Lovelace") == 38


def test_an_id_that_is_personal_is_left_out_and_that_is_said():
    customers = company(
        {"mail": ["a@example.org", "b@example.org"], "plan": ["x", "y"]},
        mail={"role": "customer_id", "personal": "e-mail"},
    )
    rows = parsed(customers_csv(customers, assigned(2)))
    assert rows[0] == ["segment", "segment_name", "confidence", "plan"]
    said = contents_text(customers)
    assert said.startswith("Each has no customer id, but segment, confidence and 1 column of your file")
    assert "The id (“mail”) is personal data itself" in said
    assert parsed(customers_csv(customers, assigned(2), contents=Contents(personal=True)))[0][0] == "mail"
    assert not tells_apart(customers, Contents())
    assert tells_apart(customers, Contents(hashed=True))
    assert tells_apart(customers, Contents(personal=True))
    hashed = parsed(customers_csv(customers, assigned(2), contents=Contents(hashed=True)))
    assert hashed[0] == ["segment", "segment_name", "confidence", "mail_sha256", "mail_sha256_google", "plan"]


def test_it_is_said_what_lists_hold():
    customers = with_mail()
    assert contents_text(customers) == (
        "Each has the customer id, segment, confidence and 1 column of your file; without personal data."
    )
    everything = Contents(None, True, True, np.arange(40) < 2)
    assert contents_text(customers, everything) == (
        "Each has the customer id, segment, confidence and 3 columns of your file; with personal data: mail "
        "and name; e-mail addresses as hashes; 2 customers held out of actions left out."
    )
    assert personal_text(customers) == "2 columns: “mail” (e-mail) and “name” (name)."
    anonymous = company({"plan": ["x"]})
    assert contents_text(anonymous) == "Each has row numbers, segment, confidence and 1 column of your file."
    assert personal_text(anonymous) == ""


def test_parts_sum_to_the_whole_without_those_who_are_left_out():
    customers, left = with_mail(), np.arange(40) % 5 == 0
    assignment = assigned(40, [place % 3 - 1 for place in range(40)])
    contents = Contents(left_out=left)
    whole = parsed(customers_csv(customers, assignment, contents=contents))
    assert [row[0] for row in whole[1:]] == [f"{place:03d}" for place in range(40) if place % 5]
    files = unpacked(segments_zip(customers, assignment, contents=contents))
    dictionary = files.pop("data_dictionary.csv")
    assert list(files) == ["S1_one.csv", "S2_two.csv", "none_fits_none.csv"]
    assert sorted(row for content in files.values() for row in parsed(content)[1:]) == sorted(whole[1:])
    assert {parsed(content)[0][0] for content in files.values()} == {"id"}
    assert "8 customers held out of actions" in dictionary.decode()


# --- archives ---------------------------------------------------------------------------------------


def test_results_come_in_their_order_and_few_are_begun_before_their_turn():
    begun: list[int] = []

    def work(place: int) -> int:
        begun.append(place)
        return place

    results = in_order(partial(work, place) for place in range(50))
    assert next(results) == 0
    assert len(begun) <= archive.THREADS + archive.WAITING + 1
    assert list(results) == list(range(1, 50))


def test_what_goes_wrong_in_a_part_is_raised():
    def broken() -> bytes:
        raise TooLarge("no")

    with pytest.raises(TooLarge):
        write_archive(io.BytesIO(), [("a", [lambda: b"x", broken, lambda: b"y"])])


@given(st.lists(st.lists(st.binary(max_size=400), min_size=1, max_size=5), max_size=5))
@settings(deadline=None, max_examples=60)
def test_an_archive_holds_each_file_once_and_whole(files):
    def written() -> bytes:
        sink = io.BytesIO()
        named = [
            (f"ö{place}.csv", [partial(bytes, part) for part in parts]) for place, parts in enumerate(files)
        ]
        write_archive(sink, named)
        return sink.getvalue()

    assert unpacked(written()) == {f"ö{place}.csv": b"".join(parts) for place, parts in enumerate(files)}
    assert written() == written()


def test_other_programs_open_an_archive(tmp_path):
    if shutil.which("unzip") is None:
        pytest.skip("unzip is not installed")
    path = tmp_path / "lists.zip"
    path.write_bytes(segments_zip(with_mail(), assigned(40)))
    said = subprocess.run(["unzip", "-t", path], capture_output=True, text=True, check=False)
    assert (said.returncode, "No errors detected" in said.stdout) == (0, True)
    with zipfile.ZipFile(path) as found:
        assert {one.date_time for one in found.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {one.external_attr >> 16 for one in found.infolist()} == {0o100644}


@pytest.mark.parametrize(("limit", "parts"), [(100, [b"x" * 100]), (300, [b"a" * 90, b"b" * 90])])
def test_what_a_zip_cannot_hold_is_refused(limit, parts, monkeypatch):
    monkeypatch.setattr(archive, "TOO_LARGE", limit)
    files = [(f"{place}", [partial(bytes, part)]) for place, part in enumerate(parts * 3)]
    with pytest.raises(TooLarge, match="one by one"):
        write_archive(io.BytesIO(), files)


def test_names_in_an_archive_are_no_paths_no_devices_and_no_two_are_alike():
    names = (*HOSTILE, "Con", "con", "nul", "COM1", "東京", "日本", "TOKYO", "tokyo")
    segments = tuple(Segment(name, name, place) for place, name in enumerate(names))
    count = len(names)
    assignment = Assignment(segments, np.arange(count), np.ones(count))
    customers = company({"id": [str(place) for place in range(count)]}, id={"role": "customer_id"})
    about = edition(customers, segkit.segment(company_of_numbers(), segkit.Plan(n_segments=2)), 1, 1)
    for made in (None, about):
        files = unpacked(segments_zip(customers, assignment, edition=made))
        found = list(files)
        assert len({name.lower() for name in found}) == len(found) == count + 1
        for name in found[:-1]:
            assert re.fullmatch(r"[A-Za-z0-9_]+\.csv", name)
            assert name.split(".")[0].lower() not in {"con", "nul", "com1", "prn", "aux"}
            assert made is None or name.startswith("explore_k_means_2_")
        ids = [parsed(files[name])[1][0] for name in found[:-1]]
        assert ids == [str(place) for place in range(count)]
        shown = [parsed(files[name])[1][2] for name in found[:-1]]
        assert [name.removeprefix("'") for name in shown] == list(names)
    assert file_stem("aux", "") == "segment_aux"


def test_the_data_dictionary_begins_with_what_the_lists_are_about():
    customers = company_of_numbers()
    segmentation = segkit.segment(customers, segkit.Plan(n_segments=2))
    about = edition(customers, segmentation, 30, 60, "=file.csv", "age from 30")
    rows = parsed(dictionary_csv(customers, segmentation.assign(customers), edition=about))
    assert rows[1:6] == [
        ["(table)", "", "", "'=file.csv"],
        ["(base)", "", "", "60 customers, everyone in the table"],
        ["(period)", "", "", about.period],
        ["(filter)", "", "", "30 customers, only where age from 30"],
        ["(version)", "", "", about.version],
    ]
    assert [row[0] for row in rows[7:]] == ["segment", "segment_name", "confidence", "age", "visits"]


def company_of_numbers() -> Customers:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"age": rng.integers(20, 60, 60), "visits": rng.integers(0, 9, 60)})
    return segkit.read(frame.to_csv(index=False).encode())


# --- hashed addresses -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "hashed"),
    [
        # the examples of Meta, TikTok and Gravatar
        ("John_Smith@gmail.com", "62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f"),
        ("janedoe@gmail.com", "d6117306485ed0e50afab3ac871e98f81699151f30281527d63ff5f233656c69"),
        ("MyEmailAddress@example.com ", "84059b07d4be67b806386c0aad8070a23f18836bbaae342275dc0a83414c32ee"),
    ],
)
def test_hashes_are_those_of_the_examples_that_platforms_give(cell, hashed):
    for cells in (pa.array([cell]), pa.chunked_array([pa.array([cell, cell]).dictionary_encode()])):
        assert set(PLAIN.of(cells).to_pylist()) == {hashed}


@pytest.mark.parametrize(
    ("cell", "plain", "google"),
    [
        # the first two are Google's examples
        (
            "cloudy.sanfrancisco+shopping@gmail.com",
            "cloudy.sanfrancisco+shopping@gmail.com",
            "cloudysanfrancisco@gmail.com",
        ),
        ("user.name+NYC@Example.com", "user.name+nyc@example.com", "user.name+nyc@example.com"),
        ("\u00a0A.B@GoogleMail.com\t", "a.b@googlemail.com", "ab@googlemail.com"),
        ("a.b@notgmail.com", "a.b@notgmail.com", "a.b@notgmail.com"),
        ("a.b@gmail.com.de", "a.b@gmail.com.de", "a.b@gmail.com.de"),
        ("ÄNNE@bücher.example", "änne@bücher.example", "änne@bücher.example"),
    ],
)
def test_addresses_are_written_as_each_platform_asks_before_they_are_hashed(cell, plain, google):
    for kind, written in ((PLAIN, plain), (GOOGLE, google)):
        assert kind.of(pa.array([cell])).to_pylist() == [hashlib.sha256(written.encode()).hexdigest()]


@pytest.mark.parametrize(
    "cell",
    [
        None, "", "  ", "n/a", "ada", "@example.org", "ada@", "ada@example", "ada@example.o",
        "ada@@example.org", "Ada <ada@example.org>", "ada@example.org, bob@example.org", "ada@example.org;",
        "ada @example.org",
        "ada@exam\u00a0ple.org", "ada\u200b@example.org", "\u202eada@example.org", "ada@example..org",
        "mailto:ada@example.org", "ada@example.org\x00",
    ],
)  # fmt: skip
def test_what_is_no_single_address_gets_no_hash(cell):
    assert [kind.of(pa.array([cell], pa.string())).to_pylist() for kind in HASHES] == [[None], [None]]


def test_an_address_of_gmail_that_is_nothing_but_dots_gets_no_hash_for_google():
    assert GOOGLE.of(pa.array(["+x@gmail.com", "..@gmail.com"])).to_pylist() == [None, None]


def test_cells_without_a_hash_are_counted():
    (counted,) = addresses_in(with_mail())
    assert (counted.column, counted.found, counted.blank, counted.malformed) == ("mail", 38, 1, 1)
    rows = parsed(customers_csv(with_mail(), assigned(40), contents=Contents(hashed=True)))
    assert rows[0][4:] == ["mail_sha256", "mail_sha256_google", "plan"]
    assert [row[4:6] for row in rows[-2:]] == [["", ""], ["", ""]]
    assert rows[1][4] == hashlib.sha256(b"ada.lovelace0@gmail.com").hexdigest()
    assert rows[1][5] == hashlib.sha256(b"adalovelace0@gmail.com").hexdigest()
    told = dictionary_csv(with_mail(), assigned(40), contents=Contents(hashed=True)).decode()
    assert "for Google Ads; empty where that is blank (1) or no address (1)" in told


def test_a_column_of_the_file_that_is_called_like_a_hash_keeps_its_cells():
    customers = company(
        {"mail": ["a@example.org"], "mail_sha256": ["mine"]}, mail={"role": "personal", "personal": "e-mail"}
    )
    rows = parsed(customers_csv(customers, assigned(1), contents=Contents(hashed=True)))
    assert dict(zip(*rows, strict=True))["mail_sha256 (file)"] == "mine"


# --- who is left alone ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample() -> tuple[Customers, Assignment]:
    customers = segkit.read("data/sample/customers.csv")
    return customers, segkit.segment(customers, segkit.Plan(n_segments=5)).assign(customers)


def accepted(customers: Customers, holdout: float = 0.2, status: str = "accepted", **other: str) -> Accepted:
    play = next(one for one in PLAYS if not one.reach and not one.contact)
    about = {"segment": "S1", "about": customers.fingerprint} | other
    return Accepted(
        play, name="One", status=status, day="2026-11-30", holdout=holdout, kpi="", whom="everyone",
        limits=usual_limits({}), reached=0, **about,
    )  # fmt: skip


def test_the_suppression_list_is_who_is_held_out(sample):
    customers, assignment = sample
    one, other = accepted(customers), accepted(customers, 0.1, "running", segment="S2")
    left = left_alone(customers, assignment, [one, other])
    rows = parsed(suppression_csv(customers, assignment, left))
    assert rows[0] == ["customer_id", "action", "since", "segment", "segment_name"]
    wanted = []
    for action in (one, other):
        whom = reached(customers, assignment, action.play, action.segment, action.limits)
        ids = customers.ids[whom & held_out(customers.ids, action.key, action.holdout)]
        names = assignment.labels()[ids.index]
        wanted += [
            [id, action.play.action, "2026-11-30", action.segment, name]
            for id, name in zip(ids, names, strict=True)
        ]
    assert rows[1:] == wanted
    assert len(wanted) > 100
    assert {row[3] for row in wanted} == {"S1", "S2"}


def test_whoever_is_left_alone_can_be_left_out_of_all_lists(sample):
    customers, assignment = sample
    left = left_alone(customers, assignment, [accepted(customers), accepted(customers, segment="S2")])
    out = left_out_of(left)
    listed = parsed(customers_csv(customers, assignment, contents=Contents(left_out=out)))
    held = {row[0] for row in parsed(suppression_csv(customers, assignment, left))[1:]}
    assert {row[0] for row in listed[1:]} == set(customers.ids) - held
    assert len(held) == out.sum()


def test_only_actions_that_go_on_and_leave_somebody_alone_count(sample):
    customers, assignment = sample
    statuses = ("proposed", "accepted", "running", "done", "dropped")
    actions = [accepted(customers, 0.2, status) for status in statuses] + [accepted(customers, 0.0)]
    assert [one.status for one, _ in left_alone(customers, assignment, actions)] == ["accepted", "running"]
    assert left_alone(customers, assignment, []) == []
    assert left_out_of([]) is None


def test_with_a_filter_those_of_an_action_for_everybody_are_still_left_alone(sample):
    customers, assignment = sample
    conditions = [Condition("country", ("Germany",))]
    kept = met(customers, conditions)
    some, theirs = restricted(customers, conditions), assignment.where(kept)
    ((_, everybody),) = left_alone(customers, assignment, [accepted(customers)])
    ((_, germans),) = left_alone(some, theirs, [accepted(customers)], (customers, assignment))
    assert germans.tolist() == everybody[kept].tolist()
    assert germans.any()
    assert left_alone(some, theirs, [accepted(customers)]) == []
    assert not_told([accepted(customers)], some) != []
    assert not_told([accepted(customers)], some, customers) == []
    assert left_alone(customers, assignment, [accepted(some)], (customers, assignment)) == []


def test_it_is_said_how_many_are_left_alone(sample):
    customers, assignment = sample
    left = left_alone(customers, assignment, [accepted(customers)])
    count = int(left[0][1].sum())
    assert left_alone_text(left).startswith(
        f"In these lists too: {count} customers held out of 1 accepted action."
    )
    assert left_alone_text([], [accepted(customers)] * 2).startswith(
        "2 accepted actions cannot be judged here"
    )
    assert left_alone_text([]) == ""


def test_a_suppression_list_holds_hashes_and_personal_ids_as_they_were_asked_for():
    customers, assignment = with_mail(), assigned(40)
    left = [(accepted(customers), np.arange(40) == 3)]
    hashed = suppression_table(customers, assignment, left, Contents(hashed=True)).to_pylist()
    assert [row["mail_sha256"] for row in hashed] == [hashlib.sha256(b"ada.lovelace3@gmail.com").hexdigest()]
    action = replace(customers, columns=tuple(replace(one) for one in customers.columns))
    renamed = [{"id": "action"}.get(name, name) for name in action.source.column_names]
    columns = tuple(replace(one, name={"id": "action"}.get(one.name, one.name)) for one in action.columns)
    named = replace(action, source=action.source.rename_columns(renamed), columns=columns)
    table = suppression_table(named, assignment, left)
    assert table.column_names == ["action (file)", "action", "since", "segment", "segment_name"]
    assert table.column(0).to_pylist() == ["003"]


# --- real data --------------------------------------------------------------------------------------


def test_lists_of_a_real_file_are_its_rows():
    path = real_file("telco_churn", "Telco-Customer-Churn.csv")
    customers = segkit.read(path)
    raw = pd.read_csv(path, dtype=str, keep_default_na=False)
    codes = pd.factorize(raw["Contract"])[0]
    segments = tuple(Segment(f"S{place}", f"Group {place}", place) for place in range(3))
    assignment = Assignment(segments, codes, np.ones(len(raw)))
    names = tuple(name for name in listed_columns(customers) if name != "gender")
    for place in range(3):
        written = segment_csv(customers, assignment, f"S{place}", True, Contents(columns=names))
        listed = pd.read_csv(io.BytesIO(written), dtype=str, keep_default_na=False)
        wanted = raw[codes == place].drop(columns="gender").reset_index(drop=True)
        pd.testing.assert_frame_equal(listed[wanted.columns], wanted)
        assert "gender" not in listed

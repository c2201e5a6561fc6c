"""The downloads page as a person uses it: what the files of its buttons hold, and what is said of them."""

import csv
import datetime
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import segkit
from segkit.insights.about import about, commented
from segkit.segments.rules import rules, rules_text
from segkit.segments.segmentation import Segmentation
from segkit.segments.sql import assignment_sql
from tests.test_actions_page import GERMANS, accept, actions, keep, opened, written
from tests.test_pages import checked, go, start, text, upload
from tests.test_source_pages import opened as opened_source

Files = dict[str, tuple[str, Callable[[], bytes]]]


@pytest.fixture(scope="module")
def sample() -> pd.DataFrame:
    return pd.read_csv("data/sample/customers.csv", dtype=str, keep_default_na=False)


def downloads(**look: Any) -> AppTest:
    choice = {"look": json.dumps(look)} if look else {}
    return go(start(data="sample", **choice), "downloads")


def offered(at: AppTest, monkeypatch: pytest.MonkeyPatch) -> Files:
    """Draw the page again; gives the files that its buttons write, with their names, by key."""
    found: Files = {}
    button = st.download_button

    def noted(label: str, data: Any, **rest: Any) -> bool:
        found[rest["key"].removeprefix("download-")] = (rest["file_name"], data)
        return button(label, data, **rest)

    with monkeypatch.context() as patched:
        patched.setattr(st, "download_button", noted)
        checked(at.run())
    return found


def rows(file: tuple[str, Callable[[], bytes]], encoding: str = "utf-8-sig") -> list[list[str]]:
    return list(csv.reader(io.StringIO(file[1]().decode(encoding), newline="")))


def persons(rows: int = 240) -> bytes:
    """Two kinds of customers, with names and addresses; some addresses are none."""
    place = np.arange(rows)
    mails = [f"Ada.Lovelace{one}@Gmail.com" for one in place]
    mails[:3] = ["", "unknown", "n/a"]
    table = pd.DataFrame(
        {
            "customer_id": [f"{one:04d}" for one in place],
            "age": 20 + 40 * (place % 2) + place % 5,
            "visits": 2 + 30 * (place % 2) + place % 3,
            "nps": np.where(place % 2, 10, 3),
            "email": mails,
            "phone": [f"+44 20 7946 {one:04d}" for one in place],
        }
    )
    return table.to_csv(index=False).encode()


def switch(at: AppTest, kind: str, start: str) -> Any:
    """A widget of some kind by the beginning of its key."""
    return next(one for one in getattr(at, kind) if str(one.key).startswith(start))


# --- lists ------------------------------------------------------------------------------------------


def test_lists_are_a_partition_of_the_file_and_all_at_once_are_the_same(sample, monkeypatch):
    at = downloads()
    assert "Each has the customer id, segment, confidence and 31 columns of your file." in text(at)
    files = offered(at, monkeypatch)
    lists = {key: rows(file) for key, file in files.items() if re.fullmatch(r"S\d", key)}
    assert len(lists) == 5
    listed = [row for one in lists.values() for row in one[1:]]
    assert sorted([row[0], *row[4:]] for row in listed) == sorted(sample.to_numpy().tolist())
    assert sorted(rows(files["customers"])[1:]) == sorted(listed)
    with zipfile.ZipFile(io.BytesIO(files["segments"][1]())) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[-1] == "data_dictionary.csv"
        inside = [archive.read(name) for name in archive.namelist()[:-1]]
        dictionary = archive.read("data_dictionary.csv").decode("utf-8-sig")
    assert inside == [files[key][1]() for key in lists]
    assert '(base),,,"5,000 customers, everyone in the table"' in dictionary


def test_names_of_files_say_what_and_when(monkeypatch):
    today = datetime.date.today().isoformat()
    files = offered(downloads(**GERMANS), monkeypatch)
    for key, (name, _) in files.items():
        assert re.fullmatch(
            rf"explore_k_means_5_filtered_[a-z0-9_]+_{today}_[0-9a-f]{{10}}\.(csv|zip)", name
        ), key
    assert "_filtered_s1_" in files["S1"][0]


def test_lists_keep_to_the_filter(sample, monkeypatch):
    files = offered(downloads(**GERMANS), monkeypatch)
    germans = set(sample.loc[sample["country"] == "Germany", "customer_id"])
    assert {row[0] for row in rows(files["customers"])[1:]} == germans
    with zipfile.ZipFile(io.BytesIO(files["segments"][1]())) as archive:
        assert "only where country is Germany" in archive.read("data_dictionary.csv").decode()


def test_columns_can_be_left_out_and_cells_left_as_they_are(sample, monkeypatch):
    at = downloads()
    chosen = switch(at, "multiselect", "list-columns-")
    assert chosen.value == list(sample.columns[1:])
    checked(chosen.set_value(["age", "country"]).run())
    assert "and 2 columns of your file" in text(at)
    checked(at.toggle(key="raw").set_value(True).run())
    listed = rows(offered(at, monkeypatch)["customers"], "utf-8")
    assert listed[0] == ["customer_id", "segment", "segment_name", "confidence", "age", "country"]


# --- personal data ----------------------------------------------------------------------------------


def test_personal_data_are_in_lists_after_a_tick_only(monkeypatch):
    at = go(upload(start(), persons()), "downloads")
    assert "; without personal data." in text(at)
    assert "2 columns: “email” (e-mail) and “phone” (phone)." in text(at)
    opened(at, "systems")
    for name, write in offered(at, monkeypatch).values():
        content = write()
        assert b"ovelace" not in _unpacked(name, content)
        assert b"7946" not in _unpacked(name, content)
    checked(switch(at, "checkbox", "list-personal-").check().run())
    assert "with personal data: email and phone" in text(at)
    listed = rows(offered(at, monkeypatch)["customers"])
    assert listed[0][-2:] == ["email", "phone"]
    checked(switch(at, "multiselect", "list-hidden-").set_value(["phone"]).run())
    assert rows(offered(at, monkeypatch)["customers"])[0][-2:] == ["nps", "phone"]


def _unpacked(name: str, content: bytes) -> bytes:
    if not name.endswith(".zip"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"".join(map(archive.read, archive.namelist()))


def test_addresses_can_be_hashed_without_being_in_the_lists(monkeypatch):
    at = go(upload(start(), persons()), "downloads")
    checked(switch(at, "toggle", "list-hashed-").set_value(True).run())
    assert "From “email”: 237 addresses; 1 blank cell and 2 that hold no address get no hash." in text(at)
    head, *listed = rows(offered(at, monkeypatch)["customers"])
    assert "email" not in head
    by_id = {row[0]: dict(zip(head, row, strict=True)) for row in listed}
    assert by_id["0009"]["email_sha256"] == hashlib.sha256(b"ada.lovelace9@gmail.com").hexdigest()
    assert by_id["0009"]["email_sha256_google"] == hashlib.sha256(b"adalovelace9@gmail.com").hexdigest()
    assert [by_id[f"000{place}"]["email_sha256"] for place in range(3)] == ["", "", ""]


def test_names_from_a_file_stay_text_on_the_page_and_in_names_of_files(monkeypatch):
    image, script = "![x](http://evil.example/x.png)", "<script>alert(1)</script>"
    table = pd.read_csv(io.BytesIO(persons()), dtype=str, keep_default_na=False)
    content = (
        table.rename(columns={"email": image, "phone": script, "nps": "=nps"}).to_csv(index=False).encode()
    )
    at = go(upload(start(), content), "downloads")
    checked(switch(at, "checkbox", "list-personal-").check().run())
    checked(switch(at, "toggle", "list-hashed-").set_value(True).run())
    assert f"with personal data: {image} and {script}" in text(at)
    bodies = "".join(block.proto.body for block in at.get("html"))
    assert "<script>" not in bodies
    assert "&lt;script&gt;" in bodies
    assert not [one for one in at.markdown if "evil" in one.value]
    opened(at, "systems")
    files = offered(at, monkeypatch)
    assert all(re.fullmatch(r"[a-z0-9_-]+\.[a-z]+", name) for name, _ in files.values())
    head = rows(files["customers"])[0]
    assert {image, script, f"{image}_sha256", "'=nps"} <= set(head)


def test_without_addresses_nothing_can_be_hashed():
    at = downloads()
    assert not [one for one in at.toggle if str(one.key).startswith("list-hashed-")]
    assert not [one for one in at.checkbox if str(one.key).startswith("list-personal-")]


# --- for other systems ------------------------------------------------------------------------------


def test_rules_sql_and_segmentation_are_those_of_the_command_line(monkeypatch):
    files = offered(opened(downloads(), "systems"), monkeypatch)
    customers = segkit.read("data/sample/customers.csv")
    saved = Segmentation.from_json(files["segmentation"][1]())
    assignment = saved.assign(customers)
    found = rules_text(rules(customers, assignment, saved.plan.seed, saved))
    assert files["rules"][1]().decode() == "\n".join([*about(saved), "", found])
    assert files["sql"][1]().decode() == commented(saved, assignment_sql(saved, customers=customers))
    names = [row[0] for row in rows(files["data-dictionary"])]
    assert names[1:6] == ["(table)", "(base)", "(period)", "(filter)", "(version)"]
    assert set(customers.frame) <= set(names)
    assert "suppression-list" not in files


# --- who is left alone ------------------------------------------------------------------------------


def test_who_is_held_out_can_be_listed_and_left_out(sample, monkeypatch):
    at = accept(actions(), 30)
    at = opened(go(at, "downloads"), "systems")
    assert re.search(r"In these lists too: \d+ customers held out of 1 accepted action\.", text(at))
    files = offered(at, monkeypatch)
    head, *left = rows(files["suppression-list"])
    assert head == ["customer_id", "action", "since", "segment", "segment_name"]
    assert {row[3] for row in left} == {written()["actions"][0]["segment"]}
    assert len(left) == pytest.approx(0.3 * written()["actions"][0]["reached"], rel=0.3)
    held = {row[0] for row in left}
    assert held < {row[0] for row in rows(files["customers"])[1:]}
    checked(switch(at, "toggle", "list-leave-").set_value(True).run())
    assert f"{len(held)} customers held out of actions left out" in text(at)
    assert "In these lists too" not in text(at)
    files = offered(at, monkeypatch)
    assert {row[0] for row in rows(files["customers"])[1:]} == set(sample["customer_id"]) - held
    with zipfile.ZipFile(io.BytesIO(files["segments"][1]())) as archive:
        assert sum(archive.read(name).count(b"\n") - 1 for name in archive.namelist()[:-1]) == 5000 - len(
            held
        )
    assert {row[0] for row in rows(files["suppression-list"])[1:]} == held


def test_with_a_filter_whoever_was_held_out_among_everybody_is_still_left_alone(sample, monkeypatch):
    accept(actions(), 30)
    everybody = rows(offered(opened(downloads(), "systems"), monkeypatch)["suppression-list"])[1:]
    some = rows(offered(opened(downloads(**GERMANS), "systems"), monkeypatch)["suppression-list"])[1:]
    germans = set(sample.loc[sample["country"] == "Germany", "customer_id"])
    assert some == [row for row in everybody if row[0] in germans]
    assert some


def test_an_action_for_other_customers_and_what_was_written_badly_do_no_harm():
    accept(actions(**GERMANS), 30)
    at = downloads()
    assert "1 accepted action cannot be judged here" in text(at)
    for kept in ("nonsense", [{"play": 3}], {"a": 1}):
        keep(at, actions=kept)
        assert "cannot be judged" not in text(at)


# --- a table that stays where it is -----------------------------------------------------------------


def test_lists_of_a_source_have_personal_data_after_a_tick_only(tmp_path, monkeypatch):
    (tmp_path / "customers.csv").write_bytes(persons())
    sources = tmp_path / "sources.toml"
    sources.write_text(f'[sources.crm]\nlabel = "Ours"\nfiles = "{tmp_path / "customers.csv"}"\n')
    monkeypatch.setenv("SEGKIT_SOURCES", str(sources))
    at = go(opened_source(), "downloads")
    files = offered(at, monkeypatch)
    head, *listed = rows(files["all"])
    assert head == ["customer_id", "segment", "segment_name", "confidence", "age", "visits", "nps"]
    assert sorted(row for key in ("S1", "S2") for row in rows(files[key])[1:]) == sorted(listed)
    assert len(listed) == 240
    checked(switch(at, "toggle", "list-hashed-").set_value(True).run())
    checked(switch(at, "checkbox", "list-personal-").check().run())
    checked(switch(at, "multiselect", "list-columns-").set_value(["age"]).run())
    head, *listed = rows(offered(at, monkeypatch)["all"])
    assert head[4:] == ["email_sha256", "email_sha256_google", "age", "email", "phone"]
    found = {row[0]: row for row in listed}["0009"]
    assert found[4] == hashlib.sha256(b"ada.lovelace9@gmail.com").hexdigest()
    assert found[5] == hashlib.sha256(b"adalovelace9@gmail.com").hexdigest()

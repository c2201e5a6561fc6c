"""What people write about segments: found again, whole or not at all, and saved with the segmentation."""

import json
import threading

import pytest

import segkit
from pages.ui import jobs, kept
from segkit.customers.remembered import memory_file
from segkit.errors import UnusableSegmentation
from segkit.library.written import write, written
from segkit.segments.watching import unwatched
from tests.test_pages import go, start


def test_what_was_written_is_found_again_part_by_part():
    assert written("a-1") == {}
    write("a-1", "personas", {"S1": {"goals": "“quoted” <b> 日本"}})
    write("a-1", "actions", [1, 2])
    assert written("a-1") == {"personas": {"S1": {"goals": "“quoted” <b> 日本"}}, "actions": [1, 2]}
    assert written("a-2") == {}
    write("a-1", "personas", None)
    assert written("a-1") == {"actions": [1, 2]}


def test_parts_written_at_the_same_time_are_all_kept():
    some = [threading.Thread(target=write, args=("a-1", f"part-{n}", [n])) for n in range(20)]
    for one in some:
        one.start()
    for one in some:
        one.join()
    assert written("a-1") == {f"part-{n}": [n] for n in range(20)}


def test_a_broken_file_is_as_none_and_no_name_leads_elsewhere():
    write("a-1", "personas", {})
    file = memory_file().with_name("written") / "a-1.json"
    file.write_text('{"personas": ')
    assert written("a-1") == {}
    for key in ("", "../a", "a/b", "a.b"):
        with pytest.raises(ValueError, match="names no segmentation"):
            written(key)


def test_a_folder_that_cannot_be_written_is_told():
    memory_file().parent.mkdir(parents=True, exist_ok=True)
    memory_file().with_name("written").write_text("a file where the folder should be")
    with pytest.raises(UnusableSegmentation, match=r"could not be kept.*still on this page"):
        write("a-1", "personas", {})


def test_a_saved_segmentation_carries_what_was_written():
    customers = segkit.read("data/sample/customers.csv")
    plain = segkit.segment(customers, segkit.Plan(n_segments=3))
    assert "written" not in json.loads(plain.to_json())
    again = segkit.Segmentation.from_json(
        json.dumps(json.loads(plain.to_json()) | {"written": {"personas": {"S1": {"quote": "Hm"}}}})
    )
    assert again.written == {"personas": {"S1": {"quote": "Hm"}}}
    assert json.loads(again.to_json())["written"] == again.written
    assert (again.assign(customers).codes == plain.assign(customers).codes).all()


def test_the_page_saves_what_was_written_with_the_segmentation():
    table = go(start(data="sample"), "data").session_state["loaded"]
    found = jobs.find(table.customers, segkit.Plan(n_segments=3), unwatched)
    write(f"{table.customers.fingerprint}-{found.key}", "personas", {"S1": {"quote": "Hm"}})
    assert kept.with_written(table, found).written == {"personas": {"S1": {"quote": "Hm"}}}

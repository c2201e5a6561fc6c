"""The command line writes the files that others rely on, and refuses in one line."""

import csv
import io
import json
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from segkit.__main__ import main
from tests.real_data import real_file
from tests.tables import csv_bytes, xlsx_bytes

TELCO = ("telco_churn", "Telco-Customer-Churn.csv")
PERCEPTIONS = "yummy,convenient,spicy,fattening,greasy,fast,cheap,tasty,expensive,healthy,disgusting"
ROWS = [
    ["id", "age", "visits", "plan", "churn"],
    *(
        [
            f"c{place:03}",
            str(20 + place % 40),
            str(place % 7),
            ["basic", "pro"][place % 2],
            ["No", "Yes"][place % 3 == 0],
        ]
        for place in range(60)
    ),
]


@pytest.fixture
def file(tmp_path) -> Path:
    path = tmp_path / "customers.csv"
    path.write_bytes(csv_bytes(ROWS))
    return path


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def kpi(folder: Path, key: str) -> dict[str, dict[str, str]]:
    return {row["segment"]: row for row in table(folder / "kpis.csv") if row["kpi"] == key}


def refusal(capsys, *arguments: object) -> str:
    """Run a command that must be refused; return its one line."""
    assert main(list(map(str, arguments))) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith("\n")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    return err.strip()


# --- what the commands give -----------------------------------------------------------------------


def test_describe_prints_kinds_roles_and_quality_as_json(file, capsys, tmp_path):
    assert main(["describe", str(file), "--role", "visits=orders", "--out", str(tmp_path / "out")]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads((tmp_path / "out" / "quality.json").read_bytes())
    assert {one["name"]: (one["kind"], one["role"]) for one in printed["columns"]} == {
        "id": ("text", "customer_id"),
        "age": ("number", "demographic"),
        "visits": ("number", "orders"),
        "plan": ("category", "plan_tier"),
        "churn": ("yes/no", "churned"),
    }
    assert printed["customers"] == 60
    assert printed["dimensions"] == ["age", "plan"]
    assert set(printed["kpis"]) == {"size", "share", "retention", "orders", "repeat_rate"}


def test_measure_makes_a_kpi_of_a_column(file, tmp_path, capsys):
    call = ["measure", str(file), "--by", "plan", "--kpi", "age", "--out", str(tmp_path / "out")]
    assert main(call) == 0
    ages = [float(row[1]) for row in ROWS[1:] if row[1]]
    found = kpi(tmp_path / "out", "own:age")
    assert float(found["all"]["value"]) == pytest.approx(sum(ages) / len(ages))
    capsys.readouterr()
    assert "no column “income” to make a KPI of" in refusal(capsys, *call, "--kpi", "income")
    assert "99 periods cannot be looked ahead" in refusal(capsys, *call, "--value-periods", "99")


def test_measure_gives_kpis_by_a_column_that_is_there(file, tmp_path, capsys):
    assert main(["measure", str(file), "--by", "plan", "--out", str(tmp_path / "out")]) == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "assignment.csv", "kpis.csv", "quality.json"
    ]  # fmt: skip
    retained = {
        plan: [row[4] for row in ROWS[1:] if row[3] == plan].count("No") / 30 for plan in ("basic", "pro")
    }
    found = kpi(tmp_path / "out", "retention")
    assert {plan: float(found[plan]["value"]) for plan in retained} == pytest.approx(retained)
    assert (found["all"]["n"], float(found["all"]["value"])) == ("60", pytest.approx(40 / 60))
    assert [row["segment"] for row in table(tmp_path / "out" / "assignment.csv")] == [
        row[3] for row in ROWS[1:]
    ]
    assert "basic  basic: 30 customers\npro  pro: 30 customers\nFiles are in" in capsys.readouterr().out


def test_segment_writes_its_files_and_score_reproduces_them(file, tmp_path, capsys):
    out, again = tmp_path / "out", tmp_path / "again"
    assert (
        main(["segment", str(file), "--dimensions", "age, visits", "--segments", "3", "--out", str(out)]) == 0
    )
    assert sorted(path.name for path in out.iterdir()) == [
        "assignment.csv", "assignment.sql", "kpis.csv", "quality.json", "rules.txt", "segmentation.json"
    ]  # fmt: skip
    rows = table(out / "assignment.csv")
    assert list(rows[0]) == ["customer_id", "segment", "segment_name", "confidence"]
    assert [row["customer_id"] for row in rows] == [row[0] for row in ROWS[1:]]
    assert {row["segment"] for row in rows} == {"S1", "S2", "S3"}
    assert all(0.5 <= float(row["confidence"]) <= 1 for row in rows)
    assert main(["score", str(out / "segmentation.json"), str(file), "--out", str(again)]) == 0
    for name in ("assignment.csv", "kpis.csv"):
        assert (again / name).read_bytes() == (out / name).read_bytes()


def test_score_reads_other_columns_the_way_the_segmentation_did(file, tmp_path):
    out, other = tmp_path / "out", tmp_path / "other.csv"
    main(["segment", str(file), "--dimensions", "age,plan", "--segments", "2", "--out", str(out)])
    other.write_bytes(
        csv_bytes([["plan", "age", "who"], ["pro", "", "x"], ["basic", "30", "y"], ["new", "?", "z"]])
    )
    assert main(["score", str(out / "segmentation.json"), str(other), "--out", str(tmp_path / "o")]) == 0
    assert [row["customer_id"] for row in table(tmp_path / "o" / "assignment.csv")] == ["1", "2", "3"]


def test_score_takes_the_file_apart_once(file, tmp_path, monkeypatch):
    from segkit.customers import reading

    main(["segment", str(file), "--segments", "2", "--out", str(tmp_path / "out")])
    calls = []
    text_table = reading.text_table
    monkeypatch.setattr(reading, "text_table", lambda *given: calls.append(given) or text_table(*given))
    main(["score", str(tmp_path / "out" / "segmentation.json"), str(file), "--out", str(tmp_path / "o")])
    assert len(calls) == 1


def test_json_messages_hold_what_the_lines_say(file, tmp_path, capsys):
    assert main(["measure", str(file), "--by", "plan", "--out", str(tmp_path / "out"), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["segments"] == [
        {"segment": "basic", "name": "basic", "customers": 30},
        {"segment": "pro", "name": "pro", "customers": 30},
    ]
    assert list(answer) == ["headline", "segments", "fits_none", "notes"]


def test_a_sheet_of_a_workbook_is_read(tmp_path, capsys):
    path = tmp_path / "book.xlsx"
    path.write_bytes(xlsx_bytes(Intro=[["read me"]], Customers=ROWS))
    assert main(["describe", str(path), "--sheet", "Customers"]) == 0
    assert json.loads(capsys.readouterr().out)["customers"] == 60


def test_a_dimension_whose_name_holds_a_comma_can_be_named(tmp_path):
    path = tmp_path / "customers.csv"
    path.write_bytes(csv_bytes([["id", "age, years", "plan"], *([f"c{n}", str(n), "x"] for n in range(30))]))
    arguments = ["segment", path, "--dimensions", "age, years", "--segments", "2", "--out", tmp_path / "out"]
    assert main(list(map(str, arguments))) == 0


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ([], "The following arguments are required: COMMAND. See: python -m segkit --help"),
        (["advice", "FILE"], "Argument COMMAND: invalid choice: 'advice'"),
        (["describe"], "No file was named. Name the customers, or give --orders."),
        (["describe", "nowhere.csv"], "There is no file “nowhere.csv”. Check the name"),
        (["describe", "FILE", "--role", "age"], "“age” is not COLUMN=ROLE. Roles are: customer_id, csat"),
        (["describe", "FILE", "--role", "age=csatt"], "“csatt” is no role. Roles are: customer_id, csat"),
        (["describe", "FILE", "--role", "nix=csat"], "There is no column “nix”. The table has: id, age"),
        (
            ["describe", "FILE", "--role", "plan=csat"],
            "Column “plan” cannot be CSAT: its answers are neither on a scale nor words",
        ),
        (
            ["describe", "FILE", "--role", "churn=retained", "--role", "churn=churned"],
            "“churn” cannot be both retained and churned. Give it one role.",
        ),
        (["measure", "FILE", "--out", "OUT"], "The following arguments are required: --by."),
        (["measure", "FILE", "--by", "plan"], "The following arguments are required: --out."),
        (["measure", "FILE", "--by", "nix", "--out", "OUT"], "There is no column “nix”. The table has: id"),
        (["measure", "FILE", "--by", "plan", "--out", "FILE"], "Nothing can be written to “"),
        (["segment", "FILE", "--out", "OUT", "--segments", "few"], "“few” is no number for --segments."),
        (["segment", "FILE", "--out", "OUT", "--segments", "1"], "1 segments were asked for."),
        (
            ["segment", "FILE", "--out", "OUT", "--seed", "-1"],
            "-1 cannot be a seed. Give a whole number from 0",
        ),
        (["segment", "FILE", "--out", "OUT", "--seed", "1e3"], "“1e3” is no number for --seed."),
        (["segment", "FILE", "--out", "OUT", "--seed", "4294967296"], "4294967296 cannot be a seed."),
        (
            ["segment", "FILE", "--out", "OUT", "--method", "magic"],
            "“magic” is no method. Methods are: k-means",
        ),
        (["segment", "FILE", "--out", "OUT", "--scaling", "x"], "Argument --scaling: invalid choice: 'x'"),
        (["segment", "FILE", "--out", "OUT", "--dimensions", " , "], "--dimensions names no column."),
        (
            ["segment", "FILE", "--out", "OUT", "--dimensions", "nix"],
            "There is no column “nix” in the table.",
        ),
        (
            ["segment", "FILE", "--out", "OUT", "--dimensions", "id"],
            "“id” is read as text, which cannot form",
        ),
        (
            ["score", "nowhere.json", "FILE", "--out", "OUT"],
            "The saved segmentation “nowhere.json” cannot be read",
        ),
        (["score", "FILE", "FILE", "--out", "OUT"], "The file is not a saved segmentation."),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(arguments, line, file, tmp_path, capsys):
    places = {"FILE": file, "OUT": tmp_path / "out"}
    assert refusal(capsys, *[places.get(one, one) for one in arguments]).startswith(line)
    assert not (tmp_path / "out").exists()


def test_a_table_without_the_columns_of_a_segmentation_is_refused(file, tmp_path, capsys):
    main(
        ["segment", str(file), "--dimensions", "age,plan", "--segments", "2", "--out", str(tmp_path / "out")]
    )
    capsys.readouterr()
    other = tmp_path / "other.csv"
    other.write_bytes(csv_bytes([["id", "age"], ["1", "2"], ["2", "3"]]))
    line = refusal(capsys, "score", tmp_path / "out" / "segmentation.json", other, "--out", tmp_path / "o")
    assert line.startswith("The table lacks “plan”, which the segmentation was built on.")


def test_refusals_are_json_when_asked_for(file, capsys):
    assert json.loads(refusal(capsys, "describe", "nowhere.csv", "--json"))["error"].startswith(
        "There is no file"
    )
    assert json.loads(refusal(capsys, "describe", "--json"))["error"].startswith("No file was named.")


def test_the_module_runs_as_a_program_and_refuses_without_a_traceback(tmp_path):
    (tmp_path / "picture.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    done = subprocess.run(
        [sys.executable, "-m", "segkit", "describe", str(tmp_path / "picture.csv")],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=Path(__file__).parents[1],
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "This is a PNG picture, not a table of customers. "
        "Upload your customers as CSV, Excel (.xlsx) or Parquet.\n"
    )


# --- real files -----------------------------------------------------------------------------------


def test_retention_by_contract_is_the_published_one(tmp_path):
    assert main(["measure", str(real_file(*TELCO)), "--by", "Contract", "--out", str(tmp_path)]) == 0
    found = kpi(tmp_path, "retention")
    assert {key: (round(100 * float(row["value"]), 2), row["n"]) for key, row in found.items()} == {
        "Month-to-month": (57.29, "3875"),
        "One year": (88.73, "1473"),
        "Two year": (97.17, "1695"),
        "all": (73.46, "7043"),
    }
    assert {row["unit"] for row in found.values()} == {"fraction"}
    verdicts = {key: row["verdict"] for key, row in found.items() if key != "all"}
    assert verdicts == {"Month-to-month": "lower", "One year": "higher", "Two year": "higher"}


def test_four_segments_of_mcdonalds_are_as_tight_as_the_best_known(tmp_path):
    path = real_file("mcdonalds", "mcdonalds.csv")
    chosen = ["--dimensions", PERCEPTIONS, "--segments", "4", "--scaling", "none"]
    assert main(["segment", str(path), *chosen, "--out", str(tmp_path)]) == 0
    answers = np.array(
        [[row[name] == "Yes" for name in PERCEPTIONS.split(",")] for row in table(path)], float
    )
    segments = np.array([row["segment"] for row in table(tmp_path / "assignment.csv")])
    groups = [answers[segments == key] for key in sorted(set(segments))]
    assert len(groups) == 4
    assert sum(((group - group.mean(axis=0)) ** 2).sum() for group in groups) <= 1603.1
    assert np.abs(np.array([len(group) for group in groups]) - [580, 318, 315, 240]).max() <= 10


def test_scoring_the_same_customers_and_shuffling_them_changes_nothing(tmp_path):
    path, shuffled = real_file(*TELCO), tmp_path / "shuffled.csv"
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    random.Random(5).shuffle(lines)
    shuffled.write_text("\n".join([header, *lines]), encoding="utf-8")
    chosen = ["--segments", "4", "--seed", "3"]
    assert main(["segment", str(path), *chosen, "--out", str(tmp_path / "one")]) == 0
    assert main(["segment", str(shuffled), *chosen, "--out", str(tmp_path / "two")]) == 0
    saved = str(tmp_path / "one" / "segmentation.json")
    assert main(["score", saved, str(path), "--out", str(tmp_path / "three")]) == 0

    first, second = (tmp_path / name / "assignment.csv" for name in ("one", "two"))
    assert first.read_bytes() == (tmp_path / "three" / "assignment.csv").read_bytes()
    by_id = [{row["customer_id"]: row for row in table(one)} for one in (first, second)]
    assert by_id[0] == by_id[1]
    assert [row["customer_id"] for row in table(second)] == [line.split(",")[0] for line in lines]
    kpis = [(tmp_path / name / "kpis.csv").read_bytes() for name in ("one", "two", "three")]
    assert kpis[0] == kpis[1] == kpis[2]
    saved_files = [(tmp_path / name / "segmentation.json").read_bytes() for name in ("one", "two")]
    assert saved_files[0] == saved_files[1]


def test_several_files_are_joined_and_measured(tmp_path, capsys):
    customers = tmp_path / "crm.csv"
    customers.write_text(
        "customer_id,age,plan\n" + "".join(f"{n},{20 + n % 40},{'ab'[n % 2]}\n" for n in range(1, 61))
    )
    orders = tmp_path / "shop.csv"
    lines = [f"o{n},{1 + n % 30:04d},2024-{1 + n % 12:02d}-05,{10 + n}.5\n" for n in range(90)]
    orders.write_text("order_id,customer_id,order_date,amount\n" + "".join(lines))
    out = tmp_path / "out"
    call = ["measure", str(customers), "--orders", str(orders), "--by", "plan", "--out", str(out)]
    assert main([*call, "--as-of", "2024-12-31"]) == 0
    assert "zeros in front did not count" in capsys.readouterr().out
    kpis = {(row["segment"], row["kpi"]): row for row in table(out / "kpis.csv")}
    assert float(kpis["all", "orders"]["value"]) * 60 == 90
    assert float(kpis["all", "revenue"]["value"]) * 60 == pytest.approx(sum(10.5 + n for n in range(90)))
    assert main([*call, "--same-ids", "case"]) == 0  # ids as they stand do not match
    assert "No id in “customer_id” of “shop.csv” is a customer" in capsys.readouterr().out
    assert "orders" not in {row["kpi"] for row in table(out / "kpis.csv")}
    assert main(["describe", str(orders)]) == 0
    told = [note["text"] for note in json.loads(capsys.readouterr().out)["notes"]]
    assert any(text.startswith("“shop.csv” looks like orders") for text in told)
    assert main(["describe", "--orders", str(orders)]) == 0
    assert json.loads(capsys.readouterr().out)["customers"] == 30


def test_decisions_on_a_file_are_options(tmp_path, capsys):
    path = tmp_path / "crm.csv"
    path.write_text("id;size;day\n1;1,5;03.04.2025\n1;2,5;05.06.2025\n2;x;01.01.2025\n")
    given = [
        "--duplicates",
        "first",
        "--missing",
        "size=x",
        "--kind",
        "day=text",
        "--role",
        "size=descriptor",
    ]
    assert main(["describe", str(path), *given]) == 0
    told = json.loads(capsys.readouterr().out)
    columns = {column["name"]: column for column in told["columns"]}
    assert (told["customers"], told["rows_set_aside"]) == (2, 1)
    assert (columns["size"]["kind"], columns["size"]["not_converted"]) == ("number", 0)
    assert columns["day"]["kind"] == "text"


def test_advise_prints_the_evidence_for_each_number(file, tmp_path, capsys):
    asked = [
        "advise",
        str(file),
        "--dimensions",
        "age,visits",
        "--range",
        "2:5",
        "--out",
        str(tmp_path / "a"),
    ]
    assert main(asked) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer == json.loads((tmp_path / "a" / "advice.json").read_text(encoding="utf-8"))
    assert [one["segments"] for one in answer["candidates"]] == [2, 3, 4, 5]
    assert answer["recommended"] in (2, 3, 4, 5)
    assert answer["verdict"] in ("natural", "reproducible", "constructed")
    first = answer["candidates"][0]
    assert {"stability", "silhouette", "smallest", "scrambled", "sentence"} <= set(first)
    assert len(first["scrambled"]["stability"]) == 2


def test_goal_weights_options_and_changes_by_hand_are_in_the_files(file, tmp_path, capsys):
    changes = tmp_path / "changes.json"
    changes.write_text('[{"do": "rename", "segment": "S1", "name": "Our core"}]', encoding="utf-8")
    out, again = tmp_path / "out", tmp_path / "again"
    asked = ["--segments", "2", "--goal", "retain", "--dimensions", "age,visits", "--weight", "age=2"]
    assert main(["segment", str(file), *asked, "--refine", str(changes), "--out", str(out)]) == 0
    assert "is called “Our core”" in capsys.readouterr().out
    saved = json.loads((out / "segmentation.json").read_text(encoding="utf-8"))
    assert (saved["plan"]["goal"], saved["plan"]["weights"]) == ("retain", {"age": 2.0})
    assert saved["segments"][0]["name"] == "Our core"
    told = (out / "rules.txt").read_text(encoding="utf-8")
    assert told.startswith("Goal: Retain.")
    assert "Our core" in told
    assert main(["score", str(out / "segmentation.json"), str(file), "--out", str(again)]) == 0
    assert (again / "assignment.csv").read_bytes() == (out / "assignment.csv").read_bytes()


def test_rule_methods_take_their_options(file, tmp_path):
    out = tmp_path / "out"
    rules = '[{"name": "Young", "when": {"column": "age", "how": "<", "values": [40]}}]'
    asked = ["--method", "own-rules", "--option", f"rules={rules}", "--option", "rest=Others"]
    assert main(["segment", str(file), *asked, "--out", str(out)]) == 0
    names = pd.read_csv(out / "assignment.csv")["segment_name"]
    young = pd.read_csv(file)["age"] < 40
    assert (names == "Young").tolist() == young.tolist()
    assert set(names) == {"Young", "Others"}


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (["advise", "FILE", "--range", "5:2"], "“5:2” is no range"),
        (["advise", "FILE", "--method", "rfm"], "so there is no number to advise on"),
        (["advise", "FILE", "--weight", "age=much"], "--weight needs a number"),
        (["segment", "FILE", "--goal", "shine", "--out", "OUT"], "“shine” is no goal"),
        (["segment", "FILE", "--option", "cuts", "--out", "OUT"], "“cuts” is not NAME=JSON"),
        (["segment", "FILE", "--refine", "nowhere", "--out", "OUT"], "The list of changes “nowhere”"),
        (["segment", "FILE", "--refine", "FILE", "--out", "OUT"], "is not a JSON list of changes"),
    ],
)
def test_what_cannot_be_done_with_a_plan_is_said(asked, message, file, tmp_path, capsys):
    given = [str(file) if one == "FILE" else str(tmp_path / "x") if one == "OUT" else one for one in asked]
    assert main(given) == 2
    assert message in capsys.readouterr().err

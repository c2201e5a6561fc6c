"""KPIs of real files, as worked out independently: through the library and through the command line."""

import csv
import json
from pathlib import Path

import pytest

import segkit
from segkit.__main__ import main
from segkit.measures.kpis import by_column
from tests.real_data import real_file

TELCO = ("telco_churn", "Telco-Customer-Churn.csv")
CAMPAIGN = ("marketing_campaign", "marketing_campaign.csv")
WHOLESALE = ("wholesale", "Wholesale customers data.csv")
BANK = ("dmba", "UniversalBank.csv")
SPEND = ("Fresh", "Milk", "Grocery", "Frozen", "Detergents_Paper", "Delicassen")


def expected(folder, *path):
    found = json.loads(real_file(folder, "expect.json").read_text())
    for name in path:
        found = found[name]
    return found


def telco(column):
    groups = expected("telco_churn", f"churn_by_{column}")
    retention = {name: 1 - one["rate"] for name, one in groups.items()}
    revenue = {
        name: one["mean_MonthlyCharges"] for name, one in groups.items() if "mean_MonthlyCharges" in one
    }
    return {"retention": retention | {"all": 0.73463}} | ({"revenue": revenue} if revenue else {})


def campaign(column):
    groups = expected("marketing_campaign", f"response_by_{column}")
    shown = {name: one["rate"] for name, one in groups.items() if one["n"] >= 30}
    return {"conversion": shown | {"all": 0.149107}}


def wholesale(column):
    means = expected("wholesale", "mean_spend_by_channel")
    return {f"own:{name}": {group: one[name] for group, one in means.items()} for name in SPEND}


def bank(column):
    groups = expected("dmba", "UniversalBank", "loan_conversion")
    return {"conversion": {name: one["rate"] for name, one in groups.items()} | {"all": 0.096}}


CASES = [
    pytest.param(TELCO, "Contract", telco, id="telco by contract"),
    pytest.param(TELCO, "InternetService", telco, id="telco by internet"),
    pytest.param(TELCO, "PaymentMethod", telco, id="telco by payment"),
    pytest.param(CAMPAIGN, "Education", campaign, id="campaign by education"),
    pytest.param(CAMPAIGN, "Marital_Status", campaign, id="campaign by family"),
    pytest.param(WHOLESALE, "Channel", wholesale, id="wholesale by channel"),
    pytest.param(BANK, "Education", bank, id="bank"),
]


@pytest.mark.parametrize(("file", "column", "numbers"), CASES)
def test_the_library_and_the_command_line_give_the_numbers_of_the_file(file, column, numbers, tmp_path):
    path, wanted = real_file(*file), numbers(column)
    own = [key.removeprefix("own:") for key in wanted if key.startswith("own:")]
    customers = segkit.read(path)
    kpis = segkit.measure(customers, by_column(customers, column), own=own)
    call = ["measure", str(path), "--by", column, "--out", str(tmp_path)]
    assert main(call + [part for name in own for part in ("--kpi", name)]) == 0
    with Path(tmp_path / "kpis.csv").open(encoding="utf-8") as lines:
        written = {(row["segment"], row["kpi"]): row for row in csv.DictReader(lines)}
    for key, groups in wanted.items():
        for group, value in groups.items():
            assert kpis.find(group, key).value == pytest.approx(value, abs=1e-5), (key, group)
            assert float(written[group, key]["value"]) == pytest.approx(value, abs=1e-5), (key, group)

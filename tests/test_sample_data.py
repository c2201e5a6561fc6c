"""The sample company: its files are what the generator makes, and they agree with each other."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

DATA = Path(__file__).parents[1] / "data"
SAMPLE = DATA / "sample"
FILES = ("customers.csv", "customers_2026-12.csv", "orders.csv", "surveys.csv", "tickets.csv", "truth.csv")
CUSTOMER_TABLES = ("customers.csv", "customers_2026-12.csv")
KEYS = dict.fromkeys((*CUSTOMER_TABLES, "truth.csv"), "customer_id") | {
    "orders.csv": "order_id",
    "surveys.csv": "survey_id",
    "tickets.csv": "ticket_id",
}
LAST_DAY = {"customers.csv": "2026-09-30", "customers_2026-12.csv": "2026-12-31"}
NUMBERS = [
    "age",
    "household_size",
    "sessions_per_month",
    "features_used_share",
    "weekend_share",
    "price_sensitivity",
    "novelty_seeking",
    "convenience_seeking",
    "discount_share",
    "tenure_months",
]
LEVELS = [
    "gender",
    "country",
    "area_type",
    "device",
    "uses_integrations",
    "account_type",
    "plan_tier",
    "journey_stage",
    "acquisition_channel",
]


def run_generator(folder: Path, *options: str) -> dict[str, bytes]:
    """Run the script as a user does and return the bytes of each file it made."""
    command = [sys.executable, str(DATA / "make_sample.py"), "--out", str(folder), *options]
    subprocess.run(command, check=True, capture_output=True)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def sample() -> dict[str, pd.DataFrame]:
    """All files, ids as text."""
    text = {"customer_id": str, "order_id": str, "survey_id": str, "ticket_id": str}
    return {name: pd.read_csv(SAMPLE / name, dtype=text) for name in FILES}


@pytest.fixture(scope="module")
def customers(sample) -> pd.DataFrame:
    """Read the table of September, by customer id."""
    return sample["customers.csv"].set_index("customer_id")


@pytest.fixture(scope="module")
def groups(sample) -> pd.DataFrame:
    """Read the planted groups, by customer id."""
    return sample["truth.csv"].set_index("customer_id")


def nps(answers: pd.Series) -> float:
    """Promoters minus detractors, in points."""
    answers = answers.dropna()
    return 100 * ((answers >= 9).mean() - (answers <= 6).mean())


def prepared(table: pd.DataFrame) -> np.ndarray:
    """Standardised numbers beside one-hot levels scaled so that one difference in level costs 1."""
    numbers = table[NUMBERS].fillna(table[NUMBERS].median())
    levels = pd.get_dummies(table[LEVELS]).to_numpy(float) / np.sqrt(2)
    return np.hstack([((numbers - numbers.mean()) / numbers.std()).to_numpy(), levels])


def test_the_committed_files_are_what_the_generator_makes(tmp_path):
    """Byte for byte."""
    assert run_generator(tmp_path) == {name: (SAMPLE / name).read_bytes() for name in FILES}


def test_another_seed_makes_another_company(tmp_path):
    """The seed reaches every file."""
    made = run_generator(tmp_path, "--seed", "7")
    assert all(made[name] != (SAMPLE / name).read_bytes() for name in FILES)


def test_everything_together_stays_below_three_megabytes():
    """Small enough to live in the repository."""
    assert sum((SAMPLE / name).stat().st_size for name in FILES) < 3_000_000


@pytest.mark.parametrize(("name", "key"), KEYS.items())
def test_keys_are_unique_and_complete(sample, name, key):
    """One row a key in each file."""
    assert sample[name][key].notna().all()
    assert sample[name][key].is_unique


@pytest.mark.parametrize("name", FILES)
def test_customer_ids_are_seven_digits_with_leading_zeros(sample, name):
    """Reading them as numbers would lose something."""
    assert sample[name]["customer_id"].str.fullmatch(r"0\d{6}").all()


def test_customer_ids_are_not_consecutive(customers):
    """Row number and id are not the same thing."""
    assert np.diff(customers.index.astype(int)).max() > 10


@pytest.mark.parametrize("name", ["orders.csv", "surveys.csv", "tickets.csv"])
def test_events_belong_to_known_customers_and_to_their_time(sample, customers, name):
    """No event before sign-up or after the last activity."""
    events = sample[name].join(customers[["signup_date", "last_activity_date"]], on="customer_id")
    day = events[{"orders.csv": "order_date", "surveys.csv": "date", "tickets.csv": "opened"}[name]]
    assert (events["signup_date"] <= day).all()
    assert (day <= events["last_activity_date"]).all()


@pytest.mark.parametrize(("name", "column"), [("orders.csv", "orders"), ("tickets.csv", "tickets")])
def test_counts_equal_the_rows_of_the_event_file(sample, customers, name, column):
    """Including zero for customers without any."""
    counted = sample[name].groupby("customer_id").size().reindex(customers.index, fill_value=0)
    assert counted.equals(customers[column].astype(counted.dtype))


def test_revenue_is_the_sum_of_orders_of_the_last_twelve_months(sample, customers):
    """To the cent, from 2025-10-01 to 2026-09-30, both days included."""
    orders = sample["orders.csv"]
    year = orders[orders["order_date"].between("2025-10-01", "2026-09-30")]
    cents = (year["amount"] * 100).round().astype(int).groupby(year["customer_id"]).sum()
    expected = cents.reindex(customers.index, fill_value=0)
    assert (expected == (customers["revenue"] * 100).round().astype(int)).all()


@pytest.mark.parametrize("column", ["csat", "nps"])
def test_scores_are_the_latest_answers(sample, customers, column):
    """Blank exactly where a customer never answered."""
    answers = sample["surveys.csv"].dropna(subset=column).sort_values("date")
    latest = answers.groupby("customer_id")[column].last().reindex(customers.index)
    pd.testing.assert_series_equal(latest, customers[column])


def test_no_customer_answers_twice_on_one_day(sample):
    """So that the latest answer is never a tie."""
    assert not sample["surveys.csv"].duplicated(["customer_id", "date"]).any()


def test_tickets_close_after_they_open(sample):
    """Still open ones are blank, and few."""
    tickets = sample["tickets.csv"]
    done = tickets.dropna(subset="closed")
    assert (done["opened"] <= done["closed"]).all()
    assert (done["closed"] <= "2026-09-30").all()
    assert 0 < tickets["closed"].isna().mean() < 0.05


@pytest.mark.parametrize("name", CUSTOMER_TABLES)
def test_retained_is_blank_exactly_for_recent_customers(sample, name):
    """A customer of less than 90 days can be neither kept nor lost."""
    table = sample[name]
    age = pd.Timestamp(LAST_DAY[name]) - pd.to_datetime(table["signup_date"])
    assert (table["retained"].isna() == (age.dt.days < 90)).all()


@pytest.mark.parametrize("name", CUSTOMER_TABLES)
def test_values_lie_on_their_scales(sample, name):
    """Ratings, shares, counts and dates."""
    table = sample[name]
    assert table["csat"].dropna().isin(range(1, 6)).all()
    assert table["nps"].dropna().isin(range(11)).all()
    assert table[["features_used_share", "weekend_share", "discount_share"]].stack().between(0, 1).all()
    assert (table["signup_date"] <= table["last_activity_date"]).all()
    assert (table["last_activity_date"] <= LAST_DAY[name]).all()
    assert (table["cost"] > 0).all()


def test_missing_values_are_where_people_do_not_tell(customers):
    """Anything else is complete; staff numbers only for businesses."""
    missing = customers.isna().mean()
    partly = {"age", "employees", "price_sensitivity", "novelty_seeking", "convenience_seeking"}
    assert set(missing[missing > 0].index) == partly | {"csat", "nps", "retained"}
    assert 0.01 < missing["age"] < 0.05
    assert missing[["price_sensitivity", "novelty_seeking", "convenience_seeking"]].between(0.05, 0.15).all()
    assert customers.loc[customers["account_type"] == "private", "employees"].isna().all()


def test_survey_answers_are_few_and_not_at_random(customers):
    """Coverage as in real surveys; frequent visitors answer more, and the two scores agree."""
    assert 0.42 < customers["csat"].notna().mean() < 0.48
    assert 0.32 < customers["nps"].notna().mean() < 0.38
    often = customers["sessions_per_month"] > customers["sessions_per_month"].median()
    answered = customers["csat"].notna()
    assert answered[often].mean() > answered[~often].mean() + 0.05
    assert customers["csat"].corr(customers["nps"]) > 0.6


def test_the_satisfied_stay(customers):
    """Retention rises with both scores."""
    kept = customers["retained"].map({"Yes": 1.0, "No": 0.0})
    assert kept.corr(customers["csat"]) > 0.2
    assert kept.corr(customers["nps"]) > 0.2


def test_revenue_is_skewed_to_the_right(customers):
    """Many small customers, a few large ones, some without any."""
    revenue = customers["revenue"]
    assert revenue.mean() > 2 * revenue.median() > 0
    assert 0.2 < (revenue == 0).mean() < 0.4


def test_the_journey_stage_is_only_a_hint(customers, groups):
    """Neither the outcome nor the planted group can be read from the label."""
    kept = customers["retained"].map({"Yes": 1.0, "No": 0.0}).groupby(customers["journey_stage"]).mean()
    assert kept["active"] < 0.95
    assert kept["lapsed"] > 0.15
    assert adjusted_rand_score(groups.loc[customers.index, "latent_group"], customers["journey_stage"]) < 0.05


def test_group_sizes(customers, groups):
    """As planted."""
    sizes = groups.loc[customers.index, "latent_group"].value_counts().to_dict()
    assert sizes == {
        "families": 1550,
        "bargain": 1250,
        "explorers": 1000,
        "drifting": 700,
        "professionals": 500,
    }


@pytest.mark.parametrize(
    ("name", "column"), [("customers.csv", "latent_group"), ("customers_2026-12.csv", "latent_group_later")]
)
def test_groups_overlap_but_can_be_found(sample, groups, name, column):
    """k-means on the dimensions agrees with the planted groups in part."""
    table = sample[name]
    found = KMeans(5, n_init=10, random_state=0).fit_predict(prepared(table))
    truth = groups.loc[table["customer_id"], column]
    assert 0.4 < adjusted_rand_score(truth, found) < 0.75


def test_no_column_gives_the_group_away(customers, groups):
    """Not a single column of levels comes close to the planted groups."""
    truth = groups.loc[customers.index, "latent_group"]
    assert max(adjusted_rand_score(truth, customers[column]) for column in LEVELS) < 0.3


def test_professionals_are_few_and_bring_the_most(customers, groups):
    """The valuable story."""
    mine = groups.loc[customers.index, "latent_group"] == "professionals"
    assert 0.30 < customers.loc[mine, "revenue"].sum() / customers["revenue"].sum() < 0.40
    assert nps(customers.loc[mine, "nps"]) > nps(customers.loc[~mine, "nps"]) + 40


def test_drifting_customers_are_at_risk(customers, groups):
    """The story to worry about: lowest scores and retention, most tickets."""
    group = groups.loc[customers.index, "latent_group"]
    kept = customers["retained"].map({"Yes": 1.0, "No": 0.0}).groupby(group).mean()
    means = customers.groupby(group)[["csat", "nps", "tickets"]].mean()
    assert kept.idxmin() == means["csat"].idxmin() == means["nps"].idxmin() == "drifting"
    assert means["tickets"].idxmax() == "drifting"
    assert kept["drifting"] < 0.55
    assert kept.drop("drifting").min() > 0.7


@pytest.mark.parametrize("column", ["country", "gender"])
def test_country_and_gender_mean_nothing(customers, groups, column):
    """Planted as a null: equal shares in all groups but for chance."""
    counts = pd.crosstab(customers[column], groups.loc[customers.index, "latent_group"])
    assert chi2_contingency(counts).pvalue > 0.01


def test_who_is_in_the_later_table(sample):
    """4,850 of the old customers and 350 new ones, the same columns."""
    before, after = (sample[name] for name in CUSTOMER_TABLES)
    assert list(before.columns) == list(after.columns)
    assert after["customer_id"].isin(before["customer_id"]).sum() == 4850
    newcomers = after[~after["customer_id"].isin(before["customer_id"])]
    assert len(newcomers) == 350
    assert (newcomers["signup_date"] > "2026-09-30").all()


def test_nothing_runs_backwards(sample, customers):
    """Counts, tenure and activity only grow; who a customer is stays."""
    after = sample["customers_2026-12.csv"].set_index("customer_id")
    both = customers.index.intersection(after.index)
    for column in ("orders", "tickets", "last_activity_date"):
        assert (after.loc[both, column] >= customers.loc[both, column]).all()
    assert (after.loc[both, "tenure_months"] - customers.loc[both, "tenure_months"]).between(3, 4).all()
    for column in ("signup_date", "gender", "country", "household_size"):
        assert after.loc[both, column].equals(customers.loc[both, column])


def test_few_moved_and_they_changed_the_most(sample, customers, groups):
    """6 to 8 % of those who stayed; plans change for movers only."""
    after = sample["customers_2026-12.csv"].set_index("customer_id")
    both = customers.index.intersection(after.index)
    moved = groups.loc[both, "latent_group"] != groups.loc[both, "latent_group_later"]
    assert 0.06 < moved.mean() < 0.08
    other_plan = after.loc[both, "plan_tier"] != customers.loc[both, "plan_tier"]
    assert other_plan[moved].mean() > 0.4
    assert not other_plan[~moved].any()
    change = np.log(after.loc[both, "sessions_per_month"] / customers.loc[both, "sessions_per_month"]).abs()
    assert change[moved].median() > 2 * change[~moved].median()


def test_truth_knows_every_customer_of_both_tables(sample, groups):
    """And is blank for who is not in a table."""
    for name, column in zip(CUSTOMER_TABLES, ("latent_group", "latent_group_later"), strict=True):
        assert set(groups.index[groups[column].notna()]) == set(sample[name]["customer_id"])


def test_the_readme_explains_every_column(sample):
    """In code type, so that a renamed column shows up here."""
    text = (DATA / "README.md").read_text(encoding="utf-8")
    columns = {column for table in sample.values() for column in table.columns}
    assert [column for column in sorted(columns) if f"`{column}`" not in text] == []

"""The playbook against plain pandas: which plays are called for, their reasons, and whom they reach."""

from dataclasses import replace
from math import isnan, sqrt

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import segkit
from segkit.customers.choices import Choices
from segkit.customers.joins.together import Fitting, put_together
from segkit.customers.reading import opened
from segkit.errors import UnusableBase, UnusablePlan
from segkit.exports.actions import action_csv, brief_html
from segkit.insights.action_text import actions_headline, beside_reach, reach_text, stake_text
from segkit.insights.brief import service_brief
from segkit.insights.playbook.accepted import STATUSES, Accepted, accepted_from
from segkit.insights.playbook.advice import playbook
from segkit.insights.playbook.crowds import still_there
from segkit.insights.playbook.limits import LIMITS, moved_limits, usual_limits
from segkit.insights.playbook.own import own_key, own_play, written_share
from segkit.insights.playbook.plays import PLAYS, find_play
from segkit.insights.playbook.reach import reached
from segkit.insights.profiles import profiles
from segkit.measures.kpis import by_column, measure
from tests.real_data import real_file

SAMPLE = "data/sample/customers.csv"
TODAY = pd.Timestamp("2026-09-30")


@pytest.fixture(scope="module")
def sample():
    customers = segkit.read(SAMPLE)
    segmentation = segkit.segment(customers, segkit.Plan(n_segments=5))
    assignment = segmentation.assign(customers)
    return customers, assignment, measure(customers, assignment), segmentation


@pytest.fixture(scope="module")
def frame(sample):
    """The file as pandas reads it, with the segment of each customer."""
    table = pd.read_csv(
        SAMPLE, dtype={"customer_id": "str"}, parse_dates=["signup_date", "last_activity_date"]
    )
    return table.assign(segment=sample[1].labels("key").to_numpy())


# --- the same by hand -----------------------------------------------------------------------------


def said(value, decimals=None):
    """Percent as the pages write it."""
    percent = 100 * value
    if round(percent, 1) < 10:
        return f"{percent:.1f}\u202f%"
    return f"{percent:.0f}\u202f%"


def share_reason(flags, noun, verb, limit):
    """The reason of a share, or None where its Wilson interval does not lie above the limit."""
    flags = flags.dropna().astype(bool)
    low, high = stats.binomtest(int(flags.sum()), len(flags)).proportion_ci(method="wilson")
    if len(flags) < 5 or low <= limit:
        return None
    edges = f"{said(low)[:-2]} to {said(high)[:-2]}"
    return f"{said(flags.mean())} ({edges}) of {len(flags):,} {noun} {verb}; above the limit of {said(limit)}"


def known(flags, where):
    return flags.astype(float).where(where)


def crowds(frame):
    """Who belongs to what, one column a crowd."""
    border = frame["revenue"].quantile(0.75, interpolation="higher")
    idle = frame["sessions_per_month"].quantile(1 / 3, interpolation="lower")
    margin = frame["revenue"] - frame["cost"]
    return (
        border,
        idle,
        pd.DataFrame(
            {
                "detractors": known(frame["nps"] <= 6, frame["nps"].notna()),
                "promoters": known(frame["nps"] >= 9, frame["nps"].notna()),
                "satisfied": known(frame["csat"] >= 4, frame["csat"].notna()),
                "valuable": (frame["revenue"] >= border).astype(float),
                "quiet": ((TODAY - frame["last_activity_date"]).dt.days >= 60).astype(float),
                "at_risk": (frame["journey_stage"] == "at risk").astype(float),
                "new": ((TODAY - frame["signup_date"]).dt.days <= 90).astype(float),
                "idle": (frame["sessions_per_month"] <= idle).astype(float),
                "sensitive": known(frame["price_sensitivity"] >= 4, frame["price_sensitivity"].notna()),
                "unreachable": (frame["channel_consent"] == "none").astype(float),
                "costly": (frame["cost"] > margin).astype(float),
            }
        ),
    )


def shares_by_hand(frame):
    """Reasons of the plays that rest on a share, by play and segment."""
    border, idle, all_ = crowds(frame)
    still = frame["retained"] != "No"
    people, rich = "customers still there", f"high-value customers (revenue from {border:.0f}) still there"
    few = f"sessions per month up to {idle:.2f}, as {said(all_['idle'].mean())} of everyone do"
    price = f"price sensitivity from 4, as {said(all_['sensitive'].mean())} of everyone do"
    asked = {
        "recover": (
            all_["detractors"].where(all_["valuable"] == 1),
            rich,
            "are detractors (NPS 0 to 6)",
            0.15,
        ),
        "save": (
            all_["quiet"].where(all_["valuable"] == 1),
            rich,
            "have not been active for 60 days or more",
            0.2,
        ),
        "onboard": (all_["new"], people, "signed up in the last 90 days", 0.1),
        "consent": (all_["unreachable"], people, "have not agreed to be contacted", 0.2),
        "self_service": (all_["costly"], people, "cost more to serve than their margin", 0.4),
        "fit": (all_["sensitive"], people, f"have {price}", max(0.4, all_["sensitive"].mean())),
        "idle": (all_["idle"], people, f"have {few}", max(0.4, all_["idle"].mean())),
        "at_risk": (all_["at_risk"], people, "are in the stage “at risk”", 0.15),
    }
    found = {}
    for play, (flags, noun, verb, limit) in asked.items():
        for segment, part in flags.where(still).groupby(frame["segment"]):
            reason = share_reason(part, noun, verb, limit)
            if reason is not None:
                found[play, segment] = reason
    return found


def mean_by_hand(values):
    half = stats.t.ppf(0.975, len(values) - 1) * values.std() / sqrt(len(values))
    return values.mean(), values.mean() - half, values.mean() + half


def nps_by_hand(answers):
    up, down, count = (answers >= 9).sum(), (answers <= 6).sum(), len(answers) + 3
    share = [(one + 0.75) / count for one in (up, down)]
    spread = 1.959964 * sqrt((sum(share) - (share[0] - share[1]) ** 2) / count)
    middle = share[0] - share[1]
    return 100 * (up - down) / len(answers), 100 * (middle - spread), 100 * (middle + spread)


def whole(value):
    return f"{value:.0f}".replace("-", "−")


def kpis_by_hand(frame, kpis):
    """Reasons of the plays that rest on a KPI; whether a difference holds is what the KPI table says."""
    found = {}
    for segment, part in frame.groupby("segment"):
        rest = frame[frame["segment"] != segment]
        here, other = part["csat"].dropna(), rest["csat"].dropna()
        value, low, high = mean_by_hand(here)
        if kpis.find(segment, "csat").verdict == "lower" and high < 4:
            found["support", segment] = (
                f"CSAT {value:.2f} ({low:.2f} to {high:.2f}), {other.mean() - value:.2f} below the rest, "
                f"from {len(here)} answers; below the limit of 4.00"
            )
        here, other = part["nps"].dropna(), rest["nps"].dropna()
        value, low, high = nps_by_hand(here)
        if kpis.find(segment, "nps").verdict == "higher" and low > 0:
            found["advocate", segment] = (
                f"NPS {whole(value)} ({whole(low)} to {whole(high)}), "
                f"{whole(value - nps_by_hand(other)[0])} points above the rest, from {len(here)} answers; "
                "above the limit of 0"
            )
        here, other = (one["retained"].dropna() == "Yes" for one in (part, rest))
        low, high = stats.binomtest(int(here.sum()), len(here)).proportion_ci(method="wilson")
        if kpis.find(segment, "retention").verdict == "lower" and high < 0.85:
            gap = 100 * (other.mean() - here.mean())
            points = f"{gap:.0f}" if gap >= 10 else f"{gap:.1f}"
            found["keep", segment] = (
                f"Retention {said(here.mean())} ({said(low)} to {said(high)}), {points} points below the "
                f"rest, from {len(here)} answers; below the limit of 85\u202f%"
            )
    return found


def test_every_reason_on_the_sample_is_what_pandas_says(sample, frame):
    customers, assignment, kpis, _ = sample
    found = playbook(customers, assignment, kpis)
    told = {(one.play.key, one.segment.key): [reason.text for reason in one.reasons] for one in found.advice}
    shares, by_kpi = shares_by_hand(frame), kpis_by_hand(frame, kpis)
    formed = {"fit", "idle"}  # price sensitivity and sessions are dimensions
    marked = {
        key: f"↻ {text.replace('; above', ' (the segments were made from it); above')}"
        if key[0] in formed
        else text
        for key, text in shares.items()
    }
    expected = {key: [text] for key, text in by_kpi.items()}
    for (play, segment), text in marked.items():
        if play == "at_risk":  # another sign for the same play
            expected["keep", segment] = [*expected.get(("keep", segment), []), text]
        elif play != "idle":
            expected[play, segment] = [text]
    content = {
        segment
        for _, segment in [key for key in shares if key[0] == "idle"]
        if content_by_hand(frame, segment) > 0.5
    }
    assert told == expected
    assert len(told) >= 15
    assert not content  # nobody with little use is content there, so that play is not called for


def content_by_hand(frame, segment):
    """The lower end of the share of content customers among those who use least."""
    _, _, all_ = crowds(frame)
    among = (frame["segment"] == segment) & (all_["idle"] == 1) & (frame["retained"] != "No")
    flags = all_["satisfied"][among].dropna()
    return stats.binomtest(int(flags.sum()), len(flags)).proportion_ci(method="wilson").low


REACH = {
    "support": (),
    "recover": ("valuable", "detractors"),
    "advocate": ("promoters",),
    "save": ("valuable", "quiet"),
    "onboard": ("new",),
    "fit": ("sensitive",),
    "consent": ("unreachable",),
    "self_service": ("costly",),
}


def test_reach_consent_and_revenue_are_what_pandas_counts(sample, frame):
    customers, assignment, kpis, _ = sample
    _, _, all_ = crowds(frame)
    for one in playbook(customers, assignment, kpis).advice:
        wanted = (frame["segment"] == one.segment.key) & (frame["retained"] != "No")
        if one.play.key == "keep":
            wanted &= (all_["at_risk"] == 1) | (all_["quiet"] == 1)
        else:
            for crowd in REACH[one.play.key]:
                wanted &= all_[crowd] == 1
        agreed = wanted & ((frame["channel_consent"] != "none") | (not one.play.contact))
        assert one.reached == agreed.sum()
        assert one.refused == (wanted & ~agreed).sum()
        assert one.stake == pytest.approx(frame["revenue"][agreed].sum())
        rows = reached(customers, assignment, one.play, one.segment.key, usual_limits())
        assert rows.tolist() == agreed.tolist()


def test_money_is_written_whole_and_with_its_currency(sample):
    customers, assignment, kpis, _ = sample
    one = playbook(customers, assignment, kpis).advice[0]
    assert stake_text(replace(one, stake=341.4), kpis) == "341"
    euros = replace(kpis, rows=tuple(replace(row, unit="EUR per customer") for row in kpis.rows))
    assert stake_text(replace(one, stake=50011.29), euros) == "EUR\u202f50,011"


def test_the_order_of_the_rows_changes_nothing(sample):
    customers, assignment, kpis, segmentation = sample
    shuffled = segkit.read(
        pd.read_csv(SAMPLE, dtype=str, keep_default_na=False).sample(frac=1, random_state=4)
    )
    other = segmentation.assign(shuffled)
    one, two = playbook(customers, assignment, kpis), playbook(shuffled, other, measure(shuffled, other))
    assert [(a.key, a.reasons, a.reached, a.refused, a.stake) for a in one.advice] == [
        (a.key, a.reasons, a.reached, a.refused, a.stake) for a in two.advice
    ]


def test_plays_are_sorted_by_the_revenue_of_whom_they_reach(sample):
    found = playbook(*sample[:3])
    firm = [one.stake for one in found.advice if not one.indicative and one.reached >= 5]
    assert firm == sorted(firm, reverse=True)
    assert found.first is found.advice[0]
    first = found.first
    assert actions_headline(found) == (
        f"Start with “{first.segment.name}”: ask promoters for reviews and referrals "
        f"({first.reasons[0].short})."
    )
    other = found.of("S4")[0]
    assert actions_headline(found, "S4", other.segment.name).startswith(f"Start with “{other.segment.name}”")


def test_a_limit_that_the_interval_reaches_is_not_passed(sample, frame):
    customers, assignment, kpis, _ = sample
    part = frame[(frame["segment"] == "S4") & (frame["retained"] != "No")]
    low = (
        stats.binomtest(int((part["channel_consent"] == "none").sum()), len(part))
        .proportion_ci(method="wilson")
        .low
    )

    def asked(limit):
        found = playbook(customers, assignment, kpis, usual_limits({"unreachable": limit}))
        return "consent/S4" in [one.key for one in found.advice]

    assert asked(100 * low - 0.01)
    assert not asked(100 * low + 0.01)


def test_limits_are_numbers_in_their_range():
    usual = usual_limits()
    assert set(usual) == {one.key for one in LIMITS}
    assert usual_limits({"new_days": "30", "quiet": -1, "nowhere": 3, "buying": True}) == usual
    assert moved_limits(usual | {"nps_high": -20}) == {"nps_high": -20.0}
    with pytest.raises(UnusablePlan, match="“A customer is new for” takes 1 to 3,650 days, not 0"):
        moved_limits(usual | {"new_days": 0})
    with pytest.raises(UnusablePlan, match="not None"):
        moved_limits(usual | {"quiet": None})


# --- every play -----------------------------------------------------------------------------------

USUAL = {
    "csat": 4,
    "nps": 8,
    "revenue": 100,
    "cost": 20,
    "tickets": 1,
    "phone_requests": 0,
    "last_activity_date": "2026-09-30",
    "signup_date": "2024-01-01",
    "journey_stage": "active",
    "channel_consent": "email",
    "sessions": 10,
    "price_sensitivity": 2,
    "retained": "Yes",
}
UNUSUAL = {
    "support": {"csat": 2},
    "recover": {"revenue": 500, "nps": 3},
    "advocate": {"nps": 10},
    "save": {"revenue": 500, "last_activity_date": "2026-06-30"},
    "buyers": {"journey_stage": "trial"},
    "keep": {"journey_stage": "at risk"},
    "callbacks": {"phone_requests": 1},
    "onboard": {"signup_date": "2026-09-01"},
    "educate": {"sessions": 2, "csat": 5},
    "fit": {"price_sensitivity": 5},
    "consent": {"channel_consent": "none"},
    "self_service": {"cost": 80},
}


@pytest.fixture(scope="module")
def teams():
    """A team of 60 for each play, unusual in what it is about, and many who are as usual."""
    kinds = {key: USUAL | UNUSUAL[key] for key in UNUSUAL} | {"usual": USUAL}
    rows = [
        kind | {"team": key, "sessions": kind["sessions"] + place % 2, "nps": kind["nps"] - (place % 10 == 0)}
        for key, kind in kinds.items()
        for place in range(480 if key == "usual" else 60)
    ]
    table = pd.DataFrame(rows).assign(customer_id=[f"c{place}" for place in range(len(rows))])
    left = np.arange(len(rows)) == len(rows) - 1  # else the column has one value only and tells nothing
    customers = segkit.read(
        table.assign(retained=np.where(left, "No", "Yes")),
        roles={"team": "descriptor", "phone_requests": "descriptor"},
        kinds={"phone_requests": "number"},
    )
    assignment = by_column(customers, "team")
    return playbook(customers, assignment, measure(customers, assignment))


@pytest.mark.parametrize("play", [play.key for play in PLAYS])
def test_every_play_is_called_for_where_its_sign_is_and_reaches_who_shows_it(teams, play):
    called = {one.play.key: one for one in teams.of(play)}
    assert called[play].reached == 60
    assert not called[play].indicative


def test_nothing_is_called_for_where_everything_is_usual(teams):
    assert teams.of("usual") == []
    assert teams.not_judged == ()


# --- what may not be told -------------------------------------------------------------------------


def small_base(sizes=(60, 40, 12, 3)):
    """Segments by name, each with some very unhappy customers who bring much; the first is content."""
    rows = []
    for name, size in zip("abcd", sizes, strict=False):
        for place in range(size):
            score = 9 + place % 2 if name == "a" else place % 4
            rows.append((name, score, 1 + (score > 6) * 4, 100 + place))
    table = pd.DataFrame(rows, columns=["team", "nps", "csat", "revenue"])
    table.insert(0, "customer_id", [f"c{place}" for place in range(len(table))])
    return table


def judged(table, column="team", **more):
    customers = segkit.read(table, roles={column: "descriptor"})
    assignment = by_column(customers, column)
    return customers, assignment, playbook(customers, assignment, measure(customers, assignment), **more)


def test_segments_of_few_are_indicative_last_or_not_told():
    _, _, hidden = judged(small_base())
    assert not hidden.of("d")
    assert not hidden.of("c")  # with everyone's numbers, those of 12 would tell those of 3
    assert actions_headline(hidden, "d", "d") == (
        "Nothing in “d” calls for action beyond the limits that are set."
    )
    _, _, found = judged(small_base((60, 40, 12)))
    assert all(one.indicative for one in found.of("c"))
    assert found.of("c")
    places = [one.indicative for one in found.advice if one.reached >= 5]
    assert places == sorted(places)
    assert "none of them on 30 answers yet" in actions_headline(found, "c", "c")


def test_fewer_than_five_who_are_reached_are_not_counted_or_listed():
    table = small_base((60, 40))
    table.loc[table["team"] == "b", "revenue"] = 1
    table.loc[table.index[table["team"] == "b"][:4], "revenue"] = 900
    customers, assignment, found = judged(table)
    assert not [one for one in found.advice if one.play.key == "recover" and one.reached >= 5]
    one = replace(found.of("b")[0], reached=4, refused=3)
    assert reach_text(one) == "fewer than 5 customers"
    assert beside_reach(one) == ""
    whom = np.arange(len(customers)) < 4
    with pytest.raises(UnusableBase, match="Fewer than 5"):
        action_csv(customers, assignment, whom, "x", "reached")


def test_what_formed_the_segments_is_marked_and_no_difference():
    table = small_base((60, 60))
    customers = segkit.read(table)
    assignment = replace(by_column(customers, "team"), dimensions=("csat", "nps"))
    kpis = measure(customers, assignment)
    assert kpis.find("b", "csat").verdict == "circular"
    reasons = [told for one in playbook(customers, assignment, kpis).advice for told in one.reasons]
    marked = [told for told in reasons if told.text.startswith("↻")]
    assert {told.circular for told in marked} == {True}
    assert any(told.short.startswith("CSAT") for told in marked)
    assert not any("the rest" in told.text for told in marked)
    assert all("the segments were made from it" in told.text for told in marked)


def test_what_formed_the_segments_is_never_higher_or_lower_than_the_rest():
    customers = segkit.read(small_base((60, 60)))
    assignment = replace(by_column(customers, "team"), dimensions=("nps",))
    play = own_play(MINE | {"kpi": "nps", "how": "lower"})
    found = playbook(customers, assignment, measure(customers, assignment), own=[play])
    assert not [one for one in found.advice if one.play is play]


def test_who_has_not_said_whether_she_agrees_is_not_written_to():
    table = small_base((60, 60))
    table["channel_consent"] = ["email", "none", ""] * 40
    _, _, found = judged(table)
    one = next(one for one in found.of("a") if one.play.contact)
    assert (one.reached, one.refused) == (20, 40)


def test_customers_who_left_neither_count_nor_are_reached():
    table = small_base((60, 60)).assign(churned=["Yes", "No"] * 60)
    customers, _, found = judged(table)
    assert still_there(customers).tolist() == [False, True] * 60
    assert all(one.reached <= 30 for one in found.advice)
    assert found.of("b")


def test_retention_from_the_last_activity_says_nothing_of_who_left():
    days = pd.to_datetime("2026-09-30") - pd.to_timedelta(np.arange(120) * 3, unit="D")
    customers = segkit.read(small_base((60, 60)).assign(last_activity_date=days, signup_date="2024-01-01"))
    assert customers.with_role("retained") is not None
    assert still_there(customers).all()


# --- other tables ---------------------------------------------------------------------------------


def found_in(path):
    customers = segkit.read(path)
    assignment = segkit.segment(customers, segkit.Plan(n_segments=3)).assign(customers)
    return customers, assignment, playbook(customers, assignment, measure(customers, assignment))


def test_a_table_without_outcomes_has_no_plays_and_says_what_would_bring_them():
    _, _, found = found_in(real_file("wholesale", "Wholesale customers data.csv"))
    assert found.advice == ()
    assert [play.key for play, _ in found.not_judged] == [play.key for play in PLAYS]
    needs = {play.key: text for play, text in found.not_judged}
    assert needs["support"] == "a column that means “CSAT”"
    assert needs["recover"] == "a column that means “NPS answer”; and a column that means “Revenue”"
    assert ", or " in needs["keep"]
    assert actions_headline(found) == (
        f"Nothing in these columns calls for action; {len(PLAYS)} plays wait for columns that are not there."
    )


def test_who_may_leave_in_the_telco_table_is_counted_as_pandas_does():
    path = real_file("telco_churn", "Telco-Customer-Churn.csv")
    _, assignment, found = found_in(path)
    table = pd.read_csv(path).assign(segment=assignment.labels("key").to_numpy())
    stay = table["Churn"] == "No"
    lower = [one for one in found.advice if one.play.key == "keep"]
    assert lower
    for one in lower:
        here = stay[table["segment"] == one.segment.key]
        low, high = stats.binomtest(int(here.sum()), len(here)).proportion_ci(method="wilson")
        gap = 100 * (stay[table["segment"] != one.segment.key].mean() - here.mean())
        points = f"{gap:.0f}" if gap >= 10 else f"{gap:.1f}"
        assert one.reasons[0].text == (
            f"Retention {said(here.mean())} ({said(low)} to {said(high)}), {points} points below the rest, "
            f"from {len(here):,} answers; below the limit of 85\u202f%"
        )
        assert one.reached == here.sum()
        assert beside_reach(one) == "all who are there: no column tells who shows signs"
        money = table["MonthlyCharges"][stay & (table["segment"] == one.segment.key)].sum()
        assert one.stake == pytest.approx(money)


def test_deal_buyers_are_found_by_the_name_of_a_column():
    path = real_file("marketing_campaign", "marketing_campaign.csv")
    _, assignment, found = found_in(path)
    table = pd.read_csv(path, sep=None, engine="python").assign(segment=assignment.labels("key").to_numpy())
    many = table["NumDealsPurchases"] > 2
    one = next(one for one in found.advice if one.play.key == "fit")
    here = many[table["segment"] == one.segment.key]
    assert f"have num deals purchases above 2, as {said(many.mean())} of everyone do" in one.reasons[0].text
    assert one.reasons[0].text.startswith(f"↻ {said(here.mean())} ")
    assert one.reached == here.sum()
    assert isnan(one.stake)
    assert stake_text(one, measure(segkit.read(path), assignment)) == ""


@pytest.fixture(scope="module")
def joined():
    files = [(name, *opened(f"data/sample/{name}", name)) for name in ("customers.csv", "tickets.csv")]
    return put_together(files, Choices(), Fitting()).customers


def test_callers_and_topics_come_from_joined_tickets(joined, sample):
    assignment = sample[3].assign(joined)
    kpis = measure(joined, assignment)
    found = playbook(joined, assignment, kpis)
    assert "callbacks" not in [play.key for play, _ in found.not_judged]
    tickets = pd.read_csv("data/sample/tickets.csv", dtype=str)
    table = pd.read_csv(SAMPLE, dtype={"customer_id": "str"}).assign(
        segment=assignment.labels("key").to_numpy()
    )
    asked, called = set(tickets["customer_id"]), set(tickets["customer_id"][tickets["channel"] == "phone"])
    for segment, part in table[table["retained"] != "No"].groupby("segment"):
        flags = part["customer_id"][part["customer_id"].isin(asked)].isin(called)
        reason = share_reason(flags, "customers still there", "have called", 0.2)
        told = [one.reasons[0].text for one in found.of(segment) if one.play.key == "callbacks"]
        assert told == ([reason] if reason else [])
    segment = next(one for one in assignment.segments if one.key == "S4")
    traits = profiles(joined, assignment)["S4"]
    brief = service_brief(joined, assignment, kpis, found, traits, segment)
    here = tickets[tickets["customer_id"].isin(table["customer_id"][table["segment"] == "S4"])]
    share, all_ = ((one["topic"] == "billing").mean() for one in (here, tickets))
    assert f"Billing: {said(share)} of requests, everyone {said(all_)}" in brief.contact
    assert brief.contact[-1].startswith("by ")


# --- plays of one's own ---------------------------------------------------------------------------

MINE = {"action": "Invite them", "owner": "marketing", "effort": "small"}


def test_a_share_of_ones_own_is_counted_and_reaches_who_meets_it(sample, frame):
    customers, assignment, kpis, _ = sample
    asked = written_share(customers, "household_size", "at least", "4", 0.3)
    play = own_play(MINE | asked)
    found = playbook(customers, assignment, kpis, own=[play])
    still = frame[frame["retained"] != "No"]
    for segment, part in still.groupby("segment"):
        reason = share_reason(
            part["household_size"] >= 4, "customers still there", "have household size at least 4", 0.3
        )
        mine = [one for one in found.of(segment) if one.play is play]
        assert len(mine) == (reason is not None)
        if mine:
            assert mine[0].reached == (part["household_size"] >= 4).sum()
            assert mine[0].circular  # household size formed the segments


@pytest.mark.parametrize(
    ("how", "value", "holds"),
    [
        ("below", 50, lambda row: row.high < 50),
        ("above", 0, lambda row: row.low > 0),
        ("lower", None, lambda row: row.verdict == "lower"),
        ("higher", None, lambda row: row.verdict == "higher"),
    ],
)
def test_a_kpi_of_ones_own_holds_with_its_whole_interval(sample, how, value, holds):
    customers, assignment, kpis, _ = sample
    play = own_play(MINE | {"kpi": "nps", "how": how} | ({} if value is None else {"value": value}))
    found = playbook(customers, assignment, kpis, own=[play])
    told = {one.segment.key for one in found.advice if one.play is play}
    expected = {row.segment for row in kpis.of("nps")[:-1] if holds(row)}
    assert told == expected
    assert 0 < len(expected) < 6


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"kpi": "nps"},
        {"kpi": "nps", "how": "about", "value": 3},
        {"kpi": "nps", "how": "above", "value": "__import__('os')"},
        {"kpi": "nps", "how": "above", "value": None},
        {"test": "age > 3", "share": 0.1},
        {"test": {"all": []}, "share": 0.1},
        {"test": {"column": "age", "how": "eval", "values": [1]}, "share": 0.1},
        {"kpi": "nps", "how": "lower", "owner": "nobody"},
        {"kpi": "nps", "how": "lower", "action": "  "},
    ],
)
def test_a_play_that_makes_no_sense_is_refused_with_a_message(wrong):
    with pytest.raises(UnusablePlan):
        own_play(MINE | wrong)


def test_what_is_typed_is_data_and_never_run(sample):
    with pytest.raises(UnusablePlan, match="is no number"):
        written_share(sample[0], "age", "at least", "__import__('os').getcwd()", 0.3)
    with pytest.raises(UnusablePlan, match="cannot ask for"):
        written_share(sample[0], "nowhere", "at least", "1", 0.3)


def test_a_play_of_ones_own_without_its_column_is_not_judged():
    test = {"column": "elsewhere", "how": ">=", "values": [3.0]}
    play = own_play(MINE | {"test": test, "share": 0.2})
    _, _, found = judged(small_base((60, 60)), own=[play])
    assert (play, "“elsewhere”") in found.not_judged


def test_a_test_that_no_longer_fits_its_column_is_not_judged(sample):
    test = {"column": "country", "how": ">=", "values": [3.0]}
    play = own_play(MINE | {"test": test, "share": 0.2})
    found = playbook(*sample[:3], own=[play])
    assert not [one for one in found.advice if one.play is play]


# --- what was accepted ----------------------------------------------------------------------------


def action(**changes):
    play = find_play("save")
    usual = {"segment": "S1", "name": "Young", "status": "running", "day": "2026-11-30", "holdout": 0.2}
    more = {"kpi": "retention", "about": "f00", "whom": "5,000 customers", "reached": 40}
    return Accepted(play=play, limits=usual_limits({"quiet": 33}), **(usual | more | changes))


def test_what_was_accepted_is_read_as_it_was_written():
    own = MINE | {"kpi": "nps", "how": "lower"}
    assert accepted_from(action().to_dict()) == action()
    mine = replace(action(), play=own_play(own), own=own)
    assert accepted_from(mine.to_dict()) == mine
    assert mine.key == f"{own_key(own)}/S1"


@pytest.mark.parametrize(
    "wrong",
    [
        {"play": "nowhere"},
        {"holdout": 0.9},
        {"holdout": "much"},
        {"status": "asleep"},
        {"own": {"kpi": 3}},
        {"reached": None},
    ],
)
def test_what_makes_no_sense_any_more_is_left_out(wrong):
    assert accepted_from(action().to_dict() | wrong) is None
    assert accepted_from([]) is None
    assert accepted_from({}) is None


def test_every_status_has_a_word():
    assert list(STATUSES) == ["proposed", "accepted", "running", "done", "dropped"]


# --- lists and the brief --------------------------------------------------------------------------


def test_a_list_has_action_and_group_and_is_safe_for_spreadsheets():
    table = small_base((60, 60)).assign(remark="=1+1")
    customers = segkit.read(table, roles={"remark": "descriptor"})
    assignment = by_column(customers, "team")
    whom = assignment.members("b")
    told = action_csv(customers, assignment, whom, "=cmd()", "treated").decode("utf-8-sig")
    lines = told.splitlines()
    assert lines[0].replace('"', "").startswith("customer_id,segment,segment_name,confidence,action,group,")
    assert len(lines) == 61
    assert "'=cmd()" in lines[1]
    assert "'=1+1" in lines[1]


def test_a_list_has_personal_data_only_if_somebody_wants_them():
    table = small_base((60, 60))
    table = table.assign(email=[f"person{place}@example.com" for place in range(len(table))])
    customers = segkit.read(table)
    assignment = by_column(customers, "team")
    whom = assignment.members("b")
    usual = action_csv(customers, assignment, whom, "call", "treated").decode("utf-8-sig")
    asked = action_csv(customers, assignment, whom, "call", "treated", personal=True).decode("utf-8-sig")
    assert "@example.com" not in usual
    assert asked.count("@example.com") == int(whom.sum())
    assert usual.splitlines()[0] == asked.splitlines()[0].replace(",email", "").replace(',"email"', "")


def test_the_brief_tells_what_is_known_and_escapes_what_was_written(sample):
    customers, assignment, kpis, _ = sample
    names = {one.key: "<script>alert(1)</script>" for one in assignment.segments if one.key == "S4"}
    assignment, kpis = assignment.renamed(names), kpis.renamed(assignment.renamed(names).segments)
    found = playbook(customers, assignment, kpis)
    segment = next(one for one in assignment.segments if one.key == "S4")
    traits = profiles(customers, assignment)["S4"]
    note = "Call <b>Ann</b> & ask"
    brief = service_brief(customers, assignment, kpis, found, traits, segment, note, "file <x>")
    assert brief.priority == "First in the queue"
    assert found.of("S4")[0].reasons[0].short in brief.why
    assert brief.size == f"{kpis.size('S4'):,} customers, {said(kpis.size('S4') / 5000)} of everyone"
    assert len(brief.who) == 5
    page = brief_html(brief).decode()
    assert "<script" not in page
    assert "<b>Ann" not in page
    assert "Call &lt;b&gt;Ann&lt;/b&gt; &amp; ask" in page
    assert "http" not in page.replace("http-equiv", "")


def test_a_brief_without_outcomes_says_nothing_of_them():
    table = pd.DataFrame({"customer_id": range(60), "team": ["a", "b"] * 30, "age": range(60)})
    customers = segkit.read(table)
    assignment = by_column(customers, "team")
    kpis = measure(customers, assignment)
    found = playbook(customers, assignment, kpis)
    brief = service_brief(customers, assignment, kpis, found, [], assignment.segments[0])
    assert [title for title, _ in brief.parts] == ["What to do"]
    assert brief.priority == "In turn"


def test_the_brief_of_few_is_not_made():
    customers, assignment, found = judged(small_base())
    kpis = measure(customers, assignment)
    assert service_brief(customers, assignment, kpis, found, [], assignment.segments[3]) is None

"""Holdouts: who is held out, what the difference is, and what may be said of it."""

import hashlib
from dataclasses import replace
from math import isnan, sqrt

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import segkit
from segkit.charts.holdout_chart import holdout_chart, holdout_numbers
from segkit.charts.palette import DARK, LIGHT
from segkit.errors import UnusableColumn
from segkit.insights.action_text import effect_sentence, reckoning_text, start_sentence
from segkit.measures.definitions import find_kpi
from segkit.measures.holdout import (
    drawn_again,
    has_ids,
    held_out,
    holdout_effect,
    reckoning,
    share_to_tell,
)

IDS = pd.Series([f"{place:07d}" for place in range(20_000)], dtype="str")
MASK = 2**64 - 1


def sip_hash(data, key):
    """SipHash-2-4 as its authors wrote it (Aumasson & Bernstein 2012)."""
    first, second = (int.from_bytes(key[at : at + 8], "little") for at in (0, 8))
    v = [
        first ^ 0x736F6D6570736575,
        second ^ 0x646F72616E646F6D,
        first ^ 0x6C7967656E657261,
        second ^ 0x7465646279746573,
    ]

    def turned(value, bits):
        return (value << bits | value >> (64 - bits)) & MASK

    def rounds(count):
        for _ in range(count):
            v[0] = (v[0] + v[1]) & MASK
            v[1] = turned(v[1], 13) ^ v[0]
            v[0] = turned(v[0], 32)
            v[2] = (v[2] + v[3]) & MASK
            v[3] = turned(v[3], 16) ^ v[2]
            v[0] = (v[0] + v[3]) & MASK
            v[3] = turned(v[3], 21) ^ v[0]
            v[2] = (v[2] + v[1]) & MASK
            v[1] = turned(v[1], 17) ^ v[2]
            v[2] = turned(v[2], 32)

    whole = len(data) // 8 * 8
    last = data[whole:].ljust(7, b"\0") + bytes([len(data) % 256])
    for at in [*range(0, whole, 8), None]:
        block = int.from_bytes(last if at is None else data[at : at + 8], "little")
        v[3] ^= block
        rounds(2)
        v[0] ^= block
    v[2] ^= 0xFF
    rounds(4)
    return v[0] ^ v[1] ^ v[2] ^ v[3]


def mixed(value):
    """The last step of splitmix64 (Steele, Lea & Flood 2014), which pandas adds."""
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 & MASK
    value = (value ^ value >> 27) * 0x94D049BB133111EB & MASK
    return value ^ value >> 31


def test_who_is_held_out_is_what_the_hash_says():
    ids = pd.Series(["0001207", "a", "Zoë", "customer-number-1234567890", "0001225"], dtype="str")
    key = hashlib.blake2b(b"save/S1", digest_size=8).hexdigest().encode()
    places = [mixed(sip_hash(one.encode(), key)) / 2**64 for one in ids]
    for share in (0.1, 0.3, 0.5, 0.9):
        assert held_out(ids, "save/S1", share).tolist() == [place < share for place in places]


def test_a_customer_stays_held_out_in_another_order_and_among_others():
    held = pd.Series(held_out(IDS, "save/S1", 0.2), index=IDS)
    other = IDS.sample(frac=0.3, random_state=2)
    assert held_out(other, "save/S1", 0.2).tolist() == held[other].tolist()


def test_shares_are_kept_and_a_larger_one_holds_out_the_same_and_more():
    small, large = held_out(IDS, "a/S1", 0.1), held_out(IDS, "a/S1", 0.3)
    assert not (small & ~large).any()
    for held, share in ((small, 0.1), (large, 0.3)):
        assert abs(held.mean() - share) < 4 * sqrt(share * (1 - share) / len(IDS))
    assert not held_out(IDS, "a/S1", 0.0).any()


def test_two_actions_hold_out_independently():
    one, two = held_out(IDS, "a/S1", 0.3), held_out(IDS, "b/S1", 0.3)
    table = [[(one & two).sum(), (one & ~two).sum()], [(~one & two).sum(), (~one & ~two).sum()]]
    assert stats.chi2_contingency(table).pvalue > 0.01
    assert abs((one & two).mean() - 0.09) < 0.01


def test_the_same_id_goes_together_and_none_is_never_held_out():
    ids = pd.Series(["7", "", "7", ""] * 50, dtype="str")
    for share in (0.2, 0.8, 1.0):
        held = held_out(ids, "a/S1", share)
        assert len(set(held[::2])) == 1
        assert not held[1::2].any()


# --- the effect -----------------------------------------------------------------------------------


def people(count=600, seed=1, gap=0.0):
    """Customers of whom the first half is treated, and how they answered."""
    random = np.random.default_rng(seed)
    treated = np.arange(count) < count // 2
    stays = random.random(count) < 0.5 + gap * treated
    frame = pd.DataFrame(
        {
            "customer_id": [f"c{place}" for place in range(count)],
            "revenue": np.round(random.gamma(2, 50, count) + 40 * gap * treated, 2),
            "retained": np.where(stays, "Yes", "No"),
            "nps": np.clip(np.rint(random.normal(7 + 4 * gap * treated, 2.5)), 0, 10).astype(int),
        }
    )
    return segkit.read(frame), treated


def effect(customers, treated, kpi):
    everyone = np.ones(len(customers), dtype=bool)
    return holdout_effect(customers, find_kpi(kpi), everyone, ~treated)


def test_the_difference_of_means_is_welchs():
    customers, treated = people(gap=0.4)
    found = effect(customers, treated, "revenue")
    values = customers.frame["revenue"]
    test = stats.ttest_ind(values[treated], values[~treated], equal_var=False)
    interval = test.confidence_interval()
    assert found.difference.value == pytest.approx(values[treated].mean() - values[~treated].mean())
    assert (found.difference.low, found.difference.high) == pytest.approx((interval.low, interval.high))
    assert (found.verdict == "higher") == (test.pvalue < 0.05)


def test_the_difference_of_rates_is_newcombes():
    customers, treated = people(gap=0.15)
    found = effect(customers, treated, "retention")
    stays = (customers.frame["retained"] == "Yes").to_numpy()
    sides = []
    for group in (treated, ~treated):
        low, high = stats.binomtest(int(stays[group].sum()), int(group.sum())).proportion_ci(method="wilson")
        sides.append((stays[group].mean(), low, high))
    (one, low, high), (two, low_2, high_2) = sides
    below, above = sqrt((one - low) ** 2 + (high_2 - two) ** 2), sqrt((high - one) ** 2 + (two - low_2) ** 2)
    assert found.difference.value == pytest.approx(one - two)
    assert (found.difference.low, found.difference.high) == pytest.approx(
        (one - two - below, one - two + above)
    )
    assert found.verdict == "higher"


def test_the_difference_of_nps_adds_the_variances():
    customers, treated = people(gap=0.3)
    found = effect(customers, treated, "nps")
    answers, scores, variance = customers.frame["nps"].to_numpy(), [], 0.0
    for group in (treated, ~treated):
        up, down, count = (answers[group] >= 9).sum(), (answers[group] <= 6).sum(), group.sum()
        scores.append(100 * (up - down) / count)
        p, d = (up + 0.75) / (count + 3), (down + 0.75) / (count + 3)
        variance += (p + d - (p - d) ** 2) / (count + 3)
    half = 100 * stats.norm.ppf(0.975) * sqrt(variance)
    assert found.difference.value == pytest.approx(scores[0] - scores[1])
    assert found.difference.high - found.difference.value == pytest.approx(half)


def test_only_those_whom_it_is_for_count():
    customers, treated = people()
    reached = np.arange(600) % 3 == 0
    found = holdout_effect(customers, find_kpi("revenue"), reached, ~treated)
    assert (found.treated.members, found.holdout.members) == (100, 100)


def test_without_an_effect_five_in_a_hundred_seem_to_have_one():
    customers, _ = people(400)
    everyone, definition = np.ones(400, dtype=bool), find_kpi("revenue")
    verdicts = [
        holdout_effect(customers, definition, everyone, held_out(customers.ids, f"a{seed}", 0.3)).verdict
        for seed in range(200)
    ]
    assert 0 < 200 - verdicts.count("can't tell") <= 19  # 10 are expected; 19 or fewer in 99.7 % of cases


def test_a_table_without_the_kpi_says_so():
    customers, treated = people()
    with pytest.raises(UnusableColumn, match="does not tell CSAT"):
        effect(customers, treated, "csat")


def few(answers):
    """Customers of whom only some of the holdout have answered."""
    frame = pd.DataFrame(
        {
            "customer_id": [f"c{place}" for place in range(200)],
            "nps": [9.0 if place < 100 else (2.0 if place < 100 + answers else None) for place in range(200)],
            "team": ["a", "b"] * 100,
        }
    )
    return segkit.read(frame), np.arange(200) < 100


def test_few_answers_tell_nothing_whatever_the_difference():
    found = effect(*few(14), "nps")
    assert found.verdict == "can't tell"
    assert effect_sentence(found).startswith("Can't tell yet: 14 answers in the smaller group.")
    assert "too few answers to say" in start_sentence(found)
    assert effect(*few(30), "nps").verdict == "higher"


def test_fewer_than_five_answers_are_not_shown():
    found = effect(*few(4), "nps")
    assert found.verdict == "hidden"
    assert all(isnan(one.estimate.value) for one in (found.treated, found.holdout))
    assert isnan(found.difference.value)
    assert effect_sentence(found) == "Can't tell yet: fewer than 5 answers on NPS in one of the groups."
    assert holdout_chart(found, LIGHT) is None
    assert start_sentence(found) == ""


def test_what_is_said_of_an_effect():
    found = effect(*few(40), "nps")
    assert effect_sentence(found).startswith(
        "NPS is 100 with the action and −100 without: 200 points higher, "
    )
    lower = replace(
        found, verdict="lower", difference=replace(found.difference, value=-8.0, low=-12.0, high=-3.0)
    )
    assert effect_sentence(lower).endswith("8 points lower, between 3 points and 12 points.")
    unsure = replace(
        found, verdict="can't tell", difference=replace(found.difference, value=4.0, low=-3.0, high=12.0)
    )
    assert effect_sentence(unsure) == (
        "Can't tell: NPS is 100 with the action and −100 without; the difference lies anywhere between "
        "3 points lower and 12 points higher."
    )
    assert start_sentence(unsure).endswith("no reliable difference, as it should be.")


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_chart_shows_both_groups_with_their_intervals(theme):
    customers, treated = people(gap=0.3)
    found = effect(customers, treated, "retention")
    chart = holdout_chart(found, theme)
    marks = chart.figure.data
    assert [mark.x[0] for mark in marks] == [found.treated.estimate.value, found.holdout.estimate.value]
    assert marks[0].x[0] + marks[0].error_x.array[0] == pytest.approx(found.treated.estimate.high)
    assert chart.alt == effect_sentence(found)
    numbers = holdout_numbers(found)
    assert numbers["Retention"].tolist()[2] == found.difference.value
    assert numbers["Answers"].tolist()[:2] == ["300", "300"]


# --- before it starts -----------------------------------------------------------------------------


def test_a_change_of_the_reckoned_size_shows_in_four_of_five_cases():
    count, share = 400, 0.25
    customers, _ = people(count)
    everyone, held = np.ones(count, dtype=bool), np.arange(count) < share * count
    told = reckoning(customers, find_kpi("revenue"), everyone, held, everyone)
    spread = customers.frame["revenue"].std()
    z = stats.norm.ppf([0.975, 0.8]).sum()
    assert told.detectable == pytest.approx(z * spread * sqrt(1 / 300 + 1 / 100))
    random = np.random.default_rng(5)
    seen = 0
    for _ in range(400):
        one, other = random.normal(told.detectable, spread, 300), random.normal(0, spread, 100)
        seen += stats.ttest_ind(one, other, equal_var=False).pvalue < 0.05
    assert 0.73 < seen / 400 < 0.87


def test_rates_and_nps_are_reckoned_from_their_own_spread():
    customers, treated = people()
    everyone = np.ones(600, dtype=bool)
    z = stats.norm.ppf([0.975, 0.8]).sum() * sqrt(2 / 300)
    share = (customers.frame["retained"] == "Yes").mean()
    told = reckoning(customers, find_kpi("retention"), everyone, ~treated, everyone)
    assert told.detectable == pytest.approx(z * sqrt(share * (1 - share)))
    answers = customers.frame["nps"]
    score = 100 * ((answers >= 9).astype(float) - (answers <= 6))
    told = reckoning(customers, find_kpi("nps"), everyone, ~treated, everyone)
    assert told.detectable == pytest.approx(z * score.std(ddof=0))


def test_retention_of_who_is_still_there_is_reckoned_like_the_segment():
    customers, _ = people()
    stay = (customers.frame["retained"] == "Yes").to_numpy()
    everyone = np.ones(600, dtype=bool)
    held = np.arange(600) % 2 == 0
    told = reckoning(customers, find_kpi("retention"), stay, held, everyone)
    assert told.detectable > 0
    same = reckoning(customers, find_kpi("retention"), stay, held, stay)
    assert isnan(same.detectable)
    assert "all have the same value now" in reckoning_text(same, find_kpi("retention"))


def test_the_share_that_is_proposed_leaves_thirty_answers_in_both_groups():
    customers, _ = people()
    everyone, definition = np.ones(600, dtype=bool), find_kpi("revenue")
    share = share_to_tell(customers, definition, everyone, "a/S1", (0.0, 0.1, 0.2, 0.5))
    assert share == 0.1
    assert held_out(customers.ids, "a/S1", share).sum() >= 30
    assert share_to_tell(customers, definition, np.arange(600) < 40, "a/S1", (0.0, 0.1, 0.5)) == 0.0


def test_what_is_said_before_it_starts():
    customers, treated = people()
    everyone, definition = np.ones(600, dtype=bool), find_kpi("retention")

    def said(held):
        return reckoning_text(reckoning(customers, definition, everyone, held, everyone), definition)

    assert "Nobody is left alone" in said(np.zeros(600, dtype=bool))
    assert said(np.arange(600) < 3).startswith("Fewer than 5 customers would be left alone")
    assert said(np.arange(600) < 14).startswith("14 of 600 customers are left alone; expect 14 answers")
    assert said(~treated).startswith(
        "300 of 600 customers are left alone. A change in retention of 11 points"
    )


# --- later ----------------------------------------------------------------------------------------


def test_in_a_later_table_the_same_customers_are_compared_and_nobody_else():
    before = segkit.read("data/sample/customers.csv")
    later = segkit.read("data/sample/customers_2026-12.csv")
    whom = (before.frame["plan_tier"] == "free").to_numpy()
    held = held_out(before.ids, "save/S2", 0.3) & whom
    reached, left = drawn_again(later, before.ids[whom], "save/S2", 0.3)
    first, second = set(before.ids[whom]), set(before.ids[held])
    assert set(later.ids[reached]) == first & set(later.ids)
    assert set(later.ids[left]) == second & set(later.ids)
    assert len(first) > reached.sum() > 0
    definition = find_kpi("revenue")
    found = holdout_effect(later, definition, reached, left)
    table = pd.read_csv("data/sample/customers_2026-12.csv", dtype={"customer_id": "str"})
    held_now = table["customer_id"].isin(second)
    one, other = (table["revenue"][table["customer_id"].isin(first) & side] for side in (~held_now, held_now))
    test = stats.ttest_ind(one, other, equal_var=False)
    assert found.difference.low == pytest.approx(test.confidence_interval().low)
    assert found.verdict == ("can't tell" if test.pvalue > 0.05 else "higher")


def test_row_numbers_are_no_ids():
    table = pd.DataFrame({"age": range(60), "nps": [3, 9, 8] * 20})
    assert not has_ids(segkit.read(table))
    assert has_ids(segkit.read(table.assign(customer_id=[f"c{place}" for place in range(60)])))

"""The rate limits of signing up and signing in."""

from datetime import timedelta

import pytest
from auth.rate_limits import RateLimit, SignInCounters, SignInLimits, TooManyAttempts, TooManySignUps, network

from tests.factories import NOON

SECOND = timedelta(seconds=1)
QUARTER = timedelta(minutes=15)
LIMITS = SignInLimits(of_network=300, of_account=100, of_account_and_network=10)


def counters(email: str = "ada@tiketz.test", address: str = "192.0.2.1") -> SignInCounters:
    return LIMITS.at(email, address, NOON)


def test_rate_limits_start_again_with_each_window() -> None:
    first = LIMITS.at("ada@tiketz.test", "192.0.2.1", NOON)
    for later in (SECOND, timedelta(minutes=7, seconds=31), QUARTER - SECOND):
        assert LIMITS.at("ada@tiketz.test", "192.0.2.1", NOON + later) == first
    next_ones = LIMITS.at("ada@tiketz.test", "192.0.2.1", NOON + QUARTER)
    assert not {each.key for each in first} & {each.key for each in next_ones}
    assert {each.until for each in first} == {NOON + QUARTER}
    assert {each.until for each in next_ones} == {NOON + 2 * QUARTER}


def test_sign_ups_are_limited_by_the_hour() -> None:
    first = RateLimit.of_sign_ups("192.0.2.1", 30, NOON)
    assert (first.limit, first.until, first.refusal) == (30, NOON + 4 * QUARTER, TooManySignUps)
    assert RateLimit.of_sign_ups("192.0.2.1", 30, NOON + 4 * QUARTER - SECOND) == first
    assert RateLimit.of_sign_ups("192.0.2.1", 30, NOON + 4 * QUARTER).key != first.key
    assert RateLimit.of_sign_ups("192.0.2.2", 30, NOON).key != first.key
    assert first.key.partition("-")[0] == "signups"
    assert "192.0.2.1" not in first.key


def test_counters_differ_and_hold_no_address() -> None:
    of_network, of_account, of_both = counters("192.0.2.1", "192.0.2.1")
    assert len({each.key.split("-")[1] for each in (of_network, of_both)}) == 2
    assert [each.key.partition("-")[0] for each in (of_network, of_account, of_both)] == [
        "address",
        "account",
        "pair",
    ]
    assert [each.limit for each in (of_network, of_account, of_both)] == [300, 100, 10]
    assert {each.refusal for each in (of_network, of_account, of_both)} == {TooManyAttempts}
    assert "192.0.2.1" not in of_network.key + of_account.key + of_both.key


def test_each_counter_is_of_its_own_subject() -> None:
    here, elsewhere, other = counters(), counters(address="192.0.2.2"), counters(email="eve@tiketz.test")
    assert here.account == elsewhere.account != other.account
    assert here.network == other.network != elsewhere.network
    assert len({each.account_and_network.key for each in (here, elsewhere, other)}) == 3


def test_a_limit_refuses_what_reaches_it() -> None:
    rate_limit = counters().account_and_network
    rate_limit.check(9, NOON)
    with pytest.raises(TooManyAttempts) as refusal:
        rate_limit.check(10, NOON + 5 * SECOND)
    assert refusal.value.retry_after == 895


def test_retry_after_is_the_end_of_the_window() -> None:
    rate_limit = counters().account
    refusal = rate_limit.exceeded(NOON + 5 * SECOND)
    assert (refusal.status, refusal.code, refusal.retry_after) == (429, "too_many_attempts", 895)
    assert str(refusal) == "Too many attempts to sign in failed; wait a little and try again."
    assert rate_limit.exceeded(rate_limit.until - SECOND / 1000).retry_after == 1


def test_too_many_sign_ups_are_told_so() -> None:
    refusal = RateLimit.of_sign_ups("192.0.2.1", 30, NOON).exceeded(NOON)
    assert (refusal.status, refusal.code, refusal.retry_after) == (429, "too_many_sign_ups", 3600)
    assert str(refusal) == "Too many accounts were created from your network; try again later."


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("not an address", "not an address"),
    ],
)
def test_an_address_counts_for_its_network(address: str, meant: str) -> None:
    assert network(address) == meant

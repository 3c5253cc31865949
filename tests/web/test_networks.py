"""Counting by network: what a network is, that its name leads nowhere, and windows that slide."""

from __future__ import annotations

from datetime import timedelta

from consult.web import networks
from consult.web.networks import Networks, Rate
from tests.conftest import NOON


def scope(address: str) -> dict[str, object]:
    return {"client": (address, 40000)}


def test_one_home_of_version_six_is_one_network() -> None:
    own = Networks()
    first = own.name(scope("2001:db8:1:2::1"), NOON)
    assert first == own.name(scope("2001:db8:1:2:ffff::9"), NOON)
    assert first != own.name(scope("2001:db8:1:3::1"), NOON)


def test_address_of_version_four_is_the_same_in_both_ways_of_writing() -> None:
    own = Networks()
    assert own.name(scope("198.51.100.7"), NOON) == own.name(scope("::ffff:198.51.100.7"), NOON)
    assert own.name(scope("198.51.100.7"), NOON) != own.name(scope("198.51.100.8"), NOON)


def test_whatever_is_no_address_is_one_network_of_its_own() -> None:
    own = Networks()
    assert own.name(scope("testclient"), NOON) == own.name({"client": None}, NOON) == own.name({}, NOON)


def test_name_is_another_in_each_process_and_on_each_day() -> None:
    first, second = Networks(), Networks()
    name = first.name(scope("198.51.100.7"), NOON)
    assert b"198" not in name and networks.prefix_of("198.51.100.7") not in name
    assert name != second.name(scope("198.51.100.7"), NOON)
    assert name != first.name(scope("198.51.100.7"), NOON + timedelta(days=1))


def test_count_slides_out_of_its_window() -> None:
    rate = Rate(60)
    start = NOON.replace(second=0)
    for _ in range(10):
        counted = rate.add("key", start)
    assert counted == 10
    assert rate.of("key", start + timedelta(seconds=90)) == 5
    assert rate.add("key", start + timedelta(seconds=90)) == 6
    assert rate.of("other", start + timedelta(seconds=90)) == 0
    assert rate.of("key", start + timedelta(minutes=3)) == 0


def test_memory_is_bounded() -> None:
    rate = Rate(60)
    for number in range(networks.MOST_KEYS + 10):
        rate.add(number, NOON)
    assert len(rate.now) <= networks.MOST_KEYS


def test_a_flood_of_single_keys_does_not_make_one_forget_who_came_often() -> None:
    rate = Rate(60)
    for _ in range(90):
        rate.add("often", NOON)
    for number in range(networks.MOST_KEYS * 2):
        rate.add(number, NOON)
    assert rate.add("often", NOON) == 91
    assert len(rate.now) <= networks.MOST_KEYS


def test_a_neighbourhood_is_the_block_around_a_network() -> None:
    def neighbourhood(address: str) -> bytes:
        name, around = own.names(scope(address), NOON)
        assert name == own.name(scope(address), NOON) != around
        return around

    own = Networks()
    assert neighbourhood("198.51.100.7") == neighbourhood("198.51.100.250") != neighbourhood("198.51.101.7")
    assert neighbourhood("2001:db8:1:2::1") == neighbourhood("2001:db8:1:ff::1") != neighbourhood("2001:db8:2:2::1")

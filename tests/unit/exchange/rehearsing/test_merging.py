"""Merging: which field is whose, field by field."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.exchange.azure_side import prefixes
from tui.exchange.rehearsing.merging import Telling, merged_part
from tui.topology.model import Connection, Part, Site, Subscription, VNet
from tui.topology.parts import Path

HUB: Path = ("vnets", "hub")
GATEWAY: Path = ("vnets", "hub", "gateway")
NOTHING = Telling()


def hub(*space: str, **fields: Any) -> VNet:
    return VNet.model_validate({"address_space": list(space), "state": "deployed", **fields})


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (hub("10.0.0.0/16", "10.1.0.0/16"), hub("10.1.0.0/16", "10.0.0.0/16")),
        (hub("10.0.0.0/16", resource_group="RG", region="West Europe"), hub(resource_group="rg", region="westeurope")),
        (hub(note="mine", growth=["10.9.0.0/16"], tags={"owner": "me"}), hub()),
        (hub(subnets={"App": "10.0.0.0/24"}), hub(subnets={"app": {}})),
        (hub(gateway={"sku": "VPNGW1", "asn": 65010, "p2s_pools": ["172.16.0.0/24"]}), hub(gateway={"sku": "VpnGw1"})),
    ],
)
def test_what_says_the_same_in_other_words_is_the_very_same_object(mine: VNet, theirs: VNet) -> None:
    assert merged_part(mine, theirs, HUB, NOTHING) is mine


def test_prefixes_that_could_be_read_in_part_only_add_to_those_of_the_file() -> None:
    mine = hub("10.8.0.0/16", "10.9.0.0/16", subnets={"App": ["10.8.0.0/24", "10.9.0.0/24"]})
    theirs = hub("10.9.0.0/16", "10.7.0.0/16", subnets={"app": "10.9.0.0/24"})
    whole = merged_part(mine, theirs, HUB, NOTHING)
    assert whole.address_space == prefixes("10.9.0.0/16", "10.7.0.0/16")
    assert whole.subnets["App"].prefixes == prefixes("10.9.0.0/24")
    partial = [(HUB, "address_space"), ((*HUB, "subnets", "app"), "prefixes")]
    part = merged_part(mine, theirs, HUB, Telling(partial=partial))
    assert part.address_space == prefixes("10.8.0.0/16", "10.9.0.0/16", "10.7.0.0/16")
    assert part.subnets is mine.subnets
    assert merged_part(part, theirs, HUB, Telling(partial=partial)) is part


def test_a_field_that_azure_has_emptied_is_emptied_and_one_that_is_not_told_stays() -> None:
    mine = hub(dns_servers=["10.0.0.4"], gateway={"sku": "VpnGw1", "generation": 2, "p2s_pools": ["172.16.0.0/24"]})
    theirs = hub(gateway={"sku": "VpnGw1"})
    assert merged_part(mine, theirs, HUB, NOTHING) is mine
    unset = [(HUB, "dns_servers"), (GATEWAY, "generation"), (GATEWAY, "p2s_pools")]
    after = merged_part(mine, theirs, HUB, Telling(unset=unset))
    assert after.gateway is not None
    assert (after.dns_servers, after.gateway.generation, after.gateway.p2s_pools) == (None, None, ())


def test_the_name_of_a_subscription_is_the_files_where_it_has_one() -> None:
    told = Subscription(name="Azure's", id="ID-1", cloud="china")
    path = ("subscriptions", "prod")
    assert merged_part(Subscription(name="mine"), told, path, NOTHING) == Subscription(
        name="mine", id="ID-1", cloud="china"
    )
    assert merged_part(Subscription(id="id-1"), told, path, NOTHING).name == "Azure's"


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (Site(vpn_device="FW.example.com"), Site(vpn_device="fw.example.com")),
        (Connection(between=("a", "b"), bandwidth_mbps=200), Connection(between=("b", "a"))),
    ],
)
def test_the_order_of_ends_and_the_case_of_names_change_nothing(mine: Part, theirs: Part) -> None:
    assert merged_part(mine, theirs, ("x", "k"), NOTHING) is mine


def test_what_is_used_behind_a_summary_goes_with_the_summary() -> None:
    mine = Site(address_space=prefixes("10.50.0.0/16", "192.168.0.0/24"), advertises=prefixes("10.0.0.0/8"))
    path = ("sites", "hq")
    with_it = Site(address_space=prefixes("192.168.0.0/24"), advertises=prefixes("10.0.0.0/8"))
    assert merged_part(mine, with_it, path, NOTHING) is mine
    without = merged_part(mine, Site(address_space=prefixes("192.168.0.0/24")), path, NOTHING)
    assert (without.address_space, without.advertises) == (prefixes("192.168.0.0/24"), ())
    assert merged_part(mine, Site(), path, NOTHING) is mine

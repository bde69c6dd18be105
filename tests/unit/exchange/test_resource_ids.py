"""Resource ids taken apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.exchange.found import Identity
from tui.exchange.resource_ids import PEERING, SUBNET, ResourceId, parsed_id, referred

BASE = "/subscriptions/S-1/resourceGroups/rg-A/providers/Microsoft.Network/virtualNetworks/Hub"


def test_an_id_tells_subscription_group_type_and_names() -> None:
    subnet = parsed_id(f"{BASE}/subnets/GatewaySubnet")
    assert subnet == ResourceId("S-1", "rg-A", SUBNET, ("Hub", "GatewaySubnet"))
    assert subnet is not None
    assert (subnet.identity, subnet.top) == (Identity("S-1", "rg-A", "GatewaySubnet"), Identity("S-1", "rg-A", "Hub"))


@pytest.mark.parametrize(
    "text",
    [
        BASE.replace("subscriptions", "SUBSCRIPTIONS").replace("resourceGroups", "resourcegroups"),
        BASE.replace("Microsoft.Network/virtualNetworks", "microsoft.network/VIRTUALNETWORKS"),
        BASE + "/",
        f" {BASE}\n",
        BASE[1:],
    ],
)
def test_the_case_of_an_id_does_not_matter(text: str) -> None:
    assert parsed_id(text) == parsed_id(BASE)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("/subscriptions/S", ResourceId("S", "", "microsoft.resources/subscriptions", ())),
        ("/subscriptions/S/resourceGroups/R",
         ResourceId("S", "R", "microsoft.resources/subscriptions/resourcegroups", ("R",))),
        ("Microsoft.Network/virtualNetworks/a", ResourceId("", "", "microsoft.network/virtualnetworks", ("a",))),
        ("/providers/Microsoft.X/ys/z", ResourceId("", "", "microsoft.x/ys", ("z",))),
        (f"{BASE}/providers/Microsoft.Authorization/locks/l",
         ResourceId("S-1", "rg-A", "microsoft.authorization/locks", ("l",))),
        ("/subscriptions//resourceGroups//providers/Microsoft.Network/virtualNetworks/a",
         ResourceId("", "", "microsoft.network/virtualnetworks", ("a",))),
        (f"{BASE}/virtualNetworkPeerings/p", ResourceId("S-1", "rg-A", PEERING, ("Hub", "p"))),
    ],
)  # fmt: skip
def test_ids_of_other_scopes_are_understood(text: str, wanted: ResourceId) -> None:
    assert parsed_id(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        None,
        7,
        {},
        "",
        "/",
        "//",
        "hub",
        "a/b",
        "/a/b/c",
        f"{BASE}/subnets",
        "x" * 5000 + "/y",
        "/subscriptions/",
        "[resourceId('a/b')]",
    ],
)
def test_what_is_no_id_is_none(text: object) -> None:
    assert parsed_id(text) is None


def test_a_reference_is_read_by_its_id_in_any_case() -> None:
    assert referred({"id": BASE}) == referred({"Id": BASE}) == referred(BASE) == parsed_id(BASE)
    assert referred({}) is referred({"id": None}) is referred(None) is referred([BASE]) is None


@given(
    st.text(alphabet="/aS.", max_size=20)
    | st.lists(st.sampled_from(["", "subscriptions", "providers", "resourceGroups", "M.N", "v"])).map("/".join)
)
def test_any_text_is_an_id_or_none(text: str) -> None:
    found = parsed_id(text)
    assert found is None or found.identity is not None

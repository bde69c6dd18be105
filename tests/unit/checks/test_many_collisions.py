"""ADR001 and ADR002 where very many networks overlap: pairs one by one up to a limit, then by the block they share."""

from __future__ import annotations

import itertools

import pytest

from tests.building import topology
from tests.unit.checks import TODAY, of_code
from tui.checks.engine import check, summary
from tui.connectivity import collisions

Counted = list[tuple[str, tuple[str, ...], str]]


def estate(count: int, prefix: str = "10.0.0.0/16", more: str = "") -> str:
    """So many VNets with one prefix."""
    return "[vnets]\n" + "".join(f"v{n} = {{ address_space = ['{prefix}'] {more} }}\n" for n in range(count))


def star(count: int) -> str:
    """Peerings of a hub with so many VNets."""
    return "hub = {}\n[peerings]\n" + "".join(f"p{n}.between = ['hub', 'v{n}']\n" for n in range(count))


def found(code: str, text: str) -> Counted:
    """Severity, places and message of what one rule finds."""
    return [(finding.severity, finding.places, finding.message) for finding in of_code(code, text)]


def names(count: int) -> tuple[str, ...]:
    """The places of the VNets of an estate."""
    return tuple(f"vnets.v{number}" for number in range(count))


@pytest.fixture
def ten_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten pairs are reported one by one, instead of ten thousand."""
    monkeypatch.setattr(collisions, "MOST_PAIRS", 10)


@pytest.mark.usefixtures("ten_pairs")
@pytest.mark.parametrize(("code", "links"), [("ADR002", ""), ("ADR001", star(5))])
def test_as_many_pairs_as_the_limit_are_named_one_by_one(code: str, links: str) -> None:
    expected = [(f"vnets.v{a}", f"vnets.v{b}") for a, b in itertools.combinations(range(5), 2)]
    assert [places for _, places, _ in found(code, estate(5) + links)] == expected


@pytest.mark.usefixtures("ten_pairs")
def test_one_more_joined_network_and_they_are_counted_together() -> None:
    ((severity, places, message),) = found("ADR001", estate(6) + star(6))
    assert (severity, places) == ("error", names(6))
    assert message.startswith("6 networks share 10.0.0.0/16: 15 overlaps between networks that are joined")
    assert not of_code("ADR002", estate(6) + star(6))


@pytest.mark.usefixtures("ten_pairs")
def test_one_more_apart_and_they_are_counted_together() -> None:
    ((severity, places, message),) = found("ADR002", estate(6))
    assert (severity, places) == ("warning", names(6))
    assert message.startswith("6 networks share 10.0.0.0/16: 15 overlaps between networks that are not joined")
    assert not of_code("ADR001", estate(6))


@pytest.mark.usefixtures("ten_pairs")
def test_few_joined_pairs_among_many_are_still_named() -> None:
    text = estate(8) + "[peerings]\np.between = ['v1', 'v2']\nq.between = ['v6', 'v5']\n"
    assert [places for _, places, _ in found("ADR001", text)] == [("vnets.v1", "vnets.v2"), ("vnets.v5", "vnets.v6")]
    ((_, places, message),) = found("ADR002", text)
    assert places == names(8)
    assert "26 overlaps" in message


@pytest.mark.usefixtures("ten_pairs")
def test_each_block_by_itself() -> None:
    other = "".join(f"w{number} = {{ address_space = ['192.168.0.0/24'] }}\n" for number in range(3))
    first, second = found("ADR002", estate(6) + other)
    assert (first[1], second[1]) == (names(6), ("vnets.w0", "vnets.w1", "vnets.w2"))
    assert "share 192.168.0.0/24: 3 overlaps" in second[2]


@pytest.mark.usefixtures("ten_pairs")
def test_where_all_but_one_are_isolated_it_is_for_information() -> None:
    isolated = estate(6, more=", isolated = true")
    assert [severity for severity, _, _ in found("ADR002", isolated)] == ["info"]
    lively = "w = { address_space = ['10.0.4.0/24'] }\n"
    assert [severity for severity, _, _ in found("ADR002", isolated + lively)] == ["info"]
    assert [severity for severity, _, _ in found("ADR002", isolated + lively + lively.replace("w", "x"))] == ["warning"]


@pytest.mark.usefixtures("ten_pairs")
def test_a_waiver_must_match_every_network_of_a_group() -> None:
    text = estate(6) + "[waivers.w]\ncode = 'ADR002'\nwhere = ['vnets.v[0-4]'"
    assert [finding.waived for finding in of_code("ADR002", text + "]")] == [None]
    assert [finding.waived for finding in of_code("ADR002", text + ", 'vnets.v5']")] == ["w"]


@pytest.mark.usefixtures("ten_pairs")
@pytest.mark.parametrize("setting", ["error", "warning", "info"])
def test_settings_reach_groups(setting: str) -> None:
    assert [severity for severity, _, _ in found("ADR002", f"checks.ADR002 = '{setting}'\n" + estate(6))] == [setting]


def test_ten_thousand_pairs_and_the_first_beyond() -> None:
    # 141 networks: 9,870 pairs. One more: 10,011.
    assert len(of_code("ADR002", estate(141))) == 9870
    ((_, places, message),) = found("ADR002", estate(142))
    assert places == names(142)
    assert message == (
        "142 networks share 10.0.0.0/16: 10011 overlaps between networks that are not joined "
        "(counted together, for there are more than 10000 in all)"
    )


def test_a_site_over_very_many_vnets() -> None:
    text = "sites.s.address_space = ['10.0.0.0/8']\n[vnets]\n" + "".join(
        f"v{number} = {{ address_space = ['10.{number // 256}.{number % 256}.0/24'] }}\n" for number in range(10_001)
    )
    ((severity, places, message),) = found("ADR002", text)
    assert (severity, len(places), places[0], places[-1]) == ("warning", 10_002, "vnets.v0", "sites.s")
    assert message.startswith("10002 networks share 10.0.0.0/8: 10001 overlaps")


def mesh(count: int, gateway: str) -> str:
    """VNets each connected with each, with addresses of their own."""
    vnets = "".join(
        f"v{n} = {{ address_space = ['10.{n}.0.0/16'], subnets = {{ GatewaySubnet = '10.{n}.255.0/27' }}, "
        f"gateway = {gateway.replace('N', str(n))} }}\n"
        for n in range(count)
    )
    links = "".join(
        f"c{a}-{b} = {{ between = ['v{a}', 'v{b}'], bgp = true }}\n" for a, b in itertools.combinations(range(count), 2)
    )
    return f"[vnets]\n{vnets}[connections]\n{links}"


def test_a_full_mesh_of_sixty_exhausts_every_gateway_and_nothing_else() -> None:
    text = mesh(60, "{ sku = 'VpnGw3AZ', asn = 646N }".replace("646N", "64600N"))
    result = check(topology(text), TODAY)
    assert {finding.code for finding in result} == {"GWY003"} | {
        f.code for f in result if f.code in ("ADR006", "GWY010")
    }
    over = [finding for finding in result if finding.code == "GWY003"]
    assert [finding.places for finding in over] == [(f"vnets.v{number}.gateway",) for number in range(60)]
    assert all("59 tunnels (59 VNet-to-VNet, 0 site-to-site); 30 are allowed" in finding.message for finding in over)


def test_a_full_mesh_of_sixty_fits_into_large_gateways() -> None:
    text = mesh(60, "{ sku = 'VpnGw5AZ', asn = 42000000N }")
    assert summary(check(topology("checks.ADR006 = 'off'\n" + text), TODAY)) == {
        "error": 0,
        "warning": 0,
        "info": 0,
        "waived": 0,
    }


def test_a_full_mesh_of_sixty_with_one_address_space_and_one_asn() -> None:
    text = mesh(60, "{ sku = 'VpnGw5AZ' }").replace("10.7.0.0/16", "10.3.128.0/17").replace("10.7.255.0", "10.3.255.0")
    result = check(topology(text), TODAY)
    (overlap,) = (finding for finding in result if finding.code == "ADR001")
    (asn,) = (finding for finding in result if finding.code == "GWY009")
    assert overlap.places == ("vnets.v3", "vnets.v7")
    assert "10.3.0.0/16 and 10.3.128.0/17; they are linked directly" in overlap.message
    assert asn.places == tuple(f"vnets.v{number}.gateway" for number in range(60))
    assert "v0, v1, v2, v3 and 56 others" in asn.message

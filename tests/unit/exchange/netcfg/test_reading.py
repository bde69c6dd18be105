"""The classic Network Configuration: links between VNets are recognised, dangerous XML is refused, nothing is lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.exchange.found import Found, FoundSubnet, Identity, Notice
from tui.exchange.netcfg.reading import read
from tui.exchange.netcfg.xml_elements import MAX_DEPTH, MAX_ELEMENTS
from tui.exchange.source import ExchangeError, Source
from tui.topology.catalog import sku
from tui.topology.prefix import Prefix

P = Prefix.parse
NAMESPACE = "http://schemas.microsoft.com/ServiceHosting/2011/07/NetworkConfiguration"
REAL = os.environ.get("VNET_TUI_REAL")


def found(text: str) -> Found:
    return read(Source("net.xml", text))


def named(name: str) -> Identity:
    return Identity("", "", name)


def told(result: Found, kind: str) -> list[Notice]:
    return [notice for notice in result.notices if notice.kind == kind]


def space(*prefixes: str) -> str:
    return "<AddressSpace>" + "".join(f"<AddressPrefix>{one}</AddressPrefix>" for one in prefixes) + "</AddressSpace>"


def site(name: str, *prefixes: str, address: str = "192.0.2.1") -> str:
    inner = f"<VPNGatewayAddress>{address}</VPNGatewayAddress>{space(*prefixes)}"
    return f'<LocalNetworkSite name="{name}">{inner}</LocalNetworkSite>\n'


def ref(name: str, *kinds: str) -> str:
    inner = "".join(f'<Connection type="{kind}"/>' for kind in kinds)
    return f'<LocalNetworkSiteRef name="{name}">{inner}</LocalNetworkSiteRef>'


def gateway(*references: str, pools: str = "") -> str:
    links = "<ConnectionsToLocalNetwork>" + "".join(references) + "</ConnectionsToLocalNetwork>"
    return f"<Gateway>{pools}{links}</Gateway>"


def vnet(name: str, inner: str, *prefixes: str, where: str = 'Location="West Europe"') -> str:
    return f'<VirtualNetworkSite name="{name}" {where}>{inner}{space(*prefixes)}</VirtualNetworkSite>\n'


def configuration(sites: str, vnets: str, dns: str = "<Dns />", namespace: str = NAMESPACE) -> str:
    return (
        f'<NetworkConfiguration xmlns="{namespace}"><VirtualNetworkConfiguration>'
        f"<VirtualNetworkSites>{vnets}</VirtualNetworkSites>\n<LocalNetworkSites>{sites}</LocalNetworkSites>{dns}"
        "</VirtualNetworkConfiguration></NetworkConfiguration>"
    )


EXPORT = """\ufeff
  <?xml version="1.0" encoding="utf-8"?>
  <NetworkConfiguration xmlns:xsd="http://www.w3.org/2001/XMLSchema"
      xmlns="http://schemas.microsoft.com/ServiceHosting/2011/07/NetworkConfiguration">
    <VirtualNetworkConfiguration>
      <Dns><DnsServers><DnsServer name="dc1" IPAddress="10.0.0.4" /></DnsServers></Dns>
      <LocalNetworkSites>
        <!-- the office -->
        <LocalNetworkSite name="D1BFC9CB_Site2">
          <AddressSpace><AddressPrefix>192.168.0.00/24</AddressPrefix></AddressSpace>
          <VPNGatewayAddress>203.0.113.7</VPNGatewayAddress>
        </LocalNetworkSite>
      </LocalNetworkSites>
      <VirtualNetworkSites>
        <VirtualNetworkSite name="Group ClassicRG1 ClassicVNet1" Location="North Europe">
          <AddressSpace><AddressPrefix>10.0.0.0/16</AddressPrefix></AddressSpace>
          <Subnets>
            <Subnet name="FE"><AddressPrefix>10.0.1.0/24</AddressPrefix></Subnet>
            <Subnet name="GatewaySubnet"><AddressPrefix>10.0.0.0/29</AddressPrefix></Subnet>
          </Subnets>
          <DnsServersRef><DnsServerRef name="dc1" /></DnsServersRef>
          <Gateway profile="Small">
            <VPNClientAddressPool><AddressPrefix>172.16.0.0/24</AddressPrefix></VPNClientAddressPool>
            <ConnectionsToLocalNetwork>
              <LocalNetworkSiteRef name="D1BFC9CB_Site2"><Connection type="IPsec" /></LocalNetworkSiteRef>
            </ConnectionsToLocalNetwork>
          </Gateway>
        </VirtualNetworkSite>
      </VirtualNetworkSites>
    </VirtualNetworkConfiguration>
  </NetworkConfiguration>
"""


def test_an_exported_file_is_read_whole() -> None:
    result = found(EXPORT)
    (one,) = result.vnets
    assert (one.identity, one.region) == (Identity("", "ClassicRG1", "ClassicVNet1"), "northeurope")
    assert one.prefixes == (P("10.0.0.0/16"),)
    assert one.subnets == (
        FoundSubnet(name="FE", prefixes=(P("10.0.1.0/24"),)),
        FoundSubnet(name="GatewaySubnet", prefixes=(P("10.0.0.0/29"),)),
    )
    assert one.dns_servers == ("10.0.0.4",)
    assert str(one.place) == "net.xml: line 15"
    (office,) = result.local_gateways
    assert (office.identity.name, office.address) == ("D1BFC9CB_Site2", "203.0.113.7")
    assert office.prefixes == (P("192.168.0.0/24"),)
    (own,) = result.gateways
    assert (own.vnet, own.sku, own.p2s_pools) == (one.identity, "Classic", (P("172.16.0.0/24"),))
    (link,) = result.connections
    assert (link.kind, link.gateway, link.other) == ("IPsec", own.identity, office.identity)
    assert [notice.kind for notice in result.notices] == ["assumed", "assumed"]


def test_a_gateway_has_the_ten_tunnels_of_the_classic_dynamic_gateway() -> None:
    (own,) = found(EXPORT).gateways
    entry = sku(own.sku or "")
    assert entry is not None
    assert entry.tunnels[own.vpn_type] == 10


def test_two_vnets_that_name_each_others_address_space_are_one_link() -> None:
    result = found(
        configuration(
            site("to-b", "10.2.0.0/16") + site("to-a", "10.1.0.0/17", "10.1.128.0/17"),
            vnet("a", gateway(ref("to-b", "IPsec")), "10.1.0.0/16") + vnet("b", gateway(ref("to-a")), "10.2.0.0/16"),
        )
    )
    assert {(one.kind, one.gateway, one.other) for one in result.connections} == {
        ("Vnet2Vnet", named("a"), named("b")),
        ("Vnet2Vnet", named("b"), named("a")),
    }
    assert result.local_gateways == ()
    assert {one.vnet for one in result.gateways} == {named("a"), named("b")}
    assert told(result, "missing") == []


def test_a_link_that_only_one_vnet_names_is_half_and_its_other_half_is_missing() -> None:
    result = found(
        configuration(
            site("to-b", "10.2.0.0/16"), vnet("a", gateway(ref("to-b")), "10.1.0.0/16") + vnet("b", "", "10.2.0.0/16")
        )
    )
    assert [(one.kind, one.gateway, one.other) for one in result.connections] == [("Vnet2Vnet", named("a"), named("b"))]
    assert result.local_gateways == ()
    assert any("names no local site" in notice.text for notice in told(result, "missing"))
    assert {one.identity for one in result.gateways} == {named("a"), named("b")}
    assert any('"b"' in notice.text and "no VPN gateway" in notice.text for notice in told(result, "assumed"))


def test_three_vnets_share_a_site_and_another_site_has_the_same_device() -> None:
    sites = site("hq", "192.168.0.0/16") + site("lab", "172.20.0.0/16")
    vnets = "".join(vnet(f"v{n}", gateway(ref("hq"), ref("lab")), f"10.{n}.0.0/16") for n in range(3))
    result = found(configuration(sites, vnets))
    assert [one.identity.name for one in result.local_gateways] == ["hq", "lab"]
    assert [one.address for one in result.local_gateways] == ["192.0.2.1"] * 2
    assert len(result.connections) == 6
    assert {one.kind for one in result.connections} == {"IPsec"}


def test_a_site_that_holds_a_vnet_and_more_stays_a_site_and_is_told() -> None:
    result = found(
        configuration(
            site("far", "10.2.0.0/16", "10.3.0.0/16"),
            vnet("a", gateway(ref("far")), "10.1.0.0/16") + vnet("b", "", "10.2.0.0/16"),
        )
    )
    assert [one.kind for one in result.connections] == ["IPsec"]
    assert any('"far"' in notice.text and '"b"' in notice.text for notice in told(result, "assumed"))


HUB = ["10.2.0.0/16"]
CHAIN = {  # the hub names each of its spokes; they name the hub with what lies behind it
    "hub": (HUB, {"to-a": ["10.1.0.0/16"], "to-c": ["10.3.0.0/16"]}),
    "a": (["10.1.0.0/16"], {"hub-from-a": [*HUB, "10.3.0.0/16"]}),
    "c": (["10.3.0.0/16"], {"hub-from-c": [*HUB, "10.1.0.0/16", "192.168.0.0/24"]}),
}


def test_a_site_with_a_neighbour_and_what_lies_behind_it_is_the_link_to_the_neighbour() -> None:
    sites = "".join(site(name, *space) for _, named_ in CHAIN.values() for name, space in named_.items())
    vnets = "".join(vnet(one, gateway(*map(ref, named_)), *space) for one, (space, named_) in CHAIN.items())
    result = found(configuration(sites, vnets))
    assert {(one.kind, one.gateway.name, one.other.name) for one in result.connections} == {
        ("Vnet2Vnet", "hub", "a"),
        ("Vnet2Vnet", "a", "hub"),
        ("Vnet2Vnet", "hub", "c"),
        ("Vnet2Vnet", "c", "hub"),
    }
    assert result.local_gateways == ()
    assert told(result, "missing") == []
    behind = [notice.text for notice in told(result, "assumed") if "behind" in notice.text]
    assert ["10.3.0.0/16" in behind[0], "192.168.0.0/24" in behind[1]] == [True, True]


def test_a_summary_that_contains_a_vnet_and_does_not_name_it_stays_a_site() -> None:
    result = found(
        configuration(
            site("hq", "10.0.0.0/8") + site("to-a", "10.1.0.0/16"),
            vnet("a", gateway(ref("hq")), "10.1.0.0/16") + vnet("b", gateway(ref("to-a")), "10.2.0.0/16"),
        )
    )
    assert {(one.kind, one.gateway.name) for one in result.connections} == {("IPsec", "a"), ("Vnet2Vnet", "b")}


def test_links_have_names_that_azure_allows() -> None:
    result = found(
        configuration(
            site("head office", "192.168.0.0/16") + site("to-b", "10.2.0.0/16"),
            vnet("vnet a", gateway(ref("head office", "IPsec", "Dedicated"), ref("to-b")), "10.1.0.0/16")
            + vnet("vnet-b", "", "10.2.0.0/16"),
        )
    )
    assert [one.identity.name for one in result.connections] == [
        "vnet-a-to-head-office",
        "vnet-a-to-head-office-expressroute",
        "vnet-a-to-vnet-b",
    ]
    assert [one.identity.name for one in result.vnets] == ["vnet-a", "vnet-b"]


def test_of_two_vnets_with_the_same_space_the_one_that_answers_is_meant() -> None:
    twins = vnet("b", gateway(ref("to-a")), "10.2.0.0/16") + vnet("c", "", "10.2.0.0/16")
    sites = site("to-x", "10.2.0.0/16") + site("to-a", "10.1.0.0/16")
    result = found(configuration(sites, vnet("a", gateway(ref("to-x")), "10.1.0.0/16") + twins))
    assert {(one.gateway.name, one.other.name) for one in result.connections} == {("a", "b"), ("b", "a")}


def test_a_dedicated_connection_is_expressroute_beside_the_vpn() -> None:
    result = found(
        configuration(site("hq", "192.168.0.0/16"), vnet("a", gateway(ref("hq", "Dedicated", "IPsec")), "10.1.0.0/16"))
    )
    assert {(one.kind, one.other.name) for one in result.connections} == {("ExpressRoute", "hq"), ("IPsec", "hq")}
    assert {(one.kind, one.vnet) for one in result.gateways} == {("vpn", named("a")), ("expressroute", named("a"))}
    gateways = {one.identity: one.kind for one in result.gateways}
    assert all((gateways[one.gateway] == "expressroute") == (one.kind == "ExpressRoute") for one in result.connections)
    assert [one.identity.name for one in result.circuits] == ["hq"]
    assert len(gateways) == 2
    assert told(result, "left out") == []
    alone = found(
        configuration(site("hq", "192.168.0.0/16"), vnet("a", gateway(ref("hq", "Dedicated")), "10.1.0.0/16"))
    )
    assert [one.kind for one in alone.gateways] == ["expressroute"]
    assert alone.local_gateways == ()
    assert [one.prefixes for one in alone.circuits] == [(Prefix.parse("192.168.0.0/16"),)]


def test_an_affinity_group_tells_no_region() -> None:
    result = found(configuration("", vnet("a", "", "10.1.0.0/16", where='AffinityGroup="USWest"')))
    assert result.vnets[0].region is None
    assert any("USWest" in notice.text for notice in told(result, "missing"))


@pytest.mark.parametrize("namespace", [NAMESPACE, NAMESPACE.replace("http:", "https:")])
def test_both_spellings_of_the_namespace_are_the_same(namespace: str) -> None:
    result = found(configuration("", vnet("a", "", "10.1.0.0/16"), namespace=namespace))
    assert result.notices == ()
    assert found(configuration("", vnet("a", "", "10.1.0.0/16"), namespace="urn:x")).vnets == result.vnets


def test_references_that_lead_nowhere_and_unknown_elements_are_told() -> None:
    inner = "<Firewall><Rule/></Firewall><DnsServersRef><DnsServerRef name='no'/></DnsServersRef>" + gateway(
        ref("gone")
    )
    result = found(configuration("", vnet("a", inner, "10.1.0.0/16")))
    assert result.connections == ()
    assert sum("gone" in notice.text for notice in told(result, "missing")) == 1
    assert sum("DNS server" in notice.text for notice in told(result, "missing")) == 1
    assert [notice.text for notice in told(result, "not understood")] == [
        'the element "Firewall" in "VirtualNetworkSite"'
    ]


def test_names_are_unique_and_the_first_is_kept() -> None:
    result = found(
        configuration("", vnet("a", "", "10.1.0.0/16") + vnet("A", "", "10.2.0.0/16") + vnet("", "", "10.3.0.0/16"))
    )
    assert [(one.identity.name, one.prefixes) for one in result.vnets] == [("a", (P("10.1.0.0/16"),))]
    assert {notice.kind for notice in result.notices} == {"differs", "not understood"}


LAUGHS = '<!DOCTYPE a [<!ENTITY l0 "ha">' + "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9)) + "]>"


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (f"{LAUGHS}\n<NetworkConfiguration>&l9;</NetworkConfiguration>", "line 1"),
        ('\n<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "line 2"),
        ('<!DOCTYPE a SYSTEM "http://example.com/a.dtd"><NetworkConfiguration/>', "line 1"),
        ("<NetworkConfiguration>\n&x;</NetworkConfiguration>", "line 2, column 1"),
        ("<a>\n  <b>\n</a>", "line 3, column 3"),
        ("<html><body/></html>", "line 1"),
        ("", "line 1"),
        ("{}", "line 1"),
        ("<a>" * (MAX_DEPTH + 1), "line 1"),
        ("<a>" + "<b/>\n" * (MAX_ELEMENTS + 1), f"line {MAX_ELEMENTS}"),
        ("<a>\ud800</a>", "net.xml"),
    ],
    ids=range(11),
)
def test_what_is_dangerous_or_no_network_configuration_is_refused_with_its_line(text: str, where: str) -> None:
    with pytest.raises(ExchangeError) as caught:
        found(text)
    assert caught.value.message.startswith(f"net.xml: {where}" if "line" in where else where)
    assert caught.value.hint


def test_a_missing_end_tag_is_told_with_the_element_that_is_open() -> None:
    with pytest.raises(ExchangeError) as caught:
        found(EXPORT.replace("</ConnectionsToLocalNetwork>", ""))
    assert "line 27, column 13" in caught.value.message
    assert '"ConnectionsToLocalNetwork" that begins at line 24' in caught.value.hint


def test_many_overlapping_vnets_and_sites_are_read_in_their_stride() -> None:
    sites = "".join(site(f"s{n}", "0.0.0.0/0") for n in range(2000))
    vnets = "".join(vnet(f"v{n}", gateway(ref(f"s{n}")), "10.0.0.0/16") for n in range(2000))
    assert len(found(configuration(sites, vnets)).connections) == 2000


def test_what_is_wrong_many_times_is_counted_rather_than_listed() -> None:
    result = found(configuration("", vnet("a", gateway(*(ref(f"no{n}") for n in range(3000))), "10.1.0.0/16")))
    assert 100 < len(result.notices) < 1000
    assert "more" in result.notices[-1].text


def test_no_secret_of_the_file_is_kept() -> None:
    inner = "<SharedKey>s3cret-key</SharedKey>" + gateway(ref("hq", "IPsec"))
    result = found(configuration(site("hq", "s3cret-key", address="s3cret-key"), vnet("a", inner, "10.1.0.0/16")))
    assert "s3cret" not in repr(result)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    message = ""
    try:
        found(text)
    except ExchangeError as error:
        message = error.message
    assert message.startswith("net.xml: ")


SPACES = ["10.1.0.0/16", "10.2.0.0/16", "10.0.0.0/8", "x", "10.1.2.3/16"]


@given(
    st.lists(st.tuples(st.sampled_from("stu"), st.sampled_from(SPACES)), max_size=4),
    st.lists(
        st.tuples(
            st.sampled_from("abc"),
            st.sampled_from(SPACES),
            st.lists(
                st.tuples(st.sampled_from("stuv"), st.sampled_from(["", "IPsec", "Dedicated", "odd"])), max_size=3
            ),
        ),
        max_size=4,
    ),
)
def test_every_link_has_two_ends_that_were_found(
    sites: list[tuple[str, str]], vnets: list[tuple[str, str, list[tuple[str, str]]]]
) -> None:
    result = found(
        configuration(
            "".join(site(name, prefix) for name, prefix in sites),
            "".join(
                vnet(name, gateway(*(ref(to, *filter(None, [kind])) for to, kind in links)), prefix)
                for name, prefix, links in vnets
            ),
        )
    )
    gateways = {one.identity for one in result.gateways}
    others = {
        "Vnet2Vnet": gateways,
        "IPsec": {one.identity for one in result.local_gateways},
        "ExpressRoute": {one.identity for one in result.circuits},
    }
    assert all(one.gateway in gateways and one.other in others[one.kind] for one in result.connections)
    assert len({one.identity for one in result.connections}) == len(result.connections)
    known = {one.identity for one in result.vnets}
    assert all(one.vnet in known for one in result.gateways)


@pytest.mark.skipif(not REAL, reason="VNET_TUI_REAL names no folder")
@pytest.mark.parametrize(
    ("path", "figures"),
    [
        ("azure-docs-classic/classic-to-rm.assembled.xml", (1, 2, 1, 1, 1)),
        ("azure-docs-classic/multi-site.after-step4.xml", (1, 3, 1, 2, 2)),
        ("azure-sdk-for-net/CoexistenceFeatureNetworkConfiguration.xml", (1, 3, 1, 1, 1)),
        ("azure-sdk-for-net/DeleteNetworkConfiguration.xml", (0, 0, 0, 0, 0)),
        ("azure-sdk-for-net/SiteToSiteNetworkConfiguration.xml", (1, 3, 1, 1, 1)),
    ],
)
def test_real_files_give_their_vnets_subnets_gateways_sites_and_links(path: str, figures: tuple[int, ...]) -> None:
    result = found((Path(REAL or "") / "netcfg" / path).read_text("utf-8-sig"))
    subnets = sum(len(one.subnets) for one in result.vnets)
    sizes = [len(result.vnets), subnets, len(result.gateways), len(result.local_gateways), len(result.connections)]
    assert tuple(sizes) == figures
    assert told(result, "not understood") == []


@pytest.mark.skipif(not REAL, reason="VNET_TUI_REAL names no folder")
def test_the_real_file_that_was_published_malformed_is_refused_where_it_breaks() -> None:
    with pytest.raises(ExchangeError) as caught:
        found((Path(REAL or "") / "netcfg" / "malformed" / "forced-tunneling.fragment.xml").read_text("utf-8-sig"))
    assert "line 33" in caught.value.message
    assert '"ConnectionsToLocalNetwork" that begins at line 20' in caught.value.hint

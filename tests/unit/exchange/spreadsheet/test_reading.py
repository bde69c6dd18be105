"""The spreadsheet that people have is read by the names of its columns, and what it does not say is told."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.exchange.found import Found, FoundSubnet, Identity, Notice
from tui.exchange.notices import MOST
from tui.exchange.source import ExchangeError, Source
from tui.exchange.spreadsheet.header import DELIMITERS, NAMES
from tui.exchange.spreadsheet.reading import read
from tui.exchange.spreadsheet.rows import MAX_ROW
from tui.topology.prefix import Prefix

P = Prefix.parse
ID = "1f0c9e9e-3c5b-4a53-8a6a-3b0f5c1f2a10"


def found(text: str) -> Found:
    return read(Source("plan.csv", text))


def refusal(text: str) -> str | None:
    """The message with which a text is refused; None where it is read."""
    try:
        found(text)
    except ExchangeError as error:
        return error.message
    return None


def told(result: Found, kind: str) -> list[Notice]:
    return [notice for notice in result.notices if notice.kind == kind]


def test_a_row_is_a_vnet() -> None:
    result = found(
        "VNet,Subscription,Resource group,Region,Address space,DNS servers\n"
        'hub,Contoso Prod,rg-net,West Europe,"10.0.0.0/16, 10.1.0.0/16;fd00:1::/48",10.0.0.4 10.0.0.5\n'
    )
    (vnet,) = result.vnets
    assert vnet.identity == Identity("Contoso Prod", "rg-net", "hub")
    assert (vnet.region, vnet.dns_servers) == ("westeurope", ("10.0.0.4", "10.0.0.5"))
    assert vnet.prefixes == (P("10.0.0.0/16"), P("10.1.0.0/16"), P("fd00:1::/48"))
    assert str(vnet.place) == "plan.csv: line 2"
    assert result.notices == ()


def test_a_row_is_a_subnet_and_one_without_a_vnet_belongs_to_the_vnet_above() -> None:
    result = found(
        "vnet,prefix,subnet,subnet prefix\n"
        "hub,10.0.0.0/16,GatewaySubnet,10.0.0.0/27\n"
        "HUB,,app,10.0.1.0/24\n"
        ",,web,10.0.2.0/24\n"
        ",,db,10.0.3.0/24\n"
    )
    (vnet,) = result.vnets
    assert vnet.identity.name == "hub"
    assert [subnet.name for subnet in vnet.subnets] == ["GatewaySubnet", "app", "web", "db"]
    assert vnet.subnets[2] == FoundSubnet(name="web", prefixes=(P("10.0.2.0/24"),))
    (assumed,) = told(result, "assumed")
    assert str(assumed.place) == "plan.csv: line 4"


def test_without_a_column_of_its_own_the_prefix_of_a_row_with_a_subnet_is_the_subnets() -> None:
    result = found("Name;Subnet;CIDR\nhub;;10.0.0.0/16\nhub;app;10.0.1.0/24\n")
    (vnet,) = result.vnets
    assert vnet.prefixes == (P("10.0.0.0/16"),)
    assert vnet.subnets == (FoundSubnet(name="app", prefixes=(P("10.0.1.0/24"),)),)


def test_the_same_name_in_two_resource_groups_is_two_vnets_and_a_row_that_does_not_say_which_is_told() -> None:
    result = found(
        "vnet,resource group,prefix,subnet,subnet cidr\n"
        "hub,rg1,10.0.0.0/16,,\nhub,rg2,10.1.0.0/16,,\nhub,RG2,,app,10.1.0.0/24\nhub,,,web,10.1.1.0/24\n"
    )
    assert [vnet.identity.resource_group for vnet in result.vnets] == ["rg1", "rg2"]
    assert [len(vnet.subnets) for vnet in result.vnets] == [0, 1]
    assert [notice.place.where for notice in told(result, "not understood")] == ["line 5"]


def test_a_resource_id_says_who_a_vnet_is() -> None:
    where = f"/subscriptions/{ID}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/hub"
    result = found(f"NAME,RESOURCE ID,LOCATION,TYPE\nhub,{where},westeurope,Virtual network\n")
    assert result.vnets[0].identity == Identity(ID, "rg", "hub")
    assert [notice.text for notice in told(result, "not understood")] == [
        'the column "TYPE" is not known; it is not read'
    ]


def test_a_link_stands_in_one_row_and_is_found_from_both_ends() -> None:
    result = found(
        "VNet|Prefix|Gateway SKU|ASN|Connected to|Peering\n"
        "hub|10.0.0.0/16|vpngw1az|65010|spoke|app\nspoke|10.1.0.0/16|yes||hub|\napp|10.2.0.0/16|||| \n"
    )
    pairs = {(one.kind, one.gateway.name, one.other.name) for one in result.connections}
    assert pairs == {("Vnet2Vnet", "hub", "spoke"), ("Vnet2Vnet", "spoke", "hub")}
    assert len(result.connections) == 2
    assert {(side.vnet.name, side.remote.name) for side in result.peerings} == {("hub", "app"), ("app", "hub")}
    assert [(one.vnet, one.sku, one.asn) for one in result.gateways] == [
        (Identity("", "", "hub"), "VpnGw1AZ", 65010),
        (Identity("", "", "spoke"), None, None),
    ]
    assert result.notices == ()


def test_a_site_is_described_beside_a_vnet_or_in_a_row_of_its_own() -> None:
    result = found(
        "VNet,Address space,Gateway,Site,Site prefix,VPN device\n"
        "hub,10.0.0.0/16,VpnGw1,dublin,192.168.0.0/24,203.0.113.1\n"
        "spoke,10.1.0.0/16,,Dublin;paris,,\n"
        ",,,paris,192.168.9.0/24,vpn.example.com\n"
    )
    assert [(site.identity.name, site.address, site.prefixes) for site in result.local_gateways] == [
        ("dublin", "203.0.113.1", (P("192.168.0.0/24"),)),
        ("paris", "vpn.example.com", (P("192.168.9.0/24"),)),
    ]
    assert {(one.kind, one.gateway.name, one.other.name) for one in result.connections} == {
        ("IPsec", "hub", "dublin"),
        ("IPsec", "spoke", "dublin"),
        ("IPsec", "spoke", "paris"),
    }
    assert [one.identity.name for one in result.gateways] == ["hub", "spoke"]
    assert ["one is assumed" in notice.text for notice in told(result, "assumed")] == [True]


def test_a_connection_to_nothing_in_the_table_is_missing() -> None:
    result = found("vnet,connected to\nhub,nowhere\n")
    assert result.connections == ()
    assert any("nowhere" in notice.text for notice in told(result, "missing"))


def test_an_expressroute_gateway_stands_beside_a_vpn_gateway() -> None:
    result = found("vnet,gateway\nhub,VpnGw2AZ; ErGw1AZ\napp,no\n")
    assert [(one.kind, one.sku, one.vnet) for one in result.gateways] == [
        ("vpn", "VpnGw2AZ", Identity("", "", "hub")),
        ("expressroute", "ErGw1AZ", Identity("", "", "hub")),
    ]


def test_a_prefix_that_is_not_canonical_is_taken_and_told_and_one_that_is_none_is_not_quoted() -> None:
    result = found("vnet,prefix\na,192.168.0.00/24\nb,Pa55word-of-the-router\n")
    assert result.vnets[0].prefixes == (P("192.168.0.0/24"),)
    assert [notice.place.where for notice in told(result, "assumed")] == ["line 2, prefix"]
    assert [notice.place.where for notice in told(result, "not understood")] == ["line 3, prefix"]
    assert "Pa55word" not in repr(result)


def test_columns_that_are_not_known_are_told_once_and_their_cells_never() -> None:
    result = found("vnet,shared key,owner,vnet name\na,s3cret-key,me,x\nb,s3cret-key,me,y\n")
    texts = [notice.text for notice in told(result, "not understood")]
    assert len(texts) == 3
    assert ["shared key" in texts[0], "owner" in texts[1], "vnet name" in texts[2]] == [True] * 3
    assert "s3cret" not in repr(result)


@pytest.mark.parametrize(
    ("cell", "name"),
    [("'=hub", "=hub"), ("'-hub", "-hub"), ('="hub"', "hub"), ("'s-hertogenbosch", "'s-hertogenbosch")],
)
def test_what_guards_a_cell_is_taken_off(cell: str, name: str) -> None:
    quoted = '"' + cell.replace('"', '""') + '"'
    assert found(f"vnet,resource group\nhub,{quoted}\n").vnets[0].identity.resource_group == name


@pytest.mark.parametrize("column", list(NAMES))
def test_a_long_cell_takes_no_long_time(column: str) -> None:
    began = time.process_time()
    for filler in (" ", ";", "0", "/", ":", "."):
        found(f'vnet,{column}\nhub,"a{filler * 60_000}b"\n')
    assert time.process_time() - began < 2


@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_the_delimiter_is_known_by_the_header(delimiter: str) -> None:
    rows = [["Virtual_Network", "Resource-Group", "ADDRESS PREFIX"], ["hub", "rg", "10.0.0.0/16"]]
    result = found("\r\n".join(delimiter.join(row) for row in rows))
    assert result.vnets[0].identity == Identity("", "rg", "hub")
    assert result.vnets[0].prefixes == (P("10.0.0.0/16"),)
    told_so = found(f"sep={delimiter}\n" + "\n".join(delimiter.join(row) for row in rows))
    assert told_so.vnets[0].identity == Identity("", "rg", "hub")
    assert told_so.vnets[0].place.where == "line 3"


def test_every_name_of_a_column_means_one_column() -> None:
    names = [name for each in NAMES.values() for name in each]
    folded = ["".join(filter(str.isalnum, name)) for name in names]
    assert len(set(folded)) == len(folded)


def test_a_row_with_too_many_cells_is_left_out_with_its_line() -> None:
    result = found('vnet,prefix\n"a\nb",10.0.0.0/8\nc,10.0.0.0/8,extra\nd,\n')
    assert [vnet.identity.name for vnet in result.vnets] == ["a-b", "d"]
    assert [notice.place.where for notice in told(result, "not understood")] == ["line 4"]


def test_links_and_networks_get_names_that_azure_allows_and_that_read_as_they_were_given() -> None:
    result = found(
        "VNet,Prefix,Gateway,Subnet,Subnet prefix,Connected to,Peering,Site\n"
        "Hub West,10.0.0.0/16,VpnGw1,web tier,10.0.1.0/24,spoke,app,Köln (HQ)\n"
        "spoke,10.1.0.0/16,VpnGw1,,,,,\napp,10.2.0.0/16,,,,,,\n"
    )
    assert [vnet.identity.name for vnet in result.vnets] == ["Hub-West", "spoke", "app"]
    assert result.vnets[0].subnets[0].name == "web-tier"
    assert [site.identity.name for site in result.local_gateways] == ["Koln-HQ"]
    assert {one.identity.name for one in result.connections} == {
        "Hub-West-to-spoke",
        "spoke-to-Hub-West",
        "Hub-West-to-Koln-HQ",
    }
    assert {side.identity.name for side in result.peerings} == {"Hub-West-to-app", "app-to-Hub-West"}
    assert {(one.gateway.name, one.other.name) for one in result.connections if one.kind == "IPsec"} == {
        ("Hub-West", "Koln-HQ")
    }
    assert [notice.text for notice in told(result, "assumed")] == [
        'Azure allows no name like "Hub West": it is read as "Hub-West"',
        'Azure allows no name like "Köln (HQ)": it is read as "Koln-HQ"',
        'Azure allows no name like "web tier": it is read as "web-tier"',
    ]


@pytest.mark.parametrize("above", ["IP plan of Contoso,,\n", "IP plan\n\nas of 2024;;;\n,,,\n", "a,b,c,d\n" * 19])
def test_a_title_above_the_header_is_told_and_not_read(above: str) -> None:
    result = found(f"{above}VNet,Prefix\nhub,10.0.0.0/16\n")
    assert [vnet.identity.name for vnet in result.vnets] == ["hub"]
    line = above.count("\n") + 1
    assert result.vnets[0].place.where == f"line {line + 1}"
    (notice,) = told(result, "left out")
    assert (notice.place.where, "above the header" in notice.text) == (f"line {line}", True)


def test_what_powershell_writes_above_its_columns_is_no_title() -> None:
    result = found('#TYPE Selected.System.Management\n"VNet","Prefix"\n"hub","10.0.0.0/16"\n')
    assert (len(result.vnets), result.notices) == (1, ())


def test_the_list_in_which_resource_graph_exports_prefixes_is_read() -> None:
    result = found('"name","properties_addressSpace_addressPrefixes"\n"hub","[""10.0.0.0/16"",""10.1.0.0/16""]"\n')
    assert result.vnets[0].prefixes == (P("10.0.0.0/16"), P("10.1.0.0/16"))
    assert result.notices == ()


def test_many_bad_rows_are_counted_rather_than_listed() -> None:
    result = found("vnet,prefix\n" + ",10.0.0.0/8\n" * 5000)
    assert len(result.notices) == MOST + 1
    assert result.notices[-1].text == f"{5000 - MOST} more notices are not shown"


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "line 1"),
        ("a,b\n1,2\n", "line 1"),
        ('vnet,prefix\na,"10.0.0.0/8\nb,10.1.0.0/16\n', "line 2"),
        ("vnet\nhub\n\0\n", "line 3"),
        ("vnet\n" + "a" * (MAX_ROW + 1), "line 2"),
        ("vnet" + "," * 2000, "line 1"),
        ('vnet\nhub\n"' + "a\n" * MAX_ROW, "line"),
    ],
)
def test_what_is_no_table_of_vnets_is_refused_with_its_line(text: str, where: str) -> None:
    with pytest.raises(ExchangeError) as caught:
        found(text)
    assert where in caught.value.message
    assert "plan.csv" in caught.value.message
    assert caught.value.hint


CELLS = st.sampled_from(
    ["hub", "spoke", "10.0.0.0/16", "10.1.2.3/8", "yes", "'=x", '"', ",", "\n", "65010", "", ";", "x/y"]
)


@given(st.text() | st.lists(st.sampled_from([name for names in NAMES.values() for name in names])).map(",".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    for candidate in (text, f"vnet,prefix,connected to\n{text}"):
        assert (refusal(candidate) or "plan.csv: line ").startswith("plan.csv: line ")


@given(st.lists(st.lists(CELLS, min_size=6, max_size=6), max_size=8))
def test_any_rows_give_links_with_two_ends(rows: list[list[str]]) -> None:
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    result = found("\n".join(["vnet,prefix,gateway,site,peering,connected to", *quoted]))
    gateways = {gateway.identity for gateway in result.gateways}
    ends = gateways | {site.identity for site in result.local_gateways}
    assert all(one.gateway in gateways and one.other in ends for one in result.connections)
    assert {vnet.identity for vnet in result.vnets} >= {side.vnet for side in result.peerings}
    two_ways = {(one.gateway, one.other) for one in result.connections if one.kind == "Vnet2Vnet"}
    assert two_ways == {(other, one) for one, other in two_ways}

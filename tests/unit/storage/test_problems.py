"""Problems: for every way to write a key wrongly, where it stands, what was found and what is allowed."""

from __future__ import annotations

import pytest

from tui.storage.load import parse
from tui.storage.problems import Problem, UnreadableTopologyError


def problems(text: str) -> tuple[Problem, ...]:
    with pytest.raises(UnreadableTopologyError) as caught:
        parse(text, "x")
    return caught.value.problems


def only(text: str) -> Problem:
    (problem,) = problems("schema = 1\n" + text)
    return problem


TEXT, TABLE, LIST = "text in quotes", "a table", "a list"
FLAG, WHOLE, NUMBER = "true or false", "a whole number", "a number"
DAY = "a day without quotes, such as 2027-04-30"
NOT_NEGATIVE = "a number of at least 0"
STATES = '"planned", "deployed" or "retiring"'
LINK = 'between = ["a", "b"]\n'

WRONG = [
    # key path, what stands above it, what is written, what it is shown as, what is allowed
    ("name", "", "5", "5", TEXT),
    ("note", "", "[]", "a list of 0", TEXT),
    ("planning", "", "5", "5", TABLE),
    ("planning", "", "[]", "a list of 0", TABLE),
    ("planning.own_public", "[planning]", '"10.0.0.0/8"', '"10.0.0.0/8"', LIST),
    ("planning.own_public", "[planning]", "{}", "a table", LIST),
    ("planning.workloads", "[planning]", '"aks"', '"aks"', LIST),
    ("planning.pools", "[planning]", '["10.0.0.0/8"]', "a list of one", TABLE),
    ("planning.pools.a", "[planning.pools]", "5", "5", "a list of CIDR blocks or a table"),
    ("planning.pools.a.prefixes", "[planning.pools.a]", '"10.0.0.0/8"', '"10.0.0.0/8"', LIST),
    ("planning.pools.a.region", "[planning.pools.a]", "5", "5", TEXT),
    ("planning.pools.a.default_size", "[planning.pools.a]", "22", "22", TEXT),
    ("planning.pools.a.default_size", "[planning.pools.a]", '"22"', '"22"', 'a prefix length in quotes, such as "/22"'),
    ("planning.avoid", "[planning]", '["10.0.0.0/8"]', "a list of one", TABLE),
    ('planning.avoid."10.0.0.0/8"', "[planning.avoid]", "5", "5", TEXT),
    ("checks", "", "[]", "a list of 0", TABLE),
    ("checks.ADR001", "[checks]", "false", "false", '"off", "info", "warning" or "error"'),
    ("limits", "", "5", "5", TABLE),
    ("limits.vnets_per_region", "[limits]", '"5"', '"5"', WHOLE),
    ("limits.vnets_per_region", "[limits]", "-5", "-5", NOT_NEGATIVE),
    ("limits.skus", "[limits]", "[]", "a list of 0", TABLE),
    ("limits.skus.a", "[limits.skus]", "30", "30", TABLE),
    ("limits.skus.a.tunnels", "[limits.skus.a]", "1.0", "1.0", WHOLE),
    ("limits.skus.a.bandwidth_mbps", "[limits.skus.a]", '"x"', '"x"', NUMBER),
    ("limits.skus.a.bandwidth_mbps", "[limits.skus.a]", "inf", "inf", "a number that is not infinite"),
    ("limits.skus.a.bandwidth_mbps", "[limits.skus.a]", "nan", "nan", "a number that is not infinite"),
    ("limits.skus.a.sla_percent", "[limits.skus.a]", "100.5", "100.5", "a number of at most 100"),
    ("limits.skus.a.sla_percent", "[limits.skus.a]", "true", "true", NUMBER),
    ("subscriptions", "", "[]", "a list of 0", TABLE),
    ("subscriptions.a", "[subscriptions]", '"prod"', '"prod"', TABLE),
    ("subscriptions.a.id", "[subscriptions.a]", "5", "5", TEXT),
    ("subscriptions.a.tags", "[subscriptions.a]", "[]", "a list of 0", TABLE),
    ("vnets", "", "5", "5", TABLE),
    ("vnets.a", "[vnets]", "[]", "a list of 0", TABLE),
    ("vnets.a.subscription", "[vnets.a]", "5", "5", TEXT),
    ("vnets.a.region", "[vnets.a]", "{}", "a table", TEXT),
    ("vnets.a.address_space", "[vnets.a]", '"10.0.0.0/8"', '"10.0.0.0/8"', LIST),
    ("vnets.a.address_space", "[vnets.a]", "{ a = 1 }", "a table", LIST),
    ("vnets.a.growth", "[vnets.a]", "5", "5", LIST),
    ("vnets.a.isolated", "[vnets.a]", '"true"', '"true"', FLAG),
    ("vnets.a.renumber", "[vnets.a]", "1", "1", FLAG),
    ("vnets.a.state", "[vnets.a]", "5", "5", STATES),
    ("vnets.a.tags", "[vnets.a]", '"x"', '"x"', TABLE),
    ("vnets.a.subnets", "[vnets.a]", "[]", "a list of 0", TABLE),
    ("vnets.a.subnets.s", "[vnets.a.subnets]", "5", "5", "a CIDR block in quotes, a list of them, or a table"),
    ("vnets.a.subnets.s.prefixes", "[vnets.a.subnets.s]", '"10.0.0.0/8"', '"10.0.0.0/8"', LIST),
    ("vnets.a.gateway", "[vnets.a]", '"VpnGw1"', '"VpnGw1"', TABLE),
    ("vnets.a.gateway", "[vnets.a]", "[{}]", "a list of one", TABLE),
    ("vnets.a.gateway.sku", "[vnets.a.gateway]", "1", "1", TEXT),
    ("vnets.a.gateway.generation", "[vnets.a.gateway]", '"1"', '"1"', WHOLE),
    ("vnets.a.gateway.asn", "[vnets.a.gateway]", "4294967296", "4294967296", "a number of at most 4294967295"),
    ("vnets.a.gateway.active_active", "[vnets.a.gateway]", "0", "0", FLAG),
    ("vnets.a.gateway.tunnel_budget", "[vnets.a.gateway]", "true", "true", WHOLE),
    ("vnets.a.gateway.p2s_pools", "[vnets.a.gateway]", '"x"', '"x"', LIST),
    ("sites", "", '"x"', '"x"', TABLE),
    ("sites.a.vpn_device", "[sites.a]", "{}", "a table", TEXT),
    ("sites.a.devices", "[sites.a]", '["x"]', "a list of one", TABLE),
    ("sites.a.devices.d", "[sites.a.devices]", '["x"]', "a list of one", "an address in quotes or a table"),
    ("sites.a.devices.d.asn", "[sites.a.devices.d]", '"x"', '"x"', WHOLE),
    ("sites.a.advertises", "[sites.a]", '"x"', '"x"', LIST),
    ("connections", "", "[]", "a list of 0", TABLE),
    ("connections.c", "[connections]", '["a", "b"]', "a list of 2", TABLE),
    ("connections.c.between", "[connections.c]", '"a"', '"a"', "a list of two names"),
    ("connections.c.between", "[connections.c]", '["a"]', "a list of one", "a list of two names"),
    ("connections.c.between", "[connections.c]", "[]", "a list of 0", "a list of two names"),
    ("connections.c.between", "[connections.c]", '["a", "b", "c"]', "a list of 3", "a list of two names"),
    ("connections.c.bandwidth_mbps", f"[connections.c]\n{LINK}", "-0.5", "-0.5", NOT_NEGATIVE),
    ("connections.c.bandwidth_mbps", f"[connections.c]\n{LINK}", "{ float = 1 }", "a table", NUMBER),
    ("connections.c.devices", f"[connections.c]\n{LINK}", '"fw"', '"fw"', LIST),
    ("connections.c.bgp", f"[connections.c]\n{LINK}", '"yes"', '"yes"', FLAG),
    ("peerings.p.between", "[peerings.p]", '["a"]', "a list of one", "a list of two names"),
    ("peerings.p.gateway_transit", f"[peerings.p]\n{LINK}", "true", "true", TEXT),
    ("services.s.kind", "[services.s]", "5", "5", '"cloud-service", "load-balanced-endpoint" or "online-backup"'),
    ("services.s.vnets", '[services.s]\nkind = "online-backup"', '"a"', '"a"', LIST),
    ("waivers.w.code", "[waivers.w]", "5", "5", TEXT),
    ("waivers.w.where", '[waivers.w]\ncode = "x"', '"a"', '"a"', LIST),
    ("waivers.w.expires", '[waivers.w]\ncode = "x"', '"2027-04-30"', '"2027-04-30"', DAY),
    ("waivers.w.expires", '[waivers.w]\ncode = "x"', "2027-04-30T00:00:00", "2027-04-30 00:00:00", DAY),
    ("waivers.w.expires", '[waivers.w]\ncode = "x"', "07:32:00", "07:32:00", DAY),
]  # fmt: skip


@pytest.mark.parametrize(("key", "above", "written", "found", "allowed"), WRONG)
def test_a_wrong_type_is_named_with_its_place(key: str, above: str, written: str, found: str, allowed: str) -> None:
    name = '"10.0.0.0/8"' if key.endswith('/8"') else key.rsplit(".", 1)[-1]
    problem = only(f"{above}\n  {name} = {written}\n")
    assert (problem.key, problem.found, problem.allowed, problem.nearest) == (key, found, allowed, None)
    assert (problem.line, problem.column) == (above.count("\n") + 3, 3)
    assert problem.message == f"{key} is {found}; allowed is {allowed}"


ITEMS = [
    ("planning.own_public[1]", '[planning]\nown_public = ["10.0.0.0/8", 5]', "5", "a CIDR block"),
    ("vnets.a.address_space[1]", '[vnets.a]\naddress_space = ["10.0.0.0/8", 5]', "5", "a CIDR block"),
    ("vnets.a.subnets.s[1]", '[vnets.a]\nsubnets.s = ["10.0.0.0/8", 5]', "5", "a CIDR block"),
    ("services.s.vnets[1]", '[services.s]\nkind = "online-backup"\nvnets = ["10.0.0.0/8", 5]', "5", TEXT),
    ("connections.c.between[1]", '[connections.c]\nbetween = ["10.0.0.0/8", 5]', "5", TEXT),
]


@pytest.mark.parametrize(("key", "text", "found", "allowed"), ITEMS)
def test_an_item_of_a_list_has_its_own_place(key: str, text: str, found: str, allowed: str) -> None:
    problem = only(text)
    assert (problem.found, problem.allowed) == (found, allowed)
    assert problem.line == text.count("\n") + 2
    assert problem.column == text.rsplit("\n", 1)[1].index(" 5") + 2
    assert key.removesuffix("[1]") in problem.key


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("10.0.0.5/16", "10.0.0.0/16"),
        ("10.0.0.0/255.255.0.0", "10.0.0.0/16"),
        ("10.0.0.0/08", "10.0.0.0/8"),
        (" 10.0.0.0/8", "10.0.0.0/8"),
        ("fd00::1/64", "fd00::/64"),
        ("10.0.0.0", None),
        ("10.0.0.0.0/8", None),
        ("10.0.0.0/33", None),
        ("", None),
        ("aks", None),
        ("١٠.0.0.0/8", None),
    ],
)
def test_what_is_no_cidr_offers_the_nearest_one(text: str, nearest: str | None) -> None:
    problem = only(f'[vnets.a]\naddress_space = [\n  "{text}",\n]')
    assert (problem.line, problem.column) == (4, 3)
    assert (problem.key, problem.found) == ("vnets.a.address_space[0]", f'"{text}"')
    assert (problem.allowed, problem.nearest) == ("a CIDR block", nearest)
    assert problem.message.startswith(f'vnets.a.address_space[0]: "{text}" is no CIDR block: ')
    assert (f"did you mean {nearest}?" in problem.message) == (nearest is not None)


def test_short_forms_have_the_place_of_the_text_that_is_wrong() -> None:
    assert (only('[vnets.a.subnets]\nb = "10.0.0.1/8"').line, only('[vnets.a.subnets]\nb = "x"').column) == (3, 1)
    problem = only('[vnets.a]\nsubnets = { b = ["10.0.0.0/24", "10.0.0.1/8"] }')
    assert (problem.line, problem.column, problem.key) == (3, 33, "vnets.a.subnets.b[1]")
    found = problems('schema = 1\n[planning.pools]\nb = ["x", "10.0.0.0/24", 5]')
    assert [one.key for one in found] == ["planning.pools.b[0]", "planning.pools.b[2]"]


@pytest.mark.parametrize(
    ("text", "key", "nearest"),
    [
        ('[subscriptions.a]\ncloud = "pulbic"', "subscriptions.a.cloud", "public"),
        ('[subscriptions.a]\ncloud = "PUBLIC"', "subscriptions.a.cloud", "public"),
        ('[vnets.a]\nstate = "deploied"', "vnets.a.state", "deployed"),
        ('[vnets.a]\nstate = ""', "vnets.a.state", None),
        ('[vnets.a.gateway]\nvpn_type = "routebased"', "vnets.a.gateway.vpn_type", "RouteBased"),
        ('[checks]\nADR001 = "warn"', "checks.ADR001", "warning"),
        ('[planning]\nworkloads = ["docker", "container-app"]', "planning.workloads[1]", "container-apps"),
        ('[services.s]\nkind = "online_backup"', "services.s.kind", "online-backup"),
        ('[connections.c]\nbetween = ["a", "b"]\nkind = "VPN"', "connections.c.kind", "vpn"),
    ],
)
def test_a_word_outside_a_closed_list_offers_the_nearest(text: str, key: str, nearest: str | None) -> None:
    problem = only(text)
    assert (problem.key, problem.nearest) == (key, nearest)
    assert problem.message.endswith(f"; did you mean {nearest}?") == (nearest is not None)


@pytest.mark.parametrize(
    ("text", "key", "wanted"),
    [
        ("[connections.c]", "connections.c", "between"),
        ("[peerings.p]\nnote = 'x'", "peerings.p", "between"),
        ("[services.s]", "services.s", "kind"),
        ("[waivers.w]", "waivers.w", "code"),
    ],
)
def test_a_key_that_must_be_there_is_named(text: str, key: str, wanted: str) -> None:
    problem = only(text)
    assert (problem.line, problem.column, problem.key, problem.found) == (2, 1, key, "")
    assert (problem.allowed, problem.message) == (f"the key {wanted}", f"{key} lacks {wanted}")


def test_every_wrong_key_under_avoid_is_named_with_its_place() -> None:
    found = problems('schema = 1\n[planning.avoid]\n"10.0.0.5/8" = "a"\n"10.0.0.0/8" = "b"\nx = "c"\ny = 5\n')
    assert [(one.line, one.key, one.nearest) for one in found] == [
        (3, 'planning.avoid."10.0.0.5/8"', "10.0.0.0/8"),
        (5, "planning.avoid.x", None),
        (6, "planning.avoid.y", None),
    ]
    assert {one.allowed for one in found} == {"a CIDR block"}


def test_all_problems_come_in_the_order_of_the_file_whatever_their_kind() -> None:
    text = """schema = 1
[waivers.w]
[sites.s]
asn = "x"
[connections.c]
between = ["a"]
bgp = "x"
[vnets.b]
address_space = ["x", "10.0.0.0/8", "y"]
state = "x"
[planning.avoid]
x = "y"
[vnets.a]
region = 5
"""
    found = problems(text)
    assert [(one.line, one.column) for one in found] == [
        (2, 1), (4, 1), (6, 1), (7, 1), (9, 18), (9, 37), (10, 1), (12, 1), (14, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("schema = 1\r\n[vnets.a]\r\nregion = 5\r\n", 3, 1),
        ("\ufeffname = 5\nschema = 1", 1, 1),
        ("schema = 1\nvnets.a.region = 5", 2, 9),
        ('schema = 1\nvnets = { "é" = { region = 5 } }', 2, 19),
        ('schema = 1\n[vnets."a\\u0062"]\n"regi\\u006fn" = 5', 3, 1),
        ("schema = 1\n[vnets]\n[vnets.a.tags]\n[vnets.a.gateway]\nasn = 'x'", 5, 1),
        ("schema = 1\n[[vnets]]\na = 1\n[[vnets]]\n", 2, 1),
        ("schema = 1\n[vnets.a]\naddress_space = [ # one\n  # two\n 5 ]", 5, 2),
    ],
)
def test_places_in_every_layout(text: str, line: int, column: int) -> None:
    (problem,) = problems(text)
    assert (problem.line, problem.column) == (line, column)


def test_what_was_found_is_cut_and_made_plain() -> None:
    problem = only('[vnets.a]\nstate = "\\u001b[31m\\u202e\\n' + "x" * 500 + '"')
    assert problem.found.startswith('"\\x1b[31m\\u202e\\x0axxx')
    assert len(problem.found) == 62
    assert problem.found.endswith('…"')
    assert len(problem.message) < 200
    problem = only('[vnets.a]\naddress_space = ["\\u001b' + "x" * 500 + '"]')
    assert len(problem.message) < 300
    assert problem.message.isprintable()


def test_key_paths_are_made_plain() -> None:
    problem = only('[vnets."\\u001b\\u202e"]\nregion = 5')
    assert problem.key == 'vnets."\\u001b\\u202e".region'
    assert problem.message.isprintable()

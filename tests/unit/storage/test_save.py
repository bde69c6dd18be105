"""Saving: what an edit changes in the text of a file, and what it leaves alone."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from tests.unit.storage.test_schema import DESIGN
from tui.errors import FileError
from tui.paths import samples
from tui.storage.file_form import file_form
from tui.storage.files import FileChangedError
from tui.storage.load import load, parse
from tui.storage.save import edited_text, new_text, save, save_new
from tui.topology.edits import Edit, add, add_gateway, change, combined, connect, delete, rename
from tui.topology.history import History
from tui.topology.model import Connection, Device, Gateway, Part, Pool, Site, Subnet, Subscription, Topology, VNet
from tui.topology.prefix import Prefix

PLAN = """\
# Contoso
schema = 1  # the format

[planning.pools]
lab = ["172.20.0.0/14"]  # short
weu = { prefixes = ["10.64.0.0/12"], region = "westeurope" }

[planning.avoid]
"10.244.0.0/16" = "AKS pods"

# Hub
[vnets.hub]
region = "westeurope"  # where
address_space = ["10.64.0.0/16"]
zzz = 1

[vnets.hub.subnets]
GatewaySubnet = "10.64.0.0/27"  # for the gateway
app = { prefixes = ["10.64.1.0/24"] }  # web

[vnets.hub.gateway]
sku = "VpnGw1AZ"

# Spoke
[vnets.spoke]
address_space = ["FD00:0::/48"]  # as spelt

[sites.office]
vpn_device = "203.0.113.10"

[connections.hub-to-office]
between = ["hub", "office"]  # a link

[waivers.known]
code = "ADR002"
where = ["vnets.hub", "vnets.s*"]
"""


def p(text: str) -> Prefix:
    return Prefix.parse(text)


def applied(topology: Topology, *edits: Edit) -> Topology:
    return combined("edits", edits).apply(topology)


def saved(text: str, *edits: Edit) -> str:
    """The text after the edits, which must load as what they made."""
    old = parse(text, "x")
    new = applied(old, *edits)
    result = edited_text(text, old, new)
    assert file_form(parse(result, "x")) == file_form(new)
    return result


def differing(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that went and those that came."""
    old, new = before.splitlines(), after.splitlines()
    return [line for line in old if line not in new], [line for line in new if line not in old]


def test_without_an_edit_nothing_changes() -> None:
    topology = parse(PLAN, "x")
    assert edited_text(PLAN, topology, topology) == PLAN
    assert edited_text(PLAN, topology, parse(PLAN, "x")) == PLAN


def test_an_edit_and_its_undoing_change_nothing() -> None:
    text = saved(PLAN, change(("vnets", "hub"), region="northeurope"), change(("vnets", "hub"), region="westeurope"))
    assert text == PLAN


# Fields


def test_only_the_field_that_differs_is_touched() -> None:
    text = saved(PLAN, change(("vnets", "hub"), region="northeurope"))
    assert text == PLAN.replace('region = "westeurope"  # where', 'region = "northeurope"  # where')


def test_a_new_field_goes_to_the_end_of_its_table() -> None:
    text = saved(PLAN, change(("vnets", "hub"), note="shared"))
    assert text == PLAN.replace("zzz = 1\n", 'zzz = 1\nnote = "shared"\n')


def test_a_field_is_taken_away_with_its_line() -> None:
    text = saved(PLAN, change(("vnets", "hub"), region=None))
    assert text == PLAN.replace('region = "westeurope"  # where\n', "")


def test_defaults_are_not_written_unless_somebody_sets_them() -> None:
    text = saved(PLAN, change(("vnets", "hub", "gateway"), vpn_type="RouteBased"))
    assert text == PLAN.replace('sku = "VpnGw1AZ"\n', 'sku = "VpnGw1AZ"\nvpn_type = "RouteBased"\n')
    assert saved(PLAN, change(("vnets", "hub"), isolated=False)).count("isolated = false") == 1
    assert "vpn_type" not in saved(PLAN, change(("vnets", "hub", "gateway"), sku="VpnGw2"))


def test_a_default_that_was_written_can_be_taken_away() -> None:
    text = PLAN.replace("zzz = 1\n", "isolated = false\n")
    assert saved(text, change(("vnets", "hub"), isolated=None)) == PLAN.replace("zzz = 1\n", "")


def test_addresses_stay_as_they_are_spelt() -> None:
    text = saved(PLAN, change(("vnets", "spoke"), address_space=[p("fd00::/48"), p("10.1.0.0/16")]))
    assert 'address_space = ["FD00:0::/48", "10.1.0.0/16"]  # as spelt\n' in text


def test_fields_of_the_file_itself() -> None:
    text = saved(PLAN, change((), name="Contoso WAN", checks={"ADR001": "off"}))
    assert text.startswith('# Contoso\nschema = 1  # the format\nname = "Contoso WAN"\n')
    assert "[checks]\n" in text
    gone, _ = differing(PLAN, text)
    assert gone == []


def test_what_is_avoided_is_changed_entry_by_entry() -> None:
    text = saved(PLAN, change(("planning",), avoid={"10.244.0.0/16": "AKS pods", "10.245.0.0/16": "more"}))
    assert text == PLAN.replace('"AKS pods"\n', '"AKS pods"\n"10.245.0.0/16" = "more"\n')


def test_tags_keep_their_form() -> None:
    text = "schema = 1\n[vnets.a]\ntags = { b = 1, c = 'x' } # tags\n"
    assert saved(text, change(("vnets", "a"), tags={"b": 2, "c": "x"})) == text.replace("b = 1", "b = 2")
    text = "schema = 1\n[vnets.a.tags] # tags\nb = 1 # one\nc = 'x'\n"
    assert saved(text, change(("vnets", "a"), tags={"b": 2, "c": "x"})) == text.replace("b = 1", "b = 2")


def test_a_long_list_stands_one_item_a_line() -> None:
    text = saved(PLAN, change(("vnets", "hub"), growth=[p(f"10.{n}.0.0/16") for n in range(4)]))
    assert 'growth = [\n  "10.0.0.0/16",\n  "10.1.0.0/16",\n  "10.2.0.0/16",\n  "10.3.0.0/16",\n]\n' in text


# Short forms


def test_a_short_form_stays_short() -> None:
    text = saved(PLAN, change(("vnets", "hub", "subnets", "GatewaySubnet"), prefixes=[p("10.64.0.0/26")]))
    assert text == PLAN.replace('"10.64.0.0/27"', '"10.64.0.0/26"')
    text = saved(PLAN, change(("planning", "pools", "lab"), prefixes=[p("172.20.0.0/15")]))
    assert text == PLAN.replace("172.20.0.0/14", "172.20.0.0/15")


def test_a_short_form_of_one_becomes_a_list_of_two_and_back() -> None:
    edit = change(("vnets", "hub", "subnets", "GatewaySubnet"), prefixes=[p("10.64.0.0/27"), p("fd00::/64")])
    text = saved(PLAN, edit)
    assert text == PLAN.replace('"10.64.0.0/27"', '["10.64.0.0/27", "fd00::/64"]')
    back = saved(text, change(("vnets", "hub", "subnets", "GatewaySubnet"), prefixes=[p("10.64.0.0/27")]))
    assert back == PLAN.replace('"10.64.0.0/27"', '["10.64.0.0/27"]')


def test_a_short_form_grows_to_a_table_with_a_note() -> None:
    text = saved(PLAN, change(("vnets", "hub", "subnets", "GatewaySubnet"), note="gw"))
    assert text == PLAN.replace(
        'GatewaySubnet = "10.64.0.0/27"  #', 'GatewaySubnet = { prefixes = ["10.64.0.0/27"], note = "gw" }  #'
    )
    text = saved(PLAN, change(("planning", "pools", "lab"), region="x"))
    assert text == PLAN.replace('lab = ["172.20.0.0/14"]', 'lab = { prefixes = ["172.20.0.0/14"], region = "x" }')


def test_a_table_stays_a_table_even_where_the_short_form_would_do() -> None:
    text = saved(PLAN, change(("vnets", "hub", "subnets", "app"), prefixes=[p("10.64.2.0/24")]))
    assert text == PLAN.replace('["10.64.1.0/24"]', '["10.64.2.0/24"]')
    text = saved(PLAN, change(("planning", "pools", "weu"), region=None))
    assert text == PLAN.replace(', region = "westeurope" }', " }")


def test_devices_have_a_short_form_too() -> None:
    text = 'schema = 1\n[sites.a.devices]\nfw = "203.0.113.1" # one\n'
    assert saved(text, change(("sites", "a", "devices", "fw"), address="203.0.113.2")) == text.replace("113.1", "113.2")
    longer = saved(text, change(("sites", "a", "devices", "fw"), asn=65010))
    assert longer == text.replace('"203.0.113.1"', '{ address = "203.0.113.1", asn = 65010 }')
    assert 'fx = "fw.example.org"\n' in saved(
        text, add(("sites", "a", "devices", "fx"), Device(address="fw.example.org"))
    )


# Things that come and go


def test_a_new_vnet_goes_beside_its_alphabetical_neighbour() -> None:
    text = saved(PLAN, add(("vnets", "lab"), VNet(region="x")))
    assert text == PLAN.replace("# Spoke\n", '[vnets.lab]\nregion = "x"\n\n# Spoke\n')


def test_what_depends_on_a_deleted_thing_goes_with_it_and_the_rest_stays() -> None:
    text = saved(PLAN, delete(("sites", "office")))
    start, end = PLAN.index("[sites.office]"), PLAN.index("[waivers.known]")
    assert text == PLAN[:start] + PLAN[end:]


def test_a_gateway_comes_with_its_subnet_and_goes() -> None:
    text = saved(PLAN, add(("vnets", "spoke", "gateway"), Gateway(sku="VpnGw1")))
    assert text == PLAN.replace("  # as spelt\n", '  # as spelt\n\n[vnets.spoke.gateway]\nsku = "VpnGw1"\n')
    assert saved(text, delete(("vnets", "spoke", "gateway"))) == PLAN
    text = saved(PLAN.replace("FD00:0::/48", "10.1.0.0/24"), add_gateway("spoke", Gateway()))
    assert 'GatewaySubnet = "10.1.0.224/27"\n' in text


@pytest.mark.parametrize(
    "text",
    [
        "schema = 1\n[vnets.a]\n",
        'schema = 1\n[vnets.a]\nregion = "x"\n',
        "schema = 1\nvnets.a = {}\n",
        'schema = 1\nvnets.a.region = "x"\n',
        'schema = 1\n[vnets]\na.region = "x"\n',
        "schema = 1\n[vnets.a.subnets]\n# none\n",
    ],
)
def test_a_gateway_without_fields_is_written(text: str) -> None:
    text = saved(text, add(("vnets", "a", "gateway"), Gateway()))
    assert parse(text, "x").vnets["a"].gateway == Gateway()


@pytest.mark.parametrize(
    "text",
    [
        '[vnets.a.gateway]\nsku = "x"\n',
        '[vnets.a]\ngateway.sku = "x"\n',
        '[vnets.a]\ngateway = { sku = "x" }\n',
        'vnets.a.gateway.sku = "x"\n',
        'vnets = { a = { gateway.sku = "x" } }\n',
        'vnets = { a.gateway.sku = "x" }\n',
    ],
)
def test_a_gateway_that_loses_its_last_field_is_a_gateway_still(text: str) -> None:
    text = saved("schema = 1\n" + text, change(("vnets", "a", "gateway"), sku=None))
    assert parse(text, "x").vnets["a"].gateway == Gateway()


@pytest.mark.parametrize(
    ("text", "path", "field"),
    [
        ('vnets.a.region = "x"', ("vnets", "a"), "region"),
        ('[vnets]\na.region = "x"\nb = {}', ("vnets", "a"), "region"),
        ('subscriptions.a.name = "x"', ("subscriptions", "a"), "name"),
        ('[planning]\npools.a.region = "x"', ("planning", "pools", "a"), "region"),
        ("planning.own_public = []", ("planning",), "own_public"),
        ("limits.vnets_per_region = 5", ("limits",), "vnets_per_region"),
        ('[vnets.a]\nsubnets.b.note = "x"', ("vnets", "a", "subnets", "b"), "note"),
    ],
)
def test_a_thing_that_loses_its_last_field_is_there_still(text: str, path: tuple[str, ...], field: str) -> None:
    saved("schema = 1\n" + text + "\n", change(path, **{field: None}))


def test_deleted_and_added_again_is_a_change_in_place() -> None:
    text = saved(PLAN, delete(("vnets", "spoke")), add(("vnets", "spoke"), VNet(address_space=(p("10.9.0.0/16"),))))
    assert text == PLAN.replace("FD00:0::/48", "10.9.0.0/16")


# Renaming


def test_a_rename_keeps_place_comments_and_everything_else() -> None:
    text = saved(PLAN, rename(("vnets", "hub"), "core"))
    assert text == (
        PLAN.replace("[vnets.hub", "[vnets.core").replace('["hub", "office"]', '["core", "office"]')
        .replace('"vnets.hub"', '"vnets.core"')
    )  # fmt: skip


def test_a_name_that_needs_quotes_gets_them() -> None:
    text = saved(PLAN, rename(("vnets", "spoke"), "a.b"))
    assert text == PLAN.replace("[vnets.spoke]", '[vnets."a.b"]')
    assert saved(text, rename(("vnets", "a.b"), "spoke")) == PLAN


def test_subnets_pools_connections_and_devices_are_renamed_in_place() -> None:
    text = saved(
        PLAN,
        rename(("vnets", "hub", "subnets", "app"), "web"),
        rename(("planning", "pools", "lab"), "test"),
        rename(("connections", "hub-to-office"), "link"),
    )
    assert text == (
        PLAN.replace("app = {", "web = {").replace("lab = [", "test = [").replace("hub-to-office]", "link]")
    )


@pytest.mark.parametrize(
    "text",
    [
        'vnets.a.region = "x" # one\nvnets.a.note = "y" # two\nvnets.b.region = "z"\n',
        '[vnets]\na.region = "x" # one\n# two\na.note = "y"\nb = {}\n',
        '[vnets]\n"a".region = "x"\n\'a\'.note = "y"\n',
        "vnets = { a = { region = 'x' }, b = { a = 1 } } # a\n",
        "[vnets.a.subnets] # a\n[vnets.b]\n[vnets.a] # a too\n",
        "[vnets.\"\\u0061\"]\n[vnets.'a'.gateway]\n",
    ],
)
def test_a_rename_works_in_every_layout(text: str) -> None:
    text = "schema = 1\n" + text
    result = saved(text, rename(("vnets", "a"), "new"))
    assert [line.split("#")[1:] for line in result.splitlines()] == [line.split("#")[1:] for line in text.splitlines()]
    assert "new" in parse(result, "x").vnets


def test_rename_chains_end_at_the_last_name() -> None:
    edits = [rename(("vnets", "spoke"), "b"), rename(("vnets", "b"), "c"), rename(("vnets", "c"), "d")]
    assert saved(PLAN, *edits) == PLAN.replace("[vnets.spoke]", "[vnets.d]")


def test_two_things_swap_their_names() -> None:
    swap = [rename(("vnets", "hub"), "t"), rename(("vnets", "spoke"), "hub"), rename(("vnets", "t"), "spoke")]
    text = saved(PLAN, *swap)
    assert text == (
        PLAN.replace("[vnets.spoke", "[vnets.T").replace("[vnets.hub", "[vnets.spoke").replace("[vnets.T", "[vnets.hub")
        .replace('["hub", "office"]', '["spoke", "office"]').replace('["vnets.hub",', '["vnets.spoke",')
    )  # fmt: skip
    assert saved(text, *swap) == PLAN


def test_names_go_round_in_a_ring() -> None:
    text = "schema = 1\n" + "".join(f"# {name}\n[vnets.{name}]\nnote = '{name}'\n" for name in "abc")
    ring = [
        rename(("vnets", "a"), "t"),
        rename(("vnets", "c"), "a"),
        rename(("vnets", "b"), "c"),
        rename(("vnets", "t"), "b"),
    ]
    assert saved(text, *ring) == (
        "schema = 1\n# a\n[vnets.b]\nnote = 'a'\n# b\n[vnets.c]\nnote = 'b'\n# c\n[vnets.a]\nnote = 'c'\n"
    )


def test_the_old_name_of_a_renamed_thing_can_be_given_to_a_new_one() -> None:
    text = saved(PLAN, rename(("vnets", "spoke"), "old"), add(("vnets", "spoke"), VNet(region="new")))
    assert '# Spoke\n[vnets.old]\naddress_space = ["FD00:0::/48"]  # as spelt\n' in text
    assert '[vnets.spoke]\nregion = "new"\n' in text
    text = saved(
        PLAN,
        rename(("vnets", "hub", "subnets", "app"), "old"),
        add(("vnets", "hub", "subnets", "app"), Subnet(prefixes=(p("10.64.9.0/24"),))),
    )
    assert 'old = { prefixes = ["10.64.1.0/24"] }  # web\n' in text
    assert 'app = "10.64.9.0/24"\n' in text


def test_a_renamed_thing_may_take_the_name_of_a_deleted_one() -> None:
    text = saved(PLAN, delete(("vnets", "hub")), rename(("vnets", "spoke"), "hub"))
    assert '# Spoke\n[vnets.hub]\naddress_space = ["FD00:0::/48"]  # as spelt\n' in text
    assert "# Hub" not in text


def test_a_deployed_thing_keeps_its_name_in_azure() -> None:
    text = "schema = 1\n# one\n[vnets.hub] # two\nstate = 'deployed'\n[vnets.hub.gateway]\n"
    assert saved(text, rename(("vnets", "hub"), "core")) == (
        "schema = 1\n# one\n[vnets.core] # two\nstate = 'deployed'\nazure_name = \"hub\"\n"
        '[vnets.core.gateway]\nname = "hub"\n'
    )


def test_a_rename_and_a_change_below_it() -> None:
    edits = [
        change(("vnets", "hub", "gateway"), sku="VpnGw2AZ"),
        rename(("vnets", "hub"), "core"),
        rename(("vnets", "core", "subnets", "app"), "web"),
        change(("vnets", "core", "subnets", "web"), note="x"),
        add(("vnets", "core", "subnets", "db"), Subnet(prefixes=(p("10.64.3.0/24"),))),
    ]
    text = saved(PLAN, *edits)
    assert '[vnets.core.gateway]\nsku = "VpnGw2AZ"\n' in text
    assert 'web = { prefixes = ["10.64.1.0/24"], note = "x" }  # web\n' in text


# The whole file


@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", ["", "\n"])
def test_line_ends_and_byte_order_mark_stay(bom: str, end: str, last: str) -> None:
    text = bom + (PLAN.rstrip("\n") + last).replace("\n", end)
    edits = [
        change(("vnets", "hub"), region="x"),
        add(("vnets", "lab"), VNet(region="y")),
        rename(("sites", "office"), "o"),
    ]
    result = saved(text, *edits)
    assert result.startswith(bom + "# Contoso" + end)
    assert result.replace("\r\n", "").count("\n") == (0 if end == "\r\n" else result.count("\n"))
    assert result.count("\ufeff") == len(bom)
    assert result.endswith("\n") == bool(last)


def test_a_key_that_is_no_number_equal_to_itself_does_not_stop_a_save() -> None:
    text = "schema = 1\nx = nan\ny = [-nan, { z = inf }]\n[vnets.a]\ntags = { t = nan }\n"
    assert edited(text, change(("vnets", "a"), region="x")) == text + 'region = "x"\n'


def test_a_value_of_another_type_is_a_change_even_where_python_calls_it_equal() -> None:
    text = "schema = 1\n[vnets.a]\ntags = { t = 1 }\n"
    for value in ("true", "1.0"):
        wanted = text.replace("1 }", f"{value} }}")
        assert edited_text(text, parse(text, "x"), parse(wanted, "x")) == wanted


def edited(text: str, *edits: Edit) -> str:
    old = parse(text, "x")
    return edited_text(text, old, applied(old, *edits))


def test_unknown_keys_stay() -> None:
    text = (
        "schema = 1\nq.w = [1, { e = [] }]\n[vnets.a]\nx = 2027-04-30\n[vnets.a.more]\ny = 07:32:00\n[[list]]\nz = 1\n"
    )
    result = saved(text, change(("vnets", "a"), note="n"), rename(("vnets", "a"), "b"))
    gone, come = differing(text, result)
    assert gone == ["[vnets.a]", "[vnets.a.more]"]
    assert come == ["[vnets.b]", 'note = "n"', "[vnets.b.more]"]


def test_several_saves_in_a_row_with_undo_in_between(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(PLAN)
    loaded = load(path)
    history = History.of_file(loaded.topology)
    texts = [PLAN]
    for edit in (
        rename(("vnets", "spoke"), "leaf"),
        add(("vnets", "spoke"), VNet(region="x")),
        change(("vnets", "leaf"), note="n"),
        rename(("vnets", "leaf"), "twig"),
        delete(("sites", "office")),
        rename(("vnets", "hub"), "leaf"),
    ):
        history = history.edited(edit)
        loaded = save(path, loaded, history.present)
        history = history.marked_saved(history.present)
        assert file_form(load(path).topology) == file_form(history.present)
        assert path.read_text() == loaded.text
        texts.append(loaded.text)
    while history.undo_title:
        history = history.undone()
        loaded = save(path, loaded, history.present)
        assert file_form(load(path).topology) == file_form(history.present)
    assert "# Spoke\n[vnets.spoke]" in loaded.text
    while history.redo_title:
        history = history.redone()
        loaded = save(path, loaded, history.present)
        assert file_form(load(path).topology) == file_form(history.present)


def test_a_save_after_somebody_elses_change_touches_nothing(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(PLAN)
    loaded = load(path)
    path.write_text(PLAN + "# mine\n")
    with pytest.raises(FileChangedError):
        save(path, loaded, change((), name="x").apply(loaded.topology))
    assert path.read_text() == PLAN + "# mine\n"


def test_a_text_that_cannot_take_the_change_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(PLAN)
    loaded = load(path)
    monkeypatch.setattr("tui.storage.save.splice", lambda text, *_, **__: text)
    with pytest.raises(FileError, match="laid out") as caught:
        save(path, loaded, change((), name="x").apply(loaded.topology))
    assert "the edits are still here" in caught.value.hint
    assert path.read_text() == PLAN


# New files

RICH: dict[tuple[str, ...], Part] = {
    ("subscriptions", "prod"): Subscription(),
    ("vnets", "a.b"): VNet(address_space=tuple(p(f"10.{n}.0.0/16") for n in range(5))),
    ("vnets", "a.b", "gateway"): Gateway(),
    ("vnets", "a.b", "subnets", "one"): Subnet(prefixes=(p("10.0.0.0/24"),)),
    ("vnets", "a.b", "subnets", "t\nwo"): Subnet(prefixes=(p("10.1.0.0/24"), p("10.2.0.0/24")), note='"\\\x1b'),
    ("sites", ""): Site(vpn_device="203.0.113.1"),
    ("sites", "", "devices", "x"): Device(address="203.0.113.2", asn=65010),
    ("connections", "c"): Connection(between=("a.b", ""), bandwidth_mbps=1.5),
    ("planning", "pools", "p"): Pool(prefixes=(p("10.0.0.0/8"),)),
    ("planning", "pools", "q"): Pool(prefixes=(p("10.0.0.0/8"),), region="x", default_size="/22"),
}


def rich() -> Topology:
    topology = applied(Topology(), *itertools.starmap(add, RICH.items()))
    fields: dict[str, Any] = {"name": "n", "checks": {"ADR001": "off"}}
    return applied(topology, change((), **fields), change(("planning",), avoid={"10.9.0.0/16": "x"}))


def test_a_new_file_loads_as_the_topology() -> None:
    text = new_text(rich())
    assert text.startswith("schema = 1\n")
    assert file_form(parse(text, "x")) == file_form(rich())
    assert new_text(Topology()) == "schema = 1\n"


def test_a_new_file_has_short_forms_and_sections() -> None:
    text = new_text(rich())
    assert '[vnets."a.b".subnets]\none = "10.0.0.0/24"\n' in text
    assert '[planning.pools]\np = ["10.0.0.0/8"]\n' in text
    assert '[vnets."a.b".gateway]\n' in text
    assert "\nvnets =" not in text


def test_a_new_file_names_the_sites_first_where_they_came_first() -> None:
    topology = parse("schema = 1\n[sites.s]\n[vnets.v]\n[connections.c]\nbetween = ['s', 'v']\n", "x")
    assert parse(new_text(topology), "x") == topology


@pytest.mark.parametrize("path", samples().values(), ids=samples())
def test_a_sample_can_be_written_anew(path: Path) -> None:
    topology = load(path).topology
    assert parse(new_text(topology), "x") == topology


def test_the_designs_example_can_be_written_anew() -> None:
    assert file_form(parse(new_text(parse(DESIGN, "x")), "x")) == file_form(parse(DESIGN, "x"))


def test_a_new_file_is_written_where_there_is_none(tmp_path: Path) -> None:
    path = tmp_path / "new.toml"
    loaded = save_new(path, rich())
    assert path.read_text() == loaded.text == new_text(rich())
    assert load(path).fingerprint == loaded.fingerprint
    with pytest.raises(FileChangedError):
        save_new(path, rich())
    loaded = save(path, loaded, connect("a.b", "").apply(loaded.topology))
    assert "a.b-to-" in load(path).topology.connections


def test_a_document_that_has_no_room_for_a_change_is_an_error_and_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise ValueError("two entries would have one name")

    before = "schema = 1\n[vnets.a]\n"
    old = parse(before, "f")
    monkeypatch.setattr("tui.storage.save.splice", refuse)
    with pytest.raises(FileError, match="cannot be written into"):
        edited_text(before, old, change(("vnets", "a"), note="x").apply(old))

"""Objects opened as text: what is shown of them, and what becomes of what was typed."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.storage.test_schema import DESIGN
from tui.errors import EditError
from tui.paths import samples
from tui.storage.file_form import file_form, part_form
from tui.storage.files import ABSENT
from tui.storage.load import Loaded, parse
from tui.storage.part_text import carried_over, edit_of, objects_at, text_of, whole_text
from tui.storage.problems import UnreadableTopologyError
from tui.storage.save import edited_text, new_text
from tui.topology.edits import add, change, delete, rename
from tui.topology.history import History
from tui.topology.model import Part, Subnet, Topology, VNet
from tui.topology.parts import Path as KeyPath
from tui.topology.parts import entry_at
from tui.topology.prefix import Prefix
from tui.topology.table import Table

PLAN = """\
# Contoso
schema = 1

[planning.pools]
lab = ["172.20.0.0/14"]
weu = { prefixes = ["10.64.0.0/12"], region = "westeurope" }

[planning.avoid]
"10.244.0.0/16" = "AKS pods"

[subscriptions.prod]
[subscriptions.test]

# The shop
[vnets.app]
subscription = "prod"
pool = "weu"
address_space = ["10.65.0.0/16"]  # agreed
zzz = [1, 1.0, true]

[vnets.app.subnets]
web = "10.65.0.0/24"  # front
db = { prefixes = ["10.65.1.0/24"], note = "back" }

[vnets.app.gateway]
sku = "VpnGw1AZ"

[vnets.hub]  # the hub
address_space = ["10.64.0.0/16"]

[vnets.spoke]
state = "deployed"

[sites.office]
address_space = ["192.168.10.0/24"]
devices = { fw1 = "203.0.113.20", fw2 = "203.0.113.21" }

[connections.app-to-hub]
between = ["app", "hub"]

[connections.hub-to-office]
between = ["hub", "office"]
devices = ["fw1"]

[waivers.known]
code = "ADR002"
where = ["vnets.app", "vnets.app.subnets.web"]
reason = "agreed"
"""
APP = ("vnets", "app")
HUB = ("vnets", "hub")
LINK = ("connections", "app-to-hub")


def opened(*paths: KeyPath) -> tuple[Topology, str]:
    """The plan, and the text of some of its objects."""
    topology = parse(PLAN, "x")
    return topology, text_of(topology, paths)


def edited(paths: tuple[KeyPath, ...], *replacements: tuple[str, str]) -> Topology:
    """The plan after parts of the text of some objects were replaced."""
    topology, before = opened(*paths)
    after = before
    for old, new in replacements:
        assert old in after
        after = after.replace(old, new)
    edit = edit_of(topology, paths, before, after)
    assert edit is not None
    return edit.apply(topology)


def refused(paths: tuple[KeyPath, ...], before: str, after: str) -> list[tuple[int | None, str]]:
    """The problems, by line, that keep a text from being taken over."""
    with pytest.raises(UnreadableTopologyError) as caught:
        edit_of(parse(PLAN, "x"), paths, before, after)
    return [(problem.line, problem.message) for problem in caught.value.problems]


def pasted(topology: Topology) -> str:
    """The file after it was saved so."""
    return edited_text(PLAN, parse(PLAN, "x"), topology)


# What is shown


def test_an_object_stands_under_its_own_headers_below_a_comment() -> None:
    _, text = opened(APP)
    lines = text.splitlines()
    comments = [line for line in lines if line.startswith("#")]
    assert "vnets.app" in comments[0]
    assert lines[: len(comments)] == comments
    assert [line for line in lines if line.startswith("[")] == [
        "[vnets.app]",
        "[vnets.app.subnets]",
        "[vnets.app.gateway]",
    ]
    assert 'web = "10.65.0.0/24"' in lines
    assert "schema" not in text


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (("vnets", "app", "subnets", "web"), APP),
        (("vnets", "app", "gateway"), APP),
        (("sites", "office", "devices", "fw1"), ("sites", "office")),
        (("planning", "pools", "lab"), ("planning",)),
        (("planning", "avoid", "10.244.0.0/16"), ("planning",)),
        (("limits", "skus", "Basic"), ("limits",)),
        (("checks", "ADR006"), ("checks",)),
        (LINK, LINK),
    ],
)
def test_a_part_of_something_opens_all_of_it(path: KeyPath, shown: KeyPath) -> None:
    assert objects_at([path, path, shown]) == (shown,)


@pytest.mark.parametrize("paths", [[], [()], [("name",)], [("vnets",)]])
def test_what_is_no_object_is_not_opened(paths: list[KeyPath]) -> None:
    with pytest.raises(EditError):
        text_of(parse(PLAN, "x"), paths)


def test_what_is_not_there_is_not_opened() -> None:
    with pytest.raises(EditError, match=r"there is no vnets\.nowhere"):
        text_of(parse(PLAN, "x"), [("vnets", "nowhere")])


@pytest.mark.parametrize("text", [PLAN, DESIGN, *(path.read_text() for path in samples().values())])
def test_every_object_is_shown_whole_and_changes_nothing_by_itself(text: str) -> None:
    topology = parse(text, "x")
    kinds = ("subscriptions", "vnets", "sites", "connections", "peerings", "services", "waivers")
    paths: list[KeyPath] = [
        ("planning",),
        ("limits",),
        ("checks",),
        *((kind, name) for kind in kinds for name in getattr(topology, kind)),
    ]
    shown = text_of(topology, paths)
    form = file_form(topology)
    assert {key: value for key, value in tomllib.loads(shown).items() if value} == {
        key: form[key] for key in form if key not in ("schema", "name", "note")
    }
    assert edit_of(topology, paths, shown, shown) is None
    for path in paths:
        one = text_of(topology, [path])
        assert edit_of(topology, [path], one, one) is None


# Nothing typed, nothing meant


def test_comments_layout_and_spelling_are_no_edit() -> None:
    topology, text = opened(APP)
    retyped = text.replace('web = "10.65.0.0/24"', "web = ['10.65.0.0/24',]  # here").replace("\n", "\r\n")
    assert edit_of(topology, [APP], text, "\ufeff" + retyped) is None


# Fields


def test_a_changed_field_changes_and_all_else_stays_down_to_the_comments() -> None:
    after = edited((APP,), ('pool = "weu"', 'pool = "lab"'))
    assert pasted(after) == PLAN.replace('pool = "weu"', 'pool = "lab"')


def test_a_line_taken_out_takes_the_field_away() -> None:
    after = edited((APP,), ('pool = "weu"\n', ""), ('sku = "VpnGw1AZ"\n', ""))
    assert after.vnets["app"].pool is None
    gateway = after.vnets["app"].gateway
    assert gateway is not None
    assert gateway.sku is None
    assert pasted(after) == PLAN.replace('pool = "weu"\n', "").replace('sku = "VpnGw1AZ"\n', "")


def test_unknown_keys_and_odd_values_survive_and_can_be_typed() -> None:
    after = edited((APP,), ('pool = "weu"', 'pool = "weu"\nyyy = { a = [1, 1.0, true] }'))
    form = part_form(after.vnets["app"])
    assert repr(form["yyy"]) == repr({"a": [1, 1.0, True]})
    assert repr(form["zzz"]) == repr(part_form(parse(PLAN, "x").vnets["app"])["zzz"])


def test_one_and_one_point_nought_and_true_are_three_values() -> None:
    after = edited((APP,), ("zzz = [1, ", "zzz = [true, "))
    assert part_form(after.vnets["app"])["zzz"][0] is True


def test_an_unknown_key_is_taken_away() -> None:
    assert not edited((APP,), ("zzz = [1, 1.0, true]\n", "")).vnets["app"].unknown


def test_a_gateway_is_added_and_taken_away_by_its_header() -> None:
    assert edited((APP,), ('\n[vnets.app.gateway]\nsku = "VpnGw1AZ"\n', "")).vnets["app"].gateway is None
    after = edited((HUB,), ("[vnets.hub]\n", '[vnets.hub]\ngateway.sku = "VpnGw2"\n'))
    assert after.vnets["hub"].gateway is not None
    assert after.vnets["hub"].gateway.sku == "VpnGw2"


def test_planning_and_checks_and_limits_are_edited_like_the_rest() -> None:
    after = edited((("planning",),), ('"AKS pods"', '"pods"'), ('lab = ["172.20.0.0/14"]\n', ""))
    assert dict(after.planning.avoid) == {"10.244.0.0/16": "pods"}
    assert list(after.planning.pools) == ["weu"]
    topology = parse(PLAN, "x")
    for path, typed in (
        (("checks",), '[checks]\nADR006 = "info"\n'),
        (("limits",), "[limits]\nvnets_per_region = 5\n"),
    ):
        edit = edit_of(topology, [path], text_of(topology, [path]), typed)
        assert edit is not None
        assert file_form(edit.apply(topology)) == file_form(topology) | tomllib.loads(typed)


# Names


def test_a_new_name_in_the_headers_renames_and_every_reference_follows() -> None:
    after = edited((APP,), ("[vnets.app", "[vnets.shop"), ('pool = "weu"', 'pool = "lab"'))
    assert list(after.vnets) == ["shop", "hub", "spoke"]
    assert after.connections["app-to-hub"].between == ("shop", "hub")
    assert after.waivers["known"].where == ("vnets.shop", "vnets.shop.subnets.web")
    assert after.vnets["shop"].pool == "lab"
    assert pasted(after).count("# The shop\n[vnets.shop]") == 1
    assert "# agreed" in pasted(after)


def test_what_exists_in_azure_keeps_its_name_there() -> None:
    assert edited((("vnets", "spoke"),), ("vnets.spoke", "vnets.leaf")).vnets["leaf"].azure_name == "spoke"


def test_a_renamed_subnet_keeps_its_comment_and_its_waiver() -> None:
    after = edited((APP,), ("web =", "front ="))
    assert 'front = "10.65.0.0/24"  # front' in pasted(after)
    assert after.waivers["known"].where == ("vnets.app", "vnets.app.subnets.front")


def test_a_renamed_device_and_pool_are_followed() -> None:
    site = edited((("sites", "office"),), ("fw1", "edge"))
    assert site.connections["hub-to-office"].devices == ("edge",)
    assert edited((("planning",),), ("weu =", "west =")).vnets["app"].pool == "west"


def test_two_that_are_renamed_at_once_are_told_apart_by_what_they_say() -> None:
    _, text = opened(APP, HUB)
    start, end = text.index("[vnets.app]"), text.index("[vnets.hub]")
    swapped = text[:start] + text[end:].replace("hub", "one") + "\n" + text[start:end].replace("vnets.app", "vnets.two")
    topology = parse(PLAN, "x")
    edit = edit_of(topology, [APP, HUB], text, swapped)
    assert edit is not None
    assert edit.apply(topology).connections["app-to-hub"].between == ("two", "one")


def test_a_reference_that_was_not_retyped_follows_one_that_was_counts() -> None:
    follows = edited((APP, LINK), ("[vnets.app", "[vnets.shop"), ('["app", "hub"]', '["app", "hub"]\nbgp = true'))
    assert follows.connections["app-to-hub"].between == ("shop", "hub")
    assert follows.connections["app-to-hub"].bgp
    typed = edited((APP, LINK), ("[vnets.app", "[vnets.shop"), ('["app", "hub"]', '["spoke", "hub"]'))
    assert typed.connections["app-to-hub"].between == ("spoke", "hub")


# Coming and going


def test_what_is_taken_out_is_deleted_with_its_references() -> None:
    topology, text = opened(APP)
    edit = edit_of(topology, [APP], text, "# all of it\n")
    assert edit is not None
    assert file_form(edit.apply(topology)) == file_form(delete(APP).apply(topology))


def test_what_the_text_still_has_stays_even_if_what_it_needs_is_gone() -> None:
    topology, text = opened(APP, LINK)
    edit = edit_of(
        topology, [APP, LINK], text, text[text.index("[connections") :].replace('hub"]', 'hub"]\nbgp = true')
    )
    assert edit is not None
    after = edit.apply(topology)
    assert "app" not in after.vnets
    assert after.connections["app-to-hub"].between == ("app", "hub")
    assert after.connections["app-to-hub"].bgp
    assert list(after.connections) == list(topology.connections)


def test_what_is_new_is_added() -> None:
    after = edited((HUB,), ("[vnets.hub]", '[sites.home]\nvpn_device = "203.0.113.9"\n\n[vnets.hub]'))
    assert after.sites["home"].vpn_device == "203.0.113.9"
    assert list(after.sites) == ["office", "home"]


def test_a_vnet_that_becomes_a_site_stays_connected() -> None:
    after = edited((HUB,), ("[vnets.hub]", "[sites.hub]"))
    assert "hub" not in after.vnets
    assert [after.connections[name].between for name in after.connections] == [("app", "hub"), ("hub", "office")]


def test_one_edit_is_one_step_with_a_title() -> None:
    topology, text = opened(APP, HUB, LINK)
    one = edit_of(topology, [APP, HUB, LINK], text, text.replace("10.65.1.0/24", "10.65.2.0/24"))
    assert one is not None
    assert one.title == "Edit vnets.app in the editor"
    every = text.replace("10.65.1.0/24", "10.65.2.0/24").replace("10.64.0.0/16", "10.66.0.0/16") + "bgp = true\n"
    three = edit_of(topology, [APP, HUB, LINK], text, every)
    assert three is not None
    assert three.title == "Edit 3 things in the editor"
    history = History.of_file(topology).edited(three)
    assert history.undone().present is topology


# What is refused


def test_every_problem_is_told_by_its_line_in_that_text() -> None:
    _, text = opened(APP)
    typed = text.replace('pool = "weu"', "pool = 5").replace("10.65.1.0/24", "10.65.1.0/99")
    lines = typed.splitlines()
    problems = refused((APP,), text, typed)
    assert [lines[(line or 0) - 1].split(" ")[0] for line, _ in problems] == ["pool", "db"]
    assert "vnets.app.pool is 5; allowed is text in quotes" in problems[0][1]


@pytest.mark.parametrize("head", ["", "schema = 1\n", "\ufeff", "\ufeff# x\n"])
def test_a_syntax_error_is_told_by_its_line(head: str) -> None:
    _, text = opened(HUB)
    typed = head + "[vnets.hub\n"
    assert refused((HUB,), text, typed)[0][0] == typed.count("\n")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("[vnets.spoke]\n", "vnets.spoke exists already and was not opened here"),
        ("[vnets.office]\n", "vnets.office has the name of sites.office"),
        ("[vnets.x]\n[sites.x]\n", "vnets.x has the name of sites.x"),
        ("[vnet.app]\n", "vnet is no kind of object"),
        ('name = "x"\n', "name belongs to the whole file"),
        ('[planning.avoid]\n"10.0.0.0/8" = "x"\n', "planning exists already and was not opened here"),
    ],
)
def test_what_is_not_the_texts_to_name_is_refused_by_its_line(typed: str, said: str) -> None:
    _, text = opened(HUB)
    line, message = refused((HUB,), text, f"# one\n{typed}")[0]
    assert line == 2
    assert said in message


def test_the_nearest_kind_of_object_is_named() -> None:
    _, text = opened(HUB)
    assert "did you mean vnets?" in refused((HUB,), text, "[vnet.hub]\n")[0][1]


def test_another_format_number_is_refused() -> None:
    _, text = opened(HUB)
    assert "schema is 2" in refused((HUB,), text, f"schema = 2\n{text}")[0][1]


def test_problems_are_displayable() -> None:
    _, text = opened(HUB)
    (problem,) = refused((HUB,), text, '["vn\u202eets".hub]\n')
    assert "\u202e" not in problem[1]


# All at once

_FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "region": st.sampled_from(["westeurope", "uksouth"]),
        "transit": st.booleans(),
        "address_space": st.lists(st.sampled_from(["10.0.0.0/16", "10.1.0.0/16"]), max_size=2),
        "odd": st.sampled_from([1, 1.0, True, "x", [1]]),
        "subnets": st.dictionaries(
            st.sampled_from("xyz"), st.sampled_from(["10.0.0.0/24", ["10.0.1.0/24"]]), max_size=3
        ),
        "gateway": st.fixed_dictionaries({}, optional={"sku": st.sampled_from(["Basic", "VpnGw1"])}),
    },
)
_VNETS = st.dictionaries(st.sampled_from("abcd"), _FIELDS, max_size=4)


@given(_VNETS, _VNETS)
@settings(max_examples=150)
def test_what_was_typed_is_what_is_there_afterwards(old: dict[str, object], new: dict[str, object]) -> None:
    topology = Topology.model_validate({"schema": 1, "name": "kept", "vnets": old, "sites": {"s": {}}})
    typed = Topology.model_validate({"schema": 1, "vnets": new})
    paths: list[KeyPath] = [("vnets", name) for name in old] or [("checks",)]
    before = text_of(topology, paths)
    edit = edit_of(topology, paths, before, new_text(typed))
    after = topology if edit is None else edit.apply(topology)
    assert repr(_sorted(file_form(after))) == repr(_sorted({**file_form(typed), "name": "kept", "sites": {"s": {}}}))


def _sorted(value: object) -> object:
    return {key: _sorted(value[key]) for key in sorted(value)} if isinstance(value, dict) else value


# The whole file


def test_the_whole_file_is_what_a_save_would_write() -> None:
    topology = parse(PLAN, "x")
    loaded = Loaded(topology, PLAN, ABSENT)
    assert whole_text(loaded, topology) == PLAN
    after = rename(HUB, "center").apply(topology)
    assert whole_text(loaded, after) == edited_text(PLAN, topology, after)
    assert whole_text(None, topology) == new_text(topology)


def test_a_text_that_says_the_same_gives_the_same_topology() -> None:
    old = rename(HUB, "center").apply(parse(PLAN, "x"))
    assert carried_over(old, parse("# another\n" + edited_text(PLAN, parse(PLAN, "x"), old), "x")) is old


def test_what_is_equal_is_the_same_object_and_what_differs_is_not() -> None:
    old = parse(PLAN, "x")
    new = carried_over(old, parse(PLAN.replace("10.65.1.0/24", "10.65.2.0/24").replace("[1, 1.0", "[1.0, 1.0"), "x"))
    assert new.vnets["hub"] is old.vnets["hub"]
    assert new.vnets["app"].subnets["web"] is old.vnets["app"].subnets["web"]
    assert new.vnets["app"].gateway is old.vnets["app"].gateway
    assert new.sites is old.sites
    assert new.planning is old.planning
    assert new.vnets.names is old.vnets.names
    assert new.vnets["app"].subnets["db"].prefixes == (Prefix.parse("10.65.2.0/24"),)
    assert repr(part_form(new.vnets["app"])["zzz"][0]) == "1.0"


def test_order_and_empty_tables_count_for_what_is_equal() -> None:
    old = parse("schema = 1\n[vnets.a]\n[vnets.b]\ntags = {}\n", "x")
    turned = carried_over(old, parse("schema = 1\n[vnets.b]\ntags = {}\n[vnets.a]\n", "x"))
    assert list(turned.vnets) == ["b", "a"]
    assert turned.vnets["a"] is old.vnets["a"]
    assert carried_over(old, parse("schema = 1\n[vnets.a]\n[vnets.b]\n", "x")) is not old


def test_identities_go_with_the_names_so_that_comments_are_found_after_undo() -> None:
    topology = rename(HUB, "center").apply(parse(PLAN, "x"))
    text = edited_text(PLAN, parse(PLAN, "x"), topology).replace("10.64.0.0/16", "10.66.0.0/16")
    base = carried_over(topology, parse(text, "x"))
    assert base.vnets["center"].identity == topology.vnets["center"].identity
    assert edited_text(text, base, parse(PLAN, "x")) == PLAN


def test_a_new_thing_under_the_name_that_another_had_is_not_taken_for_it() -> None:
    topology = rename(HUB, "center").apply(parse(PLAN, "x"))
    text = edited_text(PLAN, parse(PLAN, "x"), topology) + '\n[vnets.hub]  # another\nnote = "new"\n'
    base = carried_over(topology, parse(text, "x"))
    later = change(("vnets", "center"), note="old").apply(base)
    saved = edited_text(text, base, later)
    assert parse(saved, "x").vnets["center"].note == "old"
    assert saved.replace('note = "old"\n', "") == text
    again = carried_over(later, parse(edited_text(text, base, delete(HUB).apply(base)), "x"))
    assert "hub" not in again.vnets


@pytest.mark.parametrize("path", [*samples().values()], ids=lambda path: path.stem if isinstance(path, Path) else "")
def test_carrying_over_changes_nothing_of_what_a_text_says(path: Path) -> None:
    new = parse(path.read_text(), "x")
    for old in (Topology(), parse(PLAN, "x"), *(_without_one(new))):
        assert file_form(carried_over(old, new)) == file_form(new)
        assert new_text(carried_over(old, new)) == new_text(new)


def _without_one(topology: Topology) -> list[Topology]:
    first = next(iter(topology.vnets))
    return [delete(("vnets", first)).apply(topology), rename(("vnets", first), "zzz").apply(topology)]


def test_a_thousand_vnets_share_their_chunks_with_the_topology_before() -> None:
    vnets = Table(
        (f"v{number}", VNet(subnets=Table({"a": Subnet(note="x")}), region="uksouth")) for number in range(1000)
    )
    old = Topology(vnets=vnets)
    text = new_text(old).replace("[vnets.v500]", "[vnets.v500]\nnote = 'x'", 1)
    new = carried_over(old, parse(text, "x"))
    assert [name for name in new.vnets if new.vnets[name] is not old.vnets[name]] == ["v500"]


def test_an_added_object_is_nobodys_continuation() -> None:
    topology = rename(HUB, "center").apply(parse(PLAN, "x"))
    text = text_of(topology, [APP])
    edit = edit_of(topology, [APP], text, text + "\n[vnets.hub]\n")
    assert edit is not None
    added: Part = entry_at(edit.apply(topology), HUB)
    assert file_form(edit.apply(topology)) == file_form(add(HUB, VNet()).apply(topology))
    assert added.identity not in ("", "hub")

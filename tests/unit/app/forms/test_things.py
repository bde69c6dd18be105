"""Forms as a person fills them in: what is said meanwhile, and what accepting one makes of the topology."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.building import topology
from tui.app.forms.form import Form, Judgement
from tui.app.forms.things import duplicate, edit, new
from tui.errors import EditError
from tui.topology.model import Topology
from tui.topology.parts import Path, entry_at
from tui.topology.prefix import Prefix

PLAN = """
    name = "Contoso"
    [planning]
    workloads = ["aks"]
    [planning.pools]
    weu = { prefixes = ["10.64.0.0/12"], region = "westeurope", default_size = "/20" }
    [planning.avoid]
    "10.70.0.0/16" = "AKS pods"
    [subscriptions.prod]
    [subscriptions.gov]
    cloud = "usgov"
    [vnets.hub]
    subscription = "prod"
    region = "westeurope"
    address_space = ["10.64.0.0/16"]
    pool = "weu"
    note = "shared services"
    tags = { owner = "network team" }
    extra = 1
    [vnets.hub.subnets]
    GatewaySubnet = "10.64.0.0/27"
    app = "10.64.1.0/24"
    [vnets.hub.gateway]
    sku = "VpnGw1AZ"
    [vnets.app]
    subscription = "prod"
    region = "westeurope"
    address_space = ["10.66.0.0/20"]
    [sites.dublin]
    address_space = ["192.168.8.0/24"]
    vpn_device = "203.0.113.10"
    [connections.hub-to-dublin]
    between = ["hub", "dublin"]
    [peerings.hub-to-app]
    between = ["hub", "app"]
    [services.shop]
    kind = "cloud-service"
    vnets = ["hub"]
    [waivers.old]
    code = "ADR002"
    where = ["vnets.hub", "vnets.legacy-*"]
    expires = 2027-04-30
"""
EVERYTHING: list[Path] = [
    (),
    ("planning",),
    ("limits",),
    ("planning", "pools", "weu"),
    ("subscriptions", "prod"),
    ("vnets", "hub"),
    ("vnets", "hub", "gateway"),
    ("vnets", "hub", "subnets", "app"),
    ("sites", "dublin"),
    ("connections", "hub-to-dublin"),
    ("peerings", "hub-to-app"),
    ("services", "shop"),
    ("waivers", "old"),
]


@pytest.fixture
def plan() -> Topology:
    return topology(PLAN)


def judged(form: Form, plan: Topology, **typed: str) -> Judgement:
    return form.judge(plan, {**form.initial, **typed})


def said(judgement: Judgement, key: str) -> list[tuple[str, str, str | None]]:
    return [(one.severity, one.text, one.offer) for one in judgement.notices.get(key, ())]


def made(form: Form, plan: Topology, title: str, **typed: str) -> Any:
    """What stands where the form says, after it was accepted under that title."""
    judgement = judged(form, plan, **typed)
    assert judgement.edit is not None
    assert judgement.path is not None
    assert judgement.edit.title == title
    return entry_at(judgement.edit.apply(plan), judgement.path)


# Adding


def test_a_name_is_enough_for_a_vnet_at_free_addresses(plan: Topology) -> None:
    form = new(plan, "vnet", subscription="prod")
    vnet = made(form, plan, "Add VNet web", name="web")
    assert judged(form, plan, name="web").notices == {}
    assert (vnet.subscription, vnet.region) == ("prod", "westeurope")
    assert vnet.address_space == (Prefix.parse("10.65.0.0/20"),)
    assert vnet.model_fields_set - {"identity"} == {"subscription", "region", "address_space"}


def test_a_vnet_may_be_placed_where_one_says(plan: Topology) -> None:
    form = new(plan, "vnet", prefix=Prefix.parse("10.68.0.0/24"))
    assert (form.initial["address_space"], form.initial["region"], form.initial["subscription"]) == (
        "10.68.0.0/24",
        "",
        "",
    )


def test_where_the_vnets_of_a_subscription_lie_in_several_regions_none_is_suggested() -> None:
    plan = topology("""
        [vnets]
        a = { subscription = "s", region = "uksouth" }
        b = { subscription = "s", region = "ukwest" }
        c = { subscription = "t", region = "ukwest" }
    """)
    assert new(plan, "vnet", subscription="s").initial["region"] == ""
    assert new(plan, "vnet", subscription="t").initial["region"] == "ukwest"


def test_the_next_free_block_replaces_the_suggestion(plan: Topology) -> None:
    form = new(plan, "vnet", subscription="prod")
    assert form.next_free(plan, form.initial, "address_space") == "10.65.16.0/20"
    assert form.next_free(plan, {**form.initial, "address_space": "/24"}, "address_space") == "10.65.0.0/24"
    assert form.next_free(plan, form.initial, "note") is None
    # Growth is held beside what the VNet itself will take.
    assert form.next_free(plan, {**form.initial, "growth": "/20"}, "growth") == "10.65.16.0/20"


def test_a_subnet_takes_the_next_free_block_of_its_vnet(plan: Topology) -> None:
    form = new(plan, "subnet", vnet="hub")
    subnet = made(form, plan, "Add subnet web of hub", name="web", prefixes="/25")
    assert form.initial["prefixes"] == "10.64.0.64/26"
    assert subnet.prefixes == (Prefix.parse("10.64.0.128/25"),)
    assert form.next_free(plan, {"name": "gatewaysubnet"}, "prefixes") == "10.64.255.224/27"


@pytest.mark.parametrize(
    ("kind", "where", "typed", "title"),
    [
        ("subscription", {}, {"name": "dev", "display_name": "Development"}, "Add subscription dev"),
        ("site", {}, {"name": "cork", "address_space": "192.168.9.0/24"}, "Add site cork"),
        ("device", {"site": "dublin"}, {"name": "fw1", "address": "203.0.113.11"}, "Add device fw1 of dublin"),
        ("service", {"vnet": "hub"}, {"name": "web", "kind": "load-balanced-endpoint"}, "Add service web"),
        ("pool", {}, {"name": "lab", "prefixes": "172.20.0.0/14", "default_size": "22"}, "Add pool lab"),
        ("peering", {}, {"between": "hub, app"}, "Add peering hub-to-app-2"),
        ("waiver", {}, {"name": "w", "code": "ADR001", "where": "vnets.hub"}, "Add waiver w"),
        ("sku", {}, {"name": "VpnGw1AZ", "tunnels": "20"}, "Add skus VpnGw1AZ"),
    ],
)
def test_everything_else_is_added_likewise(
    plan: Topology, kind: str, where: dict[str, Any], typed: dict[str, str], title: str
) -> None:
    form = new(plan, kind, **where)
    judgement = judged(form, plan, **typed)
    made(form, plan, title, **typed)
    assert judgement.edit is not None
    assert judgement.path is not None
    again = edit(judgement.edit.apply(plan), judgement.path)
    for key, text in typed.items():
        assert again.initial[key].removeprefix("/") == text


def test_what_a_thing_cannot_be_without_is_asked_for(plan: Topology) -> None:
    judgement = judged(new(plan, "service"), plan, name="web")
    assert said(judgement, "kind") == [("error", "it cannot be empty", None)]
    assert judgement.edit is None


def test_nothing_is_added_to_what_is_not_there(plan: Topology) -> None:
    for kind, message in (
        ("subnet", "a subnet is part of a VNet"),
        ("device", "a device stands at a site"),
        ("tunnel", "tunnel is nothing that a form adds"),
    ):
        with pytest.raises(EditError, match=message):
            new(plan, kind, vnet="none", site="none")


# Names


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("  ", "it needs a name"),
        ("hub", "vnets.hub exists already; choose another name"),
        ("dublin", "a site has this name already, and connections could not tell them apart"),
        ("a\0b", "a name cannot hold a NUL character"),
    ],
)
def test_a_name_that_cannot_be_stands_in_the_way(plan: Topology, name: str, text: str) -> None:
    for form in (new(plan, "vnet"), edit(plan, ("vnets", "app")), duplicate(plan, ("vnets", "app"))):
        judgement = judged(form, plan, name=name)
        assert ("error", text, None) in said(judgement, "name")
        assert judgement.edit is None


def test_a_name_that_azure_would_refuse_is_a_finding_and_no_refusal(plan: Topology) -> None:
    form = new(plan, "vnet")
    assert said(judged(form, plan, name="x"), "name") == [
        ("error", "in Azure this name must have 2 to 64 characters, has 1", None)
    ]
    assert judged(form, plan, name="x").edit is not None
    assert said(judged(form, plan, name="x", azure_name="vnet-x"), "name") == []
    assert said(judged(form, plan, name="xx", azure_name="-"), "azure_name")[0][0] == "error"
    assert said(judged(form, plan, name="HUB"), "name") == [("error", "it differs from hub in case alone", None)]
    assert said(judged(form, plan, name="xx", resource_group="rg net"), "resource_group")[0][0] == "error"


def test_a_rename_carries_its_references_and_the_other_changes_in_one_step(plan: Topology) -> None:
    judgement = judged(edit(plan, ("vnets", "hub")), plan, name="core", note="", transit="yes")
    assert judgement.edit is not None
    edited = judgement.edit.apply(plan)
    assert judgement.edit.title == "Rename VNet hub to core, change note, transit"
    assert judgement.path == ("vnets", "core")
    assert edited.connections["hub-to-dublin"].between == ("core", "dublin")
    assert (edited.vnets["core"].note, edited.vnets["core"].transit) == (None, True)


# Changing


@pytest.mark.parametrize("path", EVERYTHING, ids=lambda path: ".".join(path) or "topology")
def test_a_form_that_is_accepted_as_it_is_changes_nothing(plan: Topology, path: Path) -> None:
    form = edit(plan, path)
    judgement = form.judge(plan, form.initial)
    assert judgement.edit is not None
    assert judgement.edit.apply(plan) is plan
    assert judgement.notices == {}
    assert set(form.initial) == {field.key for field in form.fields}


def test_only_what_is_typed_is_touched(plan: Topology) -> None:
    form = edit(plan, ("vnets", "hub"))
    hub = made(form, plan, "Change region, note of VNet hub", region="northeurope", note=" new ")
    assert (hub.region, hub.note, dict(hub.unknown)) == ("northeurope", "new", {"extra": 1})
    assert hub.model_fields_set == plan.vnets["hub"].model_fields_set


def test_an_emptied_field_is_taken_away(plan: Topology) -> None:
    hub = made(edit(plan, ("vnets", "hub")), plan, "Change pool, tags of VNet hub", pool="", tags=" ")
    assert not {"pool", "tags"} & hub.model_fields_set


def test_a_text_that_cannot_be_shown_as_it_is_stays_until_something_else_is_typed() -> None:
    plan = topology('vnets."a\\u202eb" = { note = "x\\u001b[31m" }')
    form = edit(plan, ("vnets", "a\u202eb"))
    assert (form.initial["name"], form.initial["note"]) == ("a\\u202eb", "x\\x1b[31m")
    assert "\u202e" not in form.title
    vnet = made(
        form, plan, "Change address_space, region of VNet a\u202eb", region="uksouth", address_space="10.0.0.0/24"
    )
    assert vnet.note == "x\x1b[31m"


def test_what_was_wrong_before_is_not_said_again(plan: Topology) -> None:
    broken = topology(PLAN.replace('"10.66.0.0/20"', '"10.64.4.0/22", "127.0.0.0/8"'))
    assert judged(edit(broken, ("vnets", "app")), broken, note="x").notices == {}
    assert said(judged(edit(broken, ("vnets", "app")), broken, pool="weu"), "address_space") == [
        ("warning", "127.0.0.0/8 lies outside its pool weu (10.64.0.0/12)", None)
    ]


def test_a_collision_is_a_finding_and_no_refusal(plan: Topology) -> None:
    form = edit(plan, ("vnets", "app"))
    judgement = judged(form, plan, address_space="10.64.4.0/22")
    assert said(judgement, "address_space") == [
        ("error", "10.64.4.0/22 overlaps 10.64.0.0/16 of hub; they are linked directly", "10.65.0.0/22")
    ]
    assert judgement.edit is not None
    assert judged(form, plan, address_space="10.65.0.0/22").notices == {}


def test_subnets_that_a_new_address_space_leaves_outside_are_named(plan: Topology) -> None:
    judgement = judged(edit(plan, ("vnets", "hub")), plan, address_space="10.64.1.0/24")
    texts = [text for _, text, _ in said(judgement, "address_space")]
    assert texts == ["subnet GatewaySubnet of hub: 10.64.0.0/27 lies outside the address space"]


def test_what_the_rules_find_stands_under_the_field_with_what_they_would_write(plan: Topology) -> None:
    form = edit(plan, ("vnets", "hub", "gateway"))
    assert said(judged(form, plan, sku="VpnGw1A"), "sku") == [
        ("error", "the gateway of hub has the unknown SKU VpnGw1A; did you mean VpnGw1AZ?", "VpnGw1AZ")
    ]
    assert said(judged(form, plan, generation="7"), "generation")[0][2] == "1"
    assert said(judged(form, plan, vpn_type="PolicyBased"), "vpn_type")[0][2] == "RouteBased"
    assert said(judged(form, plan, asn="8075"), "asn") == [("error", "ASN 8075 is reserved by Azure", None)]


def test_a_smaller_sku_shows_the_meter_as_it_would_become(plan: Topology) -> None:
    judgement = judged(edit(plan, ("vnets", "hub", "gateway")), plan, sku="Basic")
    assert judgement.effects == ("hub  1/30 29 left → 1/10 9 left",)


def test_a_switched_off_rule_says_nothing(plan: Topology) -> None:
    quiet = topology('checks.GWY007 = "off"\n' + PLAN)
    assert judged(edit(quiet, ("vnets", "hub", "gateway")), quiet, sku="VpnGw1A").notices == {}


@pytest.mark.parametrize(
    ("path", "key", "text", "notice"),
    [
        (("vnets", "app"), "region", "West Europe", ("warning", "there is no region West Europe", "westeurope")),
        (("vnets", "app"), "region", "westeurop", ("warning", "there is no region westeurop", "westeurope")),
        (("vnets", "app"), "subscription", "prd", ("warning", "there is no subscription prd", "prod")),
        (("vnets", "app"), "pool", "web", ("warning", "there is no pool web", "weu")),
        (("services", "shop"), "vnets", "hubb", ("error", "there is no VNet hubb", "hub")),
        (
            ("connections", "hub-to-dublin"),
            "between",
            "hub, dubln",
            ("error", "there is no network dubln", "hub, dublin"),
        ),
        (
            ("peerings", "hub-to-app"),
            "gateway_transit",
            "hubb",
            ("error", "there is no end of this peering hubb", "hub"),
        ),
        (("peerings", "hub-to-app"), "between", "hub, hub", ("error", "it joins hub to itself", None)),
        (
            ("connections", "hub-to-dublin"),
            "devices",
            "vpn-device",
            ("error", "there is no device vpn-device", "vpn_device"),
        ),
        (("waivers", "old"), "code", "ADR2", ("warning", "there is no rule ADR2", "ADR002")),
        (("sites", "dublin"), "asn", "65515", ("error", "ASN 65515 is reserved by Azure for its gateways", None)),
        (
            ("sites", "dublin"),
            "address_space",
            "172.17.0.0/16",
            ("warning", "172.17.0.0/16 of dublin is Docker's default bridge (docker0)", None),
        ),
        (("services", "shop"), "vnets", "hub, app", ("error", "shop is a cloud service and spans hub and app", None)),
        ((), "checks", "ADR999 = off", ("info", "there is no rule ADR999", None)),
    ],
)
def test_a_word_that_means_nothing_is_named_with_the_nearest_one_and_may_stand(
    plan: Topology, path: Path, key: str, text: str, notice: tuple[str, str, str | None]
) -> None:
    judgement = judged(edit(plan, path), plan, **{key: text})
    assert notice in said(judgement, key)
    assert judgement.edit is not None


def test_a_region_of_another_cloud_is_not_known_and_not_doubted(plan: Topology) -> None:
    assert judged(edit(plan, ("vnets", "app")), plan, subscription="gov", region="usgovvirginia").notices == {}


@pytest.mark.parametrize(
    ("path", "key", "text"),
    [
        (("vnets", "hub"), "address_space", "10.64.0.0"),
        (("vnets", "hub"), "state", "live"),
        (("vnets", "hub"), "tags", "owner"),
        (("vnets", "hub", "gateway"), "tunnel_budget", "-1"),
        (("vnets", "hub", "gateway"), "asn", "4294967296"),
        (("connections", "hub-to-dublin"), "between", "hub"),
        (("connections", "hub-to-dublin"), "between", ""),
        (("planning",), "avoid", "10.1.0.0/33 = x"),
        (("planning", "pools", "weu"), "default_size", "large"),
        (("planning", "pools", "weu"), "prefixes", "/24"),
        ((), "checks", "ADR006 = loud"),
    ],
)
def test_what_cannot_be_understood_stands_in_the_way_at_its_field(
    plan: Topology, path: Path, key: str, text: str
) -> None:
    judgement = judged(edit(plan, path), plan, **{key: text})
    assert judgement.edit is None
    assert said(judgement, key)[0][0] == "error"


def test_an_error_in_one_field_does_not_silence_the_others(plan: Topology) -> None:
    judgement = judged(edit(plan, ("peerings", "hub-to-app")), plan, between="", gateway_transit="hub")
    assert said(judgement, "between") == [("error", "it cannot be empty", None)]
    assert said(judgement, "gateway_transit") == [("error", "there is no end of this peering hub", None)]


def test_a_thing_that_went_away_meanwhile_is_said_to_be_gone(plan: Topology) -> None:
    judgement = edit(plan, ("vnets", "hub", "gateway")).judge(topology(""), {"sku": "Basic"})
    assert judgement.edit is None
    assert said(judgement, "sku")[0][0] == "error"
    with pytest.raises(EditError, match=r"there is no vnets\.app\.gateway"):
        edit(plan, ("vnets", "app", "gateway"))


# Another one like it


def test_a_duplicate_lies_at_the_next_free_addresses_with_all_that_moves_along(plan: Topology) -> None:
    form = duplicate(plan, ("vnets", "hub"))
    assert (form.initial["name"], form.initial["address_space"]) == ("hub-2", "10.65.0.0/16")
    copy = made(form, plan, "Duplicate VNet hub as hub-2", note="another")
    assert copy.note == "another"
    assert copy.subnets["app"].prefixes == (Prefix.parse("10.65.1.0/24"),)
    assert judged(form, plan).effects == (
        "subnets that move along: GatewaySubnet and app",
        "with a VPN gateway like it",
    )
    assert judged(form, plan).notices == {}


@pytest.mark.parametrize("space", [("10.9.0.0/25", "10.9.1.0/24"), ("10.9.1.0/24", "10.9.0.0/25")])
def test_a_duplicate_finds_a_place_for_every_prefix_in_whatever_order_they_stand(space: tuple[str, ...]) -> None:
    plan = topology(f"""
        [planning.pools]
        lab = ["10.0.0.0/22"]
        [vnets.a]
        pool = "lab"
        address_space = {list(space)}
        [vnets.used]
        address_space = ["10.0.1.0/25", "10.0.2.0/23"]
    """)
    text = duplicate(plan, ("vnets", "a")).initial["address_space"]
    assert text.split(", ") == [{"24": "10.0.0.0/24", "25": "10.0.1.128/25"}[one[-2:]] for one in space]


def test_a_duplicate_says_which_subnets_find_no_place(plan: Topology) -> None:
    form = duplicate(plan, ("vnets", "hub"))
    notices = said(judged(form, plan, address_space="10.65.0.0/24"), "address_space")
    assert notices == [("warning", "subnet app of hub would find no place there", None)]


def test_duplicates_are_numbered_on(plan: Topology) -> None:
    edited = judged(duplicate(plan, ("vnets", "hub")), plan).edit
    assert edited is not None
    assert duplicate(edited.apply(plan), ("vnets", "hub-2")).initial["name"] == "hub-3"


def test_a_duplicate_of_a_subnet_takes_the_next_free_block(plan: Topology) -> None:
    form = duplicate(plan, ("vnets", "hub", "subnets", "app"))
    assert (form.initial["name"], form.initial["prefixes"]) == ("app-2", "10.64.2.0/24")
    subnet = made(form, plan, "Duplicate subnet app of hub as app-2")
    assert subnet.prefixes == (Prefix.parse("10.64.2.0/24"),)


@pytest.mark.parametrize("path", [path for path in EVERYTHING if len(path) > 1 and path[-1] != "gateway"])
def test_whatever_may_be_there_twice_can_be_duplicated(plan: Topology, path: Path) -> None:
    judgement = judged(duplicate(plan, path), plan)
    assert judgement.edit is not None
    edited = judgement.edit.apply(plan)
    assert judgement.path is not None
    assert entry_at(edited, judgement.path) is not None
    assert entry_at(edited, path) is entry_at(plan, path)


# Whatever is typed

LIKELY = st.sampled_from(
    [
        "",
        "-",
        ",",
        "/",
        "/0",
        "/24",
        "/129",
        "0.0.0.0/0",
        "::/0",
        "10.64.0.0/16, 10.64.0.0/16",
        "10.1.0.0 255.255.0.0",
        "fd00::/129",
        "hub, app",
        '"hub", "a,b"',
        '"',
        "a = , = b",
        'a = "b',
        "a = [1, {b = 2}]",
        '["x", 1]',
        "1e999",
        "-1",
        "99999999999999999999",
        "yes",
        "2027-13-01",
        "hub",
        "[/]",
    ]
)
FORMS = st.one_of(
    st.sampled_from(EVERYTHING).map(lambda path: ("edit", path)),
    st.sampled_from([path for path in EVERYTHING if len(path) > 1 and path[-1] != "gateway"]).map(
        lambda path: ("duplicate", path)
    ),
    st.sampled_from(["vnet", "site", "subnet", "device", "service", "pool", "peering", "waiver", "sku"]).map(
        lambda kind: ("new", (kind,))
    ),
)


@settings(max_examples=400)
@given(FORMS, st.data())
def test_whatever_is_typed_is_answered_and_what_may_be_accepted_can_be_made(
    which: tuple[str, Path], data: st.DataObject
) -> None:
    plan = topology(PLAN)
    what, path = which
    form = {
        "edit": lambda: edit(plan, path),
        "duplicate": lambda: duplicate(plan, path),
        "new": lambda: new(plan, path[0], vnet="hub", site="dublin"),
    }[what]()
    keys = [field.key for field in form.fields]
    typed = data.draw(st.dictionaries(st.sampled_from(keys), LIKELY | st.text(max_size=12), max_size=3))
    judgement = judged(form, plan, **typed)
    assert set(judgement.notices) <= set(keys)
    if judgement.edit is None:
        assert any(notice.severity == "error" for one in judgement.notices.values() for notice in one)
        return
    assert judgement.path is not None
    assert entry_at(judgement.edit.apply(plan), judgement.path) is not None
    for key in keys:
        taken = form.next_free(plan, {**form.initial, **typed}, key)
        if taken is not None:
            free = form.judge(plan, {**form.initial, **typed, key: taken})
            assert free.edit is not None
    for one in judgement.notices.values():
        assert all(notice.offer != "" for notice in one)

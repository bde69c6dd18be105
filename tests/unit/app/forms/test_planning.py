"""Forms that plan addresses: what they foresee for what is typed, and that accepting them makes just that."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building import topology
from tui.app.forms import planning
from tui.app.forms.form import Form, Judgement
from tui.errors import EditError
from tui.planner.subnets.edits import ONLY_WHILE_EMPTY
from tui.topology.edits import delete
from tui.topology.model import Topology
from tui.topology.prefix import BITS, Prefix

PLAN = topology("""
    [planning.pools]
    lab = ["10.0.0.0/20"]
    [vnets.app]
    address_space = ["10.0.4.0/22"]
    subnets = { web = "10.0.4.0/25", db = "10.0.4.128/25", GatewaySubnet = "10.0.7.224/27" }
    [vnets.live]
    address_space = ["10.0.8.0/23"]
    growth = ["10.0.10.0/23"]
    state = "deployed"
    subnets = { web = "10.0.8.0/25", both = ["10.0.8.128/26", "10.0.8.192/26"] }
    [vnets.six]
    address_space = ["fd00::/56"]
    subnets.web = "fd00::/64"
    [vnets.empty]
""")


def judged(form: Form, text: str, plan: Topology = PLAN) -> Judgement:
    """What is said of the form's one field."""
    (field,) = form.fields
    return form.judge(plan, {**form.initial, field.key: text})


def wrong(form: Form, text: str) -> str:
    """The one error that stands in the way."""
    found = judged(form, text)
    assert found.edit is None
    ((notice,),) = found.notices.values()
    assert notice.severity == "error"
    return notice.text


def subnets_after(found: Judgement, vnet: str, plan: Topology = PLAN) -> dict[str, list[str]]:
    """The subnets of a VNet once the form is accepted."""
    assert found.edit is not None
    return {
        name: [str(prefix) for prefix in subnet.prefixes]
        for name, subnet in found.edit.apply(plan).vnets[vnet].subnets.items()
    }


# Several subnets.


def test_each_planned_subnet_is_foreseen_with_its_place_its_size_and_the_reason() -> None:
    form = planning.subnets(PLAN, "app")
    found = judged(form, "cache 20 hosts, bus /24")
    assert [line.split(":")[0] for line in found.effects[:2]] == [
        "cache  10.0.7.192/27, 27 usable",
        "bus  10.0.5.0/24, 251 usable",
    ]
    assert found.effects[2] == "448 addresses are left free, the largest gap is 10.0.6.0/24"
    after = subnets_after(found, "app")
    assert (after["cache"], after["bus"]) == (["10.0.7.192/27"], ["10.0.5.0/24"])
    assert found.path == ("vnets", "app", "subnets", "cache")


def test_what_fills_the_vnet_says_that_nothing_is_left() -> None:
    plan = topology('[vnets.tiny]\naddress_space = ["10.0.0.0/28"]\n')
    found = judged(planning.subnets(plan, "tiny"), "all /28", plan)
    assert found.effects[-1] == "nothing of its IPv4 space is left free then"


def test_what_is_left_is_said_of_the_family_that_was_asked_for() -> None:
    plan = topology('[vnets.both]\naddress_space = ["10.0.0.0/24", "fd00::/62"]\n')
    form = planning.subnets(plan, "both")
    four, six = "192 addresses are left free, the largest gap is 10.0.0.128/25", "3 × /64 are left free, the largest"
    assert judged(form, "a /26", plan).effects[1:] == (four,)
    assert judged(form, "b /64", plan).effects[1].startswith(six)
    assert [line.startswith(("192 ", "3 × ")) for line in judged(form, "a /26, b /64", plan).effects[2:]] == [True] * 2
    assert judged(form, "b /64, c /64, d /64, e /64", plan).effects[-1] == "nothing of its IPv6 space is left free then"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("bus", '"bus" has no size; write a prefix length or a number of hosts: web /26, or web 50 hosts'),
        ("/26", 'a name is missing before "/26"; write the name first: web /26, or web 50 hosts'),
        ("web /26", "app has a subnet of this name already: web; choose another name"),
        ("bus /30", "bus cannot be a /30: the smallest IPv4 subnet is /29; write /29 or larger"),
        ("bus /26, BUS /27", '"BUS" is asked for twice; give each subnet a name of its own'),
    ],
)
def test_what_cannot_be_planned_is_said_with_what_would_be_right(text: str, said: str) -> None:
    assert wrong(planning.subnets(PLAN, "app"), text) == said


def test_subnets_that_have_no_room_are_refused_with_the_ways_out() -> None:
    form = planning.subnets(PLAN, "app")
    assert "app has no room for bus (/23): the largest free block is 10.0.5.0/24" in wrong(form, "bus /23")
    effects = judged(form, "bus /23").effects
    assert "way out: make bus a /24, which fits" in effects
    assert all(line.startswith("way out: ") for line in effects)


def test_what_the_rules_would_find_in_planned_subnets_is_said_while_they_are_typed() -> None:
    plan = topology('[vnets.a]\naddress_space = ["10.0.0.0/22"]\n')
    form = planning.subnets(plan, "a")
    found = judged(form, "GatewaySubnet /28", plan)
    ((notice,),) = found.notices.values()
    assert notice.severity == "warning"
    assert "smaller than the /27 that Microsoft asks for" in notice.text
    assert found.edit is not None, "a finding is no refusal"
    for name in ("[bold]x", "web="):
        ((notice,),) = judged(form, f"{name} /26", plan).notices.values()
        assert "may hold only the letters A to Z" in notice.text
    assert not judged(form, "web /26", plan).notices


def test_what_the_rules_would_find_in_a_resized_subnet_is_said() -> None:
    plan = topology("""
        [vnets.a]
        address_space = ["10.0.0.0/22"]
        subnets.GatewaySubnet = "10.0.0.0/27"
    """)
    ((notice,),) = judged(planning.resized(plan, "a", "GatewaySubnet"), "/28", plan).notices.values()
    assert "smaller than the /27 that Microsoft asks for" in notice.text


def test_what_changes_elsewhere_when_a_vnet_grows_is_said() -> None:
    plan = topology("""
        [planning.pools]
        lab = ["10.0.0.0/16"]
        [vnets.hub]
        address_space = ["10.0.0.0/24"]
        state = "deployed"
        gateway.sku = "VpnGw1AZ"
        [vnets.app]
        address_space = ["10.0.4.0/24"]
        [sites.office]
        address_space = ["192.168.0.0/24"]
        [connections.c]
        between = ["hub", "office"]
        [peerings.p]
        between = ["hub", "app"]
    """)
    effects = judged(planning.grown(plan, "hub"), "/23", plan).effects
    assert "the peering p must be synced afterwards" in effects
    assert "the on-premises devices of office must route 10.0.0.0/23 too" in effects


def test_no_form_plans_subnets_of_a_vnet_that_is_gone() -> None:
    with pytest.raises(EditError):
        planning.subnets(PLAN, "gone")
    form = planning.subnets(PLAN, "app")
    gone = delete(("vnets", "app")).apply(PLAN)
    assert judged(form, "bus /26", gone).edit is None


def test_nothing_typed_is_neither_right_nor_wrong() -> None:
    for form in (planning.subnets(PLAN, "app"), planning.resized(PLAN, "app", "web"), planning.grown(PLAN, "app")):
        assert judged(form, "  ") == Judgement({})


# Another size for a subnet.


def test_a_resized_subnet_is_foreseen_where_it_comes_to_lie() -> None:
    form = planning.resized(PLAN, "app", "web")
    assert form.initial == {"size": "/25"}
    assert judged(form, "/25") == Judgement({})
    smaller, larger = judged(form, "/26"), judged(form, "200 hosts")
    assert smaller.effects == ("Resize web of app to /26 in place: 10.0.4.0/25 becomes 10.0.4.0/26",)
    assert larger.effects == ("Resize web of app to /24, moved to 10.0.5.0/24: 10.0.4.0/25 becomes 10.0.5.0/24",)
    assert subnets_after(smaller, "app")["web"] == ["10.0.4.0/26"]
    assert subnets_after(larger, "app")["web"] == ["10.0.5.0/24"]


def test_only_what_is_deployed_is_warned_that_it_must_be_empty() -> None:
    assert not judged(planning.resized(PLAN, "app", "web"), "/26").notices
    ((notice,),) = judged(planning.resized(PLAN, "live", "web"), "/26").notices.values()
    assert (notice.severity, notice.text) == ("warning", ONLY_WHILE_EMPTY)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("wide", '"wide" is no size; write a prefix length such as /26, or a number such as 100 hosts'),
        ("100", '"100" is no prefix length of IPv4; write a prefix length up to /32; for a number of hosts write'),
        ("/26 hosts", '"/26 hosts" is no prefix length of IPv4'),
        ("0 hosts", "a subnet is for one host or more"),
        ("/30", "web cannot be a /30: the smallest IPv4 subnet is /29"),
        ("/22", "web cannot become a /22: the largest block that is free for it is 10.0.5.0/24"),
    ],
)
def test_a_size_that_cannot_be_is_said_with_what_would_be_right(text: str, said: str) -> None:
    assert wrong(planning.resized(PLAN, "app", "web"), text).startswith(said)


def test_a_subnet_of_several_prefixes_or_without_ipv4_opens_no_form() -> None:
    for vnet, subnet, said in (
        ("live", "both", "both has several IPv4 prefixes"),
        ("six", "web", "web has no IPv4 prefix"),
        ("app", "gone", "there is no subnet gone"),
    ):
        with pytest.raises(EditError, match=said):
            planning.resized(PLAN, vnet, subnet)


def test_a_subnet_that_has_gone_since_is_said_to_be_gone() -> None:
    form = planning.resized(PLAN, "app", "web")
    gone = delete(("vnets", "app", "subnets", "web")).apply(PLAN)
    ((notice,),) = judged(form, "/26", gone).notices.values()
    assert notice.text.startswith("there is no subnet web")


# More room for a VNet.


def test_a_vnet_grows_into_what_is_held_for_it_first() -> None:
    form = planning.grown(PLAN, "live")
    assert form.initial == {"size": "/22"}
    found = judged(form, "/22")
    assert "10.0.10.0/23" in found.effects[0]
    assert found.effects[1] == "address space: 10.0.8.0/22"
    assert found.edit is not None
    after = found.edit.apply(PLAN).vnets["live"]
    assert (after.address_space, after.growth) == ((Prefix.parse("10.0.8.0/22"),), ())


def test_growth_that_stays_held_is_said() -> None:
    plan = topology("""
        [planning.pools]
        lab = ["10.0.0.0/16"]
        [vnets.a]
        address_space = ["10.0.0.0/24"]
        growth = ["10.0.1.0/24", "10.0.2.0/23"]
    """)
    assert "still held for it: 10.0.2.0/23" in judged(planning.grown(plan, "a"), "/23", plan).effects


def test_a_vnet_that_cannot_grow_says_why_and_what_would_help() -> None:
    form = planning.grown(PLAN, "app")
    said = wrong(form, "/16")
    assert "app" in said
    assert any(line.startswith("way out: ") for line in judged(form, "/16").effects)
    assert "need not grow" in wrong(form, "/24")
    with pytest.raises(EditError, match="empty has no address space that could grow"):
        planning.grown(PLAN, "empty")


def test_ipv6_is_measured_in_its_own_lengths() -> None:
    plan = topology('[planning.pools]\nsix = ["fd00::/48"]\n[vnets.six]\naddress_space = ["fd00::/56"]\n')
    form = planning.grown(plan, "six")
    assert form.initial == {"size": "/55"}
    assert judged(form, "/55", plan).effects[1] == "address space: fd00::/55"
    assert judged(form, "/129", plan).edit is None


@given(st.integers(8, 28), st.integers(0, 3))
def test_a_vnet_is_offered_the_next_size_that_is_larger(length: int, more: int) -> None:
    space = [f"10.0.0.0/{length}", *(f"172.16.{number}.0/28" for number in range(more))]
    plan = topology(f"[vnets.a]\naddress_space = {space}\n")
    offered = int(planning.grown(plan, "a").initial["size"].removeprefix("/"))
    present = sum(Prefix.parse(one).size for one in space)
    assert present < 1 << BITS[4] - offered <= 2 * present


# Whatever is typed.


@given(
    st.sampled_from(["subnets", "resized", "grown", "live", "six"]),
    st.text(max_size=20)
    | st.from_regex(r"(web |bus )?/?[0-9]{1,13}( hosts?)?(, [a-zA-Z]{1,3} /[0-9]{1,3})?", fullmatch=True),
)
def test_whatever_is_typed_is_judged_and_an_edit_is_foreseen_as_it_is_made(which: str, text: str) -> None:
    form = {
        "subnets": planning.subnets(PLAN, "app"),
        "resized": planning.resized(PLAN, "app", "web"),
        "grown": planning.grown(PLAN, "app"),
        "live": planning.grown(PLAN, "live"),
        "six": planning.grown(PLAN, "six"),
    }[which]
    found = judged(form, text)
    errors = [notice for notices in found.notices.values() for notice in notices if notice.severity == "error"]
    assert not (errors and found.edit)
    if found.edit is None:
        return
    after = found.edit.apply(PLAN)
    assert found.effects
    changed = {name for name in PLAN.vnets if after.vnets[name] != PLAN.vnets[name]}
    assert changed == {found.path[1]} if found.path else False
    (name,) = changed
    said = " ".join(found.effects)
    for prefix in set(after.vnets[name].address_space) - set(PLAN.vnets[name].address_space):
        assert str(prefix) in said
    stood = {prefix for subnet in PLAN.vnets[name].subnets.values() for prefix in subnet.prefixes}
    laid = {prefix for subnet in after.vnets[name].subnets.values() for prefix in subnet.prefixes}
    assert all(str(prefix) in said for prefix in laid - stood)

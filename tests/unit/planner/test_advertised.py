"""What sites advertise over a block, and inside it."""

from __future__ import annotations

from tests.building import topology
from tui.planner.advertised import competes, over, within
from tui.topology.prefix import Prefix

P = Prefix.parse

PLAN = topology("""
    sites.a.advertises = ["0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16"]
    sites.b.advertises = ["10.1.0.0/16", "10.1.2.0/24"]
    sites.six.advertises = ["::/0"]
""")


def test_the_narrowest_summary_is_named_with_all_that_advertise_it_and_a_default_route_is_none() -> None:
    assert over(PLAN, P("10.1.3.0/24")) == (P("10.1.0.0/16"), ("a", "b"))
    assert over(PLAN, P("10.1.2.0/24")) == (P("10.1.0.0/16"), ("a", "b"))
    assert over(PLAN, P("10.1.0.0/16")) == (P("10.0.0.0/8"), ("a",))
    assert over(PLAN, P("10.0.0.0/15")) == (P("10.0.0.0/8"), ("a",))
    assert over(PLAN, P("172.16.0.0/16")) is None
    assert over(PLAN, P("fd00::/48")) is None


def test_what_equals_a_block_or_lies_inside_competes_with_it_the_widest_first() -> None:
    assert within(PLAN, P("10.1.0.0/16")) == [(P("10.1.0.0/16"), ("a", "b")), (P("10.1.2.0/24"), ("b",))]
    assert within(PLAN, P("10.1.3.0/24")) == []
    assert competes(PLAN, P("10.1.2.0/23"))
    assert not competes(PLAN, P("10.1.2.0/25"))
    assert not competes(PLAN, P("::/64"))

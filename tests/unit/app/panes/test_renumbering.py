"""The lines of the renumbering assistant: what collides, what moves where, and what cannot be helped."""

from __future__ import annotations

from tests.building import topology
from tui.app.panes.renumbering import COLUMNS, explained, heading, rows, step_of
from tui.planner.renumber.proposal import renumbering

PLAN = topology("""
    [vnets.hub]
    address_space = ["10.0.0.0/22"]
    [vnets.a]
    address_space = ["10.1.0.0/24"]
    subnets.web = "10.1.0.0/26"
    [vnets.b]
    address_space = ["10.1.0.0/24"]
    state = "deployed"
    [sites.one]
    address_space = ["192.168.8.0/24"]
    [sites.two]
    address_space = ["192.168.8.0/24"]
    [connections]
    c1 = { between = ["hub", "one"] }
    c2 = { between = ["hub", "two"] }
    [peerings]
    p1 = { between = ["hub", "a"] }
    p2 = { between = ["hub", "b"] }
""")
FOUND = renumbering(PLAN)


def test_a_step_is_a_marked_line_with_before_after_and_the_reason() -> None:
    head, step, group, unsolved = rows(FOUND, ())
    assert head.group
    assert head.cells[0].text == "2 collisions; the cheapest way out: 1 network moves"
    assert (step.key, step.marked, len(step.cells)) == (("step", "a"), True, len(COLUMNS))
    new = str(FOUND.steps[0].move.blocks[0][1])
    assert [cell.text for cell in step.cells] == ["a", "10.1.0.0/24", new, "b"]
    assert group.group
    assert unsolved.cells[0].text.startswith("one keeps colliding with two: one is a site, and so is two; let sites ")


def test_a_step_that_is_left_out_is_not_marked() -> None:
    assert [row.marked for row in rows(FOUND, {"a"}) if row.key == ("step", "a")] == [False]


def test_the_heading_counts_one_and_many_and_says_when_there_is_nothing_to_do() -> None:
    one = topology("""
        [vnets.a]
        address_space = ["10.0.0.0/24"]
        [vnets.b]
        address_space = ["10.0.0.0/24"]
        [peerings.p]
        between = ["a", "b"]
    """)
    assert heading(renumbering(one)) == "1 collision; the cheapest way out: 1 network moves"
    both = renumbering(PLAN, sites=True)
    assert heading(both) == "2 collisions; the cheapest way out: 2 networks move"
    nothing = renumbering(topology('[vnets.a]\naddress_space = ["10.0.0.0/24"]\n'))
    assert heading(nothing) == "nothing that is joined overlaps: no network has to move"
    assert len(rows(nothing, ())) == 1


def test_what_is_not_known_to_be_the_cheapest_says_so() -> None:
    pairs = "".join(
        f'[vnets.v{number}]\naddress_space = ["10.0.0.0/24"]\n[peerings.p{number}]\nbetween = ["hub", "v{number}"]\n'
        for number in range(3)
    )
    plan = topology(f'[vnets.hub]\naddress_space = ["172.16.0.0/24"]\n[planning.pools]\nx = ["10.0.0.0/23"]\n{pairs}')
    found = renumbering(plan)
    assert not found.exact
    assert "a way out, perhaps not the cheapest" in heading(found)


def test_a_step_is_explained_with_all_that_it_changes() -> None:
    said = list(explained(FOUND, ("step", "a")))
    new = FOUND.steps[0].move.subnets[0][2]
    assert said[0] == "a collides with b"
    assert f"subnets: web to {new}" in said


def test_what_stays_is_explained_with_what_would_help() -> None:
    why, way = explained(FOUND, ("unsolved", 0))
    assert why == "one keeps colliding with two: one is a site, and so is two"
    assert "let sites be renumbered too" in way


def test_a_line_that_is_no_step_explains_nothing_and_is_no_step() -> None:
    for key in (("renumber", "head"), ("renumber", "unsolved"), None, "a", ("step", "gone"), ("unsolved", 0)):
        assert step_of(FOUND, key) is None
        if key != ("unsolved", 0):
            assert list(explained(FOUND, key)) == []
